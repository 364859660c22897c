//! Twins of softmax, batch normalization, dropout and the elementwise family.

use super::Real;
use crate::rng::Stream;
use std::ops::Range;

/// `y[i,j] = e^x[i,j] / sum over l of e^x[i,l]`.
pub fn softmax_forward<R: Real>(rows: usize, cols: usize, x: &[R], y: &mut [R]) {
    for i in 0..rows {
        let x = &x[i * cols..][..cols];
        let y = &mut y[i * cols..][..cols];
        let largest = x.iter().copied().fold(R::of(f64::NEG_INFINITY), R::max);
        let total: R = x.iter().map(|&v| (v - largest).exp()).sum();
        for (y, &x) in y.iter_mut().zip(x) {
            *y = (x - largest).exp() / total;
        }
    }
}

/// `d_x[i,j] = y[i,j] * (d_y[i,j] - sum over l of d_y[i,l] y[i,l])`.
pub fn softmax_backward<R: Real>(rows: usize, cols: usize, y: &[R], d_y: &[R], d_x: &mut [R]) {
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let dot: R = row.clone().map(|at| y[at] * d_y[at]).sum();
        for at in row {
            d_x[at] = y[at] * (d_y[at] - dot);
        }
    }
}

/// Mean and biased variance of each of the given columns.
pub fn column_moments<R: Real>(
    rows: usize,
    cols: usize,
    x: &[R],
    columns: Range<usize>,
    mean: &mut [R],
    variance: &mut [R],
) {
    let n = R::of(rows as f64);
    for (at, j) in columns.enumerate() {
        let column = || (0..rows).map(|i| x[i * cols + j]);
        mean[at] = column().sum::<R>() / n;
        variance[at] = column().map(|v| (v - mean[at]) * (v - mean[at])).sum::<R>() / n;
    }
}

/// `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, per column.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn normalize<R: Real>(
    rows: usize,
    cols: usize,
    x: &[R],
    mean: &[R],
    variance: &[R],
    epsilon: f32,
    gamma: Option<&[R]>,
    beta: Option<&[R]>,
    y: &mut [R],
) {
    for i in 0..rows {
        for j in 0..cols {
            let hat = (x[i * cols + j] - mean[j]) / (variance[j] + R::of(epsilon.into())).sqrt();
            y[i * cols + j] = gamma.map_or(R::of(1.0), |g| g[j]) * hat + beta.map_or(R::of(0.0), |b| b[j]);
        }
    }
}

/// `d_gamma[j] = sum of d_y * hat` and `d_beta[j] = sum of d_y` over the rows, for the given columns, where
/// `hat = (x - mean) / sqrt(variance + epsilon)`.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn normalize_column_gradients<R: Real>(
    rows: usize,
    cols: usize,
    x: &[R],
    mean: &[R],
    variance: &[R],
    epsilon: f32,
    d_y: &[R],
    columns: Range<usize>,
    d_gamma: &mut [R],
    d_beta: &mut [R],
) {
    for (at, j) in columns.enumerate() {
        let deviation = (variance[j] + R::of(epsilon.into())).sqrt();
        d_gamma[at] = (0..rows).map(|i| d_y[i * cols + j] * (x[i * cols + j] - mean[j]) / deviation).sum();
        d_beta[at] = (0..rows).map(|i| d_y[i * cols + j]).sum();
    }
}

/// `d_x = gamma / sqrt(variance + epsilon) * (d_y - d_beta / n - hat * d_gamma / n)`, where `n` is the number of rows
/// that the moments were taken over.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn normalize_backward<R: Real>(
    rows: usize,
    cols: usize,
    n: usize,
    x: &[R],
    mean: &[R],
    variance: &[R],
    epsilon: f32,
    gamma: Option<&[R]>,
    d_gamma: &[R],
    d_beta: &[R],
    d_y: &[R],
    d_x: &mut [R],
) {
    let n = R::of(n as f64);
    for i in 0..rows {
        for j in 0..cols {
            let at = i * cols + j;
            let deviation = (variance[j] + R::of(epsilon.into())).sqrt();
            let hat = (x[at] - mean[j]) / deviation;
            let gamma = gamma.map_or(R::of(1.0), |g| g[j]);
            d_x[at] = gamma / deviation * (d_y[at] - d_beta[j] / n - hat * d_gamma[j] / n);
        }
    }
}

/// `moving = momentum * moving + (1 - momentum) * batch`.
pub fn moving_average<R: Real>(momentum: f32, batch: &[R], moving: &mut [R]) {
    let momentum = R::of(momentum.into());
    for (moving, &batch) in moving.iter_mut().zip(batch) {
        *moving = momentum * *moving + (R::of(1.0) - momentum) * batch;
    }
}

/// `y[i] = x[i] / (1 - rate)` where the stream's number at `offset + i` is at least `rate`, else 0.
pub fn dropout<R: Real>(stream: &Stream, offset: u64, rate: f32, x: &[R], y: &mut [R]) {
    for (i, (y, &x)) in y.iter_mut().zip(x).enumerate() {
        let kept = stream.uniform(offset + i as u64) >= rate;
        *y = if kept { x / R::of(1.0 - f64::from(rate)) } else { R::of(0.0) };
    }
}

/// `out = a + b`.
pub fn add<R: Real>(a: &[R], b: &[R], out: &mut [R]) {
    for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
        *out = a + b;
    }
}

/// `out = a * b`.
pub fn mul<R: Real>(a: &[R], b: &[R], out: &mut [R]) {
    for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
        *out = a * b;
    }
}

/// `x = factor * x`.
pub fn scale<R: Real>(factor: R, x: &mut [R]) {
    for x in x {
        *x *= factor;
    }
}

/// `y = y + alpha * x`.
pub fn axpy<R: Real>(alpha: R, x: &[R], y: &mut [R]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y += alpha * x;
    }
}

/// `l1 * sum |w| + l2 * sum w^2`.
pub fn penalty<R: Real>(l1: f32, l2: f32, w: &[R]) -> f64 {
    w.iter().map(|w| f64::from(l1) * w.wide().abs() + f64::from(l2) * w.wide() * w.wide()).sum()
}

/// `d_w = d_w + l1 * sign(w) + 2 * l2 * w`.
pub fn penalty_gradient<R: Real>(l1: f32, l2: f32, w: &[R], d_w: &mut [R]) {
    for (d_w, &w) in d_w.iter_mut().zip(w) {
        *d_w += R::of(l1.into()) * w.sign() + R::of(2.0 * f64::from(l2)) * w;
    }
}
