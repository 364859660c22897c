//! Twins of what holds weights to a rule: constraints, and the orthogonality penalty.

use super::Real;
use crate::constraint::NormBounds;

/// Every vector along the middle axis of `(outer, axis, inner)` gets a norm within bounds.
pub fn bound_norms<R: Real>(bounds: &NormBounds, axis: usize, inner: usize, w: &mut [R]) {
    for first in 0..w.len() / axis.max(1) {
        let at = |k: usize| (first / inner * axis + k) * inner + first % inner;
        bound_norm(bounds, &(0..axis).map(at).collect::<Vec<_>>(), w);
    }
}

/// Every vector along those axes of a tensor that are named: the values of one have the same indices along the others.
pub fn bound_norms_apart<R: Real>(bounds: &NormBounds, shape: &[usize], axes: &[usize], w: &mut [R]) {
    let others = |place: usize| -> Vec<usize> {
        let (mut rest, mut indices) = (place, Vec::new());
        for axis in (0..shape.len()).rev() {
            indices.extend((!axes.contains(&axis)).then_some(rest % shape[axis]));
            rest /= shape[axis];
        }
        indices
    };
    for first in 0..w.len() {
        let vector: Vec<usize> = (0..w.len()).filter(|&place| others(place) == others(first)).collect();
        if vector[0] == first {
            bound_norm(bounds, &vector, w);
        }
    }
}

/// The vector of the values at these places.
fn bound_norm<R: Real>(bounds: &NormBounds, places: &[usize], w: &mut [R]) {
    let [low, high, rate] = [bounds.low, bounds.high, bounds.rate].map(|v| R::of(f64::from(v)));
    let norm = places.iter().map(|&at| w[at] * w[at]).sum::<R>().sqrt();
    let above = norm.max(low);
    let within = if above > high { high } else { above };
    let wanted = rate * within + (R::of(1.0) - rate) * norm;
    places.iter().for_each(|&at| w[at] = w[at] * wanted / (R::of(1e-7) + norm));
}

/// `w = max(w, 0)`.
pub fn non_negative<R: Real>(w: &mut [R]) {
    w.iter_mut().for_each(|w| *w = w.max(R::of(0.0)));
}

/// The vectors of a matrix, its rows or columns: how many, their length, and the place of element `k` of vector `i`.
fn vectors(by_rows: bool, (rows, cols): (usize, usize)) -> (usize, usize, impl Fn(usize, usize) -> usize) {
    let (size, length) = if by_rows { (rows, cols) } else { (cols, rows) };
    (size, length, move |i: usize, k: usize| if by_rows { i * cols + k } else { k * cols + i })
}

/// The vectors of `w` with length 1 one behind the other, and what each was divided by.
fn units<R: Real>(by_rows: bool, of: (usize, usize), w: &[R]) -> (Vec<R>, Vec<R>) {
    let (size, length, at) = vectors(by_rows, of);
    let norm = |i: usize| (0..length).map(|k| w[at(i, k)] * w[at(i, k)]).sum::<R>().sqrt().max(R::of(1e-7));
    let norms: Vec<R> = (0..size).map(norm).collect();
    let units = (0..size * length).map(|place| w[at(place / length, place % length)] / norms[place / length]);
    (units.collect(), norms)
}

/// The mean of `|a . b|` over all pairs of rows (or columns) of length 1, times `factor`.
pub fn orthogonal_penalty<R: Real>(factor: R, by_rows: bool, of: (usize, usize), w: &[R]) -> R {
    let (size, length, _) = vectors(by_rows, of);
    let (units, _) = units(by_rows, of, w);
    let mut sum = R::of(0.0);
    for i in 0..size {
        for j in 0..i {
            sum += (0..length).map(|k| units[i * length + k] * units[j * length + k]).sum::<R>().abs();
        }
    }
    if size < 2 { sum } else { factor * sum / R::of(size as f64 * (size - 1) as f64 / 2.0) }
}

/// The gradient of [`orthogonal_penalty`]: `d_w[i] = (d - u[i] (u[i] . d)) / |w[i]|` with the vectors of length 1, `u`, and
/// `d = share * sum over the others j of sign(u[i] . u[j]) u[j]`.
pub fn orthogonal_gradient<R: Real>(factor: R, by_rows: bool, of: (usize, usize), w: &[R], d_w: &mut [R]) {
    let (size, length, at) = vectors(by_rows, of);
    let (units, norms) = units(by_rows, of, w);
    let dot = |a: &[R], b: &[R]| (0..length).map(|k| a[k] * b[k]).sum::<R>();
    let share = factor / R::of((size as f64 * (size as f64 - 1.0) / 2.0).max(1.0));
    for i in 0..size {
        let own = &units[i * length..];
        let mut d = vec![R::of(0.0); length];
        for j in (0..size).filter(|&j| j != i) {
            let other = &units[j * length..];
            let sign = dot(own, other).sign();
            (0..length).for_each(|k| d[k] += share * sign * other[k]);
        }
        let along = dot(own, &d);
        (0..length).for_each(|k| d_w[at(i, k)] = (d[k] - own[k] * along) / norms[i]);
    }
}
