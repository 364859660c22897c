//! Sums, products and moves of whole slices, and the L1/L2 penalty. Elementwise, so any cut is allowed (but the
//! penalty's value is one sum, made by one thread).

use crate::reference;

/// `out = a + b`; all of one length.
pub fn add(a: &[f32], b: &[f32], out: &mut [f32]) {
    reference::add(a, b, out);
}

/// `out = a * b`; all of one length.
pub fn mul(a: &[f32], b: &[f32], out: &mut [f32]) {
    reference::mul(a, b, out);
}

/// `x = factor * x`.
pub fn scale(factor: f32, x: &mut [f32]) {
    reference::scale(factor, x);
}

/// `y = y + alpha * x`; both of one length.
pub fn axpy(alpha: f32, x: &[f32], y: &mut [f32]) {
    reference::axpy(alpha, x, y);
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
    reference::penalty(l1, l2, w)
}

/// `d_w = d_w + l1 * sign(w) + 2 * l2 * w`; both of one length.
pub fn penalty_gradient(l1: f32, l2: f32, w: &[f32], d_w: &mut [f32]) {
    reference::penalty_gradient(l1, l2, w, d_w);
}
