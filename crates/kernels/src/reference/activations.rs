//! Twins of activations: elementwise ones, and those of whole rows beside softmax.

use super::Real;
use crate::activation::{Activation, Pieces};

/// `1 / (1 + e^-x)`.
pub fn sigmoid<R: Real>(x: R) -> R {
    let one = R::of(1.0);
    let e = (-x.abs()).exp();
    if x < R::of(0.0) { e / (one + e) } else { one / (one + e) }
}

/// `ln(1 + e^x)`.
pub fn softplus<R: Real>(x: R) -> R {
    x.max(R::of(0.0)) + (-x.abs()).exp().ln_1p()
}

/// `sqrt(2 / pi)` and the cubic's factor of gelu's tanh form.
const GELU_TANH: (f64, f64) = (0.797_884_560_802_865_4, 0.044_715);

/// The side of a piecewise function that `x` is on: 0, 1 or 2.
fn piece<R: Real>(pieces: &Pieces, x: R) -> usize {
    let [low, high] = pieces.knots.map(|knot| R::of(knot.into()));
    if x > high { 2 } else { usize::from(x >= low) }
}

/// The value of an activation.
pub fn activation<R: Real>(kind: Activation, x: R) -> R {
    let [zero, half, one] = [0.0, 0.5, 1.0].map(R::of);
    let of = |value: f32| R::of(value.into());
    match kind {
        Activation::Linear => x,
        Activation::Relu => x.max(zero),
        Activation::LeakyRelu { slope } => {
            if x > zero {
                x
            } else {
                of(slope) * x
            }
        }
        Activation::Pieces(pieces) => match piece(&pieces, x) {
            0 => of(pieces.left[0]) * x + of(pieces.left[1]),
            1 => of(pieces.middle[0]) * x * x + of(pieces.middle[1]) * x + of(pieces.middle[2]),
            _ => of(pieces.right[0]) * x + of(pieces.right[1]),
        },
        Activation::Exponents { scale, amplitude, rate } => {
            if x > zero {
                of(scale) * x
            } else {
                of(amplitude) * (of(rate) * x).exp_m1()
            }
        }
        Activation::Exponential => x.exp(),
        Activation::Gelu { approximate: false } => {
            half * x * (one + (x * R::of(std::f64::consts::FRAC_1_SQRT_2)).erf())
        }
        Activation::Gelu { approximate: true } => {
            half * x * (one + (R::of(GELU_TANH.0) * (x + R::of(GELU_TANH.1) * x * x * x)).tanh())
        }
        Activation::Silu => x * sigmoid(x),
        Activation::Mish => x * softplus(x).tanh(),
        Activation::Sigmoid => sigmoid(x),
        Activation::LogSigmoid => -softplus(-x),
        Activation::Tanh => x.tanh(),
        Activation::TanhShrink => x - x.tanh(),
        Activation::Softplus => softplus(x),
        Activation::Softsign => x / (one + x.abs()),
        Activation::Squareplus { b } => half * (x + (x * x + of(b)).sqrt()),
    }
}

/// The derivative of an activation at `x`.
pub fn activation_slope<R: Real>(kind: Activation, x: R) -> R {
    let [zero, half, one] = [0.0, 0.5, 1.0].map(R::of);
    let of = |value: f32| R::of(value.into());
    match kind {
        Activation::Linear => one,
        Activation::Relu => {
            if x > zero {
                one
            } else {
                zero
            }
        }
        Activation::LeakyRelu { slope } => {
            if x > zero {
                one
            } else {
                of(slope)
            }
        }
        Activation::Pieces(pieces) => match piece(&pieces, x) {
            0 => of(pieces.left[0]),
            1 => R::of(2.0) * of(pieces.middle[0]) * x + of(pieces.middle[1]),
            _ => of(pieces.right[0]),
        },
        Activation::Exponents { scale, amplitude, rate } => {
            if x > zero {
                of(scale)
            } else {
                of(amplitude) * of(rate) * (of(rate) * x).exp()
            }
        }
        Activation::Exponential => x.exp(),
        Activation::Gelu { approximate: false } => {
            let cdf = half * (one + (x * R::of(std::f64::consts::FRAC_1_SQRT_2)).erf());
            cdf + x * (-(half * x * x)).exp() * R::of(0.398_942_280_401_432_7)
        }
        Activation::Gelu { approximate: true } => {
            let (a, b) = (R::of(GELU_TANH.0), R::of(GELU_TANH.1));
            let t = (a * (x + b * x * x * x)).tanh();
            half * (one + t) + half * x * (one - t * t) * a * (one + R::of(3.0) * b * x * x)
        }
        Activation::Silu => {
            let s = sigmoid(x);
            s + x * s * (one - s)
        }
        Activation::Mish => {
            let t = softplus(x).tanh();
            t + x * sigmoid(x) * (one - t * t)
        }
        Activation::Sigmoid => {
            let s = sigmoid(x);
            s * (one - s)
        }
        Activation::LogSigmoid => sigmoid(-x),
        Activation::Tanh => one - x.tanh() * x.tanh(),
        Activation::TanhShrink => x.tanh() * x.tanh(),
        Activation::Softplus => sigmoid(x),
        Activation::Softsign => one / ((one + x.abs()) * (one + x.abs())),
        Activation::Squareplus { b } => half * (one + x / (x * x + of(b)).sqrt()),
    }
}

