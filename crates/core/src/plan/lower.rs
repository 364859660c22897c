//! From layers to ops: every layer finds the shape of its output, or says why there is none, and emits its ops.

use super::build::{Builder, volume};
use super::graph::{Place, Source};
use super::tensor::TensorId;
use crate::arena::Span;
use crate::error::{Code, Error};
use crate::ops::{
    Activate, ActivityPenalty, Add, BatchNormalize, Concatenate, Dense, Drop, Op, Reshape, Softmax,
};
use crate::spec::layers;
use crate::spec::{Activation, Layer, LayerKind, ModelSpec, Regularizer};
use crate::spec::{Initializer, initializers};
use tabgrad_kernels::activation::{Activation as Kernel, needs_input};

/// Lowers all layers in order; returns the output of each. With `logits_apart`, the last activation stays an op of its
/// own, so that a cross-entropy can take what goes into it.
pub(crate) fn lower(
    builder: &mut Builder,
    model: &ModelSpec,
    places: &[Place],
    features: TensorId,
    logits_apart: bool,
) -> Result<Vec<TensorId>, Error> {
    let mut outputs: Vec<TensorId> = Vec::with_capacity(model.layers.len());
    for (i, (layer, place)) in model.layers.iter().zip(places).enumerate() {
        let inputs: Vec<TensorId> = place
            .sources
            .iter()
            .map(|source| match source {
                Source::Features => features,
                Source::Layer(at) => outputs[*at],
            })
            .collect();
        let is_last = i + 1 == model.layers.len();
        let mut site =
            Site { builder, layer, index: i, name: &place.name, keep_apart: is_last && logits_apart };
        let output = site.lower(&inputs)?;
        outputs.push(output);
    }
    Ok(outputs)
}

/// One layer being lowered.
struct Site<'a> {
    builder: &'a mut Builder,
    layer: &'a Layer,
    index: usize,
    name: &'a str,
    keep_apart: bool,
}

