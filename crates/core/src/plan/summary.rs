//! What people and programs are told of a plan.

use super::graph::{Place, Source};
use super::{PlacedLayer, Plan, TensorId};
use crate::spec::{Activation, ModelSpec};
use tabgrad_json::written_fields;

/// A plan in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// One for every layer of the spec, in order.
    pub layers: Vec<LayerSummary>,
    /// All weights, in the order in which they lie in `Model::parameters`.
    pub tensors: Vec<TensorSummary>,
    /// The number of weights, trained or not.
    pub parameters: usize,
    /// Bytes that training takes.
    pub bytes: u64,
    /// Bytes of them that predictions need.
    pub prediction_bytes: u64,
    /// Floating-point operations of one training step of a full batch.
    pub flops: u64,
}

written_fields!(Summary { layers, tensors, parameters, bytes, prediction_bytes, flops });

/// One layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSummary {
    /// `dense`
    pub r#type: &'static str,
    /// `dense_1`
    pub name: String,
    /// Without the batch.
    pub output_shape: Vec<usize>,
    /// The number of its weights, trained or not; as in Keras, moving statistics count.
    pub parameters: usize,
    /// For layers that have one.
    pub activation: Option<&'static str>,
    /// The layers that it reads, by index; -1 is the network's input.
    pub inputs: Vec<i64>,
    /// What its outputs behind the first are (`attention scores`), which `inputs` call `name:1` and so on.
    pub further_outputs: Vec<String>,
}

written_fields!(LayerSummary {
    r#type, name, output_shape, parameters, activation = absent, inputs, further_outputs = unless_empty,
});

/// One tensor of weights.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorSummary {
    /// `dense_1/kernel`
    pub name: String,
    /// The index of its layer.
    pub layer: usize,
    /// Row-major.
    pub shape: Vec<usize>,
    /// Where it begins among all weights.
    pub start: usize,
    /// How many values it has.
    pub len: usize,
}

written_fields!(TensorSummary { name, layer, shape, start, len });

pub(super) fn place_layers(
    model: &ModelSpec,
    places: Vec<Place>,
    outputs: Vec<TensorId>,
) -> Vec<PlacedLayer> {
    let layers = model.layers.iter().zip(places).zip(outputs);
    layers
        .map(|((layer, place), output)| PlacedLayer {
            place,
            type_name: layer.kind.type_name(),
            activation: layer.kind.lowering().activation().map(Activation::name),
            further_outputs: layer.kind.lowering().further_outputs(),
            output,
        })
        .collect()
}

impl ModelSpec {
    /// What the outputs of every layer behind its first are, which `inputs` call `name:1` and so on: known without a plan, since
    /// a model may lack just what reads them.
    pub fn further_outputs(&self) -> Vec<Vec<String>> {
        self.layers.iter().map(|layer| layer.kind.lowering().further_outputs()).collect()
    }
}

impl Plan {
    /// Shapes, weights, bytes and operations.
    pub fn summary(&self) -> Summary {
        let layers = self.layers.iter().enumerate().map(|(i, layer)| LayerSummary {
            r#type: layer.type_name,
            name: layer.place.name.clone(),
            output_shape: self.tensor(layer.output).shape.clone(),
            parameters: self
                .parameters
                .iter()
                .filter(|it| it.layer == i)
                .map(|it| it.span.len)
                .sum::<usize>()
                + self.statistics.iter().filter(|it| it.layer == i).map(|it| it.span.len).sum::<usize>(),
            activation: layer.activation,
            inputs: layer
                .place
                .sources
                .iter()
                .map(|source| match source {
                    Source::Features => -1,
                    Source::Layer(at, _) => *at as i64,
                })
                .collect(),
            further_outputs: layer.further_outputs.clone(),
        });
        let tensors = self.parameters.iter().map(|parameter| TensorSummary {
            name: parameter.name.clone(),
            layer: parameter.layer,
            shape: parameter.shape.clone(),
            start: parameter.span.start,
            len: parameter.span.len,
        });
        Summary {
            layers: layers.collect(),
            tensors: tensors.collect(),
            parameters: self.weights(),
            bytes: self.bytes,
            prediction_bytes: self.prediction_bytes,
            flops: self.flops,
        }
    }
}
