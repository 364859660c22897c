//! Attention: scores, weights and dropout together, masks, shared heads, rotation.

use super::{Check, inputs, made, times};
use crate::attention::{GivenWeights, Pairs, Shape, Sight, Thinning};
use crate::reference;
use crate::rng::{Purpose, Stream};

const SCALE: f64 = 0.6;

fn shapes() -> [Shape; 3] {
    [[1, 1, 1, 1, 1, 1, 1], [3, 4, 4, 2, 2, 3, 2], [2, 3, 5, 4, 2, 2, 3]].map(
        |[rows, queries, keys, heads, value_heads, key_dim, value_dim]| Shape {
            rows,
            queries,
            keys,
            heads,
            value_heads,
            key_dim,
            value_dim,
        },
    )
}

fn scores_len(shape: &Shape) -> usize {
    shape.rows * shape.weights()
}

pub(super) fn dot(check: &mut Check) {
    for shape in shapes() {
        let q = inputs(1, shape.rows * shape.queries * shape.query_width());
        let k = inputs(2, shape.rows * shape.keys * shape.key_width());
        let d_scores = inputs(3, scores_len(&shape));
        let (mut d_q, mut d_k) = (vec![0.0; q.len()], vec![0.0; k.len()]);
        reference::dot_backward(&shape, &q, &k, &d_scores, &mut d_q, &mut d_k);
        let value = |q: &[f64], k: &[f64]| {
            times(&made(d_scores.len(), |scores| reference::dot_scores(&shape, q, k, scores)), &d_scores)
        };
        check.agree(&format!("q of {shape:?}"), &q, &d_q, |q| value(q, &k));
        check.agree(&format!("k of {shape:?}"), &k, &d_k, |k| value(&q, k));
    }
}

pub(super) fn additive(check: &mut Check) {
    for shape in shapes().map(|shape| Shape { heads: 1, value_heads: 1, ..shape }) {
        let (rows, dim) = (shape.rows, shape.key_dim);
        let (q, k) = (inputs(1, rows * shape.queries * dim), inputs(2, rows * shape.keys * dim));
        let (outer, d_scores) = (inputs(3, dim), inputs(4, scores_len(&shape)));
        let (mut d_q, mut d_k) = (vec![0.0; q.len()], vec![0.0; k.len()]);
        let (mut d_outer, mut d_inner) = (vec![0.0; rows * dim], vec![0.0; rows * dim]);
        reference::additive_backward(
            &shape,
            &q,
            &k,
            SCALE,
            &outer,
            &d_scores,
            &mut d_q,
            &mut d_k,
            &mut d_outer,
            &mut d_inner,
        );
        let value = |q: &[f64], k: &[f64], inner: f64, outer: &[f64]| {
            let scores = made(d_scores.len(), |scores| {
                reference::additive_scores(&shape, q, k, inner, outer, scores);
            });
            times(&scores, &d_scores)
        };
        check.agree("q", &q, &d_q, |q| value(q, &k, SCALE, &outer));
        check.agree("k", &k, &d_k, |k| value(&q, k, SCALE, &outer));
        let of_rows: Vec<f64> = (0..dim).map(|d| d_outer.iter().skip(d).step_by(dim).sum()).collect();
        check.agree("outer", &outer, &of_rows, |outer| value(&q, &k, SCALE, outer));
        let of_all = [d_inner.iter().sum()];
        check.agree("inner", &[SCALE], &of_all, |inner| value(&q, &k, inner[0], &outer));
    }
}

/// Through the weights to the scores: all that is seen, what is before, a window, masks that hide some keys or all, and
/// dropout.
pub(super) fn mix(check: &mut Check) {
    for shape in shapes() {
        let (keys, queries) = (shape.rows * shape.keys, shape.rows * shape.queries);
        let hidden_keys: Vec<f32> =
            (0..keys).map(|i| if i / shape.keys == 1 || i % 3 == 1 { 0.0 } else { 1.0 }).collect();
        let hidden_queries: Vec<f32> = (0..queries).map(|i| if i % 4 == 1 { 0.0 } else { 1.0 }).collect();
        let all = Sight::default();
        let seen: Vec<f32> =
            (0..scores_len(&shape)).map(|i| if i * 7 % 5 < 2 || i % 11 > 7 { 0.0 } else { 1.0 }).collect();
        let Shape { heads, queries: each, keys: of_each, .. } = shape;
        let pairs = Some(Pairs { mask: &seen, heads, queries: each, keys: of_each });
        let masked = Sight { keys: Some(&hidden_keys), queries: Some(&hidden_queries), ..all };
        let thinning = Thinning { stream: Stream::new(5, Purpose::Dropout, 2), offset: 3, rate: 0.3 };
        for (sight, thinning) in [
            (all, None),
            (Sight { is_causal: true, ..all }, Some(thinning)),
            (masked, None),
            (Sight { is_causal: true, ..masked }, Some(thinning)),
            (Sight { window: Some(2), is_blind_zero: true, ..masked }, None),
            (Sight { pairs, ..all }, None),
            (Sight { pairs, is_hidden_zero: true, ..masked }, Some(thinning)),
        ] {
            let scores = inputs(1, scores_len(&shape));
            let v = inputs(2, keys * shape.value_width());
            let d_y = inputs(3, queries * shape.output_width());
            // Where what is not seen has no weight, the weights are given out too.
            let d_given: Vec<f32> = inputs(4, scores.len()).iter().map(|d| *d as f32).collect();
            let given =
                sight.is_hidden_zero.then_some(GivenWeights { gradient: &d_given, after_dropout: true });
            let weights = |scores: &[f64]| {
                let mut weights = scores.to_vec();
                reference::weigh(&shape, SCALE, sight, &mut weights);
                weights
            };
            let (mut d_scores, mut d_v) = (vec![0.0; scores.len()], vec![0.0; v.len()]);
            reference::mix_backward(
                &shape,
                SCALE,
                sight,
                &weights(&scores),
                thinning,
                &v,
                &d_y,
                given,
                &mut d_scores,
                &mut d_v,
            );
            let value = |weights: &[f64], v: &[f64]| {
                let y = made(d_y.len(), |y| reference::mix(&shape, weights, thinning, v, y));
                let mut terms = times(&y, &d_y);
                if let Some(given) = given {
                    let of_weights = weights.iter().zip(given.gradient).enumerate();
                    terms.extend(of_weights.map(|(at, (weight, d))| {
                        reference::kept::<f64>(thinning, at) * weight * f64::from(*d)
                    }));
                }
                terms
            };
            let what = format!("{shape:?}, {sight:?}");
            check.agree(&format!("scores of {what}"), &scores, &d_scores, |s| value(&weights(s), &v));
            check.agree(&format!("v of {what}"), &v, &d_v, |v| value(&weights(&scores), v));
        }
    }
}

/// A rotation is undone by turning the other way, and so its gradient goes.
pub(super) fn rotate(check: &mut Check) {
    let (rows, steps, heads, half) = (2, 3, 2, 4);
    let n = rows * steps * heads * 2 * half;
    let (x, d_y, angles) = (inputs(1, n), inputs(2, n), inputs(3, steps * half));
    let (cos, sin): (Vec<f64>, Vec<f64>) = angles.iter().map(|angle| (angle.cos(), angle.sin())).unzip();
    for sign in [1.0, -1.0] {
        let turned =
            |sign: f64, x: &[f64]| made(n, |y| reference::rotate(heads, half, &cos, &sin, sign, x, y));
        check.agree("x", &x, &turned(-sign, &d_y), |x| times(&turned(sign, x), &d_y));
    }
}
