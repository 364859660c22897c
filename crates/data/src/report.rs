//! What is told about a table, and what may be asked of it: the same fields and words as `www/src/engine/protocol.ts`.

use std::collections::BTreeMap;
use std::fmt;

use tabgrad_json::{record, words};

use crate::form::Form;

words! {
    /// What is to be predicted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Task {
        /// A number.
        Regression = "regression",
        /// One of two classes.
        Binary = "binary",
        /// One of three classes or more.
        Multiclass = "multiclass",
        /// The row itself, as numbers: what an autoencoder learns.
        Reconstruction = "reconstruction",
        /// A label at every step of a sequence: its own, or that of a later step.
        Sequence = "sequence",
    }
}

words! {
    /// What the cells of a column are.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ColumnType {
        /// Amounts: standardised.
        Number = "number",
        /// A handful of labels: one-hot.
        Category = "category",
        /// Days, with or without a time: standardised like numbers.
        Date = "date",
        /// Free text: not used.
        Text = "text",
        /// A different value in every row: not used.
        Id = "id",
        /// The same value in every row: not used.
        Constant = "constant",
        /// No value at all: not used.
        Empty = "empty",
    }
}

impl ColumnType {
    /// Whether cells of this type can enter a network.
    pub fn usable(self) -> bool {
        matches!(self, Self::Number | Self::Category | Self::Date)
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

words! {
    /// What a column is used for.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Role {
        /// It enters the network.
        Feature = "feature",
        /// It is predicted.
        Target = "target",
        /// It says how much each row counts in the loss.
        Weight = "weight",
        /// None of these.
        Ignored = "ignored",
    }
}

record! {
    /// How often a label stands in a column.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CategoryCount {
        /// As it stands in the file, without white space around it.
        pub label: String,
        /// Rows.
        pub count: u64,
    }
}

record! {
    /// One column, summed up.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ColumnReport {
        /// Unique within the table.
        pub name: String,
        /// What its cells are, as found or as the user said.
        pub r#type: ColumnType,
        /// What it is used for.
        pub role: Role,
        /// Rows without a value of this type.
        pub missing: u64,
        /// Different values.
        pub distinct: u64,
        /// Smallest value (numbers, and dates as days since 1970-01-01).
        pub min: Option<f64> = absent,
        /// Largest value.
        pub max: Option<f64> = absent,
        /// Arithmetic mean.
        pub mean: Option<f64> = absent,
        /// Standard deviation of the rows (divided by n).
        pub std: Option<f64> = absent,
        /// Counts in equal bins from `min` to `max`.
        pub histogram: Option<Vec<u64>> = absent,
        /// Most frequent labels first, at most 50.
        pub categories: Option<Vec<CategoryCount>> = absent,
        /// Why it has this type or role, where that is not plain.
        pub note: Option<String> = absent,
    }
}

words! {
    /// How much an issue matters.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Severity {
        /// Good to know.
        Info = "info",
        /// Something was lost or guessed.
        Warning = "warning",
    }
}

record! {
    /// Something about the data that was dealt with and is told.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Issue {
        /// How much it matters.
        pub severity: Severity,
        /// One sentence: where, as [`place`] says it, what, and what was done about it.
        pub message: String,
        /// First line of the file that it concerns, from 1.
        pub line: Option<u64> = absent,
        /// Name of the column.
        pub column: Option<String> = absent,
        /// How many rows or cells it touches.
        pub count: Option<u64> = absent,
    }
}

impl TableReport {
    /// All targets, in order.
    pub fn all_targets(&self) -> Vec<TargetReport> {
        let only =
            || vec![TargetReport { column: self.target, task: self.task, classes: self.classes.clone() }];
        self.targets.clone().unwrap_or_else(only)
    }

    /// The columns to predict, in order; none where the row itself is.
    pub fn target_columns(&self) -> Vec<usize> {
        let targets = self.all_targets().into_iter().map(|target| target.column);
        targets.filter(|column| *column < self.columns.len()).collect()
    }
}

impl Issue {
    pub(crate) fn info(message: impl Into<String>) -> Self {
        Self { severity: Severity::Info, message: message.into(), line: None, column: None, count: None }
    }

    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::info(message) }
    }

    pub(crate) fn line(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    pub(crate) fn column(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }

    pub(crate) fn count(self, count: u64) -> Self {
        Self { count: Some(count), ..self }
    }

    /// The same with its place in front of its sentence, which is made without it.
    pub(crate) fn of(&self, file: &str) -> Self {
        let place = place(file, self.line, self.column.as_deref());
        Self { message: format!("{place}: {}", self.message), ..self.clone() }
    }
}

/// Where something is: `data.csv line 17, column "age"`, as far as it is known.
pub(crate) fn place(file: &str, line: Option<u64>, column: Option<&str>) -> String {
    let line = line.map(|line| format!(" line {line}")).unwrap_or_default();
    let column = column.map(|column| format!(", column \"{column}\"")).unwrap_or_default();
    format!("{file}{line}{column}")
}

words! {
    /// Where a table comes from.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Source {
        /// It comes with the program.
        Builtin = "builtin",
        /// The user's own.
        File = "file",
    }
}

