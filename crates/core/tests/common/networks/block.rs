//! Blocks of several layers.

use super::last;
use serde_json::{Value, json};

/// Three steps of two numbers, a dense layer at each, the block, and two numbers of what it gives.
fn steps(before: &[Value], block: Value) -> Value {
    let mut layers = vec![json!({"type": "input", "shape": [3, 2]})];
    layers.extend_from_slice(before);
    layers.push(json!({"type": "dense", "units": 4, "activation": "tanh"}));
    layers.extend([block, json!({"type": "flatten"}), last(2)]);
    layers.into()
}

/// The same for images of 4 x 3 pixels.
fn image(block: Value) -> Value {
    json!([
        {"type": "input", "shape": [4, 3, 2]},
        {"type": "conv2d", "filters": 3, "kernel_size": 2, "padding": "same", "activation": "tanh", "name": "first"},
        block, {"type": "flatten"}, last(2)])
}

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    // Smooth, so that differences of losses are slopes; and large enough for every gradient to be seen.
    let kernel = json!({"type": "random_uniform", "minval": -1.2, "maxval": 1.2});
    Some(match layer {
        "transformer_block" => vec![
            // Without rotary positions a bias of the keys changes nothing, and has no gradient to be compared.
            steps(
                &[],
                json!({"type": layer, "intermediate_dim": 3, "num_heads": 2, "use_causal_mask": true, "use_bias": false,
                "activation": "gelu", "dropout": 0.2, "kernel_initializer": kernel, "epsilon": 0.1}),
            ),
            steps(
                &[],
                json!({"type": layer, "intermediate_dim": 3, "num_heads": 1, "use_rotary": true,
                "normalize_first": true, "activation": "tanh", "kernel_regularizer": "l2", "kernel_initializer": kernel,
                "epsilon": 0.1}),
            ),
            steps(
                &[json!({"type": "masking"})],
                json!({"type": layer, "intermediate_dim": 2, "num_heads": 3, "key_dim": 2, "use_bias": false,
                "normalize_first": true, "normalization": "rms_normalization", "activation": "silu",
                "sliding_window": 2, "kernel_initializer": kernel, "epsilon": 0.1}),
            ),
        ],
        "residual_block" => vec![
            image(
                json!({"type": layer, "filters": 3, "kernel_size": 2, "activation": "tanh", "epsilon": 0.1}),
            ),
            image(
                json!({"type": layer, "filters": 2, "strides": 2, "preactivation": true, "activation": "gelu",
                "normalization": "layer_normalization", "use_bias": true, "dropout": 0.2, "epsilon": 0.1}),
            ),
            image(
                json!({"type": layer, "filters": 1, "bottleneck": true, "conv_shortcut": true, "activation": "silu",
                "normalization": "none", "use_bias": true, "kernel_regularizer": "l2"}),
            ),
            steps(
                &[],
                json!({"type": layer, "filters": 4, "preactivation": true, "activation": "tanh", "epsilon": 0.1}),
            ),
        ],
        "vgg_block" => vec![
            image(json!({"type": layer, "filters": 3, "kernel_size": 2, "activation": "tanh"})),
            image(
                json!({"type": layer, "filters": 2, "convolutions": 1, "pool_size": null, "activation": "gelu",
                "normalization": "batch_normalization", "use_bias": false, "dropout": 0.2, "epsilon": 0.1}),
            ),
            steps(
                &[],
                json!({"type": layer, "filters": 2, "pool_size": 3, "activation": "silu", "kernel_regularizer": "l2"}),
            ),
        ],
        _ => return None,
    })
}
