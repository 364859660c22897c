//! Which steps of a sequence count.

use super::{first, last};
use serde_json::{Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    Some(match layer {
        "embedding" => vec![
            json!([
                {"type": "input", "shape": [4]}, {"type": "embedding", "input_dim": 5, "output_dim": 3},
                {"type": "flatten"}, last(2)]),
            json!([
                {"type": "input", "shape": [2]},
                {"type": "embedding", "input_dim": 3, "output_dim": 1, "embeddings_regularizer": "l2",
                 "mask_zero": true},
                {"type": "flatten"}, last(2)]),
            // Of steps of two values the last, turned, each a token of its own.
            json!([
                {"type": "input", "shape": [3, 2]}, {"type": "cropping1d", "cropping": [1, 0]},
                {"type": "permute", "dims": [2, 1]}, {"type": "reshape", "target_shape": [4]},
                {"type": "embedding", "input_dim": 3, "output_dim": 2}, {"type": "flatten"}, last(2)]),
        ],
        "reversible_embedding" => {
            let mut table = json!({"type": layer, "input_dim": 5, "output_dim": 3, "name": "tokens",
                "embeddings_initializer": {"type": "random_uniform", "minval": -1.0, "maxval": 1.0}});
            let mut scores = table.clone();
            scores["name"] = json!("scores");
            scores["shares"] = json!("tokens");
            let around = |table: &Value, scores: &Value| {
                json!([
                    {"type": "input", "shape": [2]}, table, {"type": "dense", "units": 3, "activation": "tanh"}, scores,
                    {"type": "flatten"}, last(2)])
            };
            let plain = around(&table, &scores);
            table["logit_soft_cap"] = json!(1.5);
            scores["logit_soft_cap"] = json!(1.5);
            vec![plain, around(&table, &scores)]
        }
        // The steps of zeros do not count.
        "masking" => vec![json!([
            {"type": "input", "shape": [3, 2]}, first(), {"type": "zero_padding1d"}, {"type": "masking"},
            {"type": "flatten"}, last(2)])],
        _ => return None,
    })
}
