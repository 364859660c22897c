//! The statistics of one column under a given type.

use crate::distinct::{Distinct, count_values};
use crate::hash::{Map, hash};
use crate::infer::Format;
use crate::report::{CategoryCount, ColumnType};
use crate::store::Cells;
use crate::value::{is_missing, is_missing_amount, parse_date, parse_number};

const BINS: usize = 20;
const CATEGORIES_SHOWN: usize = 50;
/// With more labels than this none is counted: the list would say nothing, and counting takes memory.
const LABELS_COUNTED: u64 = 20_000;

/// A column, summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Profile {
    pub(crate) missing: u64,
    pub(crate) distinct: u64,
    pub(crate) amounts: Option<Amounts>,
    pub(crate) categories: Option<Vec<CategoryCount>>,
}

/// Statistics of numbers and dates.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Amounts {
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) mean: f64,
    pub(crate) std: f64,
    pub(crate) histogram: Vec<u64>,
}

/// The value of a cell in a column of numbers or dates.
pub(crate) fn amount(cell: &str, kind: ColumnType, format: Format) -> Option<f64> {
    let cell = cell.trim();
    if is_missing_amount(cell) {
        None
    } else if kind == ColumnType::Date {
        parse_date(cell, format.order)
    } else {
        parse_number(cell, format.decimal)
    }
}

/// The label of a cell in a column of categories.
pub(crate) fn label(cell: &str) -> Option<&str> {
    let cell = cell.trim();
    (!is_missing(cell)).then_some(cell)
}

impl Profile {
    pub(crate) fn of(cells: &Cells, rows: &[u32], kind: ColumnType, format: Format) -> Self {
        match kind {
            ColumnType::Number | ColumnType::Date => Self::of_amounts(cells, rows, kind, format),
            _ => Self::of_labels(cells, rows),
        }
    }

    fn of_amounts(cells: &Cells, rows: &[u32], kind: ColumnType, format: Format) -> Self {
        let values: Vec<f64> =
            rows.iter().filter_map(|&row| amount(cells.get(row as usize), kind, format)).collect();
        let missing = (rows.len() - values.len()) as u64;
        let amounts = summary(&values);
        Self { missing, distinct: count_values(&values), amounts, categories: None }
    }

    fn of_labels(cells: &Cells, rows: &[u32]) -> Self {
        let labels = || rows.iter().filter_map(|&row| label(cells.get(row as usize)));
        let (mut present, mut distinct) = (0, Distinct::new());
        for label in labels() {
            present += 1;
            distinct.see(hash(label), 0);
        }
        let missing = rows.len() as u64 - present;
        let distinct = distinct.count();
        let categories = (1..=LABELS_COUNTED).contains(&distinct).then(|| {
            let mut counts = count_labels(labels());
            counts.truncate(CATEGORIES_SHOWN);
            counts
                .into_iter()
                .map(|(label, count)| CategoryCount { label: label.to_owned(), count })
                .collect()
        });
        Self { missing, distinct, amounts: None, categories }
    }
}

/// Every label with its count, most frequent first, equals in alphabetical order.
pub(crate) fn count_labels<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<(&'a str, u64)> {
    let mut counts: Map<&str, u64> = Map::default();
    labels.for_each(|label| *counts.entry(label).or_insert(0) += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    counts
}

/// Mean and standard deviation (divided by n) in three passes over the values.
pub(crate) fn mean_and_std(values: impl Iterator<Item = f64> + Clone) -> Option<(f64, f64)> {
    let (mut n, mut sum) = (0_u64, 0.0);
    for value in values.clone() {
        n += 1;
        sum += value;
    }
    if n == 0 {
        return None;
    }
    let mean = sum / n as f64;
    // In units of the largest deviation, so that squares of tiny numbers do not vanish.
    let largest = values.clone().map(|value| (value - mean).abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return Some((mean, 0.0));
    }
    let squares: f64 = values.map(|value| ((value - mean) / largest) * ((value - mean) / largest)).sum();
    Some((mean, largest * libm::sqrt(squares / n as f64)))
}

fn summary(values: &[f64]) -> Option<Amounts> {
    let (mean, std) = mean_and_std(values.iter().copied())?;
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut histogram = vec![0; BINS];
    for value in values {
        let share = if max > min { (value - min) / (max - min) } else { 0.5 };
        histogram[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    Some(Amounts { min, max, mean, std, histogram })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(cells: &[&str], kind: ColumnType) -> Profile {
        let mut column = Cells::default();
        cells.iter().for_each(|cell| column.push(cell));
        let rows: Vec<u32> = (0..cells.len() as u32).collect();
        Profile::of(&column, &rows, kind, Format::default())
    }

    #[test]
    fn numbers() {
        let p = profile(&["1", "2", "3", "x", "", "2.0", "inf"], ColumnType::Number);
        assert_eq!((p.missing, p.distinct), (3, 3));
        let a = p.amounts.expect("there are numbers");
        assert_eq!((a.min, a.max, a.mean, a.std), (1.0, 3.0, 2.0, 0.5_f64.sqrt()));
        assert_eq!((a.histogram[0], a.histogram[10], a.histogram[19]), (1, 2, 1));
        assert!(profile(&["", "x"], ColumnType::Number).amounts.is_none());
    }

    #[test]
    fn huge_and_tiny_numbers_stay_finite() {
        for cells in [["1e301", "-1e301"], ["1e-300", "3e-300"], ["1e-320", "0"]] {
            let a = profile(&cells, ColumnType::Number).amounts.expect("there are numbers");
            assert!([a.min, a.max, a.mean, a.std].iter().all(|v| v.is_finite()), "{a:?}");
            assert_eq!(a.histogram.iter().sum::<u64>(), 2);
            assert!(a.std > 0.0, "{a:?}");
        }
    }

    #[test]
    fn labels() {
        let p = profile(&["b", " a ", "b", "NA", "c", ""], ColumnType::Category);
        assert_eq!((p.missing, p.distinct), (2, 3));
        let labels: Vec<_> =
            p.categories.expect("the test made it so").into_iter().map(|c| (c.label, c.count)).collect();
        assert_eq!(labels, [("b".to_owned(), 2), ("a".to_owned(), 1), ("c".to_owned(), 1)]);
    }
}
