//! Attention between projected queries, keys and values, own rows of the batch; what it computes is in
//! `tabgrad_kernels::attention`. Its few weights of its own (a scale) get their gradient as a sum of one part per row.

use super::Operation;
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::{Frame, Mode};
use tabgrad_kernels::attention::{self, GivenWeights, Pairs, Shape, Sight, Thinning};
use tabgrad_kernels::dropout;
use tabgrad_kernels::rng::{Purpose, Stream};
use tabgrad_kernels::{elementwise, reduce};

/// How queries and keys are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Score {
    /// `scale * q · k`
    Dot(f32),
    /// The same with a scale that is learned, a vector of one.
    ScaledDot(ParameterId),
    /// `sum of outer * tanh(inner * (q + k))`: both 1 if nothing else is said; `outer` has one value, or one for each of the
    /// sum.
    Tanh { inner: Option<ParameterId>, outer: Option<ParameterId> },
}

#[derive(Clone, Debug)]
pub(crate) struct Attention {
    pub query: TensorId,
    pub key: TensorId,
    pub value: TensorId,
    pub y: TensorId,
    /// `(queries)` and `(keys)`: 0 where a step is left out.
    pub query_mask: Option<TensorId>,
    pub key_mask: Option<TensorId>,
    /// Which query sees which key: 0 where it does not.
    pub pairs: Option<PairMask>,
    /// The weights as a further output, `(heads, queries, keys)`: in Keras, of `attention` and `additive_attention` after their
    /// dropout, and as they are for a query that is left out.
    pub weights: Option<TensorId>,
    pub after_dropout: bool,
    /// A query that is left out gives zeros, and not the mean of all values.
    pub is_blind_zero: bool,
    /// A query that sees no key gives zeros.
    pub is_hidden_zero: bool,
    pub is_causal: bool,
    pub window: Option<usize>,
    pub score: Score,
    /// Of one row of the batch.
    pub shape: Shape,
    pub dropout: f32,
    /// Tells the streams of several dropout layers apart.
    pub lane: u32,
    pub room: AttentionRoom,
}

/// A mask of pairs, `(heads, queries, keys)`, of each of which there is one where all are alike. It has no gradient: what
/// made it gets zeros.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairMask {
    pub mask: TensorId,
    pub heads: usize,
    pub queries: usize,
    pub keys: usize,
}

/// Memory of an attention.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AttentionRoom {
    /// For every row of the batch, head, query and key.
    weights: Span,
    /// The scores before the learned scale.
    raw: Span,
    /// As the weights, in the arena of gradients.
    d_scores: Span,
    /// Parts of the gradients of `outer` (or of the scale) and of `inner`, for every row of the batch.
    d_outer: Span,
    d_inner: Span,
    /// The gradient of `y` where the queries that are left out give zeros beside weights that are none.
    d_y: Span,
}

impl Attention {
    fn own(&self, frame: &Frame<'_>) -> Shape {
        Shape { rows: frame.rows.len(), ..self.shape }
    }

