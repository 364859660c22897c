//! Twins of what moves values: masks, rearrangements, embeddings, enlargement.

use super::Real;
use crate::enlarge::Curve;
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

/// What each value of a step counts for in [`crate::masking::mean`].
fn mean_share<R: Real>(steps: usize, mask: &[R], row: usize, step: usize) -> R {
    let count: R = (0..steps).map(|step| mask[row * steps + step]).sum();
    if count == R::of(0.0) { count } else { mask[row * steps + step] / count }
}

/// See [`crate::masking::mean`].
pub fn masked_mean<R: Real>(steps: usize, cols: usize, mask: &[R], x: &[R], y: &mut [R]) {
    for i in 0..y.len() {
        let (row, col) = (i / cols, i % cols);
        let part = |step: usize| {
            let share = mean_share(steps, mask, row, step);
            if share == R::of(0.0) { share } else { share * x[(row * steps + step) * cols + col] }
        };
        y[i] = (0..steps).map(part).sum();
    }
}

/// See [`crate::masking::mean_backward`].
pub fn masked_mean_backward<R: Real>(steps: usize, cols: usize, mask: &[R], d_y: &[R], d_x: &mut [R]) {
    for i in 0..d_x.len() {
        let (row, step, col) = (i / cols / steps, i / cols % steps, i % cols);
        d_x[i] = mean_share(steps, mask, row, step) * d_y[row * cols + col];
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

/// `max(a, b)` or the minimum.
pub fn extreme<R: Real>(largest: bool, a: &[R], b: &[R], y: &mut [R]) {
    for i in 0..y.len() {
        y[i] = if (a[i] > b[i]) == largest { a[i] } else { b[i] };
    }
}

/// `d_a` of [`extreme`]; what is tied is shared.
pub fn extreme_gradient<R: Real>(largest: bool, a: &[R], b: &[R], d_y: &[R], d_a: &mut [R]) {
    for i in 0..d_a.len() {
        let share = if a[i] == b[i] { 0.5 } else { f64::from(u8::from((a[i] > b[i]) == largest)) };
        d_a[i] = R::of(share) * d_y[i];
    }
}

/// Rows of a table by token.
pub fn embedding<R: Real>(cols: usize, table: &[R], tokens: &[f32], y: &mut [R]) {
    for i in 0..y.len() {
        y[i] = table[tokens[i / cols] as usize * cols + i % cols];
    }
}

/// The gradient of the whole table of [`embedding`].
pub fn table_gradient<R: Real>(cols: usize, tokens: &[f32], d_y: &[R], d_table: &mut [R]) {
    d_table.fill(R::of(0.0));
    for i in 0..d_y.len() {
        d_table[tokens[i / cols] as usize * cols + i % cols] += d_y[i];
    }
}

/// What pixel `from` of `size` adds to pixel `to` of `size * factor`: a curve of the distance from its centre, made one again
/// at the edges.
fn share(curve: Curve, from: usize, to: usize, factor: usize, size: usize) -> f64 {
    let at = (to as f64 + 0.5) / factor as f64 - 0.5;
    let weight = |from: usize| curve.at((at - from as f64).abs());
    weight(from) / (0..size).map(weight).sum::<f64>()
}

/// Every element of the output with every element of the input and its weight.
fn enlarged(
    curve: Curve,
    [height, width, channels]: [usize; 3],
    [down, across]: [usize; 2],
    outputs: usize,
    mut visit: impl FnMut(usize, usize, f64),
) {
    let image = height * width * channels;
    for o in 0..outputs {
        let (row, rest) = (o / (image * down * across), o % (image * down * across));
        let (i, j) = (rest / channels / (width * across), rest / channels % (width * across));
        for p in 0..height * width {
            let (upright, level) =
                (share(curve, p / width, i, down, height), share(curve, p % width, j, across, width));
            visit(o, row * image + p * channels + o % channels, upright * level);
        }
    }
}

/// See [`crate::enlarge::forward`].
pub fn enlarge<R: Real>(curve: Curve, size: [usize; 3], factors: [usize; 2], x: &[R], y: &mut [R]) {
    y.fill(R::of(0.0));
    enlarged(curve, size, factors, y.len(), |o, i, weight| y[o] += R::of(weight) * x[i]);
}

/// See [`crate::enlarge::backward`].
pub fn enlarge_backward<R: Real>(
    curve: Curve,
    size: [usize; 3],
    factors: [usize; 2],
    d_y: &[R],
    d_x: &mut [R],
) {
    d_x.fill(R::of(0.0));
    enlarged(curve, size, factors, d_y.len(), |o, i, weight| d_x[i] += R::of(weight) * d_y[o]);
}

/// `y = x / max(|x|, epsilon)`, row by row.
pub fn unit<R: Real>(cols: usize, epsilon: R, x: &[R], y: &mut [R]) {
    for i in 0..y.len() {
        let row = &x[i / cols * cols..][..cols];
        let length = row.iter().map(|&x| x * x).sum::<R>().sqrt();
        y[i] = x[i] / length.max(epsilon);
    }
}

/// `d_x` of [`unit()`], where rows are longer than `epsilon`.
pub fn unit_backward<R: Real>(cols: usize, x: &[R], d_y: &[R], d_x: &mut [R]) {
    for i in 0..d_x.len() {
        let row = i / cols * cols;
        let squares = (0..cols).map(|j| x[row + j] * x[row + j]).sum::<R>();
        let along = (0..cols).map(|j| x[row + j] * d_y[row + j]).sum::<R>();
        d_x[i] = (d_y[i] - x[i] * along / squares) / squares.sqrt();
    }
}
