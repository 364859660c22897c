//! Layers that make one tensor of several.

use super::{first, last};
use serde_json::{Value, json};

/// Two layers of one shape joined, and a layer joined with itself and with one that is repeated to fit.
fn joined(layer: &str, several: bool) -> Vec<Value> {
    let both = json!([
        first(), {"type": "dense", "units": 5, "activation": "gelu"},
        {"type": layer, "inputs": ["dense", "dense_1"]}, last(2)]);
    let mut networks = vec![
        both,
        json!([
            {"type": "input", "shape": [3, 2]},
            {"type": "dense", "units": 4, "activation": "tanh"},
            {"type": "dense", "units": 1, "activation": "sigmoid", "inputs": ["input"]},
            {"type": layer, "inputs": ["dense", "dense_1"]}, {"type": "flatten"}, last(2)]),
        json!([
            {"type": "input", "shape": [6]},
            {"type": "dense", "units": 2, "activation": "tanh"},
            {"type": "reshape", "target_shape": [3, 2], "inputs": ["input"]},
            {"type": layer, "inputs": ["dense", "reshape"]}, {"type": "flatten"}, last(2)]),
    ];
    if several {
        networks.push(json!([
            first(), {"type": "dense", "units": 5, "activation": "gelu"},
            {"type": "dense", "units": 5, "activation": "silu"},
            {"type": layer, "inputs": ["dense", "dense_2", "dense_1"]}, last(2)]));
        networks.push(json!([first(), {"type": layer, "inputs": ["dense", "dense", "dense"]}, last(2)]));
    }
    networks
}

/// Two layers of which the first has a mask, or both have.
fn masked(layer: &str) -> Vec<Value> {
    let dense = |name: &str, from: &str| {
        json!({"type": "dense", "units": 3, "name": name, "inputs": [from],
            "kernel_initializer": {"type": "random_normal", "stddev": 4.0}})
    };
    let from = |second: &str| {
        json!([
            {"type": "input", "shape": [3, 2]}, {"type": "masking"}, dense("a", "masking"), dense("b", second),
            {"type": layer, "inputs": ["a", "b"]}, {"type": "lstm", "units": 2}, last(2)])
    };
    vec![from("input"), from("masking")]
}

/// Values that lie far apart, so that none becomes the larger one where weights are moved a little.
fn extremes(layer: &str) -> Vec<Value> {
    let spread = |units: usize| {
        json!({"type": "dense", "units": units, "inputs": ["input"],
            "kernel_initializer": {"type": "random_normal", "stddev": 4.0}})
    };
    vec![
        json!([spread(2), spread(2), {"type": layer, "inputs": ["dense", "dense_1"]}, last(2)]),
        json!([
            {"type": "input", "shape": [2, 3]}, spread(2), spread(1),
            {"type": layer, "inputs": ["dense", "dense_1"]}, {"type": "flatten"}, last(2)]),
        json!([spread(2), spread(1), spread(1), {"type": layer, "inputs": ["dense", "dense_2", "dense_1"]}, last(2)]),
        json!([spread(3), {"type": layer, "inputs": ["dense", "dense", "dense"]}, last(2)]),
    ]
}

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "add" => [
            joined("add", true),
            vec![json!([last(6), {"type": "add", "inputs": ["dense", "input"]}, last(2)])],
        ]
        .concat(),
        "multiply" => [joined(layer, true), masked(layer)].concat(),
        "average" => joined(layer, true),
        "maximum" | "minimum" => [extremes(layer), masked(layer)].concat(),
        "subtract" => joined(layer, false),
        "concatenate" => vec![
            json!([
                first(),
                {"type": "dense", "units": 3, "activation": "gelu"},
                {"type": "concatenate", "inputs": ["dense", "dense_1", "input", "dense"]},
                last(2)]),
            json!([
                {"type": "input", "shape": [3, 2]},
                {"type": "dense", "units": 2, "activation": "tanh"},
                {"type": "concatenate", "axis": 1, "inputs": ["dense", "input", "dense"]},
                {"type": "flatten"}, last(2)]),
        ],
        "dot" => vec![
            json!([
                first(), {"type": "dense", "units": 5, "activation": "gelu"},
                {"type": "dot", "axes": -1, "inputs": ["dense", "dense_1"]}, last(2)]),
            json!([
                {"type": "input", "shape": [3, 2]},
                {"type": "dense", "units": 4, "activation": "tanh"},
                {"type": "dense", "units": 4, "activation": "tanh", "inputs": ["input"]},
                {"type": "dot", "axes": 1, "inputs": ["dense", "dense_1"]}, {"type": "flatten"}, last(2)]),
            json!([
                {"type": "input", "shape": [3, 2]},
                {"type": "dense", "units": 3, "activation": "tanh"},
                {"type": "dot", "axes": [2, 1], "normalize": true, "inputs": ["dense", "dense"]},
                {"type": "flatten"}, last(2)]),
        ],
        _ => return None,
    })
}
