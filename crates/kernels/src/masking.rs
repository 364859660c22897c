//! Steps of a sequence that do not count: found by their value, and taken out of values and gradients.
//!
//! A mask has a number for every step: 1 where it counts, 0 where it does not. Steps are rows of `cols` values.

use crate::elementwise;

/// `mask[i] = any of x[i, :] differs from value`, and `y[i, :] = mask[i] * x[i, :]` (Keras' `Masking`).
pub fn forward(cols: usize, value: f32, x: &[f32], y: &mut [f32], mask: &mut [f32]) {
    assert!(x.len() == y.len() && x.len() == cols * mask.len());
    for (i, mask) in mask.iter_mut().enumerate() {
        let (x, y) = (&x[i * cols..][..cols], &mut y[i * cols..][..cols]);
        let counts = x.iter().any(|&x| x != value);
        *mask = f32::from(u8::from(counts));
        if counts {
            y.copy_from_slice(x);
        } else {
            y.fill(0.0);
        }
    }
}

/// `d_x[i, :] = mask[i] * d_y[i, :]`, and 0 where the mask is 0, whatever stands in `d_y`.
pub fn backward(cols: usize, mask: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    assert!(d_x.len() == d_y.len() && d_x.len() == cols * mask.len());
    for (i, &mask) in mask.iter().enumerate() {
        let (d_y, d_x) = (&d_y[i * cols..][..cols], &mut d_x[i * cols..][..cols]);
        if mask == 0.0 {
            d_x.fill(0.0);
        } else {
            d_x.copy_from_slice(d_y);
        }
    }
}

/// `mask[i] = tokens[i] is not 0`: the mask that an embedding with `mask_zero` gives.
pub fn nonzero(tokens: &[f32], mask: &mut [f32]) {
    for (mask, &token) in mask.iter_mut().zip(tokens) {
        *mask = f32::from(u8::from(token != 0.0));
    }
}

/// What each step of a sequence counts for in its mean: nothing where its mask is 0.
fn shares(mask: &[f32]) -> impl Iterator<Item = f32> {
    let count: f32 = mask.iter().sum();
    mask.iter().map(move |&mask| if mask == 0.0 { 0.0 } else { mask / count })
}

/// `y = sum of mask * x / sum of mask` over the steps of every row; 0 where none counts. `x` is `(rows, steps, cols)`, `mask`
/// `(rows, steps)`, `y` `(rows, cols)`. What stands in steps that do not count plays no part.
pub fn mean(steps: usize, cols: usize, mask: &[f32], x: &[f32], y: &mut [f32]) {
    assert!(x.len() == cols * mask.len() && y.len() * steps == x.len());
    y.fill(0.0);
    for (row, mask) in mask.chunks_exact(steps).enumerate() {
        let y = &mut y[row * cols..][..cols];
        for (step, share) in shares(mask).enumerate().filter(|(_, share)| *share != 0.0) {
            elementwise::axpy(share, &x[(row * steps + step) * cols..][..cols], y);
        }
    }
}

/// `d_x = mask * d_y / sum of mask`: what every step has of the gradient of its row's [`mean`].
pub fn mean_backward(steps: usize, cols: usize, mask: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    assert!(d_x.len() == cols * mask.len() && d_y.len() * steps == d_x.len());
    for (row, mask) in mask.chunks_exact(steps).enumerate() {
        let d_y = &d_y[row * cols..][..cols];
        for (step, share) in shares(mask).enumerate() {
            let d_x = &mut d_x[(row * steps + step) * cols..][..cols];
            d_x.fill(0.0);
            elementwise::axpy(share, d_y, d_x);
        }
    }
}
