//! From layers to ops: every layer finds the shape of its output, or says why there is none, and emits its ops.
//!
//! A file for each family of layers; [`Site`] is where a layer stands while that happens.

mod activation;
mod attention;
mod axes;
mod block;
mod convolution;
mod dense;
mod einsum;
mod merging;
mod moves;
mod normalization;
mod pooling;
mod positions;
mod recurrent;
mod regularization;
mod reshaping;
mod sequence;
mod sliding;
mod steps;
mod weights;

use super::build::Builder;
use super::graph::{End, Place, Source};
use super::tensor::{ParameterId, TensorId};
use crate::arena::Span;
use crate::error::{Code, Error};
use crate::program::Bound;
use crate::spec::axes::Axes;
use crate::spec::layers::every_layer;
use crate::spec::{Activation, Constraint, Initializer, Layer, LayerKind, ModelSpec, Regularizer};
use std::ops::{Range, RangeInclusive};

/// What every layer can do.
pub(crate) trait Lower {
    /// Emits the ops of this layer and returns its output. `inputs` are as many as the layer takes.
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error>;

    /// Whether the mask of its first input is also that of its output, as Keras' `supports_masking` has it; otherwise the
    /// mask ends here, unless the layer sets one itself ([`Site::set_mask`]).
    fn passes_mask(&self) -> bool {
        false
    }

    /// How many inputs it takes.
    fn arity(&self) -> RangeInclusive<usize> {
        1..=1
    }

    /// What its outputs behind the first are, for people: those that [`Site::also`] makes, in order.
    fn further_outputs(&self) -> Vec<String> {
        Vec::new()
    }

    /// How many states it may take behind its input, to begin with.
    fn initial_states(&self) -> usize {
        0
    }

    /// The activation that it ends in, if that is one of its arguments.
    fn activation(&self) -> Option<Activation> {
        None
    }

    /// The argument that says how many outputs it has: `units`, `filters`.
    fn outputs_argument(&self) -> Option<&'static str> {
        None
    }
}

macro_rules! lowering {
    ($($Layer:ident),+ $(,)?) => {
        impl LayerKind {
            /// What this layer does with tensors.
            pub(crate) fn lowering(&self) -> &dyn Lower {
                match self { $( Self::$Layer(layer) => layer, )+ }
            }
        }
    };
}
every_layer!(lowering);

/// What all layers were lowered to.
pub(crate) struct Lowered {
    /// The output of each.
    pub outputs: Vec<TensorId>,
    /// Of layers with several, those behind the first.
    further: Vec<Vec<TensorId>>,
}

impl Lowered {
    /// An output of the model.
    pub fn end(&self, end: &End) -> TensorId {
        match end.output {
            0 => self.outputs[end.layer],
            output => self.further[end.layer][output - 1],
        }
    }
}

/// Lowers all layers in order; returns the outputs of each. With `logits_apart`, the last activation stays an op of its
/// own, so that a cross-entropy can take what goes into it.
pub(crate) fn lower(
    builder: &mut Builder,
    model: &ModelSpec,
    places: &[Place],
    features: TensorId,
    logits_apart: &[usize],
) -> Result<Lowered, Error> {
    let mut outputs: Vec<TensorId> = Vec::with_capacity(model.layers.len());
    let mut further: Vec<Vec<TensorId>> = Vec::with_capacity(model.layers.len());
    for (index, (layer, place)) in model.layers.iter().zip(places).enumerate() {
        let inputs: Vec<TensorId> = place
            .sources
            .iter()
            .map(|source| match source {
                Source::Features => features,
                Source::Layer(at, 0) => outputs[*at],
                Source::Layer(at, output) => further[*at][output - 1],
            })
            .collect();
        let keep_apart = logits_apart.contains(&index);
        let owner = place.owner.map(|owner| places[owner].name.as_str());
        let columns = place.columns.clone();
        let (name, part, within) = (&place.name, String::new(), "");
        let mut site = Site { builder, layer, index, name, part, owner, columns, within, keep_apart };
        let mut y = site.lower(layer.kind.lowering(), &inputs)?;
        if let Some(regularizer) = &layer.activity_regularizer {
            y = site.penalized_outputs(regularizer, y);
        }
        if let Some(mistake) = site.builder.mistake.take() {
            return Err(mistake);
        }
        outputs.push(y);
        further.push(std::mem::take(&mut builder.further));
    }
    Ok(Lowered { outputs, further })
}

