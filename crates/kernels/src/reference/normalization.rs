//! Twins of the normalizations of rows and groups, of the learned rectifier and of noise.

use super::Real;
use crate::rng::Stream;

/// `y[i,j] = gamma[j] * (x[i,j] - mean) / sqrt(variance + epsilon) + beta[j]` with mean and variance of row `i`; where
/// `is_centred` is false, the mean counts as 0.
pub fn normalize_rows<R: Real>(
    (rows, cols): (usize, usize),
    is_centred: bool,
    x: &[R],
    epsilon: f32,
    gamma: &[R],
    beta: &[R],
    y: &mut [R],
) {
    for i in 0..rows {
        let (mean, inverse) = row_moments(&x[i * cols..][..cols], is_centred, epsilon);
        for j in 0..cols {
            y[i * cols + j] = gamma[j] * (x[i * cols + j] - mean) * inverse + beta[j];
        }
    }
}

/// Mean and `1 / sqrt(variance + epsilon)` of a row.
pub fn row_moments<R: Real>(row: &[R], is_centred: bool, epsilon: f32) -> (R, R) {
    let n = R::of(row.len() as f64);
    let mean = if is_centred { row.iter().copied().sum::<R>() / n } else { R::of(0.0) };
    let variance = row.iter().map(|&x| (x - mean) * (x - mean)).sum::<R>() / n;
    (mean, R::of(1.0) / (variance + R::of(epsilon.into())).sqrt())
}

/// The gradients of [`normalize_rows`] with respect to `x` and gamma.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn normalize_rows_backward<R: Real>(
    (rows, cols): (usize, usize),
    is_centred: bool,
    x: &[R],
    epsilon: f32,
    gamma: &[R],
    d_y: &[R],
    d_x: &mut [R],
    d_gamma: &mut [R],
) {
    let n = R::of(cols as f64);
    d_gamma.fill(R::of(0.0));
    for i in 0..rows {
        let (mean, inverse) = row_moments(&x[i * cols..][..cols], is_centred, epsilon);
        let hat = |j: usize| (x[i * cols + j] - mean) * inverse;
        let g = |j: usize| gamma[j] * d_y[i * cols + j];
        let level = if is_centred { (0..cols).map(g).sum::<R>() / n } else { R::of(0.0) };
        let tilt = (0..cols).map(|j| g(j) * hat(j)).sum::<R>() / n;
        for j in 0..cols {
            d_x[i * cols + j] = inverse * (g(j) - level - hat(j) * tilt);
            d_gamma[j] += d_y[i * cols + j] * hat(j);
        }
    }
}

/// Mean and variance of column `column` over the rows that `mask` lets count.
pub fn masked_moments<R: Real>(cols: usize, x: &[R], mask: &[f32], column: usize) -> (R, R) {
    let values: Vec<R> = (0..mask.len()).filter(|&i| mask[i] != 0.0).map(|i| x[i * cols + column]).collect();
    let n = R::of(values.len().max(1) as f64);
    let mean = values.iter().copied().sum::<R>() / n;
    (mean, values.iter().map(|&x| (x - mean) * (x - mean)).sum::<R>() / n)
}

/// Group normalization of one image `(pixels, channels)`: channels in groups side by side, mean and variance over a group's
/// channels of all pixels.
pub fn normalize_groups<R: Real>(
    (pixels, channels, groups): (usize, usize, usize),
    x: &[R],
    epsilon: f32,
    gamma: &[R],
    y: &mut [R],
) {
    for g in 0..groups {
        let places = places((pixels, channels, groups), g);
        let values: Vec<R> = places.iter().map(|&at| x[at]).collect();
        let (mean, inverse) = row_moments(&values, true, epsilon);
        for at in places {
            y[at] = gamma[at % channels] * (x[at] - mean) * inverse;
        }
    }
}

/// Where the values of group `g` are.
fn places((pixels, channels, groups): (usize, usize, usize), g: usize) -> Vec<usize> {
    let width = channels / groups;
    (0..pixels)
        .flat_map(|pixel| (g * width..(g + 1) * width).map(move |channel| pixel * channels + channel))
        .collect()
}