record! {
    /// One of the columns to predict.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TargetReport {
        /// Index in the table.
        pub column: usize,
        /// What kind of prediction it is.
        pub task: Task,
        /// Class labels in the order of the outputs; empty for regression.
        pub classes: Vec<String>,
    }
}

record! {
    /// A table, summed up for the page.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TableReport {
        /// Name of the file or of the built-in set.
        pub name: String,
        /// Where it comes from.
        pub source: Source,
        /// Licence and origin of built-in data, if any.
        pub origin: Option<String> = absent,
        /// Rows in use.
        pub rows: u64,
        /// What stands between cells: one of `,` `;` `|` or a tab.
        pub delimiter: Option<String> = absent,
        /// Name of the character encoding.
        pub encoding: Option<String> = absent,
        /// Whether the first line holds the names.
        pub has_header: Option<bool> = absent,
        /// In the order of the file.
        pub columns: Vec<ColumnReport>,
        /// What the features of a row are together, where that is more than a list of columns.
        pub form: Option<Form> = absent,
        /// Index of the column to predict; one behind the last where the row itself is predicted.
        pub target: usize,
        /// What kind of prediction that is.
        pub task: Task,
        /// Where labels of a sequence are predicted at every step: of which later step they are; 0: of the same.
        pub ahead: Option<usize> = absent,
        /// Class labels in the order of the outputs; empty for regression.
        pub classes: Vec<String>,
        /// Where there are several targets: all of them, the first of which is the one above.
        pub targets: Option<Vec<TargetReport>> = absent,
        /// What was dealt with on the way.
        pub issues: Vec<Issue>,
        /// The first rows as they stood in the file.
        pub sample: Vec<Vec<String>>,
    }
}

record! {
    #![strict]
    /// What the user may change about a table. Columns by index; what is absent stays.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct TableChange {
        /// The only column to predict.
        pub target: Option<usize> = absent,
        /// All columns to predict, each with an output of its own, in this order; none: the row itself.
        pub targets: Option<Vec<usize>> = absent,
        /// Of which later step the labels of a sequence are predicted, where there is no column to predict; absent: of the same.
        pub ahead: Option<usize> = absent,
        /// Types that hold from now on, whatever the cells look like.
        pub types: Option<BTreeMap<usize, ColumnType>> = absent,
        /// The whole list of columns that are not to be used.
        pub ignored: Option<Vec<usize>> = absent,
        /// The column of numbers that says how much each row counts in the loss; `null`: all rows alike.
        pub weight: Option<Option<usize>> = nullable,
        /// Whether rows that repeat an earlier one are left out.
        pub drop_duplicates: Option<bool> = absent,
    }
}

words! {
    /// What a feature is made of.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FeatureKind {
        /// A standardised number.
        Number = "number",
        /// A standardised date.
        Date = "date",
        /// 1 where the column has one certain label, else 0.
        OneHot = "one_hot",
        /// 1 where the column has no value, else 0.
        MissingFlag = "missing_flag",
        /// The number of a label in a vocabulary.
        Token = "token",
    }
}

record! {
    /// One value that enters the network.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Feature {
        /// `petal length`, `colour = red`, `age is missing`.
        pub name: String,
        /// Index of its column in the table.
        pub column: usize,
        /// What it is made of.
        pub kind: FeatureKind,
    }
}

record! {
    /// What the network says about one target of a row, in the user's words and units.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Prediction {
        /// Regression: the value.
        pub value: Option<f64> = absent,
        /// Classes: the likeliest.
        pub label: Option<String> = absent,
        /// Classes: the probability of each, in the order of the classes.
        pub probabilities: Option<Vec<f32>> = absent,
    }
}

record! {
    /// What the network says about one row, in the user's words and units.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct PredictedRow {
        /// Regression: the value.
        pub value: Option<f64> = absent,
        /// Classes: the likeliest.
        pub label: Option<String> = absent,
        /// Classes: the probability of each, in the order of the classes.
        pub probabilities: Option<Vec<f32>> = absent,
        /// Where there are several targets: what it says about each, the first of which is the one above.
        pub targets: Option<Vec<Prediction>> = absent,
        /// Where the row itself is predicted: each of its columns that enters the network, or each step.
        pub inputs: Option<Vec<Prediction>> = absent,
        /// How far these are from what was given: the mean squared difference of the standardised values, or the share of
        /// steps that are wrong.
        pub error: Option<f64> = absent,
        /// What was guessed or left out in reading the row.
        pub issues: Vec<String>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_types_is_read_with_columns_as_strings() {
        let json = r#"{"types":{"0":"category","12":"number"},"ignored":[3],"drop_duplicates":true}"#;
        let change: TableChange = serde_json::from_str(json).expect("the test made it so");
        let types = BTreeMap::from([(0, ColumnType::Category), (12, ColumnType::Number)]);
        assert_eq!(change.types, Some(types));
        let value: serde_json::Value = serde_json::from_str(json).expect("the test made it so");
        assert_eq!(tabgrad_json::ToJson::to_json(&change), value);
        assert!(serde_json::from_str::<TableChange>(r#"{"types":{"a":"number"}}"#).is_err());
        assert!(serde_json::from_str::<TableChange>(r#"{"tagret":1}"#).is_err());
    }
}