impl Site<'_> {
    fn path(&self, argument: &str) -> String {
        format!("layers[{}].{argument}", self.index)
    }

    fn shape(&self, tensor: TensorId) -> Vec<usize> {
        self.builder.shape(tensor).to_vec()
    }

    fn lower(&mut self, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let layer = self.layer;
        Ok(match &layer.kind {
            LayerKind::Input(input) => self.input(input, x)?,
            LayerKind::Dense(dense) => self.dense(dense, x),
            LayerKind::ActivationLayer(it) => self.activation(it.activation, x),
            LayerKind::Dropout(it) => self.dropout(it, x),
            LayerKind::BatchNormalization(it) => self.batch_normalization(it, x),
            LayerKind::Flatten(_) => {
                let len = volume(&self.shape(x));
                self.reshape(x, &[len])
            }
            LayerKind::Add(_) => self.add(inputs)?,
            LayerKind::Concatenate(_) => self.concatenate(inputs)?,
        })
    }

    /// Another name for `x`, for both its values and its gradient.
    fn reshape(&mut self, x: TensorId, shape: &[usize]) -> TensorId {
        let y = self.builder.alias(x, shape);
        self.builder.push(Op::Reshape(Reshape { x, y }));
        y
    }

    fn input(&mut self, input: &layers::Input, x: TensorId) -> Result<TensorId, Error> {
        let data = self.shape(x);
        let shape = input.shape.as_ref().map_or(data.clone(), |shape| shape.0.clone());
        if volume(&shape) != volume(&data) {
            let expected = format!("a shape of {} values, as many as the data have features", volume(&data));
            return Err(Error::new(Code::Mismatch, self.path("shape"), expected, shown(&shape)));
        }
        Ok(self.reshape(x, &shape))
    }

    fn dense(&mut self, dense: &layers::Dense, x: TensorId) -> TensorId {
        let mut shape = self.shape(x);
        let inputs = shape.pop().unwrap_or(1);
        let rows_each = volume(&shape);
        shape.push(dense.units);
        let kernel = self.parameter(
            "kernel",
            &[inputs, dense.units],
            &dense.kernel_initializer,
            dense.kernel_regularizer.as_ref(),
        );
        let bias = dense.use_bias.then(|| {
            let regularizer = dense.bias_regularizer.as_ref();
            self.parameter("bias", &[dense.units], &dense.bias_initializer, regularizer)
        });
        let fused = dense.activation.kernel().filter(|&it| !needs_input(it) && !self.keep_apart);
        let y = self.builder.tensor(&shape);
        self.builder.push(Op::Dense(Dense {
            x,
            y,
            kernel,
            bias,
            inputs,
            units: dense.units,
            rows_each,
            activation: fused.unwrap_or(Kernel::Linear),
            d_sum: None,
        }));
        let y = if fused.is_some() { y } else { self.activation(dense.activation, y) };
        self.activity_penalty(dense.activity_regularizer.as_ref(), y)
    }

    /// Linear: nothing to do.
    fn activation(&mut self, activation: Activation, x: TensorId) -> TensorId {
        if activation == Activation::Linear {
            return x;
        }
        let shape = self.shape(x);
        let y = self.builder.tensor(&shape);
        let cols = shape.last().copied().unwrap_or(1);
        let rows_each = volume(&shape) / cols;
        self.builder.push(match activation.kernel() {
            Some(kind) => Op::Activate(Activate { x, y, kind }),
            None => Op::Softmax(Softmax { x, y, cols, rows_each }),
        });
        y
    }

    fn activity_penalty(&mut self, regularizer: Option<&Regularizer>, x: TensorId) -> TensorId {
        let Some(regularizer) = regularizer else { return x };
        let (l1, l2) = regularizer.factors();
        let shape = self.shape(x);
        let y = self.builder.alias(x, &shape);
        self.builder.push(Op::ActivityPenalty(ActivityPenalty {
            x,
            y,
            l1,
            l2,
            row_penalty: Span::default(),
        }));
        y
    }

    fn dropout(&mut self, dropout: &layers::Dropout, x: TensorId) -> TensorId {
        let shape = self.shape(x);
        let y = self.builder.tensor(&shape);
        let lane = self.builder.dropouts;
        self.builder.dropouts += 1;
        self.builder.push(Op::Drop(Drop { x, y, rate: dropout.rate as f32, lane }));
        y
    }

    fn batch_normalization(&mut self, it: &layers::BatchNormalization, x: TensorId) -> TensorId {
        let shape = self.shape(x);
        let cols = shape.last().copied().unwrap_or(1);
        let ones = Initializer::Ones(initializers::Ones {});
        let zeros = Initializer::Zeros(initializers::Zeros {});
        let gamma = it.scale.then(|| self.parameter("gamma", &[cols], &ones, None));
        let beta = it.center.then(|| self.parameter("beta", &[cols], &zeros, None));
        let moving_mean = self.statistic("moving_mean", cols, 0.0);
        let moving_variance = self.statistic("moving_variance", cols, 1.0);
        let y = self.builder.tensor(&shape);
        self.builder.push(Op::BatchNormalize(BatchNormalize {
            x,
            y,
            cols,
            rows_each: volume(&shape) / cols,
            gamma,
            beta,
            moving_mean,
            moving_variance,
            mean: Span::default(),
            variance: Span::default(),
            d_gamma: Span::default(),
            d_beta: Span::default(),
            epsilon: it.epsilon as f32,
            momentum: it.momentum as f32,
            frozen: !self.layer.trainable,
        }));
        y
    }

    fn add(&mut self, x: &[TensorId]) -> Result<TensorId, Error> {
        let shape = self.shape(x[0]);
        for (k, &other) in x.iter().enumerate().skip(1) {
            let found = self.shape(other);
            if found != shape {
                let expected = format!("the shape of the first input, {}", shown(&shape));
                let path = self.path(&format!("inputs[{k}]"));
                return Err(Error::new(Code::Mismatch, path, expected, shown(&found)));
            }
        }
        let y = self.builder.tensor(&shape);
        self.builder.push(Op::Add(Add { x: x.to_vec(), y }));
        Ok(y)
    }

    fn concatenate(&mut self, x: &[TensorId]) -> Result<TensorId, Error> {
        let mut shape = self.shape(x[0]);
        let leading = shape[..shape.len() - 1].to_vec();
        let mut cols = 0usize;
        for (k, &part) in x.iter().enumerate() {
            let found = self.shape(part);
            if found[..found.len() - 1] != leading {
                let expected =
                    format!("the shape of the first input but for the last axis, {}", shown(&shape));
                let path = self.path(&format!("inputs[{k}]"));
                return Err(Error::new(Code::Mismatch, path, expected, shown(&found)));
            }
            cols = cols.saturating_add(found[found.len() - 1]);
        }
        if let Some(last) = shape.last_mut() {
            *last = cols;
        }
        let y = self.builder.tensor(&shape);
        self.builder.push(Op::Concatenate(Concatenate { x: x.to_vec(), y }));
        Ok(y)
    }

    fn parameter(
        &mut self,
        name: &str,
        shape: &[usize],
        initializer: &Initializer,
        regularizer: Option<&Regularizer>,
    ) -> super::tensor::ParameterId {
        let name = format!("{}/{name}", self.name);
        let trainable = self.layer.trainable;
        self.builder.parameter(self.index, name, shape, initializer, regularizer, trainable)
    }

    fn statistic(&mut self, name: &str, len: usize, start: f32) -> Span {
        self.builder.statistic(self.index, format!("{}/{name}", self.name), len, start)
    }
}

/// `(28, 28)`
pub(crate) fn shown(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("({})", sizes.join(", "))
}
