//! What is told about a table, and what may be asked of it: the same fields and words as `www/src/engine/protocol.ts`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::form::Form;

/// What is to be predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A number.
    Regression,
    /// One of two classes.
    Binary,
    /// One of three classes or more.
    Multiclass,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Amounts: standardised.
    Number,
    /// A handful of labels: one-hot.
    Category,
    /// Days, with or without a time: standardised like numbers.
    Date,
    /// Free text: not used.
    Text,
    /// A different value in every row: not used.
    Id,
    /// The same value in every row: not used.
    Constant,
    /// No value at all: not used.
    Empty,
}

impl ColumnType {
    /// Whether cells of this type can enter a network.
    pub fn usable(self) -> bool {
        matches!(self, Self::Number | Self::Category | Self::Date)
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number => "number",
            Self::Category => "category",
            Self::Date => "date",
            Self::Text => "text",
            Self::Id => "id",
            Self::Constant => "constant",
            Self::Empty => "empty",
        })
    }
}

/// What a column is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It enters the network.
    Feature,
    /// It is predicted.
    Target,
    /// Neither.
    Ignored,
}

/// How often a label stands in a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryCount {
    /// As it stands in the file, without white space around it.
    pub label: String,
    /// Rows.
    pub count: u64,
}

/// One column, summed up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Arithmetic mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Standard deviation of the rows (divided by n).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub std: Option<f64>,
    /// Counts in equal bins from `min` to `max`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Vec<u64>>,
    /// Most frequent labels first, at most 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<CategoryCount>>,
    /// Why it has this type or role, where that is not plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How much an issue matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something was lost or guessed.
    Warning,
}

/// Something about the data that was dealt with and is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// How much it matters.
    pub severity: Severity,
    /// One sentence: what, where, what was done about it.
    pub message: String,
    /// First line of the file that it concerns, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Name of the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How many rows or cells it touches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
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
}

/// Where a table comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// It comes with the program.
    Builtin,
    /// The user's own.
    File,
}

/// A table, summed up for the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableReport {
    /// Name of the file or of the built-in set.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// Licence and origin of built-in data, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Rows in use.
    pub rows: u64,
    /// What stands between cells: one of `,` `;` `|` or a tab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Name of the character encoding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Whether the first line holds the names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_header: Option<bool>,
    /// In the order of the file.
    pub columns: Vec<ColumnReport>,
    /// What the features of a row are together, where that is more than a list of columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// Index of the column to predict.
    pub target: usize,
    /// What kind of prediction that is.
    pub task: Task,
    /// Class labels in the order of the outputs; empty for regression.
    pub classes: Vec<String>,
    /// What was dealt with on the way.
    pub issues: Vec<Issue>,
    /// The first rows as they stood in the file.
    pub sample: Vec<Vec<String>>,
}

/// What the user may change about a table. Columns by index; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableChange {
    /// The column to predict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<usize>,
    /// Types that hold from now on, whatever the cells look like.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "types_out",
        deserialize_with = "types_in"
    )]
    pub types: Option<BTreeMap<usize, ColumnType>>,
    /// The whole list of columns that are not to be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ignored: Option<Vec<usize>>,
    /// Whether rows that repeat an earlier one are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drop_duplicates: Option<bool>,
}

/// Keys of a JavaScript object are strings, and serde does not turn them into numbers inside tagged enums.
fn types_in<'de, D: Deserializer<'de>>(from: D) -> Result<Option<BTreeMap<usize, ColumnType>>, D::Error> {
    let Some(named) = Option::<BTreeMap<String, ColumnType>>::deserialize(from)? else { return Ok(None) };
    named
        .into_iter()
        .map(|(key, value)| match key.parse() {
            Ok(column) => Ok((column, value)),
            Err(_) => {
                Err(serde::de::Error::custom(format!("types: \"{key}\" is not the number of a column")))
            }
        })
        .collect::<Result<_, _>>()
        .map(Some)
}

fn types_out<S: Serializer>(types: &Option<BTreeMap<usize, ColumnType>>, to: S) -> Result<S::Ok, S::Error> {
    match types {
        None => to.serialize_none(),
        Some(types) => to.collect_map(types.iter().map(|(column, kind)| (column.to_string(), kind))),
    }
}

/// What a feature is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeatureKind {
    /// A standardised number.
    Number,
    /// A standardised date.
    Date,
    /// 1 where the column has one certain label, else 0.
    OneHot,
    /// 1 where the column has no value, else 0.
    MissingFlag,
    /// The number of a label in a vocabulary.
    Token,
}

/// One value that enters the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature {
    /// `petal length`, `colour = red`, `age is missing`.
    pub name: String,
    /// Index of its column in the table.
    pub column: usize,
    /// What it is made of.
    pub kind: FeatureKind,
}

/// What the network says about one row, in the user's words and units.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PredictedRow {
    /// Regression: the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Classes: the likeliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Classes: the probability of each, in the order of the classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probabilities: Option<Vec<f32>>,
    /// What was guessed or left out in reading the row.
    pub issues: Vec<String>,
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
        assert_eq!(serde_json::to_string(&change).expect("the test made it so"), json);
        assert!(serde_json::from_str::<TableChange>(r#"{"types":{"a":"number"}}"#).is_err());
        assert!(serde_json::from_str::<TableChange>(r#"{"tagret":1}"#).is_err());
    }
}
