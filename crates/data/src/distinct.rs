//! Counting what is different, by 64-bit hashes, in time that grows with the rows alone: a module built for size sorts a million
//! numbers in seconds.

use crate::hash::Map;

/// The different ones of many 64-bit numbers, each with the row where it was seen first.
#[derive(Debug)]
pub(crate) struct Distinct(Map<u64, u32>);

impl Distinct {
    pub(crate) fn new() -> Self {
        Self(Map::default())
    }

    /// Adds one. The row where it was seen first, if that was before.
    pub(crate) fn see(&mut self, hash: u64, row: u32) -> Option<u32> {
        let first = *self.0.entry(hash).or_insert(row);
        (first != row).then_some(first)
    }

    /// How many different ones.
    pub(crate) fn count(&self) -> u64 {
        self.0.len() as u64
    }
}

/// Of numbers: two are the same if they compare equal.
pub(crate) fn count_values(values: &[f64]) -> u64 {
    let mut distinct = Distinct::new();
    for value in values {
        // -0 is 0.
        distinct.see((value + 0.0).to_bits(), 0);
    }
    distinct.count()
}

/// Rows that repeat an earlier one cell by cell, in order. Found column by column.
#[derive(Debug)]
pub(crate) struct Rows(Vec<u64>);

impl Rows {
    pub(crate) fn new(rows: usize) -> Self {
        Self(vec![0; rows])
    }

    /// Takes in one cell of a row.
    pub(crate) fn see(&mut self, row: usize, cell: u64) {
        self.0[row] = self.0[row].rotate_left(5).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ cell;
    }

    /// `same` tells whether two rows are the same cell by cell.
    pub(crate) fn repeated(self, same: impl Fn(u32, u32) -> bool) -> Vec<u32> {
        let mut distinct = Distinct::new();
        // There are fewer than 2^32 rows: lines are numbered so.
        (0_u32..)
            .zip(self.0)
            .filter(|&(row, hash)| distinct.see(hash, row).is_some_and(|first| same(first, row)))
            .map(|(row, _)| row)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hash;

    #[test]
    fn the_first_of_equals_is_known() {
        let mut distinct = Distinct::new();
        let seen: Vec<_> = ["a", "b", "a", "", "b"]
            .into_iter()
            .zip(0..)
            .map(|(text, row)| distinct.see(hash(text), row))
            .collect();
        assert_eq!(seen, [None, None, Some(0), None, Some(1)]);
        assert_eq!(distinct.count(), 3);
    }

    #[test]
    fn values_are_different_if_they_do_not_compare_equal() {
        assert_eq!(count_values(&[0.0, -0.0, 1.0, 1.0, 1.5]), 3);
        assert_eq!(count_values(&[]), 0);
    }

    #[test]
    fn rows_repeat_if_all_their_cells_do() {
        let table = [["1", "x"], ["2", "x"], ["1", "x"], ["1", "y"], ["x", "1"], ["2", "x"]];
        let mut rows = Rows::new(table.len());
        for column in 0..2 {
            for (row, cells) in table.iter().enumerate() {
                rows.see(row, hash(cells[column]));
            }
        }
        assert_eq!(rows.repeated(|a, b| table[a as usize] == table[b as usize]), [2, 5]);
    }
}
