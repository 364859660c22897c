//! Inverted dropout: `y = x / (1 - rate)` where the mask keeps, else 0 (Srivastava et al., 2014; Keras' `Dropout`).
//!
//! The mask is not stored: element `i` is kept when the stream's uniform number at `offset + i` is at least `rate`, and
//! the backward pass computes it again. Elementwise, so any cut is allowed when `offset` moves along.

use crate::rng::{Stream, unit_f32};

/// `y[i] = x[i] / (1 - rate)` where kept, else 0; `rate` is in `[0, 1)`, and `offset` the index of the first element in
/// the stream, which must be new in every step.
pub fn forward(stream: &Stream, offset: u64, rate: f32, x: &[f32], y: &mut [f32]) {
    mask(stream, offset, rate, x, y);
}

/// `d_x[i] = d_y[i] / (1 - rate)` where the same stream and offset kept, else 0.
pub fn backward(stream: &Stream, offset: u64, rate: f32, d_y: &[f32], d_x: &mut [f32]) {
    mask(stream, offset, rate, d_y, d_x);
}

fn mask(stream: &Stream, offset: u64, rate: f32, x: &[f32], y: &mut [f32]) {
    assert_eq!(x.len(), y.len());
    let scale = 1.0 / (1.0 - rate);
    // The stream gives four numbers at a time; the first and the last block may belong to us in part.
    let mut at = 0;
    while at < x.len() {
        let index = offset + at as u64;
        let block = stream.block(index / 4);
        let first = (index % 4) as usize;
        let count = (4 - first).min(x.len() - at);
        for (i, &bits) in block[first..first + count].iter().enumerate() {
            y[at + i] = if unit_f32(bits) >= rate { x[at + i] * scale } else { 0.0 };
        }
        at += count;
    }
}
