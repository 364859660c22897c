//! Layers with a state that goes through a sequence.

use super::last;
use serde_json::{Map, Value, json};

pub fn networks(layer: &str) -> Option<Vec<Value>> {
    let networks = match layer {
        "simple_rnn" => vec![
            plain(json!({"type": "simple_rnn", "units": 3})),
            masked(json!({"type": "simple_rnn", "units": 2, "activation": "gelu", "dropout": 0.3})),
            plain(json!({"type": "simple_rnn", "units": 2, "recurrent_dropout": 0.4, "dropout": 0.3})),
            plain(json!({"type": "simple_rnn", "units": 3, "activation": "softmax"})),
            handed_on(json!({"type": "simple_rnn", "units": 2})),
        ],
        "lstm" => vec![
            plain(json!({"type": "lstm", "units": 3})),
            plain(
                json!({"type": "lstm", "units": 2, "use_bias": false, "go_backwards": true, "dropout": 0.3}),
            ),
            plain(json!({"type": "lstm", "units": 2, "activation": "gelu"})),
            plain(
                json!({"type": "lstm", "units": 3, "activation": "log_softmax", "recurrent_activation": "softmax"}),
            ),
            masked(json!({"type": "lstm", "units": 2, "recurrent_dropout": 0.4})),
            masked(json!({"type": "lstm", "units": 2, "recurrent_dropout": 0.4, "dropout": 0.3})),
            masked(
                json!({"type": "lstm", "units": 2, "return_sequences": true, "recurrent_regularizer": "l2"}),
            ),
            handed_on(json!({"type": "lstm", "units": 2})),
            handed_on(
                json!({"type": "lstm", "units": 2, "recurrent_dropout": 0.4, "activity_regularizer": "l2"}),
            ),
        ],
        "gru" => vec![
            plain(json!({"type": "gru", "units": 3})),
            plain(json!({"type": "gru", "units": 3, "reset_after": false, "recurrent_dropout": 0.4})),
            plain(json!({"type": "gru", "units": 2, "recurrent_dropout": 0.4, "dropout": 0.3})),
            plain(json!({"type": "gru", "units": 2, "use_bias": false, "return_sequences": true})),
            masked(json!({"type": "gru", "units": 2, "zero_output_for_mask": true, "return_sequences": true,
                "activity_regularizer": "l2"})),
            masked(json!({"type": "gru", "units": 2, "reset_after": false, "go_backwards": true})),
            plain(
                json!({"type": "gru", "units": 3, "activation": "softmax", "recurrent_activation": "softmax"}),
            ),
            handed_on(json!({"type": "gru", "units": 2})),
            handed_on(json!({"type": "gru", "units": 2, "reset_after": false})),
        ],
        "bidirectional" => vec![
            plain(json!({"type": "bidirectional", "layer": {"type": "gru", "units": 2}})),
            plain(
                json!({"type": "bidirectional", "layer": {"type": "gru", "units": 3}, "merge_mode": "mul"}),
            ),
            masked(json!({"type": "bidirectional", "merge_mode": "sum",
                "layer": {"type": "lstm", "units": 2, "return_sequences": true}})),
            plain(json!({"type": "bidirectional", "layer": {"type": "simple_rnn", "units": 2},
                "backward_layer": {"type": "lstm", "units": 3, "go_backwards": true}})),
            handed_on(
                json!({"type": "bidirectional", "merge_mode": "none", "layer": {"type": "gru", "units": 2}}),
            ),
        ],
        "time_distributed" => vec![
            json!([{"type": "input", "shape": [3, 2]},
                {"type": "time_distributed", "layer": {"type": "dense", "units": 3, "activation": "tanh"}},
                {"type": "time_distributed", "layer": {"type": "dropout", "rate": 0.2}},
                {"type": "flatten"}, last(2)]),
            json!([{"type": "input", "shape": [2, 3, 1]},
                {"type": "time_distributed", "layer": {"type": "flatten"}},
                {"type": "time_distributed", "layer": {"type": "activation", "activation": "tanh"}},
                {"type": "dense", "units": 2}, {"type": "flatten"}, last(2)]),
            json!([{"type": "input", "shape": [2, 3, 3, 1]},
                {"type": "time_distributed", "layer": {"type": "conv2d", "filters": 2, "kernel_size": 2, "activation": "tanh"}},
                {"type": "time_distributed", "layer": {"type": "batch_normalization"}},
                {"type": "time_distributed", "layer": {"type": "average_pooling2d", "strides": 1}},
                {"type": "flatten"}, last(2)]),
            json!([{"type": "input", "shape": [2, 3, 2]},
                {"type": "time_distributed", "layer": {"type": "gru", "units": 2, "activity_regularizer": "l2"}},
                {"type": "flatten"}, last(2)]),
        ],
        _ => return None,
    };
    Some(networks)
}

/// Three steps of two numbers, a dense layer at each, the layer, and two numbers of what it gives.
fn plain(layer: Value) -> Value {
    around(&[json!({"type": "dense", "units": 2, "activation": "tanh"})], layer)
}

/// The same, with steps left out: those whose numbers are zero.
fn masked(layer: Value) -> Value {
    let steps = [
        json!({"type": "masking", "mask_value": 0.0}),
        json!({"type": "dense", "units": 2, "activation": "tanh"}),
    ];
    around(&steps, layer)
}

/// An encoder whose last states are those that a decoder begins with, and are read beside what that gives out; the encoder's
/// own output is not.
fn handed_on(layer: Value) -> Value {
    let (mut encoder, mut decoder) = (layer.clone(), layer);
    let is_lstm = encoder["type"] == json!("lstm");
    let inner = if encoder["layer"].is_object() { &mut encoder["layer"] } else { &mut encoder };
    inner["return_state"] = json!(true);
    encoder["name"] = json!("encoder");
    let is_double = decoder["layer"].is_object();
    // Of two layers the outputs are two before the states.
    let states: Vec<String> = match (is_double, is_lstm) {
        (true, _) => vec!["encoder:2".into(), "encoder:3".into()],
        (false, true) => vec!["encoder:1".into(), "encoder:2".into()],
        (false, false) => vec!["encoder:1".into()],
    };
    decoder["inputs"] = json!([vec!["steps".to_owned()], states.clone()].concat());
    decoder["name"] = json!("decoder");
    let read = [vec!["decoder".to_owned()], states].concat();
    json!([{"type": "input", "shape": [3, 2]},
        {"type": "dense", "units": 2, "activation": "tanh", "name": "steps"}, large(encoder), large(decoder),
        {"type": "concatenate", "inputs": read}, last(2)])
}

/// With weights large enough for the gradients of all of them to be seen in the loss.
fn large(mut layer: Value) -> Value {
    let own = if layer["layer"].is_object() { &mut layer["layer"] } else { &mut layer };
    own["kernel_initializer"] = json!({"type": "random_uniform", "minval": -1.5, "maxval": 1.5});
    own["recurrent_initializer"] = own["kernel_initializer"].clone();
    layer
}

fn around(before: &[Value], layer: Value) -> Value {
    let layer = large(layer);
    let mut layers = vec![json!({"type": "input", "shape": [3, 2]})];
    layers.extend_from_slice(before);
    let inner: &Map<String, Value> = layer["layer"].as_object().or(layer.as_object()).expect("an object");
    let gives_steps = inner.get("return_sequences") == Some(&json!(true));
    layers.push(layer);
    if gives_steps {
        layers.push(json!({"type": "flatten"}));
    }
    layers.push(last(2));
    layers.into()
}
