//! Activations that are layers with arguments.

use super::{first, last};
use serde_json::{Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    let image = |it: Value| {
        json!([
            {"type": "input", "shape": [2, 3, 1]},
            {"type": "conv2d", "filters": 2, "kernel_size": 2, "padding": "same", "activation": "tanh"},
            it, {"type": "flatten"}, last(2)])
    };
    Some(match layer {
        "relu" => vec![
            json!([first(), {"type": layer}, last(2)]),
            json!([first(), {"type": layer, "max_value": 0.4, "negative_slope": 0.3, "threshold": 0.0}, last(2)]),
        ],
        "leaky_relu" | "elu" => vec![json!([first(), {"type": layer}, last(2)])],
        "softmax" => {
            vec![json!([first(), {"type": layer}, last(2)]), image(json!({"type": layer, "axis": 1}))]
        }
        "prelu" => vec![
            json!([first(), {"type": layer, "alpha_initializer": {"type": "constant", "value": 0.2}}, last(2)]),
            image(json!({"type": layer, "shared_axes": [1, 2], "alpha_regularizer": "l2"})),
            image(json!({"type": layer, "shared_axes": [3]})),
            image(json!({"type": layer, "shared_axes": [1, 2, 3]})),
        ],
        _ => return None,
    })
}