    fn sight<'a>(&self, frame: &Frame<'a>) -> Sight<'a> {
        let query_mask = self.query_mask.filter(|_| !self.blanks_queries());
        Sight {
            is_causal: self.is_causal,
            window: self.window,
            keys: self.key_mask.map(|mask| frame.value(mask)),
            queries: query_mask.map(|mask| frame.value(mask)),
            is_blind_zero: self.is_blind_zero,
            is_hidden_zero: self.is_hidden_zero,
            pairs: self.pairs.map(|it| Pairs {
                mask: frame.value(it.mask),
                heads: it.heads,
                queries: it.queries,
                keys: it.keys,
            }),
        }
    }

    /// Whether queries that are left out have weights, and zeros only in `y`.
    fn blanks_queries(&self) -> bool {
        self.is_blind_zero && self.weights.is_some() && self.query_mask.is_some()
    }

    /// Sets the queries that are left out to zero in `y` or in its gradient.
    fn blank_queries(&self, frame: &Frame<'_>, y: &mut [f32]) {
        let Some(mask) = self.query_mask else { return };
        let queries = y.chunks_exact_mut(self.shape.output_width()).zip(frame.value(mask));
        queries.filter(|(_, seen)| **seen == 0.0).for_each(|(y, _)| y.fill(0.0));
    }

    /// The weights as they are given out.
    fn give_weights(&self, frame: &Frame<'_>, to: TensorId) {
        let weights = frame.read_value_span(self.span_of(frame, self.room.weights));
        let to = frame.value_mut(to);
        match self.thinning(frame).filter(|_| self.after_dropout) {
            Some(it) => dropout::forward(&it.stream, it.offset, it.rate, weights, to),
            None => to.copy_from_slice(weights),
        }
    }

    fn thinning(&self, frame: &Frame<'_>) -> Option<Thinning> {
        let Mode::Training { step } = frame.mode else { return None };
        let row = frame.first_row(step);
        (self.dropout > 0.0).then(|| Thinning {
            stream: Stream::new(frame.plan.seed, Purpose::Dropout, self.lane),
            offset: row * self.shape.weights() as u64,
            rate: self.dropout,
        })
    }

    /// What the scores are multiplied with in front of the softmax.
    fn scale(&self, frame: &Frame<'_>) -> f32 {
        match self.score {
            Score::Dot(scale) => scale,
            Score::ScaledDot(scale) => frame.parameter(scale)[0],
            Score::Tanh { .. } => 1.0,
        }
    }

    /// `inner`, and `outer` for every value of a sum, in `room`.
    fn factors<'a>(
        &self,
        frame: &Frame<'_>,
        inner: Option<ParameterId>,
        outer: Option<ParameterId>,
        room: &'a mut [f32],
    ) -> (f32, &'a [f32]) {
        match outer.map(|outer| frame.parameter(outer)) {
            None => room.fill(1.0),
            Some(&[outer]) => room.fill(outer),
            Some(outer) => room.copy_from_slice(outer),
        }
        (inner.map_or(1.0, |inner| frame.parameter(inner)[0]), room)
    }

    /// Sums of the parts of all rows, for the values `own` of a weight.
    fn sum(&self, frame: &Frame<'_>, id: ParameterId, parts: Span) {
        let Some((own, d)) = frame.parameter_gradient_mut(id) else { return };
        let cols = self.parts();
        let parts = frame.read_gradient_span(parts.rows(&(0..frame.batch), cols));
        if frame.plan.parameters[id.0].span.len == 1 {
            // All parts are of this one value.
            reduce::column_sums(parts.len(), 1, parts, own, d);
        } else {
            reduce::column_sums(frame.batch, cols, parts, own, d);
        }
    }

    /// Parts of a weight's gradient that one row gives.
    fn parts(&self) -> usize {
        if matches!(self.score, Score::Tanh { .. }) { self.shape.key_dim } else { 1 }
    }

    fn span_of(&self, frame: &Frame<'_>, span: Span) -> Span {
        span.rows(&frame.rows, self.shape.weights())
    }

    /// The part of the scale's gradient that each row gives, and the gradients of the scores before it, in place.
    fn through_scale(&self, frame: &Frame<'_>, scale: f32, d_scores: &mut [f32]) {
        let each = self.shape.weights();
        let raw = frame.read_value_span(self.span_of(frame, self.room.raw));
        let parts = frame.write_gradient_span(self.room.d_outer.rows(&frame.rows, 1));
        let products = &mut frame.scratch()[..each];
        let rows = raw.chunks_exact(each).zip(d_scores.chunks_exact_mut(each));
        for ((raw, d_scores), part) in rows.zip(parts) {
            elementwise::mul(raw, d_scores, products);
            *part = reduce::sum(products) as f32;
            elementwise::scale(scale, d_scores);
        }
    }
}

