//! Normalization of every kind.

use super::{first, last};
use serde_json::{Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "batch_normalization" => vec![
            json!([first(), {"type": "batch_normalization"}, last(2)]),
            json!([first(), {"type": "batch_normalization", "scale": false, "epsilon": 0.1}, last(2)]),
            json!([first(), {"type": "batch_normalization", "center": false}, last(2)]),
            json!([first(), {"type": "batch_normalization", "trainable": false}, last(2)]),
            json!([
                {"type": "input", "shape": [2, 3]}, first(), {"type": "batch_normalization"},
                {"type": "flatten"}, last(2)]),
        ],
        _ => return None,
    })
}
