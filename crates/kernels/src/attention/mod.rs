//! Attention: every query takes a weighted mean of values, with weights by how well their keys match it.
//!
//! ```text
//! scores   queries x keys        a product (here), or a sum of tanh (`additive`)
//! weights  softmax(scale * scores) along the keys, without those that a mask leaves out
//! y        dropout(weights) · values
//! ```
//!
//! (Vaswani et al., "Attention is all you need", 2017.) One head is a set of columns of the queries, keys and values; several
//! heads of queries may share one of keys and values (Ainslie et al., "GQA", 2023). The weights of all heads are saved for
//! the way back. Rows of the batch are independent, so any cut by rows is allowed.

mod additive;
mod rotary;

pub use additive::*;
pub use rotary::*;

use crate::dropout;
use crate::elementwise;
use crate::gemm::{self, Beta, Epilogue, Form, Mat};
use crate::rng::Stream;
use crate::softmax;
use std::ops::Range;

/// Sizes of an attention for a batch of `rows`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows of the batch.
    pub rows: usize,
    /// Queries of each.
    pub queries: usize,
    /// Keys and values of each.
    pub keys: usize,
    /// Heads of the queries.
    pub heads: usize,
    /// Heads of keys and values; `heads` is a multiple of it.
    pub value_heads: usize,
    /// Columns of one head of queries and keys.
    pub key_dim: usize,
    /// Columns of one head of values.
    pub value_dim: usize,
}

/// Which keys a query sees.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sight<'a> {
    /// Query i sees keys 0 to i only.
    pub is_causal: bool,
    /// Query i sees only keys that are fewer than so many steps away.
    pub window: Option<usize>,
    /// `(rows, keys)`: 0 where a key is left out.
    pub keys: Option<&'a [f32]>,
    /// `(rows, queries)`: 0 where a query sees nothing, ...
    pub queries: Option<&'a [f32]>,
    /// ... which gives it zeros, and not the mean of all values.
    pub is_blind_zero: bool,
    /// Pair by pair.
    pub pairs: Option<Pairs<'a>>,
    /// What is not seen has no weight even where a query sees no key at all, which then takes zeros and not a mean.
    pub is_hidden_zero: bool,
}

/// Which query sees which key, pair by pair.
#[derive(Clone, Copy, Debug)]
pub struct Pairs<'a> {
    /// `(rows, heads, queries, keys)`: 0 where a key is not seen.
    pub mask: &'a [f32],
    /// Its sizes: all of each, or 1 where all are alike.
    pub heads: usize,
    /// As `heads`.
    pub queries: usize,
    /// As `heads`.
    pub keys: usize,
}

/// The gradient of the weights themselves, where they are given out.
#[derive(Clone, Copy, Debug)]
pub struct GivenWeights<'a> {
    /// Laid out as the weights are.
    pub gradient: &'a [f32],
    /// They are given out after dropout.
    pub after_dropout: bool,
}

/// Dropout of weights: see [`crate::dropout`].
#[derive(Clone, Copy, Debug)]
pub struct Thinning {
    /// The stream.
    pub stream: Stream,
    /// The index of the first weight of these rows.
    pub offset: u64,
    /// In (0, 1).
    pub rate: f32,
}

/// What the scores are lowered to where a query does not see a key, as in Keras: where it sees none at all, all are equal.
const UNSEEN: f32 = -1e9;

impl Shape {
    /// Columns of the queries.
    pub fn query_width(&self) -> usize {
        self.heads * self.key_dim
    }

    /// Columns of the keys.
    pub fn key_width(&self) -> usize {
        self.value_heads * self.key_dim
    }

    /// Columns of the values.
    pub fn value_width(&self) -> usize {
        self.value_heads * self.value_dim
    }

    /// Columns of the result.
    pub fn output_width(&self) -> usize {
        self.heads * self.value_dim
    }

    /// Weights of one row of the batch.
    pub fn weights(&self) -> usize {
        self.heads * self.queries * self.keys
    }

    /// f32 of scratch for every function here.
    pub fn scratch_len(&self) -> usize {
        let Self { queries, keys, key_dim, value_dim, .. } = *self;
        let wide = key_dim.max(value_dim);
        let long = queries.max(keys);
        let products = [Form::Nn, Form::Nt, Form::Tn].map(|form| {
            let sizes = [(queries, keys, wide), (queries, wide, keys), (keys, wide, queries)];
            sizes.into_iter().map(|(m, n, k)| gemm::scratch_len(form, m, n, k)).max().unwrap_or(0)
        });
        2 * queries * keys + long + products.into_iter().max().unwrap_or(0)
    }

    /// The head of keys and values that a head of queries looks at, and whether it is the first to do so.
    fn value_head(&self, head: usize) -> (usize, bool) {
        let group = self.heads / self.value_heads;
        (head / group, head.is_multiple_of(group))
    }

