//! Attention of every kind: `(queries, ...)`, `(values, ...)` and perhaps `(keys, ...)` to `(queries, ...)`.

use super::dense::Projection;
use super::weights::{Weight, weight};
use super::{Lower, Site, shown};
use crate::error::{Code, Error};
use crate::ops::{self, AttentionRoom, Op, PairMask, Score};
use crate::plan::TensorId;
use crate::spec::axes::Axes;
use crate::spec::layers::ScoreMode;
use crate::spec::{Activation, Initializer, Regularizer, initializers, layers};
use std::ops::RangeInclusive;
use tabgrad_kernels::attention::Shape;

/// A query, a value and a key: one input for all, or two, or three; and a mask behind them.
const fn inputs(use_attention_mask: bool) -> RangeInclusive<usize> {
    if use_attention_mask { 2..=4 } else { 1..=3 }
}

/// What the kinds differ in.
struct Kind {
    score: Score,
    is_blind_zero: bool,
    /// Keras' heads go two ways: where one kernel does all, a query that sees no key takes the mean of all values, else zeros.
    is_hidden_zero: bool,
    is_causal: bool,
    window: Option<usize>,
    dropout: f64,
    heads: usize,
    value_heads: usize,
    gives_weights: bool,
}

/// The inputs by their roles.
#[derive(Clone, Copy)]
struct Roles {
    query: TensorId,
    value: TensorId,
    key: TensorId,
    /// Which query sees which key.
    pairs: Option<TensorId>,
}

impl Roles {
    fn of(inputs: &[TensorId], pairs: Option<TensorId>) -> Self {
        let value = inputs.get(1).copied().unwrap_or(inputs[0]);
        Self { query: inputs[0], value, key: inputs.get(2).copied().unwrap_or(value), pairs }
    }
}

/// The inputs without the mask behind them, and that.
fn split(inputs: &[TensorId], use_attention_mask: bool) -> (&[TensorId], Option<TensorId>) {
    match inputs {
        [inputs @ .., pairs] if use_attention_mask => (inputs, Some(*pairs)),
        _ => (inputs, None),
    }
}

