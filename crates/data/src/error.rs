//! What can be wrong with a file, a choice about a table, or a row to predict. Every message is one sentence that says
//! what came, where, and what to do.

use crate::report::{ColumnType, place};
use crate::weight::LARGEST_WEIGHT;

/// Everything that this crate refuses.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No bytes, or nothing but blank lines.
    #[error("{file} is empty: choose a file with a line of column names and at least one row of values.")]
    EmptyFile {
        /// The name of the file.
        file: String,
    },

    /// One line of names and nothing below.
    #[error(
        "{file} has column names ({columns}) but no rows below them: add the rows, or choose another file."
    )]
    HeaderOnly {
        /// The name of the file.
        file: String,
        /// How many columns it has.
        columns: usize,
    },

    /// Not text, whatever its name says.
    #[error("{file} is {what}, not a table of text: {advice}.")]
    NotText {
        /// The name of the file.
        file: String,
        /// What it is instead.
        what: String,
        /// What to do.
        advice: &'static str,
    },

    /// More columns than a network of this size of memory can have inputs.
    #[error(
        "{file} line {line} has {columns} columns, more than the {limit} that fit: keep the columns that matter and \
         leave the rest out (if rows and columns are swapped, transpose the table)."
    )]
    TooManyColumns {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// How many columns it has.
        columns: usize,
        /// How many are allowed.
        limit: usize,
    },

    /// A line that never ends.
    #[error(
        "{file} line {line} goes on for more than {limit_bytes} bytes: this is not a table with one row per line; \
         save it as CSV again, with line breaks between rows."
    )]
    LineTooLong {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// How many bytes a line may have.
        limit_bytes: usize,
    },

    /// Rows, but none that could be kept.
    #[error("{file} has no row with a value in it: choose a file with values below the column names.")]
    NoRows {
        /// The name of the file.
        file: String,
    },

    /// A column number that the table has not.
    #[error("There is no column {column}: {file} has {columns}, numbered from 0.")]
    NoSuchColumn {
        /// The name of the file.
        file: String,
        /// The number that was asked for.
        column: usize,
        /// How many columns it has.
        columns: usize,
    },

    /// A column cannot be read as what the user says it is.
    #[error(
        "{file} line {line}, column \"{column}\": \"{value}\" is not a {wanted}, and neither is any other value of the \
         column; choose the type \"category\" or \"text\"."
    )]
    ColumnType {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
        /// The type that was asked for.
        wanted: ColumnType,
        /// The line, counted from 1.
        line: u64,
        /// The first value that is none of that type.
        value: String,
    },

    /// A target without any value.
    #[error(
        "{file}, column \"{column}\": no row has a value, so it cannot be predicted; choose another target."
    )]
    TargetAllMissing {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
    },

    /// A number that never changes.
    #[error(
        "{file}, column \"{column}\": every value is {value}, so there is nothing to learn; choose another target."
    )]
    TargetConstant {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
        /// The value that they all have.
        value: String,
    },

    /// Classes, but only one.
    #[error(
        "{file}, column \"{column}\": every row has the one class \"{value}\", and two are needed; add rows of another \
         class or choose another target."
    )]
    TargetOneClass {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
        /// The one class.
        value: String,
    },

    /// More classes than can be learned from these rows.
    #[error(
        "{file}, column \"{column}\": {classes} different values in {rows} rows are too many classes (at most {limit}); \
         choose another target, or group the values."
    )]
    TargetTooManyClasses {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
        /// How many different values.
        classes: usize,
        /// How many rows.
        rows: usize,
        /// How many are allowed.
        limit: usize,
    },

    /// A kind of value that is neither a number nor a class.
    #[error(
        "{file}, column \"{column}\": {holds} cannot be predicted; choose a column of numbers or categories as target."
    )]
    TargetType {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
        /// What its values are.
        holds: &'static str,
    },

    /// No column can be predicted.
    #[error("{file} has no column that can be predicted: {reason}")]
    NoTarget {
        /// The name of the file.
        file: String,
        /// Why none can.
        reason: String,
    },

    /// Nothing to predict from.
    #[error(
        "{file} has no usable column besides the target \"{target}\": at least one column of numbers, dates or categories \
         is needed; change a column's type, or use one that is ignored."
    )]
    NoFeature {
        /// The name of the file.
        file: String,
        /// The name of the target.
        target: String,
    },

    /// Encoded rows would not fit into memory.
    #[error(
        "{features} inputs for {rows} rows do not fit into memory ({limit} values): ignore columns, above all those with \
         many categories."
    )]
    TooManyFeatures {
        /// How many inputs a row would have.
        features: usize,
        /// How many rows.
        rows: usize,
        /// How many values of all rows are allowed.
        limit: usize,
    },

    /// No data set of that name comes with the program.
    #[error("There is no built-in data set \"{name}\": there are {known}.")]
    UnknownBuiltin {
        /// What was asked for.
        name: String,
        /// The names that there are.
        known: String,
    },

    /// An argument out of its range.
    #[error("{path} is {found}: it must be {expected}.")]
    Argument {
        /// The argument, such as `split.validation`.
        path: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: String,
    },

    /// An encoding fitted on one table is asked to encode another.
    #[error(
        "{file} has no column \"{column}\", which this model needs: add it, or train anew on this table."
    )]
    OtherTable {
        /// The name of the file.
        file: String,
        /// The column that is missing.
        column: String,
    },

    /// A row to learn from whose target the encoding does not know.
    #[error(
        "{file} line {line}, column \"{column}\": \"{value}\" is not a value this model can predict; leave the row out, or \
         train anew on this table."
    )]
    TargetValue {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// The name of the column.
        column: String,
        /// The value that is not known.
        value: String,
    },

    /// A cell of the column of weights that is none.
    #[error(
        "{file} line {line}, column \"{column}\": \"{value}\" is no weight, a number from 0 to {LARGEST_WEIGHT:e}; correct it, or \
         choose another column of weights."
    )]
    RowWeight {
        /// The name of the file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// The name of the column.
        column: String,
        /// What stands there.
        value: String,
    },

    /// A column of weights in which no row counts.
    #[error("{file}, column \"{column}\": no row has a weight above 0; choose another column of weights.")]
    NoRowWeight {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
    },

    /// The target would be the weight too.
    #[error(
        "{file}, column \"{column}\": the target cannot be the weight of its rows; choose another target first."
    )]
    TargetAsWeight {
        /// The name of the file.
        file: String,
        /// The name of the column.
        column: String,
    },

    /// A saved encoding that contradicts itself.
    #[error(
        "The model's description of its inputs is damaged ({what}): save the model again where it was made."
    )]
    DamagedEncoding {
        /// What contradicts what.
        what: &'static str,
    },
}

