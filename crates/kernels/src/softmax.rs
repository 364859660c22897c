//! Softmax over the last axis; rows are independent, so any cut by rows is allowed.

use crate::reference;

/// `y[i,j] = e^(x[i,j] - max of row) / sum over l of e^(x[i,l] - max of row)`; `x` and `y` are `(rows, cols)`.
pub fn forward(rows: usize, cols: usize, x: &[f32], y: &mut [f32]) {
    reference::softmax_forward(rows, cols, x, y);
}

/// `d_x[i,j] = y[i,j] * (d_y[i,j] - sum over l of d_y[i,l] y[i,l])`; all `(rows, cols)`.
pub fn backward(rows: usize, cols: usize, y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    reference::softmax_backward(rows, cols, y, d_y, d_x);
}