/// `y = f(x)`.
pub fn activation_forward<R: Real>(kind: Activation, x: &[R], y: &mut [R]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = activation(kind, x);
    }
}

/// `d_x = d_y * f'(x)`.
pub fn activation_backward<R: Real>(kind: Activation, x: &[R], d_y: &[R], d_x: &mut [R]) {
    for ((d_x, &d_y), &x) in d_x.iter_mut().zip(d_y).zip(x) {
        *d_x = d_y * activation_slope(kind, x);
    }
}

/// `y[i,j] = x[i,j] - ln(sum over l of e^x[i,l])`.
pub fn log_softmax<R: Real>(rows: usize, cols: usize, x: &[R], y: &mut [R]) {
    for i in 0..rows {
        let row = &x[i * cols..][..cols];
        let largest = row.iter().copied().fold(R::of(f64::NEG_INFINITY), R::max);
        let total: R = row.iter().map(|&v| (v - largest).exp()).sum();
        for j in 0..cols {
            y[i * cols + j] = row[j] - largest - total.ln();
        }
    }
}

/// `d_x[i,j] = d_y[i,j] - e^y[i,j] * sum over l of d_y[i,l]`.
pub fn log_softmax_backward<R: Real>(rows: usize, cols: usize, y: &[R], d_y: &[R], d_x: &mut [R]) {
    for i in 0..rows {
        let sum: R = d_y[i * cols..][..cols].iter().copied().sum();
        for at in i * cols..(i + 1) * cols {
            d_x[at] = d_y[at] - y[at].exp() * sum;
        }
    }
}

/// `y[i,j] = max(x[i,j] - t, 0)`, with the t of each row that makes its sum 1; found among the sorted values.
pub fn sparsemax<R: Real>(rows: usize, cols: usize, x: &[R], y: &mut [R]) {
    for i in 0..rows {
        let row = &x[i * cols..][..cols];
        let mut sorted: Vec<f64> = row.iter().map(|v| v.wide()).collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let (mut sum, mut level) = (0.0, 0.0);
        for (k, v) in sorted.iter().enumerate() {
            sum += v;
            let without_the_rest = (sum - 1.0) / (k + 1) as f64;
            if *v > without_the_rest {
                level = without_the_rest;
            }
        }
        for j in 0..cols {
            y[i * cols + j] = (row[j] - R::of(level)).max(R::of(0.0));
        }
    }
}

/// `d_x[i,j] = d_y[i,j] - mean of d_y where y is not 0` there, 0 elsewhere.
pub fn sparsemax_backward<R: Real>(rows: usize, cols: usize, y: &[R], d_y: &[R], d_x: &mut [R]) {
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let inside: Vec<usize> = row.clone().filter(|&at| y[at] > R::of(0.0)).collect();
        let sum: R = inside.iter().map(|&at| d_y[at]).sum();
        for at in row {
            let mean = sum / R::of(inside.len() as f64);
            d_x[at] = if inside.contains(&at) { d_y[at] - mean } else { R::of(0.0) };
        }
    }
}

/// `y[i,j] = x[i,j] * sigmoid(x[i,cols + j])`.
pub fn glu<R: Real>(rows: usize, cols: usize, x: &[R], y: &mut [R]) {
    for i in 0..rows {
        for j in 0..cols {
            y[i * cols + j] = x[2 * i * cols + j] * sigmoid(x[(2 * i + 1) * cols + j]);
        }
    }
}

/// The gradient of [`glu`].
pub fn glu_backward<R: Real>(rows: usize, cols: usize, x: &[R], d_y: &[R], d_x: &mut [R]) {
    for i in 0..rows {
        for j in 0..cols {
            let (value, gate) = (2 * i * cols + j, (2 * i + 1) * cols + j);
            let (s, d) = (sigmoid(x[gate]), d_y[i * cols + j]);
            d_x[value] = d * s;
            d_x[gate] = d * x[value] * s * (R::of(1.0) - s);
        }
    }
}
