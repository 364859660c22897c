//! Twins of attention and of their gradients.

use super::Real;
use crate::attention::{GivenWeights, Shape, Sight, Thinning};

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
                let none = !(0..shape.keys).any(|j| is_seen(shape, sight, (row, head), i, j));
                for j in 0..shape.keys {
                    scores[j] = match (none, is_seen(shape, sight, (row, head), i, j)) {
                        (true, _) if sight.is_hidden_zero => R::of(0.0),
                        (true, _) => R::of(1.0),
                        (_, true) => (scale * scores[j]).exp(),
                        _ => R::of(0.0),
                    };
                }
                if none && sight.is_hidden_zero {
                    continue;
                }
                let total: R = scores.iter().copied().sum();
                scores.iter_mut().for_each(|weight| *weight = *weight / total);
            }
        }
    }
}

/// Whether query `i` sees key `j`.
fn is_seen(shape: &Shape, sight: Sight, (row, head): (usize, usize), i: usize, j: usize) -> bool {
    sight.queries.is_none_or(|mask| mask[row * shape.queries + i] != 0.0)
        && sight.window.is_none_or(|window| i.abs_diff(j) < window)
        && sight.keys.is_none_or(|mask| mask[row * shape.keys + j] != 0.0)
        && (!sight.is_causal || j <= i)
        && sight.pairs.is_none_or(|pairs| pairs.of(row, head, i)[j % pairs.keys] != 0.0)
}

/// `y[row, i, head, d] = sum over j of dropout(weights[row, head, i, j]) * v[row, j, its head, d]`.
pub fn mix<R: Real>(shape: &Shape, weights: &[R], thinning: Option<Thinning>, v: &[R], y: &mut [R]) {
    let dim = shape.value_dim;
    y.fill(R::of(0.0));
    for_each(shape, |at, row, head, i, j| {
        let factor = kept::<R>(thinning, at);
        let its = head * shape.value_heads / shape.heads;
        for d in 0..dim {
            y[((row * shape.queries + i) * shape.heads + head) * dim + d] +=
                factor * weights[at] * v[((row * shape.keys + j) * shape.value_heads + its) * dim + d];
        }
    });
}

/// What dropout makes of a weight that is 1.
pub fn kept<R: Real>(thinning: Option<Thinning>, at: usize) -> R {
    R::of(thinning.map_or(1.0, |it| {
        let kept = it.stream.uniform(it.offset + at as u64) >= it.rate;
        if kept { 1.0 / (1.0 - f64::from(it.rate)) } else { 0.0 }
    }))
}

/// The gradients of [`dot_scores`] with respect to `q` and `k`.
pub fn dot_backward<R: Real>(shape: &Shape, q: &[R], k: &[R], d_scores: &[R], d_q: &mut [R], d_k: &mut [R]) {
    let dim = shape.key_dim;
    d_q.fill(R::of(0.0));
    d_k.fill(R::of(0.0));
    for_each(shape, |at, row, head, i, j| {
        let its = head * shape.value_heads / shape.heads;
        let of_q = ((row * shape.queries + i) * shape.heads + head) * dim;
        let of_k = ((row * shape.keys + j) * shape.value_heads + its) * dim;
        for d in 0..dim {
            d_q[of_q + d] += d_scores[at] * k[of_k + d];
            d_k[of_k + d] += d_scores[at] * q[of_q + d];
        }
    });
}

/// The gradients of [`additive_scores`]: `d_q` and `d_k`, and the shares of every row in those of `outer` and `inner`,
/// `d_outer[row, d]` and `d_inner[row, d]`.
#[expect(clippy::too_many_arguments, reason = "operands and results of one formula")]
pub fn additive_backward<R: Real>(
    shape: &Shape,
    q: &[R],
    k: &[R],
    inner: R,
    outer: &[R],
    d_scores: &[R],
    d_q: &mut [R],
    d_k: &mut [R],
    d_outer: &mut [R],
    d_inner: &mut [R],
) {
    let dim = shape.key_dim;
    for d in [&mut *d_q, &mut *d_k, &mut *d_outer, &mut *d_inner] {
        d.fill(R::of(0.0));
    }
    for_each(shape, |at, row, _, i, j| {
        for d in 0..dim {
            let (of_q, of_k) = ((row * shape.queries + i) * dim + d, (row * shape.keys + j) * dim + d);
            let sum = q[of_q] + k[of_k];
            let tanh = (inner * sum).tanh();
            let slope = d_scores[at] * outer[d] * (R::of(1.0) - tanh * tanh);
            d_q[of_q] += slope * inner;
            d_k[of_k] += slope * inner;
            d_outer[row * dim + d] += d_scores[at] * tanh;
            d_inner[row * dim + d] += slope * sum;
        }
    });
}

/// The gradients of [`mix`] with the weights that [`weigh`] made of scores, and of these weights where they are `given`
/// out: with respect to these scores and to `v`. A
/// query that sees nothing weighs all keys alike, whatever their scores.
#[expect(clippy::too_many_arguments, reason = "operands and results of one formula")]
pub fn mix_backward<R: Real>(
    shape: &Shape,
    scale: R,
    sight: Sight,
    weights: &[R],
    thinning: Option<Thinning>,
    v: &[R],
    d_y: &[R],
    given: Option<GivenWeights>,
    d_scores: &mut [R],
    d_v: &mut [R],
) {
    let dim = shape.value_dim;
    let mut d_weights = vec![R::of(0.0); d_scores.len()];
    d_v.fill(R::of(0.0));
    for_each(shape, |at, row, head, i, j| {
        let factor = kept::<R>(thinning, at);
        let its = head * shape.value_heads / shape.heads;
        let of_y = ((row * shape.queries + i) * shape.heads + head) * dim;
        let of_v = ((row * shape.keys + j) * shape.value_heads + its) * dim;
        for d in 0..dim {
            d_weights[at] += factor * d_y[of_y + d] * v[of_v + d];
            d_v[of_v + d] += factor * weights[at] * d_y[of_y + d];
        }
    });
    if let Some(given) = given {
        for (at, (d, given_d)) in d_weights.iter_mut().zip(given.gradient).enumerate() {
            *d += kept::<R>(thinning.filter(|_| given.after_dropout), at) * R::of(f64::from(*given_d));
        }
    }
    for_each(shape, |at, row, head, i, j| {
        let first = at - j;
        let dot: R = (first..first + shape.keys).map(|at| weights[at] * d_weights[at]).sum();
        let sees_any = (0..shape.keys).any(|j| is_seen(shape, sight, (row, head), i, j));
        d_scores[at] = if sees_any { scale * weights[at] * (d_weights[at] - dot) } else { R::of(0.0) };
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
