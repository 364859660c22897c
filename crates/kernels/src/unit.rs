//! Vectors of length 1: `y = x / max(|x|, epsilon)` for every row of `cols` values.

use crate::reduce;

/// `1 / max(|x|, epsilon)`.
fn inverse(epsilon: f32, x: &[f32]) -> f32 {
    let length = reduce::sum_squares(x).sqrt();
    (1.0 / length.max(f64::from(epsilon))) as f32
}

/// `y[i, :] = x[i, :] / max(|x[i, :]|, epsilon)`.
pub fn forward(cols: usize, epsilon: f32, x: &[f32], y: &mut [f32]) {
    assert_eq!(x.len(), y.len());
    for (x, y) in x.chunks_exact(cols).zip(y.chunks_exact_mut(cols)) {
        let inverse = inverse(epsilon, x);
        for (y, x) in y.iter_mut().zip(x) {
            *y = inverse * x;
        }
    }
}

/// `d_x = (d_y - y (y . d_y)) / |x|`, and `d_y / epsilon` for rows that are shorter than `epsilon`.
pub fn backward(cols: usize, epsilon: f32, x: &[f32], y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    assert!(x.len() == d_x.len() && y.len() == d_x.len() && d_y.len() == d_x.len());
    for (i, d_x) in d_x.chunks_exact_mut(cols).enumerate() {
        let row = i * cols..(i + 1) * cols;
        let (x, y, d_y) = (&x[row.clone()], &y[row.clone()], &d_y[row]);
        let inverse = inverse(epsilon, x);
        let is_short = inverse >= 1.0 / epsilon;
        let along: f64 =
            if is_short { 0.0 } else { y.iter().zip(d_y).map(|(&y, &d)| f64::from(y) * f64::from(d)).sum() };
        for ((d_x, y), d_y) in d_x.iter_mut().zip(y).zip(d_y) {
            *d_x = inverse * (d_y - y * along as f32);
        }
    }
}
