//! Inverted dropout: `y = x / (1 - rate)` where the mask keeps, else 0 (Srivastava et al., 2014; Keras' `Dropout`).
//!
//! The mask is not stored: element `i` is kept when the stream's uniform number at `offset + i` is at least `rate`, and
//! the backward pass computes it again. Elementwise, so any cut is allowed when `offset` moves along.

use crate::lanes::{Lanes, sweep};
use crate::on_lanes;
use crate::rng::{AT_ONCE, Stream, as_f32, unit};

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
    affine(stream, offset, rate, [1.0 / (1.0 - rate), 0.0, 0.0], x, y);
}

/// What selu tends to on its left side: `-scale * alpha`.
const SELU_FLOOR: f32 = -1.758_099_3;

/// Alpha dropout, which keeps mean and variance of what selu gives out (Klambauer et al., 2017; Keras' `AlphaDropout`):
/// what is dropped becomes selu's floor, then all is scaled and shifted.
pub fn alpha(stream: &Stream, offset: u64, rate: f32, x: &[f32], y: &mut [f32]) {
    let scale = alpha_scale(rate);
    let shift = -scale * SELU_FLOOR * rate;
    affine(stream, offset, rate, [scale, shift, scale * SELU_FLOOR + shift], x, y);
}

/// The gradient of [`alpha`].
pub fn alpha_backward(stream: &Stream, offset: u64, rate: f32, d_y: &[f32], d_x: &mut [f32]) {
    affine(stream, offset, rate, [alpha_scale(rate), 0.0, 0.0], d_y, d_x);
}

fn alpha_scale(rate: f32) -> f32 {
    1.0 / ((1.0 - rate) * (1.0 + rate * SELU_FLOOR * SELU_FLOOR)).sqrt()
}

/// `y = scale * x + shift` where kept, else `dropped`.
fn affine(
    stream: &Stream,
    offset: u64,
    rate: f32,
    [scale, shift, dropped]: [f32; 3],
    x: &[f32],
    y: &mut [f32],
) {
    assert_eq!(x.len(), y.len());
    let mut numbers = [0; AT_ONCE];
    for (i, (x, y)) in x.chunks(AT_ONCE).zip(y.chunks_mut(AT_ONCE)).enumerate() {
        let numbers = &mut numbers[..x.len()];
        stream.fill(offset + (i * AT_ONCE) as u64, numbers);
        on_lanes!(l => sweep(
            l,
            [as_f32(numbers), x],
            [y],
            #[inline(always)]
            |[bits, x], [_]| {
                let kept = l.add(l.mul(x, l.splat(scale)), l.splat(shift));
                [l.select(l.lt(unit(l, bits), l.splat(rate)), l.splat(dropped), kept)]
            },
        ));
    }
}
