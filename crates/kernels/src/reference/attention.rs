//! Twins of attention, forward only: their gradients are taken by central differences, in f64.

use super::Real;
use crate::attention::{Shape, Sight, Thinning};

/// `scores[row, head, i, j] = sum over d of q[row, i, head, d] * k[row, j, its head, d]`.
pub fn dot_scores<R: Real>(shape: &Shape, q: &[R], k: &[R], scores: &mut [R]) {
    let dim = shape.key_dim;
    for_each(shape, |at, row, head, i, j| {
        let its = head * shape.value_heads / shape.heads;
        let q = &q[((row * shape.queries + i) * shape.heads + head) * dim..];
        let k = &k[((row * shape.keys + j) * shape.value_heads + its) * dim..];
        scores[at] = (0..dim).map(|d| q[d] * k[d]).sum();
    });
}

/// `scores[row, i, j] = sum over d of outer[d] * tanh(inner * (q[row, i, d] + k[row, j, d]))`.
pub fn additive_scores<R: Real>(shape: &Shape, q: &[R], k: &[R], inner: R, outer: &[R], scores: &mut [R]) {
    let dim = shape.key_dim;
    for_each(shape, |at, row, _, i, j| {
        let q = &q[(row * shape.queries + i) * dim..];
        let k = &k[(row * shape.keys + j) * dim..];
        scores[at] = (0..dim).map(|d| outer[d] * (inner * (q[d] + k[d])).tanh()).sum();
    });
}

/// `softmax(scale * scores)` over the keys that are seen; over all, equally, where none is (or none at all).
pub fn weigh<R: Real>(shape: &Shape, scale: R, sight: Sight, scores: &mut [R]) {
    for row in 0..shape.rows {
        for head in 0..shape.heads {
            for i in 0..shape.queries {
                let at = ((row * shape.heads + head) * shape.queries + i) * shape.keys;
                let scores = &mut scores[at..at + shape.keys];
                let is_blind = sight.queries.is_some_and(|mask| mask[row * shape.queries + i] == 0.0);
                if is_blind && sight.is_blind_zero {
                    scores.fill(R::of(0.0));
                    continue;
                }
                let seen = |j: usize| {
                    !is_blind
                        && sight.window.is_none_or(|window| i.abs_diff(j) < window)
                        && sight.keys.is_none_or(|mask| mask[row * shape.keys + j] != 0.0)
                        && (!sight.is_causal || j <= i)
                };
                let none = !(0..shape.keys).any(seen);
                for j in 0..shape.keys {
                    scores[j] = match (none, seen(j)) {
                        (true, _) => R::of(1.0),
                        (_, true) => (scale * scores[j]).exp(),
                        _ => R::of(0.0),
                    };
                }
                let total: R = scores.iter().copied().sum();
                scores.iter_mut().for_each(|weight| *weight = *weight / total);
            }
        }
    }
}

/// `y[row, i, head, d] = sum over j of dropout(weights[row, head, i, j]) * v[row, j, its head, d]`.
pub fn mix<R: Real>(shape: &Shape, weights: &[R], thinning: Option<Thinning>, v: &[R], y: &mut [R]) {
    let dim = shape.value_dim;
    y.fill(R::of(0.0));
    for_each(shape, |at, row, head, i, j| {
        let factor = thinning.map_or(1.0, |it| {
            let kept = it.stream.uniform(it.offset + at as u64) >= it.rate;
            if kept { 1.0 / (1.0 - f64::from(it.rate)) } else { 0.0 }
        });
        let its = head * shape.value_heads / shape.heads;
        for d in 0..dim {
            y[((row * shape.queries + i) * shape.heads + head) * dim + d] +=
                R::of(factor) * weights[at] * v[((row * shape.keys + j) * shape.value_heads + its) * dim + d];
        }
    });
}

/// The index of every weight, with its row, head, query and key.
fn for_each(shape: &Shape, mut f: impl FnMut(usize, usize, usize, usize, usize)) {
    let mut at = 0;
    for row in 0..shape.rows {
        for head in 0..shape.heads {
            for i in 0..shape.queries {
                for j in 0..shape.keys {
                    f(at, row, head, i, j);
                    at += 1;
                }
            }
        }
    }
}

/// Turns the planes of `(rows, steps, heads, 2 half)` by the angles whose `cos` and `sin` are `(steps, half)`.
pub fn rotate<R: Real>(heads: usize, half: usize, cos: &[R], sin: &[R], sign: R, x: &[R], y: &mut [R]) {
    let steps = cos.len() / half;
    for i in 0..x.len() / (2 * half) {
        for j in 0..half {
            let angle = i / heads % steps * half + j;
            let (a, b) = (x[2 * half * i + j], x[2 * half * i + half + j]);
            y[2 * half * i + j] = a * cos[angle] - b * sign * sin[angle];
            y[2 * half * i + half + j] = b * cos[angle] + a * sign * sin[angle];
        }
    }
}
