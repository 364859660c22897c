//! Twins of what holds weights to a rule: constraints, and the orthogonality penalty.

use super::Real;
use crate::constraint::NormBounds;

/// Every vector along the middle axis of `(outer, axis, inner)` gets a norm within bounds.
pub fn bound_norms<R: Real>(bounds: &NormBounds, axis: usize, inner: usize, w: &mut [R]) {
    let [low, high, rate] = [bounds.low, bounds.high, bounds.rate].map(|v| R::of(f64::from(v)));
    for first in 0..w.len() / axis.max(1) {
        let at = |k: usize| (first / inner * axis + k) * inner + first % inner;
        let norm = (0..axis).map(|k| w[at(k)] * w[at(k)]).sum::<R>().sqrt();
        let above = norm.max(low);
        let within = if above > high { high } else { above };
        let wanted = rate * within + (R::of(1.0) - rate) * norm;
        (0..axis).for_each(|k| w[at(k)] = w[at(k)] * wanted / (R::of(1e-7) + norm));
    }
}

/// `w = max(w, 0)`.
pub fn non_negative<R: Real>(w: &mut [R]) {
    w.iter_mut().for_each(|w| *w = w.max(R::of(0.0)));
}

/// The mean of `|a . b|` over all pairs of rows (or columns) of length 1, times `factor`.
pub fn orthogonal_penalty<R: Real>(factor: R, by_rows: bool, (rows, cols): (usize, usize), w: &[R]) -> R {
    let (size, length) = if by_rows { (rows, cols) } else { (cols, rows) };
    let at = |i: usize, k: usize| if by_rows { w[i * cols + k] } else { w[k * cols + i] };
    let dot = |i: usize, j: usize| (0..length).map(|k| at(i, k) * at(j, k)).sum::<R>();
    let norm = |i: usize| dot(i, i).sqrt().max(R::of(1e-7));
    let mut sum = R::of(0.0);
    for i in 0..size {
        for j in 0..i {
            sum += (dot(i, j) / (norm(i) * norm(j))).abs();
        }
    }
    if size < 2 { sum } else { factor * sum / R::of(size as f64 * (size - 1) as f64 / 2.0) }
}
