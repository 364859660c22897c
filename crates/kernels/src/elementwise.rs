//! Sums, products and moves of whole slices, and the L1/L2 penalty. Elementwise, so any cut is allowed (but the
//! penalty's value is one sum, made by one thread).

use crate::lanes::{Lanes, constant, sweep};
use crate::on_lanes;
use crate::reduce::sum_of;

/// `out = a + b`; all of one length.
pub fn add(a: &[f32], b: &[f32], out: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [a, b],
        [out],
        #[inline(always)]
        |[a, b], _| [l.add(a, b)],
    ));
}

/// `out = a * b`; all of one length.
pub fn mul(a: &[f32], b: &[f32], out: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [a, b],
        [out],
        #[inline(always)]
        |[a, b], _| [l.mul(a, b)],
    ));
}

/// `out = a - b`; all of one length.
pub fn sub(a: &[f32], b: &[f32], out: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [a, b],
        [out],
        #[inline(always)]
        |[a, b], _| [l.sub(a, b)],
    ));
}

/// `out = max(a, b)`, or the minimum; all of one length.
pub fn extreme(largest: bool, a: &[f32], b: &[f32], out: &mut [f32]) {
    let sign = if largest { 1.0 } else { -1.0 };
    on_lanes!(l => sweep(
        l,
        [a, b],
        [out],
        #[inline(always)]
        |[a, b], _| {
            let sign = l.splat(sign);
            [l.select(l.lt(l.mul(sign, a), l.mul(sign, b)), b, a)]
        },
    ));
}

/// `d_a` of `max(a, b)`, or of the minimum: `d_y` where `a` is the one, half of it where both are, else 0.
pub fn extreme_gradient(largest: bool, a: &[f32], b: &[f32], d_y: &[f32], d_a: &mut [f32]) {
    let sign = if largest { 1.0 } else { -1.0 };
    on_lanes!(l => sweep(
        l,
        [a, b, d_y],
        [d_a],
        #[inline(always)]
        |[a, b, d_y], _| {
            let (sign, zero) = (l.splat(sign), l.splat(0.0));
            let (a, b) = (l.mul(sign, a), l.mul(sign, b));
            let half = l.select(l.eq(a, b), l.mul(constant!(l, 0.5), d_y), zero);
            [l.select(l.lt(b, a), d_y, half)]
        },
    ));
}

/// `x = factor * x`.
pub fn scale(factor: f32, x: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [],
        [x],
        #[inline(always)]
        |[], [x]| [l.mul(x, l.splat(factor))],
    ));
}

/// `y = y + alpha * x`; both of one length.
pub fn axpy(alpha: f32, x: &[f32], y: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [x],
        [y],
        #[inline(always)]
        |[x], [y]| [l.madd(l.splat(alpha), x, y)],
    ));
}

/// Copies a block of `(rows, cols)` between matrices whose rows are `from_stride` and `to_stride` apart: concatenation
/// along the last axis, and its gradient.
pub fn copy_block(
    rows: usize,
    cols: usize,
    from: &[f32],
    from_stride: usize,
    to: &mut [f32],
    to_stride: usize,
) {
    for i in 0..rows {
        to[i * to_stride..][..cols].copy_from_slice(&from[i * from_stride..][..cols]);
    }
}

/// `l1 * sum |w| + l2 * sum w^2` (Keras' `L1L2`).
pub fn penalty(l1: f32, l2: f32, w: &[f32]) -> f64 {
    let size = if l1 == 0.0 { 0.0 } else { sum_of(w, |w| f64::from(w.abs())) };
    let squares = if l2 == 0.0 { 0.0 } else { sum_of(w, |w| f64::from(w) * f64::from(w)) };
    f64::from(l1) * size + f64::from(l2) * squares
}

/// `d_w = d_w + l1 * sign(w) + 2 * l2 * w`; both of one length.
pub fn penalty_gradient(l1: f32, l2: f32, w: &[f32], d_w: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [w],
        [d_w],
        #[inline(always)]
        |[w], [d_w]| {
            let zero = l.splat(0.0);
            let left = l.select(l.lt(w, zero), l.splat(-l1), zero);
            let sign = l.select(l.lt(zero, w), l.splat(l1), left);
            [l.add(d_w, l.madd(w, l.splat(2.0 * l2), sign))]
        },
    ));
}
