//! Whole tables, encoded.

use ndarray::{Array1, Array2};

use crate::encoding::{CodedColumn, ColumnCode, Encoding, Output, TargetCode};
use crate::error::Error;
use crate::hash::Map;
use crate::infer::{Format, shorten};
use crate::profile::{amount, label};
use crate::report::ColumnType;
use crate::table::Table;
use crate::weight::weight_in;

impl Encoding {
    /// Inputs `(rows, inputs)` and targets `(rows, targets)` of these rows of a table: a standardised value, 0 or 1 for
    /// two classes, or the index of the class; where the row itself is predicted, `(rows, inputs)` as well.
    ///
    /// # Errors
    /// If the table lacks a column, or a row has no target that the encoding knows.
    pub fn encode(&self, table: &Table, rows: &[u32]) -> Result<(Array2<f32>, Array2<f32>), Error> {
        let mut x = Array2::zeros((rows.len(), self.inputs()));
        let mut start = 0;
        for column in &self.columns {
            let from = self.find(table, column.column, &column.name)?;
            column.fill(table, from, rows, &mut x, start);
            start += column.width();
        }
        if let Output::Row { ahead, .. } = self.target.output {
            let y = later(&x, ahead.unwrap_or(0));
            return Ok((x, y));
        }
        let mut y = Array2::zeros((rows.len(), self.targets().len()));
        for (place, target) in self.targets().into_iter().enumerate() {
            let from = self.find(table, target.column, &target.name)?;
            target.fill(table, from, rows, &mut y, place)?;
        }
        Ok((x, y))
    }

    /// What each of these rows counts in the loss; `None`: all alike.
    ///
    /// # Errors
    /// If the table lacks the column of weights, or a row has none that is a number of at least 0.
    pub fn encode_weights(&self, table: &Table, rows: &[u32]) -> Result<Option<Array1<f32>>, Error> {
        let Some(code) = &self.weight else { return Ok(None) };
        let column = self.find(table, code.column, &code.name)?;
        let read = |&row: &u32| {
            let cell = table.cell(row as usize, column);
            weight_in(cell, code.decimal).ok().flatten().ok_or_else(|| Error::RowWeight {
                file: table.name().to_owned(),
                line: table.line(row as usize),
                column: code.name.clone(),
                value: shorten(cell.trim()),
            })
        };
        rows.iter().map(read).collect::<Result<_, _>>().map(Some)
    }

    /// Where a column of the table that this was fitted on stands in `table`: in its place, or wherever its name is.
    fn find(&self, table: &Table, column: usize, name: &str) -> Result<usize, Error> {
        if table.column_name(column) == Some(name) {
            return Ok(column);
        }
        (0..table.columns())
            .find(|&other| table.column_name(other) == Some(name))
            .ok_or_else(|| Error::OtherTable { file: table.name().to_owned(), column: name.to_owned() })
    }
}

/// Every value moved so many places to the front; zeros behind.
#[inline(never)]
fn later(x: &Array2<f32>, ahead: usize) -> Array2<f32> {
    let width = x.ncols();
    Array2::from_shape_fn(x.dim(), |(row, at)| if at + ahead < width { x[[row, at + ahead]] } else { 0.0 })
}

impl TargetCode {
    /// Writes the target of every row into column `place` of `y`.
    fn fill(
        &self,
        table: &Table,
        from: usize,
        rows: &[u32],
        y: &mut Array2<f32>,
        place: usize,
    ) -> Result<(), Error> {
        let classes: Map<&str, usize> =
            self.classes().iter().enumerate().map(|(index, label)| (label.as_str(), index)).collect();
        for (to, &row) in rows.iter().enumerate() {
            let cell = table.cell(row as usize, from);
            let value = match &self.output {
                Output::Value { decimal, scale } => {
                    let format = Format { decimal: *decimal, ..Format::default() };
                    amount(cell, ColumnType::Number, format).map(|value| scale.standardize(value))
                }
                Output::Classes { .. } => {
                    label(cell).and_then(|label| classes.get(label)).map(|&index| index as f32)
                }
                // Made of the whole row, above.
                Output::Row { .. } => None,
            };
            y[[to, place]] = value.ok_or_else(|| Error::TargetValue {
                file: table.name().to_owned(),
                line: table.line(row as usize),
                column: self.name.clone(),
                value: shorten(cell.trim()),
            })?;
        }
        Ok(())
    }
}

impl CodedColumn {
    /// Writes the column's places, from `start` on, of every row. `x` is zero there.
    fn fill(&self, table: &Table, from: usize, rows: &[u32], x: &mut Array2<f32>, start: usize) {
        let (kind, format) = self.reading();
        let flag = start + self.width() - 1;
        match &self.code {
            ColumnCode::Number { scale, missing_flag, .. } | ColumnCode::Date { scale, missing_flag, .. } => {
                for (to, &row) in rows.iter().enumerate() {
                    match amount(table.cell(row as usize, from), kind, format) {
                        Some(value) => x[[to, start]] = scale.standardize(value),
                        None if *missing_flag => x[[to, flag]] = 1.0,
                        None => {}
                    }
                }
            }
            ColumnCode::Category { labels, other, missing_flag } => {
                let places: Map<&str, usize> =
                    labels.iter().enumerate().map(|(place, label)| (label.as_str(), place)).collect();
                for (to, &row) in rows.iter().enumerate() {
                    let label = label(table.cell(row as usize, from));
                    let place = match label {
                        Some(label) => places.get(label).copied().or(other.then_some(labels.len())),
                        None => None,
                    };
                    match place {
                        Some(place) => x[[to, start + place]] = 1.0,
                        None if *missing_flag => x[[to, flag]] = 1.0,
                        None => {}
                    }
                }
            }
            ColumnCode::Token { labels } => {
                for (to, &row) in rows.iter().enumerate() {
                    x[[to, start]] = token(labels, table.cell(row as usize, from)) as f32;
                }
            }
        }
    }
}

/// The code of a cell in a vocabulary in alphabetical order: its place from 1, or 0.
pub(crate) fn token(labels: &[String], cell: &str) -> usize {
    let place = label(cell).and_then(|label| labels.binary_search_by(|it| it.as_str().cmp(label)).ok());
    place.map_or(0, |place| place + 1)
}
