//! Dense layers and activations.

use super::{first, last};
use serde_json::{Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "dense" => vec![
            json!([first(), last(2)]),
            json!([{"type": "dense", "units": 5, "use_bias": false, "activation": "silu"}, last(2)]),
            // Over the last axis of a matrix.
            json!([{"type": "input", "shape": [2, 3]}, first(), {"type": "flatten"}, last(2)]),
        ],
        "activation" => vec![json!([first(), {"type": "activation", "activation": "elu"}, last(2)])],
        _ => return None,
    })
}
