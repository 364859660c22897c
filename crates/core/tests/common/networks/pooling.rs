//! Pooling over sequences and images.

use super::last;
use serde_json::{Value, json};

/// A network around a layer for images of 4 x 3 pixels: so few values that no two of a window are nearer to each other than a
/// gradient check's step moves them.
fn image(layer: Value) -> Value {
    json!([
        {"type": "input", "shape": [4, 3, 1]},
        {"type": "conv2d", "filters": 1, "kernel_size": 2, "padding": "same", "activation": "tanh", "name": "first"},
        layer, {"type": "flatten"}, last(2)])
}

/// The same for sequences of 7 steps.
fn sequence(layer: Value) -> Value {
    json!([
        {"type": "input", "shape": [7, 1]},
        {"type": "conv1d", "filters": 1, "kernel_size": 2, "padding": "same", "activation": "tanh", "name": "first"},
        layer, {"type": "flatten"}, last(2)])
}

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "max_pooling1d" | "average_pooling1d" => vec![
            sequence(json!({ "type": layer })),
            sequence(json!({"type": layer, "pool_size": 3, "strides": 2, "padding": "same"})),
        ],
        "max_pooling2d" | "average_pooling2d" => vec![
            image(json!({ "type": layer })),
            image(json!({"type": layer, "pool_size": [3, 2], "strides": 1, "padding": "same"})),
        ],
        "global_max_pooling1d" => vec![sequence(json!({ "type": layer }))],
        "global_average_pooling1d" => vec![
            sequence(json!({"type": layer, "keepdims": true})),
            json!([{"type": "input", "shape": [7, 2]}, {"type": "masking", "mask_value": 0.5},
                {"type": "dense", "units": 3, "activation": "tanh"}, {"type": layer}, last(2)]),
        ],
        "global_max_pooling2d" | "global_average_pooling2d" => {
            vec![image(json!({ "type": layer })), image(json!({"type": layer, "keepdims": true}))]
        }
        _ => return None,
    })
}
