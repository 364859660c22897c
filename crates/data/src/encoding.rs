//! How raw values become the numbers of a network, and back.
//!
//! ```text
//! number, date   (value - mean) / std          0 where there is none, and 1 in a flag of its own
//! category       one place per label, one 1    a place for all others where there are many
//! pixel          value / brightest
//! token          its number in the vocabulary  0 for none
//! target         (value - mean) / std, or the index of the class; or the row itself
//! ```
//!
//! Means and labels come from the training rows alone ([`Encoding::fit`], in `fit.rs`), so that nothing of the
//! validation and test rows leaks into them. An encoding needs no table: it is saved with the model, and predicts from
//! raw values (`decode.rs`). Whole tables are encoded in `matrix.rs`.

use tabgrad_json::{record, tagged};

use crate::error::Error;
use crate::form::Form;
use crate::infer::Format;
use crate::report::{ColumnType, Feature, FeatureKind, Task};
use crate::value::{DateOrder, Decimal};

/// Standardised values lie within this, so that no cell makes a network overflow by itself.
const LARGEST_STANDARDISED: f64 = 1e9;

record! {
    /// Standardising, and the range that was seen.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Scale {
        /// Of the training rows.
        pub mean: f64,
        /// Standard deviation of the training rows (divided by n); 1 where they are all equal.
        pub std: f64,
        /// Smallest value in training.
        pub min: f64,
        /// Largest value in training.
        pub max: f64,
    }
}

impl Scale {
    /// From the user's units to those of the network.
    pub fn standardize(&self, value: f64) -> f32 {
        ((value - self.mean) / self.std).clamp(-LARGEST_STANDARDISED, LARGEST_STANDARDISED) as f32
    }

    /// From the units of the network to the user's. Finite for finite values.
    pub fn raw(&self, standardized: f32) -> f64 {
        (f64::from(standardized) * self.std + self.mean).clamp(f64::MIN, f64::MAX)
    }

    fn sound(&self) -> bool {
        [self.mean, self.std, self.min, self.max].iter().all(|v| v.is_finite())
            && self.std > 0.0
            && self.min <= self.max
    }
}

tagged! {
    /// What a column becomes.
    #[derive(Clone, Debug, PartialEq)]
    pub enum ColumnCode {
        /// One standardised number, and a flag if values were missing in training.
        Number = "number" {
            /// How it is written.
            decimal: Decimal,
            /// How it is standardised.
            scale: Scale,
            /// Whether there is a flag for missing values.
            missing_flag: bool,
        },
        /// Days since 1970-01-01, standardised, and a flag if values were missing in training.
        Date = "date" {
            /// How it is written.
            order: DateOrder,
            /// How it is standardised.
            scale: Scale,
            /// Whether there is a flag for missing values.
            missing_flag: bool,
        },
        /// One place per label, most frequent first.
        Category = "category" {
            /// The labels that have a place of their own.
            labels: Vec<String>,
            /// Whether a further place stands for every other label.
            other: bool,
            /// Whether there is a flag for missing values.
            missing_flag: bool,
        },
        /// The number of a label in a vocabulary that all columns share, from 1; 0 for none.
        Token = "token" {
            /// The vocabulary.
            labels: Vec<String>,
        },
    }
}

record! {
    /// A column that enters the network.
    #[derive(Clone, Debug, PartialEq)]
    pub struct CodedColumn {
        /// Index in the table.
        pub column: usize,
        /// Name in the table.
        pub name: String,
        /// What it becomes.
        pub code: ColumnCode,
    }
}

impl CodedColumn {
    /// Numbers that it becomes.
    pub fn width(&self) -> usize {
        match &self.code {
            ColumnCode::Number { missing_flag, .. } | ColumnCode::Date { missing_flag, .. } => {
                1 + usize::from(*missing_flag)
            }
            ColumnCode::Category { labels, other, missing_flag } => {
                labels.len() + usize::from(*other) + usize::from(*missing_flag)
            }
            ColumnCode::Token { .. } => 1,
        }
    }

    fn features(&self) -> Vec<Feature> {
        let feature = |name, kind| Feature { name, column: self.column, kind };
        let (mut features, flag) = match &self.code {
            ColumnCode::Number { missing_flag, .. } => {
                (vec![feature(self.name.clone(), FeatureKind::Number)], *missing_flag)
            }
            ColumnCode::Date { missing_flag, .. } => {
                (vec![feature(self.name.clone(), FeatureKind::Date)], *missing_flag)
            }
            ColumnCode::Category { labels, other, missing_flag } => {
                let place = |label: &str| feature(format!("{} = {label}", self.name), FeatureKind::OneHot);
                let mut places: Vec<Feature> = labels.iter().map(|label| place(label)).collect();
                places
                    .extend(other.then(|| feature(format!("{} is another", self.name), FeatureKind::OneHot)));
                (places, *missing_flag)
            }
            ColumnCode::Token { .. } => (vec![feature(self.name.clone(), FeatureKind::Token)], false),
        };
        features.extend(flag.then(|| feature(format!("{} is missing", self.name), FeatureKind::MissingFlag)));
        features
    }

