//! Normalization of every kind.

use super::{first, last};
use serde_json::{Value, json};

/// A network around a layer for images of 3 x 2 pixels and 4 channels.
fn image(layer: Value) -> Value {
    json!([
        {"type": "input", "shape": [3, 2, 1]},
        {"type": "conv2d", "filters": 4, "kernel_size": 2, "padding": "same", "activation": "tanh"},
        layer, {"type": "flatten"}, last(2)])
}

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "batch_normalization" => vec![
            image(json!({ "type": layer })),
            json!([first(), {"type": "batch_normalization"}, last(2)]),
            json!([first(), {"type": "batch_normalization", "scale": false, "epsilon": 0.1}, last(2)]),
            json!([first(), {"type": "batch_normalization", "center": false}, last(2)]),
            json!([first(), {"type": "batch_normalization", "trainable": false}, last(2)]),
            image(json!({"type": "batch_normalization", "axis": 1})),
            // Corrections have no gradient, but differences would have them: they are held to constants.
            json!([first(), {"type": "batch_normalization", "renorm": true, "renorm_clipping": [0.8, 0.8, 0.0]}, last(2)]),
            json!([
                {"type": "input", "shape": [3, 2]}, {"type": "masking"}, first(), {"type": "batch_normalization"},
                {"type": "flatten"}, last(2)]),
            json!([
                {"type": "input", "shape": [2, 3]}, first(), {"type": "batch_normalization"},
                {"type": "flatten"}, last(2)]),
        ],
        "layer_normalization" | "rms_normalization" | "unit_normalization" => vec![
            json!([first(), { "type": layer }, last(2)]),
            image(json!({ "type": layer })),
            image(json!({"type": layer, "axis": [1, 3]})),
        ],
        "group_normalization" => vec![
            image(json!({"type": layer, "groups": 2})),
            image(json!({"type": layer, "groups": -1, "center": false})),
            image(json!({"type": layer, "groups": 1, "scale": false})),
            image(json!({"type": layer, "groups": 3, "axis": 1})),
            json!([first(), {"type": layer, "groups": 1}, last(2)]),
        ],
        "instance_normalization" => vec![image(json!({"type": layer, "epsilon": 0.01}))],
        _ => return None,
    })
}
