//! Batch normalization, in the passes that a team of threads makes with barriers between:
//!
//! ```text
//! forward   column_moments (by columns) | normalize (by rows)
//! backward  column_gradients (by columns) | backward (by rows)
//! ```
//!
//! `x`, `y` and their gradients are `(rows, cols)`; everything per column is `(cols)`. Source: Ioffe and Szegedy, "Batch
//! normalization", 2015; epsilon inside the root and the biased variance as in Keras 3.

use crate::reference;
use std::ops::Range;

/// Mean and biased variance of each of the given columns, in two passes (the second about the mean); `mean` and
/// `variance` are `(columns.len())`.
pub fn column_moments(
    rows: usize,
    cols: usize,
    x: &[f32],
    columns: Range<usize>,
    mean: &mut [f32],
    variance: &mut [f32],
) {
    reference::column_moments(rows, cols, x, columns, mean, variance);
}

/// `moving = momentum * moving + (1 - momentum) * batch`, Keras' moving statistics.
pub fn moving_average(momentum: f32, batch: &[f32], moving: &mut [f32]) {
    reference::moving_average(momentum, batch, moving);
}

/// `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`; an absent `gamma` is 1, an absent `beta` 0.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn normalize(
    rows: usize,
    cols: usize,
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    epsilon: f32,
    gamma: Option<&[f32]>,
    beta: Option<&[f32]>,
    y: &mut [f32],
) {
    reference::normalize(rows, cols, x, mean, variance, epsilon, gamma, beta, y);
}

/// `d_gamma[l] = sum over rows of d_y * hat` and `d_beta[l] = sum over rows of d_y` for the given columns, where
/// `hat = (x - mean) / sqrt(variance + epsilon)`. `mean` and `variance` are `(cols)`; the results, which [`backward`]
/// needs also where the layer has no gamma or beta, are `(columns.len())`.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn column_gradients(
    rows: usize,
    cols: usize,
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    epsilon: f32,
    d_y: &[f32],
    columns: Range<usize>,
    d_gamma: &mut [f32],
    d_beta: &mut [f32],
) {
    reference::normalize_column_gradients(
        rows, cols, x, mean, variance, epsilon, d_y, columns, d_gamma, d_beta,
    );
}

/// `d_x = gamma / sqrt(variance + epsilon) * (d_y - d_beta / n - hat * d_gamma / n)`, where `n` is the number of rows of
/// the whole batch, of which these may be some.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn backward(
    rows: usize,
    cols: usize,
    n: usize,
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    epsilon: f32,
    gamma: Option<&[f32]>,
    d_gamma: &[f32],
    d_beta: &[f32],
    d_y: &[f32],
    d_x: &mut [f32],
) {
    reference::normalize_backward(
        rows, cols, n, x, mean, variance, epsilon, gamma, d_gamma, d_beta, d_y, d_x,
    );
}
