//! A table in memory: the cells as they stood in the file, what they are taken for, and what is to be predicted.
//!
//! Cells never change; what the user chooses is kept apart from them, and everything else follows from both. So a
//! choice can be taken back, and one that does not work leaves the table as it was.

mod issues;

use std::collections::{BTreeMap, BTreeSet};

use crate::discovery::{Discovery, Found};
use crate::error::Error;
use crate::form::{Form, Group};
use crate::hash::Map;
use crate::infer::{Format, Reading, shorten};
use crate::profile::{Profile, amount, count_labels, label};
use crate::report::{
    ColumnReport, ColumnType, Issue, Role, Source, TableChange, TableReport, TargetReport, Task, place,
};
use crate::store::Cells;
use crate::target::Candidate;
use crate::weight::{Weights, weight_in};

const SAMPLE_ROWS: usize = 20;
const SAMPLE_CELLS: usize = 4000;
const SAMPLE_CELL_CHARS: usize = 200;
/// So many unused columns have a sentence each.
const FEW_UNUSED: usize = 3;
/// Labels of a sequence that are told apart.
const LARGEST_VOCABULARY: usize = 20_000;

/// What was read, before anybody chose anything.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) name: String,
    pub(crate) source: Source,
    pub(crate) origin: Option<String>,
    pub(crate) delimiter: Option<u8>,
    pub(crate) charset: Option<&'static str>,
    pub(crate) has_header: Option<bool>,
    pub(crate) names: Vec<String>,
    /// Whether the file gave the column a name.
    pub(crate) named: Vec<bool>,
    pub(crate) cells: Vec<Cells>,
    /// Line of the file where each row begins.
    pub(crate) lines: Vec<u32>,
    pub(crate) issues: Vec<Issue>,
}

/// What the user chose.
#[derive(Clone, Debug, Default)]
struct Choices {
    /// The first is the main one; none: the row itself is predicted.
    targets: Vec<usize>,
    /// Of which later step, where rows are sequences.
    ahead: usize,
    /// The column that says how much each row counts.
    weight: Option<usize>,
    types: BTreeMap<usize, ColumnType>,
    ignored: BTreeSet<usize>,
    drop_duplicates: bool,
}

/// A column as it is used.
#[derive(Clone, Debug)]
struct Column {
    kind: ColumnType,
    role: Role,
    note: Option<String>,
    profile: Profile,
}

/// What follows from cells and choices.
#[derive(Clone, Debug)]
struct Derived {
    /// Rows in use, as rows of the cells.
    rows: Vec<u32>,
    columns: Vec<Column>,
    form: Option<Form>,
    /// Of a sequence, in alphabetical order.
    vocabulary: Vec<String>,
    /// As chosen.
    targets: Vec<TargetReport>,
    issues: Vec<Issue>,
}

/// A table with targets that can be predicted and at least one column to predict them from.
///
/// Rows are numbered from 0 among those in use; columns as in the file.
#[derive(Clone, Debug)]
pub struct Table {
    raw: Raw,
    readings: Vec<Reading>,
    /// Columns that are parts of one picture or sequence, as long as all of them are features and nothing else is.
    group: Option<Group>,
    /// Rows of the cells that repeat an earlier one.
    repeated: Vec<u32>,
    /// The column that would be the target if it could be predicted, of which that is told.
    unlearnable: Option<usize>,
    choices: Choices,
    derived: Derived,
}

impl Table {
    /// Finds types and target. The last column that can be predicted becomes the target.
    ///
    /// # Errors
    /// If no column can be, or nothing is left to predict it from.
    pub(crate) fn new(raw: Raw) -> Result<Self, Error> {
        Discovery::new(raw)?.finish()
    }

    /// A table of columns whose meaning was found; what a column's cells sum up to is in `profiles`.
    pub(crate) fn of(found: Found) -> Result<Self, Error> {
        let Found { raw, readings, profiles, repeated } = found;
        let rows: Vec<u32> = (0..raw.lines.len() as u32).collect();
        let columns = readings
            .iter()
            .zip(profiles)
            .map(|(reading, profile)| Column { kind: reading.kind, role: Role::Ignored, note: None, profile })
            .collect();
        let group = Group::find(&raw.names).filter(|group| {
            let is_number = |&column: &usize| readings[column].numbers == rows.len() as u64;
            matches!(group.form, Form::Tokens { .. }) || group.columns.iter().all(is_number)
        });
        let derived = Derived {
            rows,
            columns,
            form: None,
            vocabulary: Vec::new(),
            targets: Vec::new(),
            issues: Vec::new(),
        };
        let mut table =
            Self { raw, readings, group, repeated, unlearnable: None, choices: Choices::default(), derived };
        table.choose_target()?;
        Ok(table)
    }

