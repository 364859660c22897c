//! Losses: the value of each row, and the gradient of the prediction times `factor`.
//!
//! Keras takes the mean over the last axis, then the sum over the batch divided by its rows
//! (`sum_over_batch_size`): callers pass `factor = 1 / batch rows` and add up `row_loss` themselves. Cross-entropies
//! take logits. Rows are independent, so any cut by rows is allowed.
//!
//! `x` is `(rows, cols)`, `row_loss` is `(rows)`, `d_x` is `(rows, cols)`, or empty when only values are wanted.

use crate::reference;

/// Runs `kernel` with a gradient to write into, which the twins always want.
fn with_gradient(x: &[f32], d_x: &mut [f32], kernel: impl FnOnce(&mut [f32])) {
    if d_x.is_empty() { kernel(&mut vec![0.0; x.len()]) } else { kernel(d_x) }
}

/// Mean squared error: `mean of (x - t)^2`, `d_x = factor * 2 (x - t) / cols`. `target` is `(rows, cols)`.
pub fn mse(
    rows: usize,
    cols: usize,
    x: &[f32],
    target: &[f32],
    factor: f32,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    with_gradient(x, d_x, |d_x| reference::mse((rows, cols), x, target, factor, row_loss, d_x));
}

/// Mean absolute error: `mean of |x - t|`, `d_x = factor * sign(x - t) / cols`. `target` is `(rows, cols)`.
pub fn mae(
    rows: usize,
    cols: usize,
    x: &[f32],
    target: &[f32],
    factor: f32,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    with_gradient(x, d_x, |d_x| reference::mae((rows, cols), x, target, factor, row_loss, d_x));
}

/// Huber's loss: with `e = x - t`, the mean of `e^2 / 2` where `|e| <= delta`, else of `delta |e| - delta^2 / 2`;
/// `d_x = factor * clamp(e, -delta, delta) / cols`. `target` is `(rows, cols)`.
#[expect(clippy::too_many_arguments, reason = "sizes, operands and results of one formula")]
pub fn huber(
    delta: f32,
    rows: usize,
    cols: usize,
    x: &[f32],
    target: &[f32],
    factor: f32,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    with_gradient(x, d_x, |d_x| reference::huber(delta, (rows, cols), x, target, factor, row_loss, d_x));
}

/// Binary cross-entropy on logits: `mean of softplus(x) - t x`, `d_x = factor * (sigmoid(x) - t) / cols`. `target` is
/// `(rows, cols)`, probabilities.
pub fn binary_crossentropy(
    rows: usize,
    cols: usize,
    x: &[f32],
    target: &[f32],
    factor: f32,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    with_gradient(x, d_x, |d_x| {
        reference::binary_crossentropy((rows, cols), x, target, factor, row_loss, d_x);
    });
}

/// Cross-entropy on logits: `- sum of t ln softmax(x)`, `d_x = factor * (softmax(x) * sum(t) - t)`. `target` is
/// `(rows, cols)`, one-hot or probabilities.
pub fn categorical_crossentropy(
    rows: usize,
    cols: usize,
    x: &[f32],
    target: &[f32],
    factor: f32,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    with_gradient(x, d_x, |d_x| {
        reference::categorical_crossentropy((rows, cols), x, target, factor, row_loss, d_x);
    });
}

/// Cross-entropy on logits with each row's class as a number: `class` is `(rows)`, whole numbers below `cols`.
pub fn sparse_categorical_crossentropy(
    rows: usize,
    cols: usize,
    x: &[f32],
    class: &[f32],
    factor: f32,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    with_gradient(x, d_x, |d_x| {
        reference::sparse_categorical_crossentropy((rows, cols), x, class, factor, row_loss, d_x);
    });
}