    /// Type and format that its cells are read with.
    pub(crate) fn reading(&self) -> (ColumnType, Format) {
        let format = Format::default();
        match self.code {
            ColumnCode::Number { decimal, .. } => (ColumnType::Number, Format { decimal, ..format }),
            ColumnCode::Date { order, .. } => (ColumnType::Date, Format { order, ..format }),
            ColumnCode::Category { .. } | ColumnCode::Token { .. } => (ColumnType::Category, format),
        }
    }

    fn scale(&self) -> Option<&Scale> {
        match &self.code {
            ColumnCode::Number { scale, .. } | ColumnCode::Date { scale, .. } => Some(scale),
            ColumnCode::Category { .. } | ColumnCode::Token { .. } => None,
        }
    }
}

tagged! {
    /// What the target becomes.
    #[derive(Clone, Debug, PartialEq)]
    pub enum Output {
        /// A standardised number.
        Value = "value" {
            /// How it is written.
            decimal: Decimal,
            /// How it is standardised.
            scale: Scale,
        },
        /// The index of a class.
        Classes = "classes" {
            /// In the order of the outputs; two make a binary task with one output, the probability of the second.
            labels: Vec<String>,
        },
        /// The row itself, as it enters the network.
        Row = "row" {
            /// Numbers of a row.
            size: usize,
            /// Of a sequence: labels to choose from at every step, 0 for none among them.
            labels: Option<usize> = absent,
            /// Of a sequence: of which later step the label is; behind the end there is none.
            ahead: Option<usize> = absent,
        },
    }
}

record! {
    /// The column that is predicted.
    #[derive(Clone, Debug, PartialEq)]
    pub struct TargetCode {
        /// Index in the table.
        pub column: usize,
        /// Name in the table.
        pub name: String,
        /// What it becomes.
        pub output: Output,
    }
}

impl TargetCode {
    /// Numbers that the network gives: 1 for regression and for two classes, else one per class.
    pub fn width(&self) -> usize {
        match &self.output {
            Output::Value { .. } => 1,
            Output::Classes { labels } if labels.len() == 2 => 1,
            Output::Classes { labels } => labels.len(),
            Output::Row { size, labels, .. } => size * labels.unwrap_or(1),
        }
    }

    /// Whether it is the row itself.
    pub fn is_row(&self) -> bool {
        matches!(self.output, Output::Row { .. })
    }

    /// Numbers of a row of targets.
    pub fn columns(&self) -> usize {
        match self.output {
            Output::Value { .. } | Output::Classes { .. } => 1,
            Output::Row { size, .. } => size,
        }
    }

    /// Class labels, or the name of the target.
    pub fn outputs(&self) -> Vec<String> {
        match &self.output {
            Output::Value { .. } | Output::Row { .. } => vec![self.name.clone()],
            Output::Classes { labels } => labels.clone(),
        }
    }

    /// Class labels in order; empty for regression, and where the row itself is predicted.
    pub fn classes(&self) -> &[String] {
        match &self.output {
            Output::Value { .. } | Output::Row { .. } => &[],
            Output::Classes { labels } => labels,
        }
    }

    /// What kind of prediction it is.
    pub fn task(&self) -> Task {
        match &self.output {
            Output::Value { .. } => Task::Regression,
            Output::Classes { labels } if labels.len() == 2 => Task::Binary,
            Output::Classes { .. } => Task::Multiclass,
            Output::Row { labels: None, .. } => Task::Reconstruction,
            Output::Row { .. } => Task::Sequence,
        }
    }

    /// How the target of a regression is standardised: its `std` also turns errors (and its square, squared errors)
    /// into the user's units.
    pub fn scale(&self) -> Option<Scale> {
        match self.output {
            Output::Value { scale, .. } => Some(scale),
            Output::Classes { .. } | Output::Row { .. } => None,
        }
    }

    /// An output of a regression in the user's units; other outputs as they are.
    pub fn raw(&self, output: f32) -> f64 {
        self.scale().map_or(f64::from(output), |scale| scale.raw(output))
    }
}

record! {
    /// The column that says how much each row counts in the loss.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WeightCode {
        /// Index in the table.
        pub column: usize,
        /// Name in the table.
        pub name: String,
        /// How it is written.
        pub decimal: Decimal,
    }
}

record! {
    /// How the rows of one table become numbers, and outputs the user's values.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Encoding {
        /// Columns of the table, used or not.
        pub table_columns: usize,
        /// Those that enter the network, in the order of its inputs.
        pub columns: Vec<CodedColumn>,
        /// What the numbers of a row are together, where that is more than a list.
        pub form: Option<Form> = absent,
        /// The one that is predicted.
        pub target: TargetCode,
        /// Those that are predicted besides.
        pub further: Option<Vec<TargetCode>> = absent,
        /// What each row counts, where not all count alike.
        pub weight: Option<WeightCode> = absent,
    }
}