impl Error {
    /// A word for programs, stable between versions.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile { .. } => "empty_file",
            Self::HeaderOnly { .. } => "header_only",
            Self::NotText { .. } => "not_text",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::LineTooLong { .. } => "line_too_long",
            Self::NoRows { .. } => "no_rows",
            Self::NoSuchColumn { .. } => "no_such_column",
            Self::ColumnType { .. } => "column_type",
            Self::TargetAllMissing { .. } => "target_all_missing",
            Self::TargetConstant { .. } => "target_constant",
            Self::TargetOneClass { .. } => "target_one_class",
            Self::TargetTooManyClasses { .. } => "target_too_many_classes",
            Self::TargetType { .. } => "target_type",
            Self::NoTarget { .. } => "no_target",
            Self::NoFeature { .. } => "no_feature",
            Self::TooManyFeatures { .. } => "too_many_features",
            Self::UnknownBuiltin { .. } => "unknown_builtin",
            Self::Argument { .. } => "argument",
            Self::OtherTable { .. } => "other_table",
            Self::TargetValue { .. } => "target_value",
            Self::RowWeight { .. } => "row_weight",
            Self::NoRowWeight { .. } => "no_row_weight",
            Self::TargetAsWeight { .. } => "target_as_weight",
            Self::DamagedEncoding { .. } => "damaged_encoding",
        }
    }

    /// Where it is: `data.csv line 17, column "age"`, or `split.validation`.
    pub fn path(&self) -> Option<String> {
        match self {
            Self::EmptyFile { file }
            | Self::HeaderOnly { file, .. }
            | Self::NotText { file, .. }
            | Self::NoRows { file }
            | Self::NoSuchColumn { file, .. }
            | Self::NoTarget { file, .. } => Some(file.clone()),
            Self::TooManyColumns { file, line, .. } | Self::LineTooLong { file, line, .. } => {
                Some(place(file, Some(*line), None))
            }
            Self::ColumnType { file, column, line, .. }
            | Self::TargetValue { file, column, line, .. }
            | Self::RowWeight { file, column, line, .. } => Some(place(file, Some(*line), Some(column))),
            Self::TargetAllMissing { file, column }
            | Self::TargetConstant { file, column, .. }
            | Self::TargetOneClass { file, column, .. }
            | Self::TargetTooManyClasses { file, column, .. }
            | Self::TargetType { file, column, .. }
            | Self::OtherTable { file, column }
            | Self::NoRowWeight { file, column }
            | Self::TargetAsWeight { file, column }
            | Self::NoFeature { file, target: column } => Some(place(file, None, Some(column))),
            Self::Argument { path, .. } => Some((*path).to_owned()),
            Self::TooManyFeatures { .. } | Self::UnknownBuiltin { .. } | Self::DamagedEncoding { .. } => None,
        }
    }

    /// What would have been right, where that is a short phrase.
    pub fn expected(&self) -> Option<String> {
        match self {
            Self::TooManyColumns { limit, .. } => Some(format!("at most {limit} columns")),
            Self::TargetTooManyClasses { limit, .. } => Some(format!("at most {limit} classes")),
            Self::TargetOneClass { .. } => Some("at least two classes".to_owned()),
            Self::RowWeight { .. } => Some(format!("a number from 0 to {LARGEST_WEIGHT:e}")),
            Self::ColumnType { wanted, .. } => Some(format!("a {wanted}")),
            Self::TooManyFeatures { limit, .. } => Some(format!("at most {limit} encoded values")),
            Self::UnknownBuiltin { known, .. } => Some(known.clone()),
            Self::Argument { expected, .. } => Some((*expected).to_owned()),
            _ => None,
        }
    }

    /// What came instead.
    pub fn found(&self) -> Option<String> {
        match self {
            Self::NotText { what, .. } => Some(what.clone()),
            Self::TooManyColumns { columns, .. } => Some(format!("{columns} columns")),
            Self::TargetTooManyClasses { classes, .. } => Some(format!("{classes} classes")),
            Self::TargetOneClass { value, .. }
            | Self::TargetConstant { value, .. }
            | Self::ColumnType { value, .. }
            | Self::RowWeight { value, .. }
            | Self::TargetValue { value, .. } => Some(value.clone()),
            Self::UnknownBuiltin { name, .. } => Some(name.clone()),
            Self::Argument { found, .. } => Some(found.clone()),
            _ => None,
        }
    }
}
