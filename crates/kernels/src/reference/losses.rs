//! Twins of the losses: the value of each row, and its gradient times `factor`.

use super::{Real, sigmoid, softmax_forward, softplus};

/// Mean over a row of `loss(prediction, target) = (value, slope)`.
fn mean_over_row<R: Real>(
    (rows, cols): (usize, usize),
    x: &[R],
    target: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
    loss: impl Fn(R, R) -> (R, R),
) {
    let n = R::of(cols as f64);
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        row_loss[i] = row.clone().map(|at| loss(x[at], target[at]).0).sum::<R>() / n;
        for at in row {
            d_x[at] = factor * loss(x[at], target[at]).1 / n;
        }
    }
}

/// `mean of (x - t)^2`; `d_x = 2 (x - t) / cols`.
pub fn mse<R: Real>(size: (usize, usize), x: &[R], t: &[R], factor: R, row_loss: &mut [R], d_x: &mut [R]) {
    mean_over_row(size, x, t, factor, row_loss, d_x, |x, t| ((x - t) * (x - t), R::of(2.0) * (x - t)));
}

/// `mean of |x - t|`; `d_x = sign(x - t) / cols`.
pub fn mae<R: Real>(size: (usize, usize), x: &[R], t: &[R], factor: R, row_loss: &mut [R], d_x: &mut [R]) {
    mean_over_row(size, x, t, factor, row_loss, d_x, |x, t| ((x - t).abs(), (x - t).sign()));
}

/// `mean of e^2 / 2` where `|e| <= delta`, else of `delta |e| - delta^2 / 2`, with `e = x - t`.
pub fn huber<R: Real>(
    delta: f32,
    size: (usize, usize),
    x: &[R],
    t: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    let (delta, half) = (R::of(delta.into()), R::of(0.5));
    mean_over_row(size, x, t, factor, row_loss, d_x, |x, t| {
        let e = x - t;
        if e.abs() <= delta {
            (half * e * e, e)
        } else {
            (delta * e.abs() - half * delta * delta, delta * e.sign())
        }
    });
}

/// On logits: `mean of softplus(x) - t x`; `d_x = (sigmoid(x) - t) / cols`.
pub fn binary_crossentropy<R: Real>(
    size: (usize, usize),
    x: &[R],
    t: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    mean_over_row(size, x, t, factor, row_loss, d_x, |x, t| (softplus(x) - t * x, sigmoid(x) - t));
}

/// On logits: `- sum of t ln softmax(x)`; `d_x = softmax(x) sum(t) - t`.
pub fn categorical_crossentropy<R: Real>(
    (rows, cols): (usize, usize),
    x: &[R],
    t: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    softmax_forward(rows, cols, x, d_x);
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let largest = x[row.clone()].iter().copied().fold(R::of(f64::NEG_INFINITY), R::max);
        let log_total = x[row.clone()].iter().map(|&v| (v - largest).exp()).sum::<R>().ln() + largest;
        row_loss[i] = row.clone().map(|at| t[at] * (log_total - x[at])).sum();
        let weight: R = t[row.clone()].iter().copied().sum();
        for at in row {
            d_x[at] = factor * (d_x[at] * weight - t[at]);
        }
    }
}

/// On logits, with each row's class as a number: the same as with a one-hot row.
pub fn sparse_categorical_crossentropy<R: Real>(
    (rows, cols): (usize, usize),
    x: &[R],
    class: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let one_hot: Vec<R> = (0..cols).map(|j| R::of(f64::from(class[i].wide() == j as f64))).collect();
        let (loss, d) = (&mut row_loss[i..=i], &mut d_x[row.clone()]);
        categorical_crossentropy((1, cols), &x[row], &one_hot, factor, loss, d);
    }
}
