//! `simple_rnn`, `lstm`, `gru`, and `bidirectional` around them: `(steps, inputs)` to `(steps, units)` or `(units)`.

use super::weights::{Weight, weight};
use super::{Lower, Site, shown};
use crate::error::{Code, Error};
use crate::ops::{self, Cell, Op, RecurrentRoom};
use crate::plan::TensorId;
use crate::spec::layers::MergeMode;
use crate::spec::{Activation, ActivationKind, LayerKind, Regularizer, layers};
use tabgrad_kernels::recurrent::{Function, Gates, Outputs};

/// What the three layers have in common.
struct Layer<'a> {
    cell: Cell,
    units: usize,
    activation: Activation,
    recurrent_activation: Activation,
    unit_forget_bias: bool,
    use_bias: bool,
    return_sequences: bool,
    return_state: bool,
    go_backwards: bool,
    dropout: f64,
    recurrent_dropout: f64,
    zero_output_for_mask: bool,
    kernel: Weight<'a>,
    recurrent: Weight<'a>,
    bias: Weight<'a>,
    activity_regularizer: Option<&'a Regularizer>,
}

macro_rules! layer {
    ($of:expr, $cell:expr, $recurrent_activation:expr, $unit_forget_bias:expr) => {
        Layer {
            cell: $cell,
            units: $of.units,
            activation: $of.activation,
            recurrent_activation: $recurrent_activation,
            unit_forget_bias: $unit_forget_bias,
            use_bias: $of.use_bias,
            return_sequences: $of.return_sequences,
            return_state: $of.return_state,
            go_backwards: $of.go_backwards,
            dropout: $of.dropout,
            recurrent_dropout: $of.recurrent_dropout,
            zero_output_for_mask: $of.zero_output_for_mask,
            kernel: weight!($of, kernel),
            recurrent: weight!($of, recurrent),
            bias: weight!($of, bias),
            activity_regularizer: $of.activity_regularizer.as_ref(),
        }
    };
}

impl<'a> Layer<'a> {
    /// `None` for other layers.
    fn of(kind: &'a LayerKind) -> Option<Self> {
        Some(match kind {
            LayerKind::SimpleRnn(it) => it.layer(),
            LayerKind::Lstm(it) => it.layer(),
            LayerKind::Gru(it) => it.layer(),
            _ => return None,
        })
    }

    /// How many outputs it has behind the first.
    fn states_out(&self) -> usize {
        if self.return_state { self.cell.states() } else { 0 }
    }
}

impl Layer<'_> {
    /// The outputs behind the first, each with `way` in front.
    fn states_named(&self, way: &str) -> Vec<String> {
        let names: &[&str] = match self.cell {
            Cell::Lstm => &["hidden state", "cell state"],
            Cell::Simple | Cell::Gru { .. } => &["state"],
        };
        names[..self.states_out()].iter().map(|name| format!("{way}{name}")).collect()
    }
}

impl layers::SimpleRnn {
    fn layer(&self) -> Layer<'_> {
        layer!(self, Cell::Simple, Activation::LINEAR, false)
    }
}

impl layers::Lstm {
    fn layer(&self) -> Layer<'_> {
        layer!(self, Cell::Lstm, self.recurrent_activation, self.unit_forget_bias)
    }
}

impl layers::Gru {
    fn layer(&self) -> Layer<'_> {
        layer!(self, Cell::Gru { reset_after: self.reset_after }, self.recurrent_activation, false)
    }
}

macro_rules! lower {
    ($($Layer:ident),+) => {$(
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let layer = self.layer();
                let outputs = if layer.return_sequences { Outputs::Taken } else { Outputs::Last };
                site.recurrent(&layer, inputs, 0, outputs)
            }

            fn further_outputs(&self) -> Vec<String> {
                self.layer().states_named("")
            }

            fn initial_states(&self) -> usize {
                self.layer().cell.states()
            }
        }
    )+};
}
lower!(SimpleRnn, Lstm, Gru);