    /// Head `head` of row `row` in a matrix of `(rows, steps, heads, dim)`.
    fn part<'a>(&self, x: &'a [f32], (row, head): (usize, usize), sizes: (usize, usize, usize)) -> Mat<'a> {
        let (steps, heads, dim) = sizes;
        Mat { data: &x[row * steps * heads * dim + head * dim..], stride: heads * dim }
    }

    fn query<'a>(&self, x: &'a [f32], row: usize, head: usize) -> Mat<'a> {
        self.part(x, (row, head), (self.queries, self.heads, self.key_dim))
    }

    fn key<'a>(&self, x: &'a [f32], row: usize, head: usize) -> Mat<'a> {
        self.part(x, (row, self.value_head(head).0), (self.keys, self.value_heads, self.key_dim))
    }

    fn value<'a>(&self, x: &'a [f32], row: usize, head: usize) -> Mat<'a> {
        self.part(x, (row, self.value_head(head).0), (self.keys, self.value_heads, self.value_dim))
    }

    fn output<'a>(&self, x: &'a [f32], row: usize, head: usize) -> Mat<'a> {
        self.part(x, (row, head), (self.queries, self.heads, self.value_dim))
    }

    /// Every head of every row, with where its weights lie.
    fn each(&self) -> impl Iterator<Item = (usize, usize, Range<usize>)> + use<> {
        let (heads, size) = (self.heads, self.queries * self.keys);
        (0..self.rows * heads).map(move |i| (i / heads, i % heads, i * size..(i + 1) * size))
    }
}

/// `scores = q · k^T` for every head; `q` is `(rows, queries, heads, key_dim)`, `k` `(rows, keys, value_heads, key_dim)`,
/// `scores` `(rows, heads, queries, keys)`. Scores of keys that come after a query may be left as they are, where `sight`
/// hides them.
pub fn dot_scores(
    shape: &Shape,
    sight: Sight,
    q: &[f32],
    k: &[f32],
    scores: &mut [f32],
    scratch: &mut [f32],
) {
    let Shape { rows, queries, keys, key_dim, .. } = *shape;
    assert!(q.len() == rows * queries * shape.query_width() && k.len() == rows * keys * shape.key_width());
    for (row, head, at) in shape.each() {
        let (q, k) = (shape.query(q, row, head), shape.key(k, row, head));
        let to = &mut scores[at];
        for part in sight.parts(keys) {
            let first = sight.first_query(&part).min(queries);
            let (q, k) = (from_row(q, first), from_row(k, part.start));
            let to = &mut to[(first * keys + part.start).min(queries * keys)..];
            let m = queries - first;
            gemm::nt(m, part.len(), key_dim, q, k, to, keys, Beta::Zero, Epilogue::default(), scratch);
        }
    }
}

