//! The rectifier whose slope below zero is learned: `y = x` where `x > 0`, else `alpha * x` (He et al., "Delving deep into
//! rectifiers", 2015). `x` is `(rows, cols)`, `alpha` `(cols)`: what rows share.

use crate::lanes::{Lanes, columns_of, sweep};
use crate::on_lanes;
use std::ops::Range;

/// `y = max(x, 0) + alpha * min(x, 0)`.
pub fn forward(rows: usize, cols: usize, x: &[f32], alpha: &[f32], y: &mut [f32]) {
    y.copy_from_slice(x);
    slopes(rows, cols, x, alpha, y);
}

/// `d_x = d_y` where `x > 0`, else `alpha * d_y`.
pub fn backward(rows: usize, cols: usize, x: &[f32], alpha: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    d_x.copy_from_slice(d_y);
    slopes(rows, cols, x, alpha, d_x);
}

/// Multiplies by 1 or alpha, as `x` says.
fn slopes(rows: usize, cols: usize, x: &[f32], alpha: &[f32], y: &mut [f32]) {
    assert!(x.len() == rows * cols && y.len() == rows * cols && alpha.len() == cols);
    on_lanes!(l => for i in 0..rows {
        let x = &x[i * cols..][..cols];
        sweep(l, [x, alpha], [&mut y[i * cols..][..cols]], #[inline(always)] |[x, alpha], [y]| {
            [l.select(l.lt(l.splat(0.0), x), y, l.mul(alpha, y))]
        });
    });
}

/// `d_alpha[l] = sum over rows of d_y * min(x, 0)` for the given columns.
pub fn alpha_gradient(
    rows: usize,
    cols: usize,
    x: &[f32],
    d_y: &[f32],
    columns: Range<usize>,
    d_alpha: &mut [f32],
) {
    assert!(x.len() == rows * cols && d_y.len() == rows * cols && columns.end <= cols);
    assert!(d_alpha.len() == columns.len());
    /// # Safety
    /// N columns from column `at` of the range must be within it.
    #[inline(always)]
    unsafe fn block<L: Lanes>(
        l: L,
        at: usize,
        (rows, cols): (usize, usize),
        (x, d_y): (*const f32, *const f32),
        d_alpha: *mut f32,
    ) {
        let mut sum = l.splat(0.0);
        // SAFETY: the caller vouches for N columns of every row.
        unsafe {
            for i in 0..rows {
                let x = l.min(l.load(x.add(i * cols + at)), l.splat(0.0));
                sum = l.add(sum, l.mul(x, l.load(d_y.add(i * cols + at))));
            }
            l.store(sum, d_alpha.add(at));
        }
    }
    let from = (x.as_ptr().wrapping_add(columns.start), d_y.as_ptr().wrapping_add(columns.start));
    let to = d_alpha.as_mut_ptr();
    // SAFETY: columns_of names whole blocks within the range, and the sizes were checked.
    on_lanes!(l => unsafe { columns_of!(l, columns.len(), block, (rows, cols), from, to) });
}
