//! Small networks around every layer of the registry, two numbers at their end, for all tests that go through all layers.
//!
//! A network takes [`FEATURES`] features unless it begins with an `input` of another shape. What an `embedding` reads are
//! whole numbers below its `input_dim`.

mod activation;
mod attention;
mod block;
mod convolution;
mod core;
mod merging;
mod normalization;
mod pooling;
mod recurrent;
mod regularization;
mod reshaping;
mod sequence;

use serde_json::{Value, json};

/// Features of a row where the network does not say.
pub const FEATURES: usize = 6;

/// The networks of a family's layers; `None` for layers of other families.
type Family = fn(&str) -> Option<Vec<Value>>;

/// The families, in the order of the registry; each knows the networks of its own layers.
const FAMILIES: &[Family] = &[
    activation::networks,
    convolution::networks,
    attention::networks,
    block::networks,
    core::networks,
    merging::networks,
    normalization::networks,
    recurrent::networks,
    pooling::networks,
    regularization::networks,
    reshaping::networks,
    sequence::networks,
];

/// Networks in which this layer does what it can do.
pub fn networks(layer: &str) -> Vec<Value> {
    let found = FAMILIES.iter().find_map(|family| family(layer));
    found.unwrap_or_else(|| panic!("no network around the layer {layer}: add one in tests/common/networks"))
}

/// A layer whose output has a gradient, so that the gradient of what follows is seen in its weights.
pub fn first() -> Value {
    json!({"type": "dense", "units": 5, "activation": "tanh"})
}

/// The end of a network.
pub fn last(units: usize) -> Value {
    json!({"type": "dense", "units": units})
}