impl Lower for layers::Bidirectional {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let recurrent = |argument: &str, kind: &'_ LayerKind| {
            let expected = "simple_rnn, lstm or gru";
            Error::new(Code::Mismatch, site.path(argument), expected, format!("{:?}", kind.type_name()))
        };
        let mut there = Layer::of(&self.layer).ok_or_else(|| recurrent("layer", &self.layer))?;
        let other = self.backward_layer.as_ref().unwrap_or(&self.layer);
        let mut back = Layer::of(other).ok_or_else(|| recurrent("backward_layer", other))?;
        if self.backward_layer.is_none() {
            back.go_backwards = true;
        }
        if there.go_backwards == back.go_backwards {
            let name = if self.backward_layer.is_some() { "backward_layer" } else { "layer" };
            let argument = format!("{name}.go_backwards");
            let expected = "the other value, since the two layers go opposite ways";
            let found = back.go_backwards.to_string();
            return Err(Error::new(Code::Mismatch, site.path(&argument), expected, found));
        }
        if there.return_sequences != back.return_sequences {
            let expected = format!("{}, as the other layer has it", there.return_sequences);
            let path = site.path("backward_layer.return_sequences");
            return Err(Error::new(Code::Mismatch, path, expected, back.return_sequences.to_string()));
        }
        if there.return_state != back.return_state {
            let expected = format!("{}, as the other layer has it", there.return_state);
            let path = site.path("backward_layer.return_state");
            return Err(Error::new(Code::Mismatch, path, expected, back.return_state.to_string()));
        }
        // As Keras does it: a step left out gives zeros.
        there.zero_output_for_mask = there.return_sequences;
        back.zero_output_for_mask = there.return_sequences;
        let (taken, timed) = match there.return_sequences {
            true => (Outputs::Taken, Outputs::Timed),
            false => (Outputs::Last, Outputs::Last),
        };
        // The first half of the states to begin with is for the way there.
        let (first, half) = (0, 1 + (inputs.len() - 1).min(there.cell.states()));
        let (to_begin, to_begin_back) = inputs.split_at(half);
        let to_begin_back = [&inputs[..1], to_begin_back].concat();
        let name = format!("forward_{}", self.layer.type_name());
        let a = site.for_part(&name, "layer.").recurrent(&there, to_begin, first, taken)?;
        let name = format!("backward_{}", other.type_name());
        let within = if self.backward_layer.is_some() { "backward_layer." } else { "layer." };
        let b = site.for_part(&name, within).recurrent(&back, &to_begin_back, half - 1, timed)?;
        let mask = site.mask(a);
        if self.merge_mode == MergeMode::None {
            site.builder.further.insert(0, b);
            return Ok(a);
        }
        let joined = site.join(self.merge_mode, a, b)?;
        site.set_mask(joined, mask);
        Ok(joined)
    }

    fn further_outputs(&self) -> Vec<String> {
        let backward = (self.merge_mode == MergeMode::None).then(|| "backward".to_owned());
        let states = self.both().zip(["forward ", "backward "]).flat_map(|(it, way)| it.states_named(way));
        backward.into_iter().chain(states).collect()
    }

    fn initial_states(&self) -> usize {
        self.both().map(|it| it.cell.states()).sum()
    }
}

impl layers::Bidirectional {
    /// The two layers, as far as they are recurrent ones.
    fn both(&self) -> impl Iterator<Item = Layer<'_>> {
        let back = self.backward_layer.as_ref().unwrap_or(&self.layer);
        [&self.layer, back].into_iter().filter_map(|kind| Layer::of(kind))
    }
}

