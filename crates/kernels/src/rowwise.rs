//! Activations that look at a whole row, beside softmax: log-softmax, sparsemax and the gated linear unit. Rows are
//! independent, so any cut by rows is allowed. Formulas as in Keras 3 on JAX (`jax.nn`).

use crate::activation::{self, Activation};
use crate::elementwise;
use crate::lanes::{Lanes, constant, fold, sweep};
use crate::on_lanes;
use crate::softmax::largest_and_total;

/// `y[i,j] = x[i,j] - ln(sum over l of e^x[i,l])`; `x` and `y` are `(rows, cols)`.
pub fn log_softmax(rows: usize, cols: usize, x: &[f32], y: &mut [f32]) {
    assert!(x.len() == rows * cols && y.len() == rows * cols);
    on_lanes!(l => for i in 0..rows {
        let row = &x[i * cols..][..cols];
        let (largest, total) = largest_and_total(l, row);
        let (largest, rest) = (l.splat(largest), l.splat(crate::math::ln_of(total)));
        sweep(l, [row], [&mut y[i * cols..][..cols]], #[inline(always)] |[x], _| [l.sub(l.sub(x, largest), rest)]);
    });
}

/// `d_x[i,j] = d_y[i,j] - e^y[i,j] * sum over l of d_y[i,l]`; all `(rows, cols)`.
pub fn log_softmax_backward(rows: usize, cols: usize, y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    assert!([y.len(), d_y.len(), d_x.len()] == [rows * cols; 3]);
    activation::forward(Activation::Exponential, y, d_x);
    on_lanes!(l => for i in 0..rows {
        let at = i * cols..(i + 1) * cols;
        let d_y = &d_y[at.clone()];
        let sum = fold(l, [d_y], [0.0], l.splat(0.0), #[inline(always)] |sum, [d]| l.add(sum, d));
        let sum = l.splat(l.total(sum));
        sweep(l, [d_y], [&mut d_x[at]], #[inline(always)] |[d_y], [e]| [l.sub(d_y, l.mul(e, sum))]);
    });
}

/// `y[i,j] = max(x[i,j] - t, 0)`, with the t of each row that makes its sum 1 (Martins and Astudillo, "From softmax to
/// sparsemax", 2016); `x` and `y` are `(rows, cols)`.
pub fn sparsemax(rows: usize, cols: usize, x: &[f32], y: &mut [f32]) {
    assert!(x.len() == rows * cols && y.len() == rows * cols);
    for i in 0..rows {
        let row = &x[i * cols..][..cols];
        let mut level = f32::NEG_INFINITY;
        // What is below the level that the rest alone would have is out; after at most `cols` rounds nothing is.
        for _ in 0..cols {
            let (mut sum, mut count) = (0.0f64, 0.0f64);
            for &x in row.iter().filter(|&&x| x > level) {
                sum += f64::from(x);
                count += 1.0;
            }
            let next = ((sum - 1.0) / count) as f32;
            if next == level || count == 0.0 {
                break;
            }
            level = next;
        }
        for (y, &x) in y[i * cols..][..cols].iter_mut().zip(row) {
            *y = if x < level { 0.0 } else { x - level };
        }
    }
}

/// `d_x[i,j] = d_y[i,j] - mean of d_y over the j where y is not 0` there, and 0 elsewhere; all `(rows, cols)`.
pub fn sparsemax_backward(rows: usize, cols: usize, y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    assert!([y.len(), d_y.len(), d_x.len()] == [rows * cols; 3]);
    for i in 0..rows {
        let at = i * cols..(i + 1) * cols;
        let (y, d_y) = (&y[at.clone()], &d_y[at.clone()]);
        let (mut sum, mut count) = (0.0f64, 0.0f64);
        for (&d, _) in d_y.iter().zip(y).filter(|&(_, &y)| y > 0.0) {
            sum += f64::from(d);
            count += 1.0;
        }
        let mean = (sum / count) as f32;
        for (d_x, (&d_y, &y)) in d_x[at].iter_mut().zip(d_y.iter().zip(y)) {
            *d_x = if y > 0.0 { d_y - mean } else { 0.0 };
        }
    }
}

/// The gated linear unit `y[i,j] = x[i,j] * sigmoid(x[i,cols + j])`; `x` is `(rows, 2 cols)`, `y` is `(rows, cols)`.
pub fn glu(rows: usize, cols: usize, x: &[f32], y: &mut [f32]) {
    assert!(x.len() == 2 * rows * cols && y.len() == rows * cols);
    elementwise::copy_block(rows, cols, &x[cols.min(x.len())..], 2 * cols, y, cols);
    activation::forward_in_place(Activation::Sigmoid, y);
    on_lanes!(l => for i in 0..rows {
        let value = &x[2 * i * cols..][..cols];
        sweep(l, [value], [&mut y[i * cols..][..cols]], #[inline(always)] |[x], [gate]| [l.mul(x, gate)]);
    });
}

/// `d_x[i,j] = d_y[i,j] * g` and `d_x[i,cols + j] = d_y[i,j] * x[i,j] * g * (1 - g)` with `g = sigmoid(x[i,cols + j])`;
/// `x` and `d_x` are `(rows, 2 cols)`, `d_y` is `(rows, cols)`.
pub fn glu_backward(rows: usize, cols: usize, x: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    assert!(x.len() == 2 * rows * cols && d_y.len() == rows * cols && d_x.len() == 2 * rows * cols);
    elementwise::copy_block(rows, cols, &x[cols.min(x.len())..], 2 * cols, d_x, 2 * cols);
    on_lanes!(l => for i in 0..rows {
        let (d_value, gate) = d_x[2 * i * cols..][..2 * cols].split_at_mut(cols);
        activation::forward(Activation::Sigmoid, d_value, gate);
        sweep(
            l,
            [&x[2 * i * cols..][..cols], &d_y[i * cols..][..cols]],
            [d_value, gate],
            #[inline(always)]
            |[x, d_y], [_, g]| {
                let through = l.mul(d_y, g);
                [through, l.mul(l.mul(through, x), l.sub(constant!(l, 1.0), g))]
            },
        );
    });
}
