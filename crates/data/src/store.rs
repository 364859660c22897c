//! Cells as they stood in the file, column by column, within a fixed budget.
//!
//! Beyond the budget a uniform sample of the rows is kept. Every row has a random key by its number; kept are the rows
//! whose key lies under a threshold, which sinks by a quarter whenever the budget is full. At any time each row seen so
//! far is in with the same probability, rows stay in the order of the file, and the result does not depend on how the
//! file was cut into pieces.

use tabgrad_kernels::rng::{Purpose, Stream};

/// The cells of one column, end to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    text: String,
    ends: Vec<u32>,
}

impl Cells {
    pub(crate) fn push(&mut self, cell: &str) {
        // A quarter at a time: doubling could take twice the budget.
        if self.text.capacity() - self.text.len() < cell.len() {
            self.text.reserve_exact(cell.len() + self.text.len() / 4);
        }
        if self.ends.capacity() == self.ends.len() {
            self.ends.reserve_exact(16 + self.ends.len() / 4);
        }
        self.text.push_str(cell);
        self.ends.push(u32::try_from(self.text.len()).expect("the budget of bytes is below 4 GiB"));
    }

    /// The cell of a row, as it stood in the file.
    pub(crate) fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.text[start..self.ends[row] as usize]
    }

    /// Bytes of memory that they take.
    pub(crate) fn len_bytes(&self) -> usize {
        self.text.capacity() + 4 * self.ends.capacity()
    }

    fn retain(&mut self, keep: &[bool]) {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(keep.iter().filter(|&&k| k).count());
        text.reserve_exact((0..keep.len()).filter(|&r| keep[r]).map(|r| self.get(r).len()).sum());
        for (row, _) in keep.iter().enumerate().filter(|&(_, &keep)| keep) {
            text.push_str(self.get(row));
            ends.push(text.len() as u32);
        }
        *self = Self { text, ends };
    }
}

/// What may be kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub(crate) cells: usize,
    pub(crate) text_bytes: usize,
}

/// Rows under a budget.
#[derive(Debug)]
pub(crate) struct Store {
    columns: Vec<Cells>,
    /// Line of the file where each row begins.
    lines: Vec<u32>,
    keys: Vec<u32>,
    /// Rows whose key is below are kept.
    threshold: u64,
    text_bytes: usize,
    seen: u64,
    budget: Budget,
    stream: Stream,
}

const ALL: u64 = 1 << 32;

impl Store {
    pub(crate) fn new(columns: usize, budget: Budget, seed: u64) -> Self {
        Self {
            columns: vec![Cells::default(); columns],
            lines: Vec::new(),
            keys: Vec::new(),
            threshold: ALL,
            text_bytes: 0,
            seen: 0,
            budget,
            stream: Stream::new(seed, Purpose::Sample, 0),
        }
    }

    /// Rows that were offered.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }

    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Whether rows were left out.
    pub(crate) fn sampled(&self) -> bool {
        self.threshold < ALL
    }

    /// Offers a row: cells beyond the last column are not looked at, missing ones are empty.
    pub(crate) fn push<'a>(&mut self, mut cells: impl Iterator<Item = &'a str>, line: u64) {
        let key = self.stream.bits(self.seen);
        self.seen += 1;
        if u64::from(key) >= self.threshold {
            return;
        }
        for column in &mut self.columns {
            let cell = cells.next().unwrap_or_default();
            column.push(cell);
            self.text_bytes += cell.len();
        }
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        self.keys.push(key);
        while self.over_budget() {
            self.thin();
        }
    }

    fn over_budget(&self) -> bool {
        !self.keys.is_empty()
            && (self.keys.len() * self.columns.len() > self.budget.cells
                || self.text_bytes > self.budget.text_bytes)
    }

    fn thin(&mut self) {
        self.threshold = self.threshold / 4 * 3;
        let keep: Vec<bool> = self.keys.iter().map(|&key| u64::from(key) < self.threshold).collect();
        self.columns.iter_mut().for_each(|column| column.retain(&keep));
        let mut kept = keep.iter();
        self.lines.retain(|_| *kept.next().unwrap_or(&false));
        let mut kept = keep.iter();
        self.keys.retain(|_| *kept.next().unwrap_or(&false));
        self.text_bytes = self.columns.iter().map(|column| column.text.len()).sum();
    }

    /// The columns, and the line of each row.
    pub(crate) fn into_parts(self) -> (Vec<Cells>, Vec<u32>) {
        (self.columns, self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(rows: u64, budget: Budget) -> Store {
        let mut store = Store::new(2, budget, 5);
        for row in 0..rows {
            store.push([row.to_string().as_str(), "x"].into_iter(), row + 2);
        }
        store
    }

    #[test]
    fn within_the_budget_everything_is_kept() {
        let store = filled(100, Budget { cells: 200, text_bytes: 1000 });
        assert!(!store.sampled());
        let (columns, lines) = store.into_parts();
        assert_eq!((columns[0].get(0), columns[0].get(99), columns[1].get(50)), ("0", "99", "x"));
        assert_eq!((lines[0], lines[99]), (2, 101));
    }

    #[test]
    fn beyond_the_budget_a_uniform_sample_is_kept_in_order() {
        let store = filled(100_000, Budget { cells: 4000, text_bytes: 1 << 20 });
        assert_eq!((store.seen(), store.sampled()), (100_000, true));
        let (columns, lines) = store.into_parts();
        let rows: Vec<u32> =
            (0..lines.len()).map(|r| columns[0].get(r).parse().expect("the test made it so")).collect();
        assert!((1400..=2000).contains(&rows.len()), "{} rows", rows.len());
        assert!(rows.is_sorted());
        assert!(rows.iter().zip(&lines).all(|(row, line)| row + 2 == *line));
        // Mean of a uniform sample of n from 0..N: N/2 with a standard error of N / sqrt(12 n), here under 780.
        let mean = rows.iter().map(|&r| f64::from(r)).sum::<f64>() / rows.len() as f64;
        assert!((mean - 50_000.0).abs() < 3000.0, "mean {mean}");
    }

    #[test]
    fn the_budget_of_bytes_holds() {
        let mut store = Store::new(1, Budget { cells: 1 << 20, text_bytes: 10_000 }, 1);
        for row in 0..1000 {
            store.push(["y".repeat(100).as_str()].into_iter(), row);
        }
        assert!(store.text_bytes <= 10_000 && store.text_bytes >= 5000, "{}", store.text_bytes);
    }
}