impl Site<'_> {
    /// One layer, or one direction of two. Behind the first of `inputs` are the states to begin with, if there are any; of all
    /// that the layer has they are those from `first` on.
    fn recurrent(
        &mut self,
        layer: &Layer<'_>,
        inputs: &[TensorId],
        first: usize,
        outputs: Outputs,
    ) -> Result<TensorId, Error> {
        let (x, initial) = (inputs[0], inputs[1..].to_vec());
        let shape = self.shape(x);
        let &[steps, inputs] = shape.as_slice() else {
            let error = self.mismatch("inputs", "steps of several values, such as (10, 3)", &shape);
            let hint = "put a reshape layer in front of it, or an embedding for numbers of words; a recurrent layer in \
                        front of it gives all steps with return_sequences";
            return Err(error.hint(hint));
        };
        let kinds = Gates {
            activation: self.gate("activation", layer.activation)?,
            recurrent_activation: self.gate("recurrent_activation", layer.recurrent_activation)?,
        };
        let units = layer.units;
        for (k, &state) in initial.iter().enumerate() {
            let found = self.shape(state);
            if found != [units] {
                let argument = format!("inputs[{}]", 1 + first + k);
                let path = format!("layers[{}].{argument}", self.index);
                let expected = format!("a state of as many values as there are units, {units}");
                return Err(Error::new(Code::Mismatch, path, expected, shown(&found)));
            }
        }
        let width = layer.cell.sums() * units;
        let resets_after = layer.cell == Cell::Gru { reset_after: true };
        let kernel = self.weight("kernel", &[inputs, width], layer.kernel)?;
        let recurrent = self.weight("recurrent_kernel", &[units, width], layer.recurrent)?;
        let bias_shape: &[usize] = if resets_after { &[2, width] } else { &[width] };
        let bias = self.weight_if(layer.use_bias, "bias", bias_shape, layer.bias)?;
        if let Some(bias) = bias.filter(|_| layer.unit_forget_bias) {
            self.builder.parameters[bias.0].ones = units..2 * units;
        }
        let mask = self.mask(x);
        // Dropout of the states makes Keras take the gates apart, and then inputs and states are thinned out for each gate on
        // its own; else the inputs once for all.
        let gates = layer.cell.sums();
        let is_apart = layer.dropout > 0.0 && layer.recurrent_dropout > 0.0 && gates > 1;
        let (x, copies) = match is_apart {
            true => (self.inner("copies", &layers::Concatenate::default(), &vec![x; gates])?, gates),
            false => (x, 1),
        };
        let x = match layer.dropout > 0.0 {
            true => self.dropout_alike(x, layer.dropout, &[1, copies * inputs]),
            false => x,
        };
        let y_shape: &[usize] = if outputs == Outputs::Last { &[units] } else { &[steps, units] };
        let y = self.builder.tensor(y_shape);
        let last: Vec<TensorId> = (0..layer.states_out()).map(|_| self.builder.tensor(&[units])).collect();
        let lane = self.builder.dropouts;
        self.builder.dropouts += u32::from(layer.recurrent_dropout > 0.0);
        self.builder.push(Op::Recurrent(ops::Recurrent {
            x,
            y,
            initial,
            last: last.clone(),
            mask,
            kernel,
            recurrent,
            bias,
            cell: layer.cell,
            inputs,
            is_apart,
            steps,
            units,
            gates: kinds,
            go_backwards: layer.go_backwards,
            outputs,
            zero_output_for_mask: layer.zero_output_for_mask,
            recurrent_dropout: layer.recurrent_dropout as f32,
            lane,
            room: RecurrentRoom::default(),
        }));
        // As in Keras, a penalty is on every output.
        let mut penalized = |x: TensorId| match layer.activity_regularizer {
            Some(regularizer) => self.activity_penalty(regularizer, x),
            None => x,
        };
        let y = penalized(y);
        let last: Vec<TensorId> = last.into_iter().map(penalized).collect();
        last.into_iter().for_each(|state| self.also(state));
        if outputs != Outputs::Last {
            self.set_mask(y, mask);
        }
        Ok(y)
    }

    /// The function of a gate, which gives as many values as it takes: one row for those of whole rows.
    fn gate(&self, argument: &str, activation: Activation) -> Result<Function, Error> {
        if let Some(each) = activation.kernel() {
            return Ok(Function::Each(each));
        }
        if activation.axis().of_rank(2) != Some(vec![1]) {
            let path = self.path(&format!("{argument}.axis"));
            let found = format!("{:?}", activation.axis().0);
            return Err(Error::new(Code::Mismatch, path, "-1 or 1, along the units of a step", found));
        }
        Ok(match activation.kind {
            ActivationKind::LogSoftmax => Function::LogSoftmax,
            ActivationKind::Sparsemax => Function::Sparsemax,
            ActivationKind::Softmax => Function::Softmax,
            _ => {
                let expected = "an activation that gives as many values as it takes, such as tanh";
                let found = format!("{:?}", activation.name());
                return Err(Error::new(Code::Mismatch, self.path(argument), expected, found));
            }
        })
    }

    /// Two outputs of one shape become one.
    fn join(&mut self, mode: MergeMode, a: TensorId, b: TensorId) -> Result<TensorId, Error> {
        let (one, two) = (self.shape(a), self.shape(b));
        if mode != MergeMode::Concat && one != two {
            return Err(self.mismatch("backward_layer.units", format!("outputs of {}", shown(&one)), &two));
        }
        let merge: &dyn Lower = match mode {
            MergeMode::Concat | MergeMode::None => &layers::Concatenate::default(),
            MergeMode::Sum => &layers::Add {},
            MergeMode::Mul => &layers::Multiply {},
            MergeMode::Ave => &layers::Average {},
        };
        self.inner("merge", merge, &[a, b])
    }
}
