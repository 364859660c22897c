//! Sums and searches, each in one fixed order.
//!
//! Whole sums are made in f64 and by one thread; a caller that cuts one must cut it in a way that depends on its plan
//! alone. Column sums may be cut by columns, row-wise searches by rows.

use crate::reference;
use std::ops::Range;

/// The sum of `x`.
pub fn sum(x: &[f32]) -> f64 {
    reference::sum(x)
}

/// The sum of the squares of `x`.
pub fn sum_squares(x: &[f32]) -> f64 {
    reference::sum_squares(x)
}

/// `out[l] = sum over rows i of x[i, columns.start + l]`; `x` is `(rows, cols)`, `out` is `(columns.len())`.
pub fn column_sums(rows: usize, cols: usize, x: &[f32], columns: Range<usize>, out: &mut [f32]) {
    reference::column_sums(rows, cols, x, columns, out);
}

/// The index of each row's largest value, the first of equals; `x` is `(rows, cols)`, `out` is `(rows)`. NaN is never
/// larger; a row of NaN gives 0.
pub fn argmax_rows(rows: usize, cols: usize, x: &[f32], out: &mut [u32]) {
    reference::argmax_rows(rows, cols, x, out);
}

/// Whether no value is infinite or NaN.
pub fn all_finite(x: &[f32]) -> bool {
    x.iter().all(|v| v.is_finite())
}
