//! A column that says how much each row counts in the loss: Keras' `sample_weight`.
//!
//! A cell that is empty leaves its row out, as an empty target does. A cell that says something else than a weight is a
//! mistake in the table, and nobody knows what was meant: it is refused with its line.

use crate::error::Error;
use crate::infer::shorten;
use crate::report::Issue;
use crate::table::Raw;
use crate::value::{Decimal, is_infinite, is_missing_amount, parse_number};

/// Sums of so large weights of all rows, squared, are still numbers of the network.
pub(crate) const LARGEST_WEIGHT: f64 = 1e9;

/// The weight in a cell; `Ok(None)`: it is empty.
///
/// # Errors
/// Nothing to say, if there is something else in it.
pub(crate) fn weight_in(cell: &str, decimal: Decimal) -> Result<Option<f32>, ()> {
    let cell = cell.trim();
    if is_missing_amount(cell) && !is_infinite(cell) {
        return Ok(None);
    }
    match parse_number(cell, decimal) {
        Some(weight) if (0.0..=LARGEST_WEIGHT).contains(&weight) => Ok(Some(weight as f32)),
        _ => Err(()),
    }
}

/// A column that is asked to be the weight.
pub(crate) struct Weights<'a> {
    pub(crate) raw: &'a Raw,
    pub(crate) column: usize,
    pub(crate) decimal: Decimal,
    /// Rows in use, as rows of the cells.
    pub(crate) rows: &'a [u32],
}

impl Weights<'_> {
    /// The rows without a weight.
    ///
    /// # Errors
    /// That it is a target, the first cell that is no weight, or that no row counts.
    pub(crate) fn check(&self, targets: &[usize]) -> Result<Vec<u32>, Error> {
        let (file, column) = (self.raw.name.clone(), self.raw.names[self.column].clone());
        if targets.contains(&self.column) {
            return Err(Error::TargetAsWeight { file, column });
        }
        let (mut without, mut counts) = (Vec::new(), false);
        for &row in self.rows {
            let cell = self.raw.cells[self.column].get(row as usize);
            match weight_in(cell, self.decimal) {
                Ok(Some(weight)) => counts |= weight > 0.0,
                Ok(None) => without.push(row),
                Err(()) => {
                    let line = u64::from(self.raw.lines[row as usize]);
                    return Err(Error::RowWeight { file, line, column, value: shorten(cell.trim()) });
                }
            }
        }
        if counts { Ok(without) } else { Err(Error::NoRowWeight { file, column }) }
    }
}

/// What is told of rows without a weight.
pub(crate) fn left_out(without: &[u32], line_of: impl Fn(u32) -> u64, column: &str) -> Option<Issue> {
    let n = without.len() as u64;
    let message = if n == 1 {
        "the row has no weight and is left out.".to_owned()
    } else {
        format!("{n} rows have no weight, the first in this line; they are left out.")
    };
    Some(Issue::warning(message).line(line_of(*without.first()?)).column(column).count(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_are_weights_and_cells_that_are_none() {
        let read = |cell| weight_in(cell, Decimal::Point);
        assert_eq!(read(" 2.5 "), Ok(Some(2.5)));
        assert_eq!((read("0"), read("-0")), (Ok(Some(0.0)), Ok(Some(-0.0))));
        assert_eq!((read(""), read("NA"), read("nan")), (Ok(None), Ok(None), Ok(None)));
        for cell in ["-1", "-0.001", "heavy", "inf", "1e10", "2 kg"] {
            assert_eq!(read(cell), Err(()), "{cell}");
        }
        assert_eq!(weight_in("2,5", Decimal::Comma), Ok(Some(2.5)));
    }
}
