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
        // One input layer is in most networks; here are two, and a layer at two places.
        "input" => vec![json!([
            {"type": "input", "shape": [4], "name": "a"}, {"type": "input", "shape": [4], "name": "b"},
            {"type": "dense", "units": 3, "activation": "tanh", "inputs": ["b"], "kernel_regularizer": "l2"},
            {"type": "dense", "units": 3, "activation": "tanh", "inputs": ["a"], "kernel_regularizer": "l2",
             "shares": "dense"},
            {"type": "concatenate", "inputs": ["dense", "dense_1"]}, last(2)])],
        "einsum_dense" => vec![
            json!([{"type": "input", "shape": [2, 3]}, {"type": "einsum_dense", "equation": "abc,cd->abd",
                "output_shape": [null, 2], "bias_axes": "d", "activation": "tanh"}, {"type": "flatten"}, last(2)]),
            json!([{"type": "dense", "units": 5, "activation": "tanh"}, {"type": "einsum_dense", "equation": "ab,bc->ac", "output_shape": [3],
                "bias_axes": "c", "activation": "tanh"}, last(2)]),
            // Summed over the first axis; the kernel brings an axis in front of it, and two in other places.
            json!([{"type": "input", "shape": [2, 3]}, {"type": "dense", "units": 3},
                {"type": "einsum_dense", "equation": "abc,db->adc", "output_shape": [4, 3], "bias_axes": "d"},
                {"type": "flatten"}, last(2)]),
            json!([{"type": "input", "shape": [2, 3]}, {"type": "dense", "units": 3},
                {"type": "einsum_dense", "equation": "abc,cde->adbe", "output_shape": [2, 2, 3]},
                {"type": "flatten"}, last(2)]),
            // A kernel for each value of an axis, and a bias along an axis that stays.
            einsum(json!({"equation": "abc,bce->aeb", "output_shape": [3, 2], "bias_axes": "b"})),
            einsum(json!({"equation": "abc,dcb->abd", "output_shape": [2, 4], "bias_axes": "bd"})),
            einsum(json!({"equation": "abc,c->abc", "output_shape": [2, 3], "activation": "tanh"})),
            einsum(json!({"equation": "abc,dce->aed", "output_shape": [2, 4], "bias_axes": "e"})),
            einsum(json!({"equation": "abc,db->ad", "output_shape": [4], "bias_axes": "d"})),
        ],
        "identity" => vec![json!([first(), { "type": layer }, last(2)])],
        "rescaling" => vec![json!([first(), {"type": layer, "scale": -0.7, "offset": 0.4}, last(2)])],
        "activation" => vec![
            json!([first(), {"type": "activation", "activation": "elu"}, last(2)]),
            json!([first(), {"type": "activation", "activation": {"type": "gelu", "approximate": true},
                "activity_regularizer": "l2"}, last(2)]),
            json!([first(), {"type": "activation", "activation": {"type": "celu", "alpha": 2.0}}, last(2)]),
            json!([{"type": "input", "shape": [4, 2]},
                {"type": "dense", "units": 3, "activation": {"type": "softmax", "axis": 1}},
                {"type": "activation", "activation": {"type": "glu", "axis": -2}}, {"type": "flatten"}, last(2)]),
        ],
        _ => return None,
    })
}

/// The layer on two steps of three values.
fn einsum(mut layer: Value) -> Value {
    layer["type"] = json!("einsum_dense");
    json!([{"type": "input", "shape": [2, 3]}, {"type": "dense", "units": 3, "activation": "tanh"}, layer,
        {"type": "flatten"}, last(2)])
}
