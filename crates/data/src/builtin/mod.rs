//! Data sets that come with the program.

mod iris;
mod synthetic;
mod tokens;

use tabgrad_json::record;

use crate::error::Error;
use crate::report::Source;
use crate::store::Cells;
use crate::table::{Raw, Table};

record! {
    #![strict]
    /// What may be asked of a built-in set. Iris has no options: it is what was measured.
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    pub struct BuiltinOptions {
        /// Rows to generate, from 10 to 100,000.
        pub rows: Option<u32> = absent,
        /// Standard deviation of the noise, in units of the data, from 0 to 100.
        pub noise: Option<f64> = absent,
        /// Decides every point.
        pub seed: u64,
    }
}

/// Columns of text with their names.
pub(crate) struct Made {
    pub(crate) names: Vec<&'static str>,
    /// `columns x rows`
    pub(crate) columns: Vec<Vec<String>>,
    pub(crate) origin: String,
}

/// The names there are.
const NAMES: [&str; 9] =
    ["iris", "line", "moons", "circles", "xor", "spirals", "blobs", "parentheses", "repeats"];

/// How many rows are to be made.
fn rows_of(options: &BuiltinOptions, usual: u32) -> Result<u32, Error> {
    let rows = options.rows.unwrap_or(usual);
    if (10..=100_000).contains(&rows) {
        Ok(rows)
    } else {
        Err(Error::Argument { path: "options.rows", expected: "from 10 to 100000", found: rows.to_string() })
    }
}

impl Table {
    /// A data set that comes with the program: `iris`, `line`, `moons`, `circles`, `xor`, `spirals`, `blobs`,
    /// `parentheses`, `repeats`. The last column is the target. The same options give the same rows on every machine.
    ///
    /// # Errors
    /// For an unknown name, or an option out of its range.
    pub fn builtin(name: &str, options: &BuiltinOptions) -> Result<Self, Error> {
        let made = match (synthetic::Shape::named(name), tokens::Question::named(name)) {
            (Some(shape), _) => synthetic::make(shape, options)?,
            (None, Some(question)) => tokens::make(question, options)?,
            (None, None) if name == "iris" => iris::measured(),
            (None, None) => {
                return Err(Error::UnknownBuiltin { name: name.to_owned(), known: NAMES.join(", ") });
            }
        };
        let rows = made.columns.first().map_or(0, Vec::len);
        let cells = |column: &Vec<String>| {
            let mut cells = Cells::default();
            column.iter().for_each(|cell| cells.push(cell));
            cells
        };
        Self::new(Raw {
            name: name.to_owned(),
            source: Source::Builtin,
            origin: Some(made.origin),
            delimiter: None,
            charset: None,
            has_header: None,
            named: vec![true; made.names.len()],
            names: made.names.into_iter().map(str::to_owned).collect(),
            cells: made.columns.iter().map(cells).collect(),
            // As if they stood in a file below a line of names.
            lines: (0..rows as u32).map(|row| row + 2).collect(),
            issues: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{ColumnType, Task};

    const SEED: BuiltinOptions = BuiltinOptions { rows: None, noise: None, seed: 42 };

    #[test]
    fn every_set_can_be_learned() {
        for (name, task, classes, rows, features) in [
            ("iris", Task::Multiclass, 3, 150, 4),
            ("line", Task::Regression, 0, 100, 1),
            ("moons", Task::Binary, 2, 300, 2),
            ("circles", Task::Binary, 2, 300, 2),
            ("xor", Task::Binary, 2, 300, 2),
            ("spirals", Task::Binary, 2, 300, 2),
            ("blobs", Task::Multiclass, 3, 300, 2),
        ] {
            let report = Table::builtin(name, &SEED).expect("it is built in").report();
            assert_eq!((report.task, report.classes.len(), report.rows), (task, classes, rows), "{name}");
            assert_eq!(report.target, features, "{name}");
            for column in &report.columns[..features] {
                assert_eq!(
                    (column.r#type, column.missing),
                    (ColumnType::Number, 0),
                    "{name} {}",
                    column.name
                );
            }
            assert!(report.origin.is_some_and(|origin| !origin.is_empty()));
        }
    }

    #[test]
    fn sequences_are_known_as_sequences() {
        use crate::form::Form;
        for (name, length, vocabulary) in [("parentheses", 16, 3), ("repeats", 8, 9)] {
            let report = Table::builtin(name, &SEED).expect("it is built in").report();
            assert_eq!(report.form, Some(Form::Tokens { length, vocabulary }), "{name}");
            assert_eq!((report.task, report.target, report.rows), (Task::Binary, length, 1000), "{name}");
        }
    }

    #[test]
    fn unknown_names_and_options_are_refused() {
        assert_eq!(Table::builtin("digits", &SEED).expect_err("there is none").code(), "unknown_builtin");
        for (rows, noise) in
            [(Some(9), None), (Some(100_001), None), (None, Some(-1.0)), (None, Some(f64::NAN))]
        {
            let error =
                Table::builtin("moons", &BuiltinOptions { rows, noise, seed: 0 }).expect_err("out of range");
            assert_eq!(error.code(), "argument");
        }
    }
}