/// The gradient of [`normalize_groups`] with respect to `x`: that of a row of normalized values, for each group.
pub fn normalize_groups_backward<R: Real>(
    (pixels, channels, groups): (usize, usize, usize),
    x: &[R],
    epsilon: f32,
    gamma: &[R],
    d_y: &[R],
    d_x: &mut [R],
) {
    for g in 0..groups {
        let places = places((pixels, channels, groups), g);
        let of = |values: &[R]| places.iter().map(|&at| values[at]).collect::<Vec<R>>();
        let gammas: Vec<R> = places.iter().map(|&at| gamma[at % channels]).collect();
        let mut d = vec![R::of(0.0); places.len()];
        let mut d_gamma = d.clone();
        let size = (1, places.len());
        normalize_rows_backward(size, true, &of(x), epsilon, &gammas, &of(d_y), &mut d, &mut d_gamma);
        places.iter().zip(d).for_each(|(&at, d)| d_x[at] = d);
    }
}

/// `y = x` where `x > 0`, else `alpha * x`.
pub fn prelu<R: Real>(rows: usize, cols: usize, x: &[R], alpha: &[R], y: &mut [R]) {
    for at in 0..rows * cols {
        y[at] = if x[at] > R::of(0.0) { x[at] } else { alpha[at % cols] * x[at] };
    }
}

/// The gradients of [`prelu`] with respect to `x` and alpha.
pub fn prelu_backward<R: Real>(
    rows: usize,
    cols: usize,
    x: &[R],
    alpha: &[R],
    d_y: &[R],
    d_x: &mut [R],
    d_alpha: &mut [R],
) {
    d_alpha.fill(R::of(0.0));
    for at in 0..rows * cols {
        let positive = x[at] > R::of(0.0);
        d_x[at] = if positive { d_y[at] } else { alpha[at % cols] * d_y[at] };
        if !positive {
            d_alpha[at % cols] += d_y[at] * x[at];
        }
    }
}

/// The standard normal number below which the share of the distribution is the middle of the 2^-24 that the stream's number
/// names: found by halving, with the error function.
pub fn standard_normal(stream: &Stream, index: u64) -> f64 {
    let share = (f64::from(stream.uniform(index)) * 16_777_216.0 + 0.5) / 16_777_216.0;
    let (mut low, mut high) = (-8.0f64, 8.0f64);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        let below = 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2);
        if below < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// `y = x + deviation * n`, or `x * (1 + deviation * n)`.
pub fn noise<R: Real>(stream: &Stream, offset: u64, deviation: f32, is_factor: bool, x: &[R], y: &mut [R]) {
    for (i, (y, &x)) in y.iter_mut().zip(x).enumerate() {
        let noise = R::of(f64::from(deviation) * standard_normal(stream, offset + i as u64));
        *y = if is_factor { x * (R::of(1.0) + noise) } else { x + noise };
    }
}

/// Alpha dropout: selu's floor where dropped, then scaled and shifted so that mean 0 and variance 1 stay.
pub fn alpha_dropout<R: Real>(stream: &Stream, offset: u64, rate: f32, x: &[R], y: &mut [R]) {
    let (p, floor) = (f64::from(rate), -1.758_099_340_847_376_6);
    let scale = ((1.0 - p) * (1.0 + p * floor * floor)).powf(-0.5);
    for (i, (y, &x)) in y.iter_mut().zip(x).enumerate() {
        let kept = stream.uniform(offset + i as u64) >= rate;
        let value = if kept { x } else { R::of(floor) };
        *y = R::of(scale) * value + R::of(-scale * floor * p);
    }
}

/// The gradient of [`alpha_dropout`].
pub fn alpha_dropout_backward<R: Real>(stream: &Stream, offset: u64, rate: f32, d_y: &[R], d_x: &mut [R]) {
    let (p, floor) = (f64::from(rate), -1.758_099_340_847_376_6);
    let scale = ((1.0 - p) * (1.0 + p * floor * floor)).powf(-0.5);
    for (i, (d_x, &d_y)) in d_x.iter_mut().zip(d_y).enumerate() {
        let kept = stream.uniform(offset + i as u64) >= rate;
        *d_x = if kept { R::of(scale) * d_y } else { R::of(0.0) };
    }
}
