//! Attention of every kind, and positions.

use super::last;
use serde_json::{Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    let kernel = json!({"type": "random_uniform", "minval": -1.5, "maxval": 1.5});
    let networks = match layer {
        "attention" => vec![
            alone(json!({"type": "attention"})),
            alone(json!({"type": "attention", "use_scale": true, "use_causal_mask": true, "dropout": 0.3})),
            crossed(json!({"type": "attention", "score_mode": "concat", "use_scale": true}), 3),
            masked(json!({"type": "attention", "use_scale": true})),
            masked(scored(json!({"type": "attention", "use_scale": true, "dropout": 0.3}))),
            paired(json!({"type": "attention", "use_causal_mask": true}), [1, 3, 3]),
        ],
        "additive_attention" => vec![
            alone(json!({"type": "additive_attention"})),
            crossed(json!({"type": "additive_attention", "use_scale": false}), 2),
            masked(json!({"type": "additive_attention", "use_causal_mask": true})),
            alone(scored(json!({"type": "additive_attention"}))),
        ],
        "multi_head_attention" => vec![
            // Without rotary positions a bias of the keys changes nothing, and has no gradient to be compared.
            alone(json!({"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "value_dim": 1,
                "use_bias": false, "kernel_initializer": kernel})),
            alone(
                json!({"type": "multi_head_attention", "num_heads": 1, "key_dim": 2, "use_causal_mask": true,
                "use_rotary": true, "dropout": 0.3, "kernel_initializer": kernel}),
            ),
            crossed(
                json!({"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "output_shape": 3,
                "use_bias": false, "kernel_regularizer": "l2", "kernel_initializer": kernel}),
                3,
            ),
            masked(json!({"type": "multi_head_attention", "num_heads": 1, "key_dim": 2, "sliding_window": 2,
                "use_bias": false, "kernel_initializer": kernel})),
            of_images(
                json!({"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "use_bias": false, "output_shape": [2, 3],
                "activity_regularizer": {"type": "l2", "l2": 0.1}, "kernel_initializer": kernel}),
            ),
            of_images(
                json!({"type": "multi_head_attention", "num_heads": 1, "key_dim": 2, "attention_axes": 1,
                "use_bias": false, "use_gate": true, "kernel_initializer": kernel}),
            ),
            alone(scored(
                json!({"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "use_bias": false,
                "dropout": 0.3, "kernel_initializer": kernel}),
            )),
            of_images(scored(
                json!({"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "attention_axes": 2,
                "use_bias": false, "kernel_initializer": kernel}),
            )),
            paired(
                json!({"type": "multi_head_attention", "num_heads": 2, "key_dim": 2, "use_bias": false,
                "kernel_initializer": kernel}),
                [2, 3, 3],
            ),
        ],
        "group_query_attention" => vec![
            alone(json!({"type": "group_query_attention", "head_dim": 2, "num_query_heads": 4,
                "num_key_value_heads": 2, "use_rotary": true, "kernel_initializer": kernel})),
            masked(json!({"type": "group_query_attention", "head_dim": 1, "num_query_heads": 2,
                "num_key_value_heads": 1, "use_bias": false, "use_causal_mask": true, "kernel_initializer": kernel})),
            paired(
                json!({"type": "group_query_attention", "head_dim": 2, "num_query_heads": 2, "num_key_value_heads": 1,
                "use_bias": false, "return_attention_scores": true, "kernel_initializer": kernel}),
                [1, 1, 3],
            ),
        ],
        "position_embedding" => vec![
            alone(json!({"type": "position_embedding"})),
            alone(json!({"type": "position_embedding", "sequence_length": 5})),
        ],
        "sinusoidal_position_encoding" => vec![alone(json!({ "type": layer }))],
        "rotary_embedding" => vec![
            alone(json!({ "type": layer })),
            json!([{"type": "input", "shape": [2, 3, 2]}, {"type": "dense", "units": 2},
                {"type": layer, "max_wavelength": 9.0, "scaling_factor": 2.0}, {"type": "flatten"}, last(2)]),
        ],
        _ => return None,
    };
    Some(networks)
}

/// Three steps of two numbers, a dense layer at each, the layer, and two numbers of what it gives.
fn alone(layer: Value) -> Value {
    ended(vec![
        json!({"type": "input", "shape": [3, 2]}),
        json!({"type": "dense", "units": 2, "activation": "tanh"}),
        layer,
    ])
}

/// Images of 2 x 3 pixels.
fn of_images(layer: Value) -> Value {
    ended(vec![
        json!({"type": "input", "shape": [2, 3, 2]}),
        json!({"type": "dense", "units": 2, "activation": "tanh"}),
        layer,
    ])
}

/// The same, with steps left out.
fn masked(layer: Value) -> Value {
    ended(vec![
        json!({"type": "input", "shape": [3, 2]}),
        json!({"type": "masking"}),
        json!({"type": "dense", "units": 2, "activation": "tanh"}),
        layer,
    ])
}

/// The layer with its weights as a second output.
fn scored(mut layer: Value) -> Value {
    layer["return_attention_scores"] = json!(true);
    layer["name"] = json!("looks");
    layer
}

/// Two numbers of what the last layer gives: of all its outputs.
fn ended(mut layers: Vec<Value>) -> Value {
    let has_scores = layers.last().is_some_and(|layer| layer["name"] == json!("looks"));
    layers.push(json!({"type": "flatten"}));
    if has_scores {
        layers.push(json!({"type": "flatten", "name": "weights", "inputs": ["looks:1"]}));
        layers.push(json!({"type": "concatenate", "inputs": ["flatten", "weights"]}));
    }
    layers.push(last(2));
    layers.into()
}

/// Three steps of two numbers, and a mask of heads, queries and keys that a frozen layer makes of others: where
/// that gives zero, a query does not see a key.
fn paired(mut layer: Value, sizes: [usize; 3]) -> Value {
    let count: usize = sizes.iter().product();
    layer["use_attention_mask"] = json!(true);
    layer["inputs"] = json!(["steps", "pairs"]);
    json!([{"type": "input", "shape": [6], "name": "input"},
        {"type": "reshape", "target_shape": [3, 2]},
        {"type": "dense", "units": 2, "activation": "tanh", "name": "steps"},
        {"type": "dense", "units": count, "activation": "relu", "trainable": false, "inputs": ["input"]},
        {"type": "reshape", "target_shape": sizes, "name": "pairs"},
        layer, {"type": "flatten"}, last(2)])
}

/// Queries, values and perhaps keys, each of a dense layer of its own.
fn crossed(mut layer: Value, inputs: usize) -> Value {
    let names = ["query", "value", "key"];
    let mut layers = vec![json!({"type": "input", "shape": [3, 2]})];
    layers.extend(names[..inputs].iter().map(
        |name| json!({"type": "dense", "units": 2, "activation": "tanh", "name": name, "inputs": ["input"]}),
    ));
    layer["inputs"] = json!(names[..inputs]);
    layers.extend([layer, json!({"type": "flatten"}), last(2)]);
    layers.into()
}
