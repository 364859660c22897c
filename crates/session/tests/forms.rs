//! Rows that are pictures or sequences, from the table to a network that has learnt them: the networks that the page proposes.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::Lab;
use serde_json::{Value, json};
use tabgrad_session::protocol::Part;

fn training(loss: &str, learning_rate: f64) -> Value {
    json!({
        "loss": loss, "optimizer": { "type": "adam", "learning_rate": learning_rate }, "metrics": ["accuracy"],
        "batch_size": 32, "epochs": null, "shuffle": true, "seed": 7,
    })
}

#[test]
fn a_convolutional_network_reads_the_digits() {
    let mut lab = Lab::new();
    lab.file("digits.csv", include_str!("../../../www/public/data/digits.csv"));
    let conv = |filters: usize| json!({ "type": "conv2d", "filters": filters, "kernel_size": 3, "padding": "same", "activation": "relu" });
    let layers = json!([
        conv(8),
        { "type": "max_pooling2d", "pool_size": 2 },
        conv(16),
        { "type": "flatten" },
        { "type": "dense", "units": 10, "activation": "softmax" },
    ]);
    lab.configure(layers, training("sparse_categorical_crossentropy", 0.003));
    lab.epochs(12);
    let accuracy = lab.evaluate(Part::Test).scores.metrics["accuracy"];
    assert!(accuracy > 0.95, "{accuracy} of the digits");
}

#[test]
fn a_recurrent_network_tells_balanced_parentheses() {
    let mut lab = Lab::new();
    lab.builtin("parentheses");
    let layers = json!([
        { "type": "embedding", "input_dim": 3, "output_dim": 8, "mask_zero": true },
        { "type": "lstm", "units": 16 },
        { "type": "dense", "units": 1, "activation": "sigmoid" },
    ]);
    lab.configure(layers, training("binary_crossentropy", 0.01));
    lab.epochs(30);
    let accuracy = lab.evaluate(Part::Test).scores.metrics["accuracy"];
    assert!(accuracy > 0.9, "{accuracy} of the strings");
}

#[test]
fn attention_finds_letters_that_come_again() {
    let mut lab = Lab::new();
    lab.json(json!({ "type": "load_builtin", "name": "repeats", "options": { "rows": 2000, "seed": 7 } }));
    let layers = json!([
        { "type": "embedding", "input_dim": 9, "output_dim": 16 },
        { "type": "position_embedding", "name": "position_embedding" },
        { "type": "multi_head_attention", "num_heads": 2, "key_dim": 8, "name": "multi_head_attention" },
        { "type": "add", "inputs": ["position_embedding", "multi_head_attention"] },
        { "type": "dense", "units": 16, "activation": "relu" },
        { "type": "global_max_pooling1d" },
        { "type": "dense", "units": 1, "activation": "sigmoid" },
    ]);
    lab.configure(layers, training("binary_crossentropy", 0.01));
    lab.epochs(30);
    let accuracy = lab.evaluate(Part::Test).scores.metrics["accuracy"];
    assert!(accuracy > 0.95, "{accuracy} of the rows");
}