    /// Tries the columns from the last to the first.
    fn choose_target(&mut self) -> Result<(), Error> {
        let last = self.raw.names.len() - 1;
        let (mut reason, mut without_feature): (Option<Error>, Option<Error>) = (None, None);
        for target in (0..=last).rev() {
            match self.derive(&Choices { targets: vec![target], ..self.choices.clone() }) {
                Ok(derived) => {
                    self.derived = derived;
                    self.choices.targets = vec![target];
                    if let Some(error) = reason {
                        let (instead, name) = (&self.raw.names[target], &self.raw.names[last]);
                        let place = place(&self.raw.name, None, Some(name));
                        let why = error.to_string();
                        let why = why.strip_prefix(&place).map_or(&*why, |why| why.trim_start_matches(": "));
                        let message = format!("{why} Until then \"{instead}\" is the target.");
                        self.raw.issues.push(Issue::warning(message).column(name));
                    }
                    return Ok(());
                }
                Err(error @ Error::NoFeature { .. }) => without_feature = without_feature.or(Some(error)),
                Err(error) => {
                    self.unlearnable = Some(last);
                    reason = reason.or(Some(error));
                }
            }
        }
        let file = self.raw.name.clone();
        Err(match (without_feature, reason) {
            (Some(error), _) => error,
            (None, Some(_)) if self.raw.lines.len() == 1 => {
                let reason = "it has only one row, and differences are what is learned; add rows.".to_owned();
                Error::NoTarget { file, reason }
            }
            (None, Some(reason)) => Error::NoTarget { file, reason: reason.to_string() },
            (None, None) => Error::NoRows { file },
        })
    }

    /// Changes targets, types or rows; all of it or, on an error, nothing.
    ///
    /// # Errors
    /// If a column does not exist, cannot be read as the type asked for, or cannot be the target, or if nothing is left
    /// to predict from.
    pub fn change(&mut self, change: &TableChange) -> Result<(), Error> {
        let mut choices = self.choices.clone();
        if let Some(ignored) = &change.ignored {
            choices.ignored = ignored.iter().copied().collect();
        }
        if let Some(types) = &change.types {
            choices.types.extend(types);
        }
        if let Some(drop) = change.drop_duplicates {
            choices.drop_duplicates = drop;
        }
        if change.ignored.is_some() {
            choices.weight = choices.weight.filter(|column| !choices.ignored.contains(column));
        }
        if let Some(targets) = change.targets.clone().or(change.target.map(|target| vec![target])) {
            choices.ignored.retain(|column| !targets.contains(column));
            choices.weight = choices.weight.filter(|column| !targets.contains(column));
            choices.targets = targets;
            choices.ahead = change.ahead.unwrap_or(0);
        }
        if let Some(weight) = change.weight {
            choices.weight = weight;
            weight.inspect(|column| _ = choices.ignored.remove(column));
        }
        let named = choices.ignored.iter().chain(choices.types.keys());
        let named = named.chain(&choices.targets).chain(&choices.weight);
        if let Some(&column) = named.max().filter(|&&column| column >= self.raw.names.len()) {
            let (file, columns) = (self.raw.name.clone(), self.raw.names.len());
            return Err(Error::NoSuchColumn { file, column, columns });
        }
        let mut once = BTreeSet::new();
        if !choices.targets.iter().all(|target| once.insert(*target)) {
            let found = format!("{:?}", choices.targets);
            return Err(Error::Argument { path: "change.targets", expected: "columns, each once", found });
        }
        self.derived = self.derive(&choices)?;
        self.choices = choices;
        Ok(())
    }

