//! Which argument begins which weight: layers whose initializers are constants, each with one of its own, before training.

use std::collections::BTreeMap;

use serde::Deserialize;
use tabgrad_core::{Io, Model, ModelSpec, Pool, Target, TrainingSpec};

use crate::compare::{Comparison, PER_OP};
use crate::golden;

/// A layer and the weights it begins with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beginning {
    name: String,
    model: ModelSpec,
    input: Vec<usize>,
    weights: BTreeMap<String, Vec<f32>>,
}

#[test]
fn every_initializer_begins_the_weights_that_it_begins_in_keras() {
    let mut comparison = Comparison::default();
    let texts = golden::texts("initial");
    let training = serde_json::json!({ "loss": "mse", "optimizer": "sgd" });
    let training = TrainingSpec::parse(&training).expect("plain gradient descent is a training");
    for text in &texts {
        let mut keras: Beginning = serde_json::from_str(text).expect("a golden is JSON");
        comparison.case(&keras.name);
        let ends = serde_json::json!({ "version": 1, "layers": [
            { "type": "flatten" }, { "type": "dense", "name": "last", "units": 1 }] });
        keras.model.layers.extend(ModelSpec::parse(&ends).expect("two layers are a model").layers);
        let io = Io::single(keras.input, Target::Values(1));
        let model = Model::compile(&keras.model, &training, &io, Pool::single());
        let model = model.unwrap_or_else(|error| panic!("{}: {error}", keras.name));
        // Moving statistics as well, which are no weights of an optimizer.
        let tensors = model.state().tensors.into_iter();
        let found: BTreeMap<String, Vec<f32>> = tensors.map(|it| (it.name, it.values)).collect();
        for (weight, expected) in &keras.weights {
            let found = found.get(weight).map_or(&[][..], Vec::as_slice);
            comparison.values(weight, expected, found, PER_OP);
        }
    }
    comparison.finish("initial weights", texts.len());
}
