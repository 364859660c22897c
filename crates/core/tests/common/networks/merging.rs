//! Layers that make one tensor of several.

use super::{first, last};
use serde_json::{Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "add" => vec![
            json!([first(), {"type": "dense", "units": 5}, {"type": "add", "inputs": ["dense", "dense_1"]}, last(2)]),
            json!([first(), {"type": "add", "inputs": ["dense", "dense", "dense"]}, last(2)]),
            json!([last(6), {"type": "add", "inputs": ["dense", "input"]}, last(2)]),
        ],
        "concatenate" => vec![json!([
            first(),
            {"type": "dense", "units": 3, "activation": "gelu"},
            {"type": "concatenate", "inputs": ["dense", "dense_1", "input", "dense"]},
            last(2)])],
        _ => return None,
    })
}
