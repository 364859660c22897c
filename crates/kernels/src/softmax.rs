//! Softmax over the last axis (Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990),
//! with the largest value of a row taken off first, which changes nothing but what overflows (Goodfellow et al., "Deep
//! learning", 2016, section 4.1). Backward is the product with its Jacobian, `diag(y) - y y^T`. Rows are independent, so any
//! cut by rows is allowed.

use crate::lanes::{Lanes, fold, sweep};
use crate::math;
use crate::on_lanes;

/// `y[i,j] = e^(x[i,j] - max of row) / sum over l of e^(x[i,l] - max of row)`; `x` and `y` are `(rows, cols)`.
pub fn forward(rows: usize, cols: usize, x: &[f32], y: &mut [f32]) {
    assert!(x.len() == rows * cols && y.len() == rows * cols);
    if cols == 0 {
        return;
    }
    on_lanes!(l => for (x, y) in x.chunks_exact(cols).zip(y.chunks_exact_mut(cols)) {
        let (_, total) = exponentials(l, x, y);
        let share = l.splat(1.0 / total);
        sweep(l, [], [y], #[inline(always)] |[], [y]| [l.mul(y, share)]);
    });
}

/// Writes `e^(x - largest)` to `y`, one row each; gives `largest` and the sum of `y`.
#[inline(always)]
pub(crate) fn exponentials<L: Lanes>(l: L, x: &[f32], y: &mut [f32]) -> (f32, f32) {
    let largest = largest(l, x);
    let top = l.splat(largest);
    sweep(
        l,
        [x],
        [y],
        #[inline(always)]
        |[x], _| [math::exp(l, l.sub(x, top))],
    );
    let total = fold(
        l,
        [y],
        [0.0],
        l.splat(0.0),
        #[inline(always)]
        |sum, [y]| l.add(sum, y),
    );
    (largest, l.total(total))
}

/// As [`exponentials`], without keeping them; the same bits.
#[inline(always)]
pub(crate) fn largest_and_total<L: Lanes>(l: L, x: &[f32]) -> (f32, f32) {
    let largest = largest(l, x);
    let top = l.splat(largest);
    let total = fold(
        l,
        [x],
        [f32::NEG_INFINITY],
        l.splat(0.0),
        #[inline(always)]
        |sum, [x]| l.add(sum, math::exp(l, l.sub(x, top))),
    );
    (largest, l.total(total))
}

#[inline(always)]
fn largest<L: Lanes>(l: L, x: &[f32]) -> f32 {
    let lowest = f32::NEG_INFINITY;
    let most = fold(
        l,
        [x],
        [lowest],
        l.splat(lowest),
        #[inline(always)]
        |most, [x]| l.max(most, x),
    );
    l.largest(most)
}

/// `d_x[i,j] = y[i,j] * (d_y[i,j] - sum over l of d_y[i,l] y[i,l])`; all `(rows, cols)`.
pub fn backward(rows: usize, cols: usize, y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    assert!([y.len(), d_y.len(), d_x.len()] == [rows * cols; 3]);
    if cols == 0 {
        return;
    }
    on_lanes!(l => for (i, d_x) in d_x.chunks_exact_mut(cols).enumerate() {
        let (y, d_y) = (&y[i * cols..][..cols], &d_y[i * cols..][..cols]);
        let dot = fold(
            l,
            [y, d_y],
            [0.0; 2],
            l.splat(0.0),
            #[inline(always)]
            |sum, [y, d_y]| l.madd(y, d_y, sum),
        );
        let dot = l.splat(l.total(dot));
        sweep(l, [y, d_y], [d_x], #[inline(always)] |[y, d_y], _| [l.mul(y, l.sub(d_y, dot))]);
    });
}
