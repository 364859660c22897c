//! Losses: the value of each row, and the gradient of the prediction times `factor`.
//!
//! Keras takes the mean over the last axis, then the sum over the batch divided by its rows
//! (`sum_over_batch_size`): callers pass `factor = 1 / batch rows` and add up `row_loss` themselves. Cross-entropies
//! take logits. Rows are independent, so any cut by rows is allowed.
//!
//! `x` is `(rows, cols)`, `row_loss` is `(rows)`, `d_x` is `(rows, cols)`, or empty when only values are wanted.

use crate::lanes::{Lanes, fold, sweep};
use crate::math;
use crate::on_lanes;
use crate::softmax;

/// The losses that are a mean of terms over the last axis: `term(x, t)` and its derivative `slope(x, t)`. `filler` is an
/// `x` whose term is 0 when its `t` is 0.
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "sizes, operands and results of one formula")]
fn mean_of_terms<L: Lanes>(
    l: L,
    (rows, cols): (usize, usize),
    x: &[f32],
    target: &[f32],
    factor: f32,
    row_loss: &mut [f32],
    d_x: &mut [f32],
    filler: f32,
    term: impl Fn(L::V, L::V) -> L::V,
    slope: impl Fn(L::V, L::V) -> L::V,
) {
    assert!(x.len() == rows * cols && target.len() == rows * cols && row_loss.len() == rows);
    let per_column = 1.0 / cols as f32;
    let scale = l.splat(factor * per_column);
    if !d_x.is_empty() {
        sweep(
            l,
            [x, target],
            [d_x],
            #[inline(always)]
            |[x, t], _| [l.mul(slope(x, t), scale)],
        );
    }
    if cols == 1 {
        sweep(
            l,
            [x, target],
            [row_loss],
            #[inline(always)]
            |[x, t], _| [term(x, t)],
        );
        return;
    }
    for (i, loss) in row_loss.iter_mut().enumerate() {
        let row = i * cols..(i + 1) * cols;
        let sum = fold(
            l,
            [&x[row.clone()], &target[row]],
            [filler, 0.0],
            l.splat(0.0),
            #[inline(always)]
            |sum, [x, t]| l.add(sum, term(x, t)),
        );
        *loss = l.total(sum) * per_column;
    }
}

/// -1, 0 or 1.
#[inline(always)]
fn sign<L: Lanes>(l: L, e: L::V) -> L::V {
    let zero = l.splat(0.0);
    l.select(l.lt(zero, e), l.splat(1.0), l.select(l.lt(e, zero), l.splat(-1.0), zero))
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
    on_lanes!(l => {

        mean_of_terms(
            l,
            (rows, cols),
            x,
            target,
            factor,
            row_loss,
            d_x,
            0.0,
            #[inline(always)]
            |x, t| { let e = l.sub(x, t); l.mul(e, e) },
            #[inline(always)]
            |x, t| { let e = l.sub(x, t); l.add(e, e) },
        );
    });
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
    on_lanes!(l => {

        mean_of_terms(
            l,
            (rows, cols),
            x,
            target,
            factor,
            row_loss,
            d_x,
            0.0,
            #[inline(always)]
            |x, t| l.abs(l.sub(x, t)),
            #[inline(always)]
            |x, t| sign(l, l.sub(x, t)),
        );
    });
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
    on_lanes!(l => {
        let (delta, half, zero) = (l.splat(delta), l.splat(0.5), l.splat(0.0));
        mean_of_terms(
            l,
            (rows, cols),
            x,
            target,
            factor,
            row_loss,
            d_x,
            0.0,
            #[inline(always)]
            |x, t| {
                // With c = min(|e|, delta): c |e| - c^2 / 2 is both branches.
                let e = l.abs(l.sub(x, t));
                let c = l.min(e, delta);
                l.mul(c, l.sub(e, l.mul(half, c)))
            },
            #[inline(always)]
            |x, t| l.max(l.min(l.sub(x, t), delta), l.sub(zero, delta)),
        );
    });
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
    on_lanes!(l => {

        mean_of_terms(
            l,
            (rows, cols),
            x,
            target,
            factor,
            row_loss,
            d_x,
            -1000.0,
            #[inline(always)]
            |x, t| l.sub(math::softplus(l, x), l.mul(t, x)),
            #[inline(always)]
            |x, t| l.sub(math::sigmoid(l, x), t),
        );
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
    assert!(x.len() == rows * cols && target.len() == rows * cols && row_loss.len() == rows);
    assert!(d_x.is_empty() || d_x.len() == x.len());
    on_lanes!(l => for (i, loss) in row_loss.iter_mut().enumerate() {
        let row = i * cols..(i + 1) * cols;
        let (x, target) = (&x[row.clone()], &target[row.clone()]);
        let (largest, total) = if d_x.is_empty() {
            softmax::largest_and_total(l, x)
        } else {
            softmax::exponentials(l, x, &mut d_x[row.clone()])
        };
        let log_total = l.splat(math::ln_of(total) + largest);
        let zero = l.splat(0.0);
        let sum = fold(l, [x, target], [0.0; 2], zero, #[inline(always)] |sum, [x, t]| {
            l.madd(t, l.sub(log_total, x), sum)
        });
        *loss = l.total(sum);
        if !d_x.is_empty() {
            let weight = fold(l, [target], [0.0], zero, #[inline(always)] |sum, [t]| l.add(sum, t));
            let share = l.splat(l.total(weight) / total);
            let factor = l.splat(factor);
            sweep(l, [target], [&mut d_x[row]], #[inline(always)] |[t], [e]| {
                [l.mul(l.sub(l.mul(e, share), t), factor)]
            });
        }
    });
}

/// Cross-entropy on logits with each row's class as a number: `class` is `(rows)`, whole numbers below `cols`.
/// A class that is none gives NaN as the row's loss.
pub fn sparse_categorical_crossentropy(
    rows: usize,
    cols: usize,
    x: &[f32],
    class: &[f32],
    factor: f32,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    assert!(x.len() == rows * cols && class.len() == rows && row_loss.len() == rows);
    assert!(d_x.is_empty() || d_x.len() == x.len());
    on_lanes!(l => for (i, loss) in row_loss.iter_mut().enumerate() {
        let row = i * cols..(i + 1) * cols;
        let x = &x[row.clone()];
        let own = class[i] as usize;
        let own_logit = x.get(own).copied().unwrap_or(f32::NAN);
        if d_x.is_empty() {
            let (largest, total) = softmax::largest_and_total(l, x);
            *loss = math::ln_of(total) + (largest - own_logit);
            continue;
        }
        let d_x = &mut d_x[row];
        let (largest, total) = softmax::exponentials(l, x, d_x);
        *loss = math::ln_of(total) + (largest - own_logit);
        let share = l.splat(factor / total);
        sweep(l, [], [&mut *d_x], #[inline(always)] |[], [e]| [l.mul(e, share)]);
        if let Some(d) = d_x.get_mut(own) {
            *d -= factor;
        }
    });
}