    fn derive(&self, choices: &Choices) -> Result<Derived, Error> {
        let all = self.raw.lines.len() as u32;
        let rows: Vec<u32> = if choices.drop_duplicates {
            (0..all).filter(|row| self.repeated.binary_search(row).is_err()).collect()
        } else {
            (0..all).collect()
        };
        let unweighted = self.check_weights(choices, &rows)?;
        let (columns, mut form) = self.columns_of(choices, &rows)?;
        let mut labels = Vec::new();
        if let Some(Form::Tokens { vocabulary, .. }) = &mut form {
            labels = self.labels_of(&columns, &rows);
            *vocabulary = labels.len() + 1;
        }
        let mut targets = Vec::with_capacity(choices.targets.len());
        for &column in &choices.targets {
            let target = &columns[column];
            let (task, classes) = Candidate {
                file: &self.raw.name,
                name: &self.raw.names[column],
                kind: target.kind,
                cells: &self.raw.cells[column],
                rows: &rows,
                profile: &target.profile,
            }
            .task()?;
            targets.push(TargetReport { column, task, classes });
        }
        if targets.is_empty() {
            targets.push(self.row_as_target(form, choices.ahead)?);
        }
        if !columns.iter().any(|column| column.role == Role::Feature) {
            let name = choices.targets.iter().map(|&target| self.raw.names[target].as_str());
            let target = name.collect::<Vec<_>>().join("\", \"");
            return Err(Error::NoFeature { file: self.raw.name.clone(), target });
        }
        let issues = self.issues_of(&columns, choices, &rows, &unweighted);
        Ok(Derived { rows, columns, form, vocabulary: labels, targets, issues })
    }

    /// The target where the row itself is predicted.
    fn row_as_target(&self, form: Option<Form>, ahead: usize) -> Result<TargetReport, Error> {
        let task = match form {
            Some(Form::Tokens { length, .. }) if ahead < length => Task::Sequence,
            _ if ahead == 0 => Task::Reconstruction,
            _ => {
                let expected = "0, or fewer steps than a sequence has";
                return Err(Error::Argument { path: "change.ahead", expected, found: ahead.to_string() });
            }
        };
        Ok(TargetReport { column: self.raw.names.len(), task, classes: Vec::new() })
    }

    /// The rows that have no weight, where rows have weights.
    fn check_weights(&self, choices: &Choices, rows: &[u32]) -> Result<Vec<u32>, Error> {
        let Some(column) = choices.weight else { return Ok(Vec::new()) };
        let of = Weights { raw: &self.raw, column, decimal: self.format(column).decimal, rows };
        of.check(&choices.targets)
    }

    /// All columns under `choices`, and what they are together, if they are one thing.
    fn columns_of(&self, choices: &Choices, rows: &[u32]) -> Result<(Vec<Column>, Option<Form>), Error> {
        let touched = |column: &usize| {
            choices.targets.contains(column)
                || choices.weight == Some(*column)
                || choices.ignored.contains(column)
                || choices.types.contains_key(column)
        };
        if let Some(group) = self.group.as_ref().filter(|group| !group.columns.iter().any(touched)) {
            let columns = self.columns_with(choices, rows, Some(group))?;
            let features = columns.iter().filter(|column| column.role == Role::Feature).count();
            if features == group.columns.len() {
                return Ok((columns, Some(group.form)));
            }
        }
        Ok((self.columns_with(choices, rows, None)?, None))
    }

    /// The labels of all features together, the most frequent of them if there are very many.
    fn labels_of(&self, columns: &[Column], rows: &[u32]) -> Vec<String> {
        let features = columns.iter().zip(&self.raw.cells).filter(|(column, _)| column.role == Role::Feature);
        let cells =
            features.flat_map(|(_, cells)| rows.iter().filter_map(|&row| label(cells.get(row as usize))));
        let mut labels: Vec<String> = count_labels(cells)
            .into_iter()
            .take(LARGEST_VOCABULARY)
            .map(|(label, _)| label.to_owned())
            .collect();
        labels.sort_unstable();
        labels
    }

