//! Twins of what moves values: masks, rearrangements, embeddings, enlargement.

use super::Real;
use crate::rearrange::NOWHERE;

/// See [`crate::masking::forward`].
pub fn mask_forward<R: Real>(cols: usize, value: R, x: &[R], y: &mut [R], mask: &mut [R]) {
    for i in 0..mask.len() {
        let counts = (0..cols).any(|j| x[i * cols + j] != value);
        mask[i] = R::of(f64::from(u8::from(counts)));
        for j in 0..cols {
            y[i * cols + j] = if counts { x[i * cols + j] } else { R::of(0.0) };
        }
    }
}

/// See [`crate::masking::backward`].
pub fn mask_backward<R: Real>(cols: usize, mask: &[R], d_y: &[R], d_x: &mut [R]) {
    for i in 0..d_x.len() {
        d_x[i] = if mask[i / cols] == R::of(0.0) { R::of(0.0) } else { d_y[i] };
    }
}

/// Where element `i` of a row of the output stands in a row of the input.
fn place(axes: &[Vec<u32>], run: usize, i: usize) -> Option<usize> {
    let (mut rest, within) = (i / run, i % run);
    let mut place = within;
    for axis in axes.iter().rev() {
        let offset = axis[rest % axis.len()];
        rest /= axis.len();
        if offset == NOWHERE {
            return None;
        }
        place += offset as usize;
    }
    Some(place)
}

/// See [`crate::rearrange::forward`].
pub fn rearrange_forward<R: Real>(
    axes: &[Vec<u32>],
    run: usize,
    (x_width, y_width): (usize, usize),
    x: &[R],
    y: &mut [R],
) {
    for i in 0..y.len() {
        let (row, column) = (i / y_width, i % y_width);
        y[i] = place(axes, run, column).map_or(R::of(0.0), |at| x[row * x_width + at]);
    }
}

/// See [`crate::rearrange::backward`].
pub fn rearrange_backward<R: Real>(
    axes: &[Vec<u32>],
    run: usize,
    (x_width, y_width): (usize, usize),
    d_y: &[R],
    d_x: &mut [R],
) {
    d_x.fill(R::of(0.0));
    for i in 0..d_y.len() {
        let (row, column) = (i / y_width, i % y_width);
        if let Some(at) = place(axes, run, column) {
            d_x[row * x_width + at] += d_y[i];
        }
    }
}
