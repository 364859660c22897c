//! Finds out what the columns of a table mean and sums them up, a column at a time: a table of millions of cells takes seconds, in
//! which its reader wants to tell how far it is, and to be able to stop.
//!
//! ```text
//! facts of column 1, 2, ... --> readings, decided together --> profile of column 1, 2, ... --> Table
//! ```

use crate::distinct::Rows;
use crate::error::Error;
use crate::infer::{Facts, Reading};
use crate::profile::Profile;
use crate::table::{Raw, Table};

/// A table on its way: all rows are there.
#[derive(Debug)]
pub struct Discovery {
    raw: Raw,
    rows: Rows,
    facts: Vec<Facts>,
    readings: Vec<Reading>,
    profiles: Vec<Profile>,
}

/// What was found.
pub(crate) struct Found {
    pub(crate) raw: Raw,
    pub(crate) readings: Vec<Reading>,
    pub(crate) profiles: Vec<Profile>,
    /// Rows of the cells that repeat an earlier one.
    pub(crate) repeated: Vec<u32>,
}

impl Discovery {
    /// # Errors
    /// If there are no rows.
    pub(crate) fn new(raw: Raw) -> Result<Self, Error> {
        if raw.lines.is_empty() {
            return Err(Error::NoRows { file: raw.name });
        }
        let rows = Rows::new(raw.lines.len());
        Ok(Self { raw, rows, facts: Vec::new(), readings: Vec::new(), profiles: Vec::new() })
    }

    /// Columns that were looked at, of how many: each is twice, once for what it is and once for what it sums up to.
    pub fn progress(&self) -> (usize, usize) {
        // Facts go when readings come.
        let read = self.facts.len().max(self.readings.len());
        (read + self.profiles.len(), 2 * self.raw.cells.len())
    }

    /// How many cells the next step looks at.
    pub fn step_cells(&self) -> usize {
        self.raw.lines.len()
    }

    /// Looks at the next column. False: there is none left.
    pub fn step(&mut self) -> bool {
        let rows = self.raw.lines.len() as u32;
        if self.readings.is_empty() {
            let cells = &self.raw.cells[self.facts.len()];
            self.facts.push(Facts::gather(cells, rows, &mut self.rows));
            if self.facts.len() == self.raw.cells.len() {
                self.decide();
            }
        } else if let Some(reading) = self.readings.get(self.profiles.len()) {
            let cells = &self.raw.cells[self.profiles.len()];
            let all: Vec<u32> = (0..rows).collect();
            self.profiles.push(Profile::of(cells, &all, reading.kind, reading.format));
        }
        self.profiles.len() < self.raw.cells.len()
    }

    /// What the columns are, all of them together: `1,234` alone does not say whether commas are decimal.
    fn decide(&mut self) {
        let facts = std::mem::take(&mut self.facts);
        let comma = Facts::prefer_comma(&facts, self.raw.delimiter);
        let names = self.raw.names.iter().zip(&self.raw.named);
        self.readings = facts
            .into_iter()
            .zip(names)
            .map(|(facts, (name, &named))| Reading::decide(facts, name, named, comma))
            .collect();
        use_row_numbers_if_alone(&mut self.readings);
    }

    /// The table, after what steps are left.
    ///
    /// # Errors
    /// If no column can be the target, or nothing is left to predict it from.
    pub fn finish(mut self) -> Result<Table, Error> {
        while self.step() {}
        let Self { raw, rows, readings, profiles, .. } = self;
        let same =
            |a: u32, b: u32| raw.cells.iter().all(|cells| cells.get(a as usize) == cells.get(b as usize));
        let repeated = rows.repeated(same);
        Table::of(Found { raw, readings, profiles, repeated })
    }
}

/// Where at most one column can be used, row numbers are better than nothing: a table of `nr` and `height` is a plot.
fn use_row_numbers_if_alone(readings: &mut [Reading]) {
    if readings.iter().filter(|reading| reading.kind.usable()).count() < 2 {
        for reading in readings.iter_mut().filter(|reading| reading.numeric_id) {
            reading.kind = crate::report::ColumnType::Number;
            reading.note = Some("whole numbers that are different in every row".to_owned());
        }
    }
}