    fn columns_with(
        &self,
        choices: &Choices,
        rows: &[u32],
        group: Option<&Group>,
    ) -> Result<Vec<Column>, Error> {
        let same_rows = rows.len() == self.derived.rows.len();
        let mut columns = Vec::with_capacity(self.readings.len());
        for (index, reading) in self.readings.iter().enumerate() {
            let part_of = group.filter(|group| group.columns.binary_search(&index).is_ok());
            let (kind, note) = match part_of.map(|group| group.form) {
                Some(Form::Image { .. }) => (ColumnType::Number, Some("a pixel of the picture".to_owned())),
                Some(Form::Tokens { .. }) => {
                    (ColumnType::Category, Some("a place of the sequence".to_owned()))
                }
                None => self.kind_of(index, reading, choices)?,
            };
            let known = &self.derived.columns[index];
            let profile = if same_rows && known.kind == kind {
                known.profile.clone()
            } else {
                Profile::of(&self.raw.cells[index], rows, kind, reading.format)
            };
            let role = if choices.targets.contains(&index) {
                Role::Target
            } else if choices.weight == Some(index) {
                Role::Weight
            } else if kind.usable() && !choices.ignored.contains(&index) && profile.distinct > 0 {
                Role::Feature
            } else {
                Role::Ignored
            };
            columns.push(Column { kind, role, note, profile });
        }
        Ok(columns)
    }

    /// The type of a column under `choices`, with the reason for it.
    fn kind_of(
        &self,
        index: usize,
        reading: &Reading,
        choices: &Choices,
    ) -> Result<(ColumnType, Option<String>), Error> {
        if choices.weight == Some(index) {
            return Ok((ColumnType::Number, Some("how much each row counts in the loss".to_owned())));
        }
        let Some(&chosen) = choices.types.get(&index) else {
            return Ok(match &reading.class_like {
                Some(why) if choices.targets.contains(&index) => (ColumnType::Category, Some(why.clone())),
                _ => (reading.kind, reading.note.clone()),
            });
        };
        let readable = match chosen {
            ColumnType::Number => reading.numbers,
            ColumnType::Date => reading.dates,
            _ => 1,
        };
        if readable == 0 {
            let cells = &self.raw.cells[index];
            let row = (0..self.raw.lines.len()).find(|&row| label(cells.get(row)).is_some()).unwrap_or(0);
            return Err(Error::ColumnType {
                file: self.raw.name.clone(),
                column: self.raw.names[index].clone(),
                wanted: chosen,
                line: u64::from(self.raw.lines[row]),
                value: shorten(cells.get(row).trim()),
            });
        }
        let note =
            if chosen == reading.kind { reading.note.clone() } else { Some("chosen by you".to_owned()) };
        Ok((chosen, note))
    }

    /// Everything that is told about the table.
    pub fn report(&self) -> TableReport {
        let raw = &self.raw;
        let columns = raw.names.iter().zip(&self.derived.columns).map(|(name, column)| column.report(name));
        let sample_rows = (SAMPLE_CELLS / raw.names.len().max(1)).clamp(3, SAMPLE_ROWS);
        let sample = |row: &u32| {
            let cell = |cells: &Cells| cells.get(*row as usize).chars().take(SAMPLE_CELL_CHARS).collect();
            raw.cells.iter().map(cell).collect()
        };
        TableReport {
            name: raw.name.clone(),
            source: raw.source,
            origin: raw.origin.clone(),
            rows: self.rows() as u64,
            delimiter: raw.delimiter.map(|d| char::from(d).to_string()),
            encoding: raw.charset.map(str::to_owned),
            has_header: raw.has_header,
            columns: columns.collect(),
            form: self.derived.form,
            target: self.target(),
            task: self.task(),
            ahead: (self.task() == Task::Sequence).then_some(self.choices.ahead),
            classes: self.classes().to_vec(),
            targets: (self.targets().len() > 1).then(|| self.targets().to_vec()),
            issues: raw.issues.iter().chain(&self.derived.issues).map(|it| it.of(&raw.name)).collect(),
            sample: self.derived.rows.iter().take(sample_rows).map(sample).collect(),
        }
    }

    /// Name of the file or of the built-in set.
    pub fn name(&self) -> &str {
        &self.raw.name
    }

    /// Bytes of memory that the cells take.
    pub fn len_bytes(&self) -> u64 {
        let cells: usize = self.raw.cells.iter().map(Cells::len_bytes).sum();
        (cells + 4 * self.raw.lines.len()) as u64
    }

    /// Rows in use.
    pub fn rows(&self) -> usize {
        self.derived.rows.len()
    }

    /// Columns of the file.
    pub fn columns(&self) -> usize {
        self.raw.names.len()
    }

    /// Name of a column.
    pub fn column_name(&self, column: usize) -> Option<&str> {
        self.raw.names.get(column).map(String::as_str)
    }