impl Operation for Attention {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        let pairs = self.pairs.as_mut().map(|it| &mut it.mask);
        let masks = [self.query_mask.as_mut(), self.key_mask.as_mut(), pairs];
        [&mut self.query, &mut self.key, &mut self.value]
            .into_iter()
            .chain(masks.into_iter().flatten())
            .collect()
    }

    fn outputs(&self) -> Vec<TensorId> {
        [Some(self.y), self.weights].into_iter().flatten().collect()
    }

    fn parameters(&self) -> Vec<ParameterId> {
        match self.score {
            Score::Dot(_) => Vec::new(),
            Score::ScaledDot(scale) => vec![scale],
            Score::Tanh { inner, outer } => [inner, outer].into_iter().flatten().collect(),
        }
    }

    fn place(&mut self, room: &mut Room<'_>) {
        let each = self.shape.weights();
        let mut own = AttentionRoom { weights: room.value_rows(each), ..AttentionRoom::default() };
        if matches!(self.score, Score::ScaledDot(_)) {
            own.raw = room.value_rows(each);
        }
        if room.has_gradient(self.y) {
            if self.blanks_queries() {
                own.d_y = room.gradient_rows(self.shape.queries * self.shape.output_width());
            }
            own.d_scores = room.gradient_rows(each);
            if !matches!(self.score, Score::Dot(_)) {
                own.d_outer = room.gradient_rows(self.parts());
                own.d_inner = room.gradient_rows(self.parts());
            }
        }
        self.room = own;
    }

    fn forward(&self, frame: &Frame<'_>) {
        let shape = self.own(frame);
        let (q, k, v) = (frame.value(self.query), frame.value(self.key), frame.value(self.value));
        let weights = frame.write_value_span(self.span_of(frame, self.room.weights));
        let scratch = frame.scratch();
        match self.score {
            Score::Dot(_) => attention::dot_scores(&shape, self.sight(frame), q, k, weights, scratch),
            Score::ScaledDot(_) => {
                // The gradient of the scale looks at all of them.
                attention::dot_scores(&shape, Sight::default(), q, k, weights, scratch);
                frame.write_value_span(self.span_of(frame, self.room.raw)).copy_from_slice(weights);
            }
            Score::Tanh { inner, outer } => {
                let (inner, outer) = self.factors(frame, inner, outer, &mut scratch[..shape.key_dim]);
                attention::additive_scores(&shape, q, k, inner, outer, weights);
            }
        }
        let scratch = frame.scratch();
        attention::weigh(&shape, self.scale(frame), self.sight(frame), weights, scratch);
        let (sight, thinning) = (self.sight(frame), self.thinning(frame));
        let y = frame.value_mut(self.y);
        attention::mix(&shape, sight, weights, thinning, v, y, scratch);
        if self.blanks_queries() {
            self.blank_queries(frame, y);
        }
        if let Some(to) = self.weights {
            self.give_weights(frame, to);
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let Some(mut d_y) = frame.gradient(self.y) else { return };
        let shape = self.own(frame);
        if self.blanks_queries() {
            let each = shape.queries * shape.output_width();
            let own = frame.write_gradient_span(self.room.d_y.rows(&frame.rows, each));
            own.copy_from_slice(d_y);
            self.blank_queries(frame, own);
            d_y = own;
        }
        if let Some(d_mask) = self.pairs.and_then(|it| frame.gradient_mut(it.mask)) {
            d_mask.fill(0.0);
        }
        let gradient = self.weights.and_then(|weights| frame.gradient(weights));
        let given = gradient.map(|gradient| GivenWeights { gradient, after_dropout: self.after_dropout });
        let (q, k, v) = (frame.value(self.query), frame.value(self.key), frame.value(self.value));
        let weights = frame.read_value_span(self.span_of(frame, self.room.weights));
        let d_scores = frame.write_gradient_span(self.span_of(frame, self.room.d_scores));
        let scale = self.scale(frame);
        let learned = matches!(self.score, Score::ScaledDot(_));
        let (sight, thinning) = (self.sight(frame), self.thinning(frame));
        attention::mix_backward(
            &shape,
            if learned { 1.0 } else { scale },
            sight,
            weights,
            thinning,
            v,
            d_y,
            given,
            d_scores,
            frame.gradient_mut(self.value),
            frame.scratch(),
        );
        if learned {
            self.through_scale(frame, scale, d_scores);
        }
        let (d_q, d_k) = (frame.gradient_mut(self.query), frame.gradient_mut(self.key));
        match self.score {
            Score::Dot(_) | Score::ScaledDot(_) => {
                attention::dot_backward(&shape, sight, q, k, d_scores, d_q, d_k, frame.scratch());
            }
            Score::Tanh { inner, outer } => {
                let (room, rest) = frame.scratch().split_at_mut(shape.key_dim);
                let (inner, outer) = self.factors(frame, inner, outer, room);
                let part = |span: Span| frame.write_gradient_span(span.rows(&frame.rows, shape.key_dim));
                let (d_outer, d_inner) = (part(self.room.d_outer), part(self.room.d_inner));
                attention::additive_backward(
                    &shape, q, k, inner, outer, d_scores, d_q, d_k, d_outer, d_inner, rest,
                );
            }
        }
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        if frame.gradient(self.y).is_none() {
            return;
        }
        match self.score {
            Score::Dot(_) => {}
            Score::ScaledDot(scale) => self.sum(frame, scale, self.room.d_outer),
            Score::Tanh { inner, outer } => {
                for (id, parts) in [(inner, self.room.d_inner), (outer, self.room.d_outer)] {
                    if let Some(id) = id {
                        self.sum(frame, id, parts);
                    }
                }
            }
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        let Shape { key_dim, value_dim, .. } = self.shape;
        let each = if self.parts() == 1 { 2 * key_dim } else { 20 * key_dim };
        (self.shape.weights() * (each + 2 * value_dim + 20)) as u64
    }

    fn backward_factor(&self) -> u64 {
        2
    }

    fn scratch_len(&self, _: &Plan, _: usize) -> usize {
        let scaled = if matches!(self.score, Score::ScaledDot(_)) { self.shape.weights() } else { 0 };
        self.shape.scratch_len().max(scaled).max(2 * self.shape.key_dim)
    }
}
