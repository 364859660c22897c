//! Dropout of every kind and noise.

use super::{first, last};
use serde_json::{Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "dropout" => vec![
            json!([first(), {"type": "dropout", "rate": 0.4}, last(2)]),
            json!([first(), {"type": "dropout", "rate": 0.0}, last(2)]),
            json!([
                {"type": "input", "shape": [3, 2]}, first(),
                {"type": "dropout", "rate": 0.4, "noise_shape": [-1, 3, 1]}, {"type": "flatten"}, last(2)]),
            json!([first(), {"type": "dropout", "rate": 0.4, "noise_shape": [1, 5]}, last(2)]),
        ],
        "spatial_dropout1d" => vec![json!([
            {"type": "input", "shape": [3, 2]}, first(), {"type": layer, "rate": 0.4}, {"type": "flatten"}, last(2)])],
        "spatial_dropout2d" => vec![json!([
            {"type": "input", "shape": [2, 3, 1]}, first(), {"type": layer, "rate": 0.4}, {"type": "flatten"}, last(2)])],
        "alpha_dropout" => vec![
            json!([first(), {"type": layer, "rate": 0.3}, last(2)]),
            json!([
                {"type": "input", "shape": [3, 2]}, first(),
                {"type": layer, "rate": 0.3, "noise_shape": [-1, 1, 5]}, {"type": "flatten"}, last(2)]),
        ],
        "gaussian_dropout" => vec![json!([first(), {"type": layer, "rate": 0.3}, last(2)])],
        "activity_regularization" => vec![json!([first(), {"type": layer, "l1": 0.2, "l2": 0.1}, last(2)])],
        "gaussian_noise" => vec![json!([first(), {"type": layer, "stddev": 0.3}, last(2)])],
        _ => return None,
    })
}