impl Encoding {
    /// Checks an encoding that comes from a file.
    ///
    /// # Errors
    /// If it contradicts itself.
    pub fn check(&self) -> Result<(), Error> {
        let damaged = |what| Err(Error::DamagedEncoding { what });
        if self.inputs() == 0 {
            return damaged("no inputs");
        }
        if self.form.is_some_and(|form| form.len() != self.inputs()) {
            return damaged("a picture or sequence of another size");
        }
        let inside = |column: usize| column < self.table_columns;
        if !self.columns.iter().all(|c| inside(c.column))
            || !self.targets().into_iter().all(|t| inside(t.column) || t.is_row())
        {
            return damaged("a column beyond the last");
        }
        // Several inputs may take columns in an order of their own, one of them twice; but it is the same then.
        let is_ordered = self.columns.windows(2).all(|pair| pair[0].column < pair[1].column);
        let differs = |a: &CodedColumn| self.columns.iter().any(|b| a.column == b.column && a != b);
        if !is_ordered && (self.form.is_some() || self.columns.iter().any(differs))
            || self.targets().into_iter().any(|t| self.columns.iter().any(|c| c.column == t.column))
        {
            return damaged("columns out of order");
        }
        if let Some(weight) = &self.weight {
            let is_used = |column: usize| weight.column == column;
            if !inside(weight.column)
                || is_used(self.target.column)
                || self.columns.iter().any(|c| is_used(c.column))
            {
                return damaged("a column of weights beyond the last, or that is something else too");
            }
        }
        if !self.columns.iter().filter_map(CodedColumn::scale).all(Scale::sound) {
            return damaged("a scale that is no number");
        }
        for target in self.targets() {
            match &target.output {
                Output::Value { scale, .. } if !scale.sound() => return damaged("a scale that is no number"),
                Output::Classes { labels } if labels.len() < 2 => return damaged("fewer than two classes"),
                Output::Row { size, .. } if *size != self.inputs() => {
                    return damaged("a target of another size");
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// All that is predicted, in the order of the outputs.
    #[inline(never)]
    pub fn targets(&self) -> Vec<&TargetCode> {
        let mut all = vec![&self.target];
        if let Some(further) = &self.further {
            all.extend(further);
        }
        all
    }

    /// The one at that place among them.
    #[inline(never)]
    pub fn target_at(&self, place: usize) -> Option<&TargetCode> {
        match place.checked_sub(1) {
            None => Some(&self.target),
            Some(place) => self.further.as_ref()?.get(place),
        }
    }

    /// Every number that enters the network, in order.
    pub fn features(&self) -> Vec<Feature> {
        self.columns.iter().flat_map(CodedColumn::features).collect()
    }

    /// Numbers that enter the network.
    pub fn inputs(&self) -> usize {
        self.columns.iter().map(CodedColumn::width).sum()
    }

    /// Sizes of one row as the network takes it.
    pub fn input_shape(&self) -> Vec<usize> {
        self.form.map_or_else(|| vec![self.inputs()], Form::shape)
    }

    /// Numbers that the network gives for all targets together.
    pub fn output_size(&self) -> usize {
        self.targets().into_iter().map(TargetCode::width).sum()
    }

    /// The same with other columns, or with these in another order.
    #[must_use]
    pub fn with_columns(self, columns: Vec<CodedColumn>) -> Self {
        let mut encoding = Self { columns, ..self };
        let inputs = encoding.inputs();
        if let Output::Row { size, .. } = &mut encoding.target.output {
            *size = inputs;
        }
        encoding
    }

    /// Where the value of a column of numbers or dates stands among the inputs, and how it is standardised. `None` for
    /// categories and for columns that do not enter the network.
    pub fn input_of(&self, column: usize) -> Option<(usize, Scale)> {
        self.inputs_of(column).next()
    }

    /// All places where it stands: several, where several inputs take the column.
    pub fn inputs_of(&self, column: usize) -> impl Iterator<Item = (usize, Scale)> {
        let mut start = 0;
        self.columns.iter().filter_map(move |coded| {
            let at = start;
            start += coded.width();
            coded.scale().filter(|_| coded.column == column).map(|scale| (at, *scale))
        })
    }

    /// A value of a column in the units of the network.
    pub fn standardize(&self, column: usize, value: f64) -> Option<f32> {
        self.input_of(column).map(|(_, scale)| scale.standardize(value))
    }

    /// A value of the network's in the units of a column.
    pub fn raw(&self, column: usize, standardized: f32) -> Option<f64> {
        self.input_of(column).map(|(_, scale)| scale.raw(standardized))
    }

    /// A row as it typically is: every number at its mean, every category at its most frequent label. Where only some
    /// inputs are varied, the others come from here. Shape `(inputs,)`.
    pub fn typical(&self) -> Vec<f32> {
        let mut row = Vec::with_capacity(self.inputs());
        for column in &self.columns {
            let start = row.len();
            row.resize(start + column.width(), 0.0);
            if let ColumnCode::Category { labels, .. } = &column.code
                && !labels.is_empty()
            {
                row[start] = 1.0;
            }
        }
        row
    }
}
