//! Inverted dropout: `y = x / (1 - rate)` where the mask keeps, else 0 (Srivastava et al., 2014; Keras' `Dropout`).
//!
//! The mask is not stored: element `i` is kept when the stream's uniform number at `offset + i` is at least `rate`, and
//! the backward pass computes it again. Elementwise, so any cut is allowed when `offset` moves along.

use crate::reference;
use crate::rng::Stream;

/// `y[i] = x[i] / (1 - rate)` where kept, else 0; `rate` is in `[0, 1)`, and `offset` the index of the first element in
/// the stream, which must be new in every step.
pub fn forward(stream: &Stream, offset: u64, rate: f32, x: &[f32], y: &mut [f32]) {
    reference::dropout(stream, offset, rate, x, y);
}

/// `d_x[i] = d_y[i] / (1 - rate)` where the same stream and offset kept, else 0.
pub fn backward(stream: &Stream, offset: u64, rate: f32, d_y: &[f32], d_x: &mut [f32]) {
    reference::dropout(stream, offset, rate, d_y, d_x);
}