/// A matrix without its first rows.
fn from_row(x: Mat<'_>, row: usize) -> Mat<'_> {
    Mat { data: &x.data[(row * x.stride).min(x.data.len())..], ..x }
}

/// Makes weights of scores, in place: `softmax(scale * scores)` along the keys that are seen.
pub fn weigh(shape: &Shape, scale: f32, sight: Sight, weights: &mut [f32], scratch: &mut [f32]) {
    let scores = &mut scratch[..shape.keys];
    assert!(weights.len() == shape.rows * shape.weights());
    for (i, weights) in weights.chunks_exact_mut(shape.keys.max(1)).enumerate() {
        let (row, query) = (i / (shape.heads * shape.queries), i % shape.queries);
        let head = i / shape.queries % shape.heads;
        // What comes after a query has no weight, and no score to be looked at.
        let (weights_before, after) = weights.split_at_mut(sight.seen_until(query, shape.keys));
        let scores = &mut scores[..weights_before.len()];
        scores.copy_from_slice(weights_before);
        elementwise::scale(scale, scores);
        sight.hide(shape, (row, head, query), UNSEEN, scores);
        softmax::forward(1, scores.len(), scores, weights_before);
        if sight.is_hidden_zero {
            sight.hide(shape, (row, head, query), 0.0, weights_before);
        }
        after.fill(0.0);
        if sight.is_blind_zero && sight.is_blind(shape, (row, query)) {
            weights.fill(0.0);
        }
    }
}

/// `y = dropout(weights) · v` for every head; `v` is `(rows, keys, value_heads, value_dim)`, `y`
/// `(rows, queries, heads, value_dim)`.
pub fn mix(
    shape: &Shape,
    sight: Sight,
    weights: &[f32],
    thinning: Option<Thinning>,
    v: &[f32],
    y: &mut [f32],
    scratch: &mut [f32],
) {
    let Shape { rows, queries, keys, value_dim, .. } = *shape;
    assert!(v.len() == rows * keys * shape.value_width() && y.len() == rows * queries * shape.output_width());
    let (thinned, scratch) = scratch.split_at_mut(queries * keys);
    let width = shape.output_width();
    for (row, head, at) in shape.each() {
        let weights = thin(thinning, &weights[at.clone()], at.start, thinned);
        let v = shape.value(v, row, head);
        let to = &mut y[row * queries * width + head * value_dim..];
        sight.take_keys((queries, value_dim, keys), weights, v, to, width, scratch);
    }
}

/// The gradients of scores before their scaling by `scale` (in `d_scores`, laid out as the weights are) and, if asked
/// for, of `v`, from that of `y` and of the weights where they are `given` out.
#[expect(clippy::too_many_arguments, reason = "what a weighted mean depends on")]
pub fn mix_backward(
    shape: &Shape,
    scale: f32,
    sight: Sight,
    weights: &[f32],
    thinning: Option<Thinning>,
    v: &[f32],
    d_y: &[f32],
    given: Option<GivenWeights>,
    d_scores: &mut [f32],
    mut d_v: Option<&mut [f32]>,
    scratch: &mut [f32],
) {
    let Shape { queries, keys, value_dim, .. } = *shape;
    assert!(weights.len() == d_scores.len() && weights.len() == shape.rows * shape.weights());
    let (d_weights, scratch) = scratch.split_at_mut(queries * keys);
    let (thinned, scratch) = scratch.split_at_mut(queries * keys);
    for (row, head, at) in shape.each() {
        let d_y = shape.output(d_y, row, head);
        if let Some(d_v) = &mut d_v {
            let weights = thin(thinning, &weights[at.clone()], at.start, thinned);
            let (value_head, is_first) = shape.value_head(head);
            let to = &mut d_v[row * keys * shape.value_width() + value_head * value_dim..];
            let beta = if is_first { Beta::Zero } else { Beta::One };
            let sizes = (keys, value_dim, queries);
            sight.take_queries(sizes, weights, d_y, (to, shape.value_width(), beta), scratch);
        }
        let v = shape.value(v, row, head);
        for part in sight.parts(keys) {
            let first = sight.first_query(&part).min(queries);
            let (d_y, v) = (from_row(d_y, first), from_row(v, part.start));
            let to = &mut d_weights[(first * keys + part.start).min(queries * keys)..];
            let m = queries - first;
            gemm::nt(m, part.len(), value_dim, d_y, v, to, keys, Beta::Zero, Epilogue::default(), scratch);
        }
        let given = given.map(|given| (&given.gradient[at.clone()], given.after_dropout));
        if let Some((given, true)) = given {
            elementwise::axpy(1.0, given, d_weights);
        }
        thin(thinning, d_weights, at.start, thinned);
        let d_weights = if thinning.is_some() { &mut *thinned } else { &mut *d_weights };
        if let Some((given, false)) = given {
            elementwise::axpy(1.0, given, d_weights);
        }
        let (weights, d_scores) = (&weights[at.clone()], &mut d_scores[at]);
        for (query, d_scores) in d_scores.chunks_exact_mut(keys.max(1)).enumerate() {
            let (d_before, after) = d_scores.split_at_mut(sight.seen_until(query, keys));
            let seen = query * keys..query * keys + d_before.len();
            softmax::backward(1, d_before.len(), &weights[seen.clone()], &d_weights[seen], d_before);
            elementwise::scale(scale, d_before);
            sight.hide(shape, (row, head, query), 0.0, d_before);
            after.fill(0.0);
        }
    }
}

/// The gradients of `q` and `k`, as far as asked for, from that of the scores.
#[expect(clippy::too_many_arguments, reason = "what the scores depend on")]
pub fn dot_backward(
    shape: &Shape,
    sight: Sight,
    q: &[f32],
    k: &[f32],
    d_scores: &[f32],
    mut d_q: Option<&mut [f32]>,
    mut d_k: Option<&mut [f32]>,
    scratch: &mut [f32],
) {
    let Shape { queries, keys, key_dim, .. } = *shape;
    let (query_width, key_width) = (shape.query_width(), shape.key_width());
    for (row, head, at) in shape.each() {
        let d_scores = &d_scores[at];
        if let Some(d_q) = &mut d_q {
            let to = &mut d_q[row * queries * query_width + head * key_dim..];
            let k = shape.key(k, row, head);
            sight.take_keys((queries, key_dim, keys), d_scores, k, to, query_width, scratch);
        }
        if let Some(d_k) = &mut d_k {
            let (value_head, is_first) = shape.value_head(head);
            let to = &mut d_k[row * keys * key_width + value_head * key_dim..];
            let q = shape.query(q, row, head);
            let beta = if is_first { Beta::Zero } else { Beta::One };
            sight.take_queries((keys, key_dim, queries), d_scores, q, (to, key_width, beta), scratch);
        }
    }
}

/// `x` after dropout, in `to`; `x` itself without. `start` is its place among the weights of these rows.
fn thin<'a>(thinning: Option<Thinning>, x: &'a [f32], start: usize, to: &'a mut [f32]) -> &'a [f32] {
    let Some(it) = thinning else { return x };
    dropout::forward(&it.stream, it.offset + start as u64, it.rate, x, to);
    to
}

/// Keys or queries that are taken together where those after a query are passed over.
const TOGETHER: usize = 16;

impl Sight<'_> {
    /// Whether what comes after a query has no weight at all. With masks a query may see nothing, and then takes the mean of
    /// everything.
    fn is_cut(&self) -> bool {
        let masks = self.keys.is_some() || self.queries.is_some() || self.pairs.is_some();
        self.is_causal && self.window.is_none() && !masks
    }

    /// Keys from this one on have no weight for a query.
    fn seen_until(&self, query: usize, keys: usize) -> usize {
        if self.is_cut() { keys.min(query + 1) } else { keys }
    }

    /// `0..n` in parts that are taken together.
    fn parts(&self, n: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let each = if self.is_cut() { TOGETHER } else { n.max(1) };
        (0..n).step_by(each).map(move |start| start..n.min(start + each))
    }

    /// The first query that sees some of these keys.
    fn first_query(&self, keys: &Range<usize>) -> usize {
        if self.is_cut() { keys.start } else { 0 }
    }

    /// `to = weights · x` for `(queries, columns, keys)`: what a query takes from the keys that it sees.
    fn take_keys(
        &self,
        (queries, columns, keys): (usize, usize, usize),
        weights: &[f32],
        x: Mat<'_>,
        to: &mut [f32],
        width: usize,
        scratch: &mut [f32],
    ) {
        for part in self.parts(queries) {
            let seen = self.seen_until(part.end - 1, keys);
            let weights = Mat { data: &weights[part.start * keys..], stride: keys };
            let to = &mut to[part.start * width..];
            gemm::nn(
                part.len(),
                columns,
                seen,
                weights,
                x,
                to,
                width,
                Beta::Zero,
                Epilogue::default(),
                scratch,
            );
        }
    }

    /// `to = weights^T · x`, perhaps added to it, for `(keys, columns, queries)`: what a key gets of the queries that see it.
    fn take_queries(
        &self,
        (keys, columns, queries): (usize, usize, usize),
        weights: &[f32],
        x: Mat<'_>,
        (to, width, beta): (&mut [f32], usize, Beta),
        scratch: &mut [f32],
    ) {
        for part in self.parts(keys) {
            let first = self.first_query(&part).min(queries);
            let from = (first * keys + part.start).min(weights.len());
            let weights = Mat { data: &weights[from..], stride: keys };
            let (x, to) = (from_row(x, first), &mut to[part.start * width..]);
            let k = queries - first;
            gemm::tn(part.len(), columns, k, weights, x, to, width, beta, Epilogue::default(), scratch);
        }
    }

    /// Whether a query sees nothing.
    fn is_blind(&self, shape: &Shape, (row, query): (usize, usize)) -> bool {
        self.queries.is_some_and(|mask| mask[row * shape.queries + query] == 0.0)
    }

    /// Writes `value` where a query does not see a key.
    fn hide(
        &self,
        shape: &Shape,
        (row, head, query): (usize, usize, usize),
        value: f32,
        of_keys: &mut [f32],
    ) {
        if self.is_blind(shape, (row, query)) {
            of_keys.fill(value);
            return;
        }
        let keys = of_keys.len();
        if self.is_causal {
            of_keys[(query + 1).min(keys)..].fill(value);
        }
        if let Some(window) = self.window {
            of_keys[..(query + 1).saturating_sub(window).min(keys)].fill(value);
            of_keys[query.saturating_add(window).min(keys)..].fill(value);
        }
        if let Some(mask) = self.keys {
            for (x, &seen) in of_keys.iter_mut().zip(&mask[row * shape.keys..]) {
                if seen == 0.0 {
                    *x = value;
                }
            }
        }
        if let Some(pairs) = self.pairs {
            let of_query = pairs.of(row, head, query);
            for (key, x) in of_keys.iter_mut().enumerate() {
                if of_query[key % pairs.keys] == 0.0 {
                    *x = value;
                }
            }
        }
    }
}

impl Pairs<'_> {
    /// What a query sees: of every key, or of all at once.
    pub(crate) fn of(&self, row: usize, head: usize, query: usize) -> &[f32] {
        let (head, query) = (head % self.heads, query % self.queries);
        &self.mask[((row * self.heads + head) * self.queries + query) * self.keys..][..self.keys]
    }
}
