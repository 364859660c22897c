//! Additive scores (Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and translate",
//! 2014, as Keras simplifies it), for one head:
//!
//! ```text
//! score[i, j] = sum over d of outer[d] * tanh(inner * (q[i, d] + k[j, d]))
//! ```

use super::Shape;
use crate::lanes::{Lanes, constant, fold, sweep};
use crate::math;
use crate::on_lanes;

/// The scores; `q` is `(rows, queries, key_dim)`, `k` `(rows, keys, key_dim)`, `outer` `(key_dim)`, `scores`
/// `(rows, queries, keys)`.
pub fn additive_scores(shape: &Shape, q: &[f32], k: &[f32], inner: f32, outer: &[f32], scores: &mut [f32]) {
    assert!(shape.heads == 1 && shape.value_heads == 1 && outer.len() == shape.key_dim);
    assert!(scores.len() == shape.rows * shape.weights());
    for ((row, query, key), score) in places(shape).zip(scores) {
        let (q, k) = (query_of(shape, q, row, query), key_of(shape, k, row, key));
        *score = on_lanes!(l => l.total(fold(
            l,
            [q, k, outer],
            [0.0; 3],
            l.splat(0.0),
            #[inline(always)]
            |sum, [q, k, w]| l.madd(w, math::tanh(l, l.mul(l.splat(inner), l.add(q, k))), sum),
        )));
    }
}

/// The gradients of `q` and `k`, as far as asked for, and of `outer` and `inner` for every row by itself: `d_outer` is
/// `(rows, key_dim)`; `d_inner`, which is a sum over `key_dim` yet to be made, the same.
#[expect(clippy::too_many_arguments, reason = "what a score depends on")]
pub fn additive_backward(
    shape: &Shape,
    q: &[f32],
    k: &[f32],
    inner: f32,
    outer: &[f32],
    d_scores: &[f32],
    mut d_q: Option<&mut [f32]>,
    mut d_k: Option<&mut [f32]>,
    d_outer: &mut [f32],
    d_inner: &mut [f32],
    scratch: &mut [f32],
) {
    let dim = shape.key_dim;
    assert!(d_outer.len() == shape.rows * dim && d_inner.len() == shape.rows * dim);
    let d_both = &mut scratch[..dim];
    d_outer.fill(0.0);
    d_inner.fill(0.0);
    for d in [d_q.as_deref_mut(), d_k.as_deref_mut()].into_iter().flatten() {
        d.fill(0.0);
    }
    for ((row, query, key), &d_score) in places(shape).zip(d_scores) {
        let (q, k) = (query_of(shape, q, row, query), key_of(shape, k, row, key));
        let own = row * dim..(row + 1) * dim;
        on_lanes!(l => sweep(
            l,
            [q, k, outer],
            [&mut d_outer[own.clone()], &mut d_inner[own], &mut *d_both],
            #[inline(always)]
            |[q, k, w], [d_outer, d_inner, _]| {
                let (inner, d_score, sum) = (l.splat(inner), l.splat(d_score), l.add(q, k));
                let t = math::tanh(l, l.mul(inner, sum));
                let d = l.mul(l.mul(d_score, w), l.sub(constant!(l, 1.0), l.mul(t, t)));
                [l.madd(d_score, t, d_outer), l.madd(d, sum, d_inner), l.mul(d, inner)]
            },
        ));
        if let Some(d_q) = &mut d_q {
            let at = (row * shape.queries + query) * dim;
            crate::elementwise::axpy(1.0, d_both, &mut d_q[at..at + dim]);
        }
        if let Some(d_k) = &mut d_k {
            let at = (row * shape.keys + key) * dim;
            crate::elementwise::axpy(1.0, d_both, &mut d_k[at..at + dim]);
        }
    }
}

/// Row, query and key of every score, in order.
fn places(shape: &Shape) -> impl Iterator<Item = (usize, usize, usize)> + use<> {
    let Shape { rows, queries, keys, .. } = *shape;
    (0..rows * queries * keys).map(move |i| (i / (queries * keys), i / keys % queries, i % keys))
}

fn query_of<'a>(shape: &Shape, q: &'a [f32], row: usize, query: usize) -> &'a [f32] {
    &q[(row * shape.queries + query) * shape.key_dim..][..shape.key_dim]
}

fn key_of<'a>(shape: &Shape, k: &'a [f32], row: usize, key: usize) -> &'a [f32] {
    &k[(row * shape.keys + key) * shape.key_dim..][..shape.key_dim]
}