    /// Type and role of a column.
    pub fn column_kind(&self, column: usize) -> Option<(ColumnType, Role)> {
        self.derived.columns.get(column).map(|c| (c.kind, c.role))
    }

    /// The columns to predict, in order; never none.
    pub fn targets(&self) -> &[TargetReport] {
        &self.derived.targets
    }

    /// Index of the column to predict, the first of several; one behind the last where the row itself is predicted.
    pub fn target(&self) -> usize {
        self.derived.targets[0].column
    }

    /// Index of the column that says how much each row counts in the loss; `None`: all alike.
    pub fn weight(&self) -> Option<usize> {
        self.choices.weight
    }

    /// Whether a row has a weight, or needs none.
    pub(crate) fn has_weight(&self, row: usize) -> bool {
        self.weight().is_none_or(|column| {
            matches!(weight_in(self.cell(row, column), self.format(column).decimal), Ok(Some(_)))
        })
    }

    /// What the features of a row are together: a picture, a sequence, or `None` where each stands for itself.
    pub fn form(&self) -> Option<Form> {
        self.derived.form
    }

    /// Of which later step the labels of a sequence are predicted.
    pub(crate) fn ahead(&self) -> usize {
        self.choices.ahead
    }

    /// The labels of a sequence in alphabetical order; their codes begin at 1.
    pub(crate) fn vocabulary(&self) -> &[String] {
        &self.derived.vocabulary
    }

    /// What kind of prediction that is.
    pub fn task(&self) -> Task {
        self.derived.targets[0].task
    }

    /// Class labels in the order of the outputs; empty for regression.
    pub fn classes(&self) -> &[String] {
        &self.derived.targets[0].classes
    }

    /// Whether a row has a value of every target.
    pub(crate) fn has_targets(&self, row: usize) -> bool {
        self.derived.targets.iter().all(|target| match target.task {
            Task::Regression => self.number(row, target.column).is_some(),
            Task::Binary | Task::Multiclass => label(self.cell(row, target.column)).is_some(),
            Task::Reconstruction | Task::Sequence => true,
        })
    }

    /// Line of the file where a row begins.
    pub fn line(&self, row: usize) -> u64 {
        u64::from(self.raw.lines[self.derived.rows[row] as usize])
    }

    /// A cell as it stood in the file.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.raw.cells[column].get(self.derived.rows[row] as usize)
    }

    /// A cell of a column of numbers or dates in the user's units; `None` where there is no value.
    pub fn number(&self, row: usize, column: usize) -> Option<f64> {
        let kind = self.derived.columns.get(column)?.kind;
        matches!(kind, ColumnType::Number | ColumnType::Date)
            .then(|| amount(self.cell(row, column), kind, self.format(column)))
            .flatten()
    }

    /// The class of every row as its index; `None` without a value, and for regression.
    pub fn class_indices(&self, target: &TargetReport) -> Vec<Option<u32>> {
        let places: Map<&str, u32> =
            target.classes.iter().enumerate().map(|(index, label)| (label.as_str(), index as u32)).collect();
        let class = |row| label(self.cell(row, target.column)).and_then(|label| places.get(label).copied());
        (0..self.rows()).map(class).collect()
    }

    /// The smallest and the largest value of a column of numbers or dates.
    pub(crate) fn range(&self, column: usize) -> Option<(f64, f64)> {
        let amounts = self.derived.columns.get(column)?.profile.amounts.as_ref()?;
        Some((amounts.min, amounts.max))
    }

    /// How the cells of a column are read.
    pub(crate) fn format(&self, column: usize) -> Format {
        self.readings[column].format
    }
}

impl Column {
    fn report(&self, name: &str) -> ColumnReport {
        let amounts = self.profile.amounts.as_ref();
        ColumnReport {
            name: name.to_owned(),
            r#type: self.kind,
            role: self.role,
            missing: self.profile.missing,
            distinct: self.profile.distinct,
            min: amounts.map(|a| a.min),
            max: amounts.map(|a| a.max),
            mean: amounts.map(|a| a.mean),
            std: amounts.map(|a| a.std),
            histogram: amounts.map(|a| a.histogram.clone()),
            categories: self.profile.categories.clone(),
            note: self.note.clone(),
        }
    }
}