impl Lower for layers::Attention {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let (inputs, pairs) = split(inputs, self.use_attention_mask);
        let roles = site.roles(inputs, pairs)?;
        let ones = Initializer::Ones(initializers::Ones {});
        let scale = self.use_scale.then(|| site.parameter("scale", &[], &ones, None));
        let score = match (self.score_mode, scale) {
            (ScoreMode::Dot, None) => Score::Dot(1.0),
            (ScoreMode::Dot, Some(scale)) => Score::ScaledDot(scale),
            (ScoreMode::Concat, inner) => {
                Score::Tanh { inner, outer: Some(site.parameter("concat_score_weight", &[], &ones, None)) }
            }
        };
        let kind = Kind::single(score, self.dropout, self.use_causal_mask, self.return_attention_scores);
        site.attend(roles, roles, kind)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        inputs(self.use_attention_mask)
    }

    fn further_outputs(&self) -> Vec<String> {
        scores(self.return_attention_scores)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

/// The output behind the first, if there is one.
fn scores(are_returned: bool) -> Vec<String> {
    are_returned.then(|| "attention scores".into()).into_iter().collect()
}

impl Lower for layers::AdditiveAttention {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let (inputs, pairs) = split(inputs, self.use_attention_mask);
        let roles = site.roles(inputs, pairs)?;
        let dim = site.shape(roles.query)[1];
        let glorot = Initializer::GlorotUniform(initializers::GlorotUniform {});
        let outer = self.use_scale.then(|| site.parameter("scale", &[dim], &glorot, None));
        let score = Score::Tanh { inner: None, outer };
        let kind = Kind::single(score, self.dropout, self.use_causal_mask, self.return_attention_scores);
        site.attend(roles, roles, kind)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        inputs(self.use_attention_mask)
    }

    fn further_outputs(&self) -> Vec<String> {
        scores(self.return_attention_scores)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Kind {
    /// One head without projections.
    fn single(score: Score, dropout: f64, is_causal: bool, gives_weights: bool) -> Self {
        let (window, heads, value_heads) = (None, 1, 1);
        Self {
            score,
            is_blind_zero: true,
            is_hidden_zero: false,
            is_causal,
            window,
            dropout,
            heads,
            value_heads,
            gives_weights,
        }
    }
}

/// What `multi_head_attention` and `group_query_attention` have in common.
struct Heads<'a> {
    heads: usize,
    value_heads: usize,
    key_dim: usize,
    value_dim: usize,
    outputs: Option<&'a [usize]>,
    /// The argument that says how large a head is.
    size: &'static str,
    is_causal: bool,
    dropout: f64,
    use_bias: bool,
    window: Option<usize>,
    use_gate: bool,
    use_rotary: bool,
    pairs: Option<TensorId>,
    gives_weights: bool,
    weights: [Weight<'a>; 2],
    activity_regularizer: Option<&'a Regularizer>,
}

macro_rules! heads {
    ($of:ident, $pairs:expr, $($field:ident: $value:expr),+) => {
        Heads {
            $($field: $value,)+
            is_causal: $of.use_causal_mask,
            dropout: $of.dropout,
            use_bias: $of.use_bias,
            window: $of.sliding_window,
            use_gate: $of.use_gate,
            use_rotary: $of.use_rotary,
            pairs: $pairs,
            gives_weights: $of.return_attention_scores,
            weights: [weight!($of, kernel), weight!($of, bias)],
            activity_regularizer: $of.activity_regularizer.as_ref(),
        }
    };
}

impl Lower for layers::MultiHeadAttention {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let (inputs, pairs) = split(inputs, self.use_attention_mask);
        let heads = heads!(self, pairs, heads: self.num_heads, value_heads: self.num_heads, key_dim: self.key_dim,
            value_dim: self.value_dim.unwrap_or(self.key_dim), outputs: self.output_shape.as_ref().map(|it| &it.0[..]), size: "key_dim");
        let is_sequence = self.attention_axes.as_ref().is_none_or(|axes| axes.0 == [1])
            && inputs.iter().all(|&x| site.shape(x).len() < 3);
        let y = match is_sequence {
            true => site.attend_with_heads(&heads, inputs, pairs, false)?,
            false => site.attend_along(self.attention_axes.as_ref(), &heads, inputs)?,
        };
        let Some(outputs) = heads.outputs.filter(|sizes| sizes.len() > 1) else { return Ok(y) };
        let mut shape = site.shape(y);
        shape.pop();
        Ok(site.reshape(y, &[&shape[..], outputs].concat()))
    }

    fn arity(&self) -> RangeInclusive<usize> {
        inputs(self.use_attention_mask)
    }

    fn further_outputs(&self) -> Vec<String> {
        scores(self.return_attention_scores)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::GroupQueryAttention {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let (many, few) = (self.num_query_heads, self.num_key_value_heads);
        if !many.is_multiple_of(few) {
            let expected = format!("a divisor of num_query_heads, which is {many}");
            return Err(site.mismatch("num_key_value_heads", expected, &[few]));
        }
        let (inputs, pairs) = split(inputs, self.use_attention_mask);
        let heads = heads!(self, pairs, heads: many, value_heads: few, key_dim: self.head_dim,
            value_dim: self.head_dim, outputs: None, size: "head_dim");
        let y = site.attend_with_heads(&heads, inputs, pairs, false)?;
        // Unlike several heads, which have it for the products within alone, Keras has it here for what comes out as well.
        Ok(match &self.activity_regularizer {
            Some(regularizer) => site.penalized_outputs(regularizer, y),
            None => y,
        })
    }

    fn arity(&self) -> RangeInclusive<usize> {
        inputs(self.use_attention_mask)
    }

    fn further_outputs(&self) -> Vec<String> {
        scores(self.return_attention_scores)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Site<'_> {
    /// The inputs by their roles, if they are sequences that go together.
    fn roles(&mut self, inputs: &[TensorId], pairs: Option<TensorId>) -> Result<Roles, Error> {
        for (k, &input) in inputs.iter().enumerate() {
            let shape = self.shape(input);
            if shape.len() != 2 {
                let argument = if inputs.len() == 1 { "inputs".into() } else { format!("inputs[{k}]") };
                return Err(self.mismatch(&argument, "steps of several values, such as (10, 3)", &shape));
            }
        }
        let roles = Roles::of(inputs, pairs);
        let (value, key) = (self.shape(roles.value), self.shape(roles.key));
        if value[0] != key[0] {
            let expected = format!("as many keys as there are values, {}", value[0]);
            return Err(self.mismatch("inputs[2]", expected, &key));
        }
        Ok(roles)
    }

    /// The mask of keys and values: both must count. As in Keras, that of keys counts for several heads alone.
    fn key_mask(&mut self, roles: Roles, of_heads: bool) -> Option<TensorId> {
        match (self.mask(roles.value), self.mask(roles.key).filter(|_| of_heads)) {
            (Some(value), Some(key)) if value != key => {
                let steps = self.shape(key);
                let both = self.builder.mask(&steps);
                self.builder.push(Op::Multiply(ops::Multiply { a: value, b: key, y: both }));
                Some(both)
            }
            (value, key) => value.or(key),
        }
    }

    /// The mask of pairs: `(keys)`, `(queries, keys)` or `(heads, queries, keys)`, with 1 where all are alike.
    fn pair_mask(&self, mask: TensorId, shape: &Shape) -> Result<PairMask, Error> {
        let found = self.shape(mask);
        let sizes = match *found.as_slice() {
            [keys] => Some([1, 1, keys]),
            [queries, keys] => Some([1, queries, keys]),
            [heads, queries, keys] => Some([heads, queries, keys]),
            _ => None,
        };
        let all = [shape.heads, shape.queries, shape.keys];
        match sizes.filter(|sizes| sizes.iter().zip(all).all(|(&size, all)| size == 1 || size == all)) {
            Some([heads, queries, keys]) => Ok(PairMask { mask, heads, queries, keys }),
            None => {
                let expected = format!(
                    "a mask, the last input, of queries and keys: {}, or with the heads in front",
                    shown(&all[1..])
                );
                Err(self.mismatch("inputs", expected, &found))
            }
        }
    }

    /// The attention itself, between what was made of the inputs `of`, whose masks hold.
    fn attend(&mut self, projected: Roles, of: Roles, kind: Kind) -> Result<TensorId, Error> {
        let shapes = [projected.query, projected.key, projected.value].map(|id| self.shape(id));
        let [query, key, value] = &shapes;
        let shape = Shape {
            rows: 0,
            queries: query[0],
            keys: key[0],
            heads: kind.heads,
            value_heads: kind.value_heads,
            key_dim: query[1] / kind.heads,
            value_dim: value[1] / kind.value_heads,
        };
        if key[1] != shape.key_width() {
            let expected = format!("keys of as many values as the queries, {}", query[1]);
            let hint = format!("put a dense layer of {} units in front of the keys", query[1]);
            return Err(self.mismatch("inputs", expected, key).hint(hint));
        }
        let (query_mask, key_mask) = (self.mask(of.query), self.key_mask(of, !kind.is_blind_zero));
        let pairs = of.pairs.map(|mask| self.pair_mask(mask, &shape)).transpose()?;
        let scores = [shape.heads, shape.queries, shape.keys];
        let scores = if kind.is_blind_zero { &scores[1..] } else { &scores };
        let weights = kind.gives_weights.then(|| self.builder.tensor(scores));
        let y = self.builder.tensor(&[shape.queries, shape.output_width()]);
        let lane = self.builder.dropouts;
        self.builder.dropouts += u32::from(kind.dropout > 0.0);
        self.builder.push(Op::Attention(ops::Attention {
            query: projected.query,
            key: projected.key,
            value: projected.value,
            y,
            query_mask,
            key_mask,
            pairs,
            weights,
            after_dropout: kind.is_blind_zero,
            is_blind_zero: kind.is_blind_zero,
            is_hidden_zero: kind.is_hidden_zero,
            is_causal: kind.is_causal,
            window: kind.window,
            score: kind.score,
            shape,
            dropout: kind.dropout as f32,
            lane,
            room: AttentionRoom::default(),
        }));
        weights.into_iter().for_each(|weights| self.also(weights));
        Ok(y)
    }

    /// Projections to heads, the attention, and the projection of all heads together.
    fn attend_with_heads(
        &mut self,
        it: &Heads<'_>,
        inputs: &[TensorId],
        pairs: Option<TensorId>,
        is_along: bool,
    ) -> Result<TensorId, Error> {
        let of = self.roles(inputs, pairs)?;
        let features = self.shape(of.query)[1];
        let mut project = |name: &'static str, x: TensorId, sizes: [usize; 2]| {
            let inputs = self.shape(x)[1];
            self.project(name, it, x, (&[inputs], &sizes), Activation::LINEAR)
        };
        let query = project("query", of.query, [it.heads, it.key_dim])?;
        let key = project("key", of.key, [it.value_heads, it.key_dim])?;
        let value = project("value", of.value, [it.value_heads, it.value_dim])?;
        let (query, key) = if it.use_rotary {
            (self.rotary(query, it.heads, it.size)?, self.rotary(key, it.value_heads, it.size)?)
        } else {
            (query, key)
        };
        let kind = Kind {
            score: Score::Dot(1.0 / (it.key_dim as f32).sqrt()),
            is_blind_zero: false,
            is_hidden_zero: it.gives_weights || it.dropout > 0.0 || is_along,
            is_causal: it.is_causal,
            window: it.window,
            dropout: it.dropout,
            heads: it.heads,
            value_heads: it.value_heads,
            gives_weights: it.gives_weights,
        };
        let mut mixed = self.attend(Roles { query, value, key, pairs }, of, kind)?;
        if it.use_gate {
            let axes = (&[features][..], &[it.heads, it.value_dim][..]);
            let gate = self.project("gate", it, of.query, axes, Activation::SIGMOID)?;
            mixed = self.inner("gated", &layers::Multiply {}, &[mixed, gate])?;
        }
        let features = [features];
        let axes = (&[it.heads, it.value_dim][..], it.outputs.unwrap_or(&features));
        self.project("attention_output", it, mixed, axes, Activation::LINEAR)
    }

    /// The same for inputs of more axes: they are put in an order in which those that do not look at each other are rows, and
    /// those that do are steps.
    fn attend_along(
        &mut self,
        axes: Option<&Axes>,
        it: &Heads<'_>,
        inputs: &[TensorId],
    ) -> Result<TensorId, Error> {
        let shape = self.shape(inputs[0]);
        let last = shape.len() - 1;
        let named = match axes {
            None => Some((0..last).collect::<Vec<_>>()),
            Some(axes) => axes
                .of_rank(last + 1)
                .filter(|axes| axes.first().is_some_and(|&first| first > 0))
                .map(|axes| axes.iter().map(|axis| axis - 1).collect()),
        };
        let Some(named) = named.filter(|named| !named.is_empty()) else {
            let expected = format!("axes from 1 to {last}, those between the batch and the values");
            let found = format!("{:?}", axes.map_or(&[][..], |axes| &axes.0));
            return Err(Error::new(Code::OutOfRange, self.path("attention_axes"), expected, found));
        };
        let others: Vec<usize> = (0..last).filter(|axis| !named.contains(axis)).collect();
        let order = [&others[..], &named, &[last]].concat();
        let leading: Vec<usize> = others.iter().map(|&axis| shape[axis]).collect();
        let mut rows = Vec::with_capacity(2 * inputs.len() + 1);
        let mut masks = Vec::new();
        for (k, &x) in inputs.iter().enumerate() {
            let found = self.shape(x);
            if found.len() != last + 1
                || others.iter().zip(&leading).any(|(&axis, size)| found[axis] != *size)
            {
                let expected = format!(
                    "as many axes as the query, and its sizes along those not attended: {}",
                    shown(&shape)
                );
                return Err(self.mismatch(&format!("inputs[{k}]"), expected, &found));
            }
            let steps = named.iter().map(|&axis| found[axis]).product();
            let moved = self.transposed(x, &order);
            rows.push(self.reshape(moved, &[&leading[..], &[steps, found[last]]].concat()));
            if let Some(mask) = self.mask(x) {
                if self.shape(mask).len() != last {
                    let expected = "a mask of every place, or none";
                    return Err(self.mismatch(&format!("inputs[{k}]"), expected, &self.shape(mask)));
                }
                let moved = self.transposed(mask, &order[..last]);
                masks.push((k, self.reshape(moved, &[&leading[..], &[steps]].concat())));
            }
        }
        let sizes_of = |site: &Self, x: TensorId| -> Vec<usize> {
            let shape = site.shape(x);
            named.iter().map(|&axis| shape[axis]).collect()
        };
        let attended = [sizes_of(self, inputs[0]), sizes_of(self, Roles::of(inputs, None).key)];
        let pairs = it.pairs.map(|mask| self.pairs_along(mask, &leading, &attended)).transpose()?;
        let count = rows.len();
        rows.extend(masks.iter().map(|(_, mask)| *mask).chain(pairs));
        let y = self.as_rows(&leading, &rows, |site, rows| {
            for ((k, _), mask) in masks.iter().zip(&rows[count..]) {
                site.set_mask(rows[*k], Some(*mask));
            }
            let pairs = pairs.and(rows.last().copied());
            site.attend_with_heads(it, &rows[..count], pairs, true)
        })?;
        if let Some(weights) = self.builder.further.pop() {
            let shape = [&leading[..], &[it.heads], &attended.concat()].concat();
            let weights = self.reshape(weights, &shape);
            self.also(weights);
        }
        let outputs = self.shape(y).last().copied().unwrap_or(1);
        let sizes: Vec<usize> = order[..last].iter().map(|&axis| shape[axis]).chain([outputs]).collect();
        let y = self.reshape(y, &sizes);
        let mut back = vec![0; last + 1];
        order.iter().enumerate().for_each(|(to, &from)| back[from] = to);
        Ok(self.transposed(y, &back))
    }

    /// A mask of pairs of places as one of pairs of steps for each of the rows: it has the axes of the rows in front, or is
    /// the same for all of them.
    fn pairs_along(
        &mut self,
        mask: TensorId,
        leading: &[usize],
        attended: &[Vec<usize>; 2],
    ) -> Result<TensorId, Error> {
        let (found, places) = (self.shape(mask), attended.concat());
        let [queries, keys] = [&attended[0], &attended[1]].map(|sizes| sizes.iter().product::<usize>());
        if found == [leading, &places].concat() {
            return Ok(self.reshape(mask, &[leading, &[queries, keys]].concat()));
        }
        if found != places {
            let expected = format!("a mask, the last input, of queries and keys: {}", shown(&places));
            return Err(self.mismatch("inputs", expected, &found));
        }
        let flat = self.reshape(mask, &[queries * keys]);
        let times = layers::RepeatVector { n: leading.iter().product() };
        let repeated = self.inner("pairs", &times, &[flat])?;
        Ok(self.reshape(repeated, &[leading, &[queries, keys]].concat()))
    }

    /// One of the projections: the axes of the kernel, those of the inputs and those of what comes out.
    fn project(
        &mut self,
        name: &str,
        it: &Heads<'_>,
        x: TensorId,
        (inputs, bias): (&[usize], &[usize]),
        activation: Activation,
    ) -> Result<TensorId, Error> {
        let steps = self.shape(x)[0];
        let (units, kernel) = (bias.iter().product(), [inputs, bias].concat());
        let projection = Projection {
            name: "kernel",
            kernel: &kernel,
            bias: it.use_bias.then_some(bias),
            weights: it.weights,
            is_transposed: false,
        };
        let within = self.within;
        let y = self.for_part(name, within).product(x, &[steps, units], units, &projection)?;
        self.finish(y, activation, it.activity_regularizer)
    }
}
