//! Sums and searches, each in one fixed order.
//!
//! Whole sums are made in f64 and by one thread; a caller that cuts one must cut it in a way that depends on its plan
//! alone. Column sums may be cut by columns, row-wise searches by rows.

use crate::lanes::{Lanes, columns_of, fold, lanes_of};
use crate::on_lanes;
use std::ops::Range;

/// Vectors of columns that are summed at a time.
const SEVERAL: usize = 4;

/// The sum of `x`.
pub fn sum(x: &[f32]) -> f64 {
    sum_of(x, f64::from)
}

/// The sum of the squares of `x`.
pub fn sum_squares(x: &[f32]) -> f64 {
    sum_of(x, |v| f64::from(v) * f64::from(v))
}

/// The sum of `term` over `x`: eight interleaved sums, then those in pairs.
#[inline(always)]
pub(crate) fn sum_of(x: &[f32], term: impl Fn(f32) -> f64) -> f64 {
    let mut sums = [0.0; 8];
    let chunks = x.chunks_exact(8);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (sum, &v) in sums.iter_mut().zip(chunk) {
            *sum += term(v);
        }
    }
    for (sum, &v) in sums.iter_mut().zip(rest) {
        *sum += term(v);
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

/// `out[l] = sum over rows i of x[i, columns.start + l]`; `x` is `(rows, cols)`, `out` is `(columns.len())`.
pub fn column_sums(rows: usize, cols: usize, x: &[f32], columns: Range<usize>, out: &mut [f32]) {
    assert!(x.len() == rows * cols && columns.end <= cols && out.len() == columns.len());
    /// Sums `B` vectors of columns from column `at` of the range on.
    ///
    /// # Safety
    /// They must be within the range.
    #[inline(always)]
    unsafe fn vectors<L: Lanes, const B: usize>(
        l: L,
        at: usize,
        (rows, cols): (usize, usize),
        x: *const f32,
        out: *mut f32,
    ) {
        let mut sums = [l.splat(0.0); B];
        // SAFETY: the caller vouches for these columns of every row.
        unsafe {
            for i in 0..rows {
                for (v, sum) in sums.iter_mut().enumerate() {
                    *sum = l.add(*sum, l.load(x.add(i * cols + at + v * L::N)));
                }
            }
            for (v, &sum) in sums.iter().enumerate() {
                l.store(sum, out.add(at + v * L::N));
            }
        }
    }
    /// One of them.
    ///
    /// # Safety
    /// As [`vectors`].
    #[inline(always)]
    unsafe fn block<L: Lanes>(l: L, at: usize, sizes: (usize, usize), x: *const f32, out: *mut f32) {
        // SAFETY: as the caller vouches.
        unsafe { vectors::<L, 1>(l, at, sizes, x, out) };
    }
    let (count, sizes) = (columns.len(), (rows, cols));
    let (x, out) = (x.as_ptr().wrapping_add(columns.start), out.as_mut_ptr());
    on_lanes!(l => {
        // Several at a time: a single chain of sums would wait for each of its additions.
        let several = SEVERAL * lanes_of(l);
        let mut at = 0;
        while at + several <= count {
            // SAFETY: the block is within the range, and the sizes were checked.
            unsafe { vectors::<_, SEVERAL>(l, at, sizes, x, out) };
            at += several;
        }
        let (x, out) = (x.wrapping_add(at), out.wrapping_add(at));
        if at < count {
            // SAFETY: columns_of names whole blocks within the rest of the range.
            unsafe { columns_of!(l, count - at, block, sizes, x, out) };
        }
    });
}

/// The index of each row's largest value, the first of equals; `x` is `(rows, cols)`, `out` is `(rows)`. NaN is never
/// larger; a row of NaN gives 0.
pub fn argmax_rows(rows: usize, cols: usize, x: &[f32], out: &mut [u32]) {
    assert!(x.len() == rows * cols && out.len() == rows && cols > 0);
    for (out, row) in out.iter_mut().zip(x.chunks_exact(cols)) {
        let mut best = 0;
        for (j, &v) in row.iter().enumerate() {
            if v > row[best] {
                best = j;
            }
        }
        *out = best as u32;
    }
}

/// Whether no value is infinite or NaN.
pub fn all_finite(x: &[f32]) -> bool {
    // x - x is 0, or NaN where x is not finite, and NaN stays.
    let sum = on_lanes!(l => l.total(fold(
        l,
        [x],
        [0.0],
        l.splat(0.0),
        #[inline(always)]
        |sum, [x]| l.add(sum, l.sub(x, x)),
    )));
    sum == 0.0
}
