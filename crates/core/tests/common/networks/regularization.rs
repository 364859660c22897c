//! Dropout of every kind and noise.

use super::{first, last};
use serde_json::{Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "dropout" => vec![
            json!([first(), {"type": "dropout", "rate": 0.4}, last(2)]),
            json!([first(), {"type": "dropout", "rate": 0.0}, last(2)]),
        ],
        _ => return None,
    })
}
