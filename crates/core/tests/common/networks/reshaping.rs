//! Layers that give values another shape or place.

use super::{first, last};
use serde_json::{Value, json};

/// A layer with values of this shape before it, and with a network around it.
fn around(shape: &[usize], layer: Value) -> Value {
    let units = shape.last().copied().unwrap_or(1);
    json!([
        {"type": "input", "shape": shape}, {"type": "dense", "units": units, "activation": "tanh"},
        layer, {"type": "flatten"}, last(2)])
}

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "flatten" => vec![json!([first(), {"type": "flatten"}, last(2)])],
        "reshape" => vec![
            around(&[6], json!({"type": "reshape", "target_shape": [3, 2]})),
            around(&[2, 6], json!({"type": "reshape", "target_shape": [-1, 2, 2]})),
        ],
        "permute" => vec![
            around(&[3, 2], json!({"type": "permute", "dims": [2, 1]})),
            around(&[2, 3, 2], json!({"type": "permute", "dims": [3, 1, 2]})),
            around(&[2, 3, 2], json!({"type": "permute", "dims": [2, 1, 3]})),
        ],
        "repeat_vector" => vec![around(&[4], json!({"type": "repeat_vector", "n": 3}))],
        "cropping1d" => vec![
            around(&[4, 2], json!({"type": "cropping1d"})),
            around(&[4, 2], json!({"type": "cropping1d", "cropping": [0, 3]})),
        ],
        "cropping2d" => vec![
            around(&[3, 3, 2], json!({"type": "cropping2d", "cropping": 1})),
            around(&[3, 4, 1], json!({"type": "cropping2d", "cropping": [[0, 1], [2, 1]]})),
        ],
        "zero_padding1d" => vec![
            around(&[3, 2], json!({"type": "zero_padding1d"})),
            around(&[1, 2], json!({"type": "zero_padding1d", "padding": [0, 2]})),
        ],
        "zero_padding2d" => vec![
            around(&[2, 2, 2], json!({"type": "zero_padding2d"})),
            around(&[2, 3, 1], json!({"type": "zero_padding2d", "padding": [[0, 1], [2, 0]]})),
        ],
        "up_sampling1d" => vec![around(&[3, 2], json!({"type": "up_sampling1d", "size": 3}))],
        "up_sampling2d" => vec![
            around(&[2, 3, 2], json!({"type": "up_sampling2d", "size": [2, 1]})),
            around(&[2, 3, 2], json!({"type": "up_sampling2d", "size": [2, 3], "interpolation": "bilinear"})),
            around(&[1, 1, 1], json!({"type": "up_sampling2d", "interpolation": "bilinear"})),
            around(&[2, 3, 2], json!({"type": "up_sampling2d", "interpolation": "bicubic"})),
            around(&[3, 2, 1], json!({"type": "up_sampling2d", "size": [1, 3], "interpolation": "lanczos3"})),
            around(&[2, 7, 1], json!({"type": "up_sampling2d", "interpolation": "lanczos5"})),
        ],
        _ => return None,
    })
}
