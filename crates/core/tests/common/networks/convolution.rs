//! Convolutions of every kind over sequences and images.

use super::last;
use serde_json::{Value, json};

/// A network around a layer for images of 4 x 3 pixels, which has one with weights before it and a dense end.
fn image(layer: Value) -> Value {
    json!([
        {"type": "input", "shape": [4, 3, 2]},
        {"type": "conv2d", "filters": 4, "kernel_size": 2, "padding": "same", "activation": "tanh", "name": "first"},
        layer, {"type": "flatten"}, last(2)])
}

/// The same for sequences of 5 steps.
fn sequence(layer: Value) -> Value {
    json!([
        {"type": "input", "shape": [5, 2]},
        {"type": "conv1d", "filters": 4, "kernel_size": 2, "padding": "causal", "activation": "tanh", "name": "first"},
        layer, {"type": "flatten"}, last(2)])
}

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "conv1d" => vec![
            sequence(json!({"type": layer, "filters": 3, "kernel_size": 3})),
            sequence(
                json!({"type": layer, "filters": 2, "kernel_size": 2, "dilation_rate": 2, "padding": "causal",
                "activation": "silu"}),
            ),
            sequence(json!({"type": layer, "filters": 4, "kernel_size": 3, "strides": 2, "padding": "same",
                "groups": 2, "use_bias": false})),
            // One step, and a window larger than it.
            json!([{"type": "input", "shape": [1, 6]},
                {"type": layer, "filters": 3, "kernel_size": 3, "padding": "same"}, {"type": "flatten"}, last(2)]),
        ],
        "conv2d" => vec![
            image(json!({"type": layer, "filters": 3, "kernel_size": 2, "activation": "sigmoid"})),
            image(
                json!({"type": layer, "filters": 3, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same",
                "kernel_regularizer": "l2", "activity_regularizer": "l2"}),
            ),
            image(
                json!({"type": layer, "filters": 4, "kernel_size": 2, "dilation_rate": [3, 2], "groups": 4}),
            ),
            image(json!({"type": layer, "filters": 3, "kernel_size": 1, "use_bias": false})),
            // One pixel.
            json!([{"type": "input", "shape": [1, 1, 6]},
                {"type": layer, "filters": 3, "kernel_size": 3, "padding": "same"}, {"type": "flatten"}, last(2)]),
        ],
        "conv1d_transpose" => vec![
            sequence(json!({"type": layer, "filters": 3, "kernel_size": 3})),
            sequence(json!({"type": layer, "filters": 2, "kernel_size": 2, "strides": 3, "padding": "same",
                "activation": "tanh"})),
            sequence(
                json!({"type": layer, "filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1,
                "use_bias": false}),
            ),
        ],
        "conv2d_transpose" => vec![
            image(json!({"type": layer, "filters": 2, "kernel_size": 2, "activation": "tanh"})),
            image(
                json!({"type": layer, "filters": 1, "kernel_size": [3, 2], "strides": 2, "padding": "same"}),
            ),
            image(json!({"type": layer, "filters": 2, "kernel_size": 1})),
        ],
        "depthwise_conv1d" => vec![
            sequence(json!({"type": layer, "kernel_size": 3})),
            sequence(
                json!({"type": layer, "kernel_size": 2, "strides": 2, "padding": "same", "depth_multiplier": 2,
                "use_bias": false}),
            ),
        ],
        "depthwise_conv2d" => vec![
            image(json!({"type": layer, "kernel_size": 2, "activation": "tanh"})),
            image(json!({"type": layer, "kernel_size": [3, 2], "padding": "same", "depth_multiplier": 3})),
        ],
        "separable_conv1d" => {
            vec![sequence(json!({"type": layer, "filters": 3, "kernel_size": 2, "padding": "causal",
            "depth_multiplier": 2, "activation": "tanh"}))]
        }
        "separable_conv2d" => vec![
            image(json!({"type": layer, "filters": 3, "kernel_size": 2})),
            image(json!({"type": layer, "filters": 2, "kernel_size": 2, "strides": 2, "padding": "same",
                "depth_multiplier": 2, "use_bias": false})),
        ],
        _ => return None,
    })
}