/// One layer being lowered.
pub(crate) struct Site<'a> {
    builder: &'a mut Builder,
    layer: &'a Layer,
    index: usize,
    name: &'a str,
    /// Stands before the names of the weights of a part: `forward_lstm/`.
    part: String,
    /// The name of the layer whose weights are also this one's.
    owner: Option<&'a str>,
    /// Which of the features it takes, for one of several input layers.
    columns: Option<Range<usize>>,
    /// Which of its arguments is being lowered, if that is a layer: `layer.`.
    within: &'static str,
    /// Whether the last activation must stay an op of its own.
    keep_apart: bool,
}

impl Site<'_> {
    /// The shape of a tensor, without the batch.
    fn shape(&self, tensor: TensorId) -> Vec<usize> {
        self.builder.shape(tensor).to_vec()
    }

    /// Which steps of a tensor count, if some do not: a tensor of 0 and 1 of the shape of its leading axes. An op that reads
    /// it names it among its inputs.
    pub fn mask(&self, tensor: TensorId) -> Option<TensorId> {
        self.builder.drafts[tensor.0].mask
    }

    /// Says which steps of `y` count, with the mask of another tensor or one made by `site.builder.mask(&steps)`.
    pub fn set_mask(&mut self, y: TensorId, mask: Option<TensorId>) {
        self.builder.drafts[y.0].mask = mask;
    }

    /// Says that the layer has this output too, behind those it has.
    pub fn also(&mut self, y: TensorId) {
        self.builder.further.push(y);
    }

    /// Lowers a layer, this one or one inside it, and passes its mask on.
    fn lower(&mut self, lowering: &dyn Lower, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let y = lowering.lower(self, inputs)?;
        if lowering.passes_mask() && self.mask(y).is_none() {
            let mask = self.mask(inputs[0]);
            self.set_mask(y, mask);
        }
        Ok(y)
    }

    /// All outputs of the layer with a penalty on each.
    fn penalized_outputs(&mut self, regularizer: &Regularizer, y: TensorId) -> TensorId {
        let mut outputs = vec![y];
        outputs.append(&mut self.builder.further);
        for output in &mut outputs {
            let mask = self.mask(*output);
            *output = self.activity_penalty(regularizer, *output);
            self.set_mask(*output, mask);
        }
        self.builder.further = outputs.split_off(1);
        outputs[0]
    }

    /// Lowers another layer as a part of this one: its weights are called `this layer/name/kernel`.
    fn inner(&mut self, name: &str, layer: &dyn Lower, inputs: &[TensorId]) -> Result<TensorId, Error> {
        self.for_part(name, self.within).lower(layer, inputs)
    }

    /// A part of this layer with weights of its own, described by the argument `within`.
    fn for_part<'b>(&'b mut self, name: &str, within: &'static str) -> Site<'b> {
        let (part, columns) = (format!("{}{name}/", self.part), None);
        Site { builder: self.builder, part, columns, within, keep_apart: false, ..*self }
    }

    /// Where a mistake at one of this layer's arguments is.
    fn path(&self, argument: &str) -> String {
        format!("layers[{}].{}{argument}", self.index, self.within)
    }

    /// The axis that an argument names for input `which` of `rank` axes behind the batch: the first of those is 0 here. One
    /// axis is meant for all inputs.
    pub fn axis(&self, argument: &str, axes: &Axes, which: usize, rank: usize) -> Result<usize, Error> {
        let named = match axes.0.as_slice() {
            [one] => Some(*one),
            several => several.get(which).copied(),
        };
        let count = rank as i32 + 1;
        let axis = named.map(|axis| if axis < 0 { axis + count } else { axis });
        match axis.filter(|axis| (1..count).contains(axis)) {
            Some(axis) => Ok(axis as usize - 1),
            None => {
                let expected = format!("an axis from 1 to {rank} or from -{rank} to -1");
                Err(Error::new(Code::OutOfRange, self.path(argument), expected, format!("{:?}", axes.0)))
            }
        }
    }

    /// A mistake in how this layer and its surroundings fit, at one of its arguments.
    fn mismatch(&self, argument: &str, expected: impl Into<String>, found: &[usize]) -> Error {
        Error::new(Code::Mismatch, self.path(argument), expected, shown(found))
    }

    /// What these weights are brought back to after every update; where they are another layer's, that says it.
    pub fn constrain(&mut self, id: ParameterId, constraint: Option<&Constraint>) -> Result<(), Error> {
        let (Some(constraint), None) = (constraint, self.owner) else { return Ok(()) };
        let parameter = &mut self.builder.parameters[id.0];
        let bound = Bound::of(constraint, &parameter.shape);
        if bound.is_none() {
            let name = parameter.name.rsplit('/').next().unwrap_or_default();
            let argument = format!("{name}_constraint.axis");
            let shape = parameter.shape.clone();
            let expected = "axes of the weights";
            return Err(self.mismatch(&argument, expected, &shape));
        }
        parameter.constraint = bound;
        Ok(())
    }

    /// Notes it when weights of that shape cannot begin or be penalized so.
    fn check_fit(
        &mut self,
        name: &str,
        shape: &[usize],
        initializer: &Initializer,
        regularizer: Option<&Regularizer>,
    ) {
        let (argument, expected, fits) = match (initializer, regularizer) {
            (Initializer::Identity(_), _) => ("initializer", "a matrix, for identity", shape.len() == 2),
            (Initializer::Orthogonal(_), _) => {
                ("initializer", "two axes or more, for orthogonal", shape.len() >= 2)
            }
            (_, Some(Regularizer::Orthogonal(_))) => {
                ("regularizer", "a matrix, for orthogonal_regularizer", shape.len() == 2)
            }
            _ => return,
        };
        if !fits {
            let mistake = self.mismatch(&format!("{name}_{argument}"), expected, shape);
            self.builder.mistake.get_or_insert(mistake);
        }
    }

    /// Weights of this layer, or those of the layer that it shares them with; `name` is `kernel` and the like.
    pub fn parameter(
        &mut self,
        name: &str,
        shape: &[usize],
        initializer: &Initializer,
        regularizer: Option<&Regularizer>,
    ) -> ParameterId {
        self.check_fit(name, shape, initializer, regularizer);
        let Some(owner) = self.owner else {
            let name = format!("{}/{}{name}", self.name, self.part);
            let trainable = self.layer.trainable;
            let id = self.builder.parameter(self.index, name, shape, initializer, regularizer, trainable);
            let parameter = &mut self.builder.parameters[id.0];
            parameter.learning_rate_multiplier = self.layer.learning_rate_multiplier as f32;
            return id;
        };
        match self.builder.twin(&format!("{owner}/{}{name}", self.part)) {
            Some((id, parameter)) if parameter.shape == shape => id,
            other => {
                let found = other.map(|(_, parameter)| parameter.shape.clone());
                self.cannot_share(name, shape, found.as_deref());
                ParameterId(0, None)
            }
        }
    }

    /// Statistics of this layer, or of the layer that it shares them with: `len` values.
    pub fn statistic(&mut self, name: &str, len: usize, initializer: &Initializer) -> Span {
        self.check_fit(name, &[len], initializer, None);
        let Some(owner) = self.owner else {
            let name = format!("{}/{}{name}", self.name, self.part);
            return self.builder.statistic(self.index, name, len, initializer);
        };
        let owned = format!("{owner}/{}{name}", self.part);
        let found = self.builder.statistics.iter().find(|it| it.name == owned).map(|it| it.span);
        if found.is_none_or(|span| span.len != len) {
            self.cannot_share(
                name,
                &[len],
                found.map(|span| [span.len]).as_ref().map(<[usize; 1]>::as_slice),
            );
        }
        found.unwrap_or_default()
    }

    /// Notes that a shared layer does not fit its second place.
    fn cannot_share(&mut self, name: &str, shape: &[usize], found: Option<&[usize]>) {
        let expected = format!("a layer whose {name} has the shape {}", shown(shape));
        let found = found.map_or("none".into(), shown);
        let error = Error::new(Code::Mismatch, format!("layers[{}].shares", self.index), expected, found);
        self.builder
            .mistake
            .get_or_insert(error.hint("a layer that is used twice must get inputs of the same size"));
    }
}

/// The last axis of a shape and the number of rows of that length.
fn rows_and_cols(shape: &[usize]) -> (usize, usize) {
    match shape {
        [leading @ .., cols] => (super::build::volume(leading), *cols),
        [] => (1, 1),
    }
}

/// `(28, 28)`
pub(crate) fn shown(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("({})", sizes.join(", "))
}
