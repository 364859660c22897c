//! Tokens among other columns of a row: what cuts them out is known to, and each is checked against its own table alone.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::compile;
use ndarray::array;
use serde_json::{Value, json};
use tabgrad_core::{Rows, Target};

/// Three columns, of which the last two are tokens, each of a table of its own.
fn layers(between: &[Value]) -> Value {
    let cut = |name: &str, cropping: Value| json!([{"type": "cropping1d", "name": name, "cropping": cropping, "inputs": ["all"]}, {"type": "flatten"}]);
    let table = |count: u32, name: &str| json!([{"type": "embedding", "input_dim": count, "output_dim": 2}, {"type": "flatten", "name": name}]);
    let parts = [
        json!([{"type": "reshape", "target_shape": [3, 1], "name": "all", "inputs": ["input"]}]),
        cut("number", json!([0, 2])),
        cut("few", json!([1, 1])),
        between.into(),
        table(2, "of_few"),
        cut("many", json!([2, 0])),
        table(9, "of_many"),
        json!([{"type": "concatenate", "inputs": ["flatten", "of_few", "of_many"]}, {"type": "dense", "units": 1}]),
    ];
    parts.iter().flat_map(|part| part.as_array().unwrap().clone()).collect::<Vec<_>>().into()
}

#[test]
fn columns_of_tokens_have_a_table_each() {
    let training = json!({"loss": "mse", "optimizer": "sgd", "batch_size": 8});
    let mut model = compile(layers(&[]), training, 3, Target::Values(1)).unwrap();
    let y = array![[1.0], [2.0]];
    let sound = array![[0.25, 1.0, 8.0], [-3.5, 0.0, 2.0]];
    assert!(model.train(&Rows::new(sound.view(), y.view()), 1).is_ok());
    let few = model.predict(array![[0.25, 2.0, 2.0]].view()).unwrap_err().to_string();
    assert!(few.contains("row 0 feature 1: expected a token: a whole number from 0 to 1, found 2"), "{few}");
    let many = model.predict(array![[0.25, 1.0, 2.5]].view()).unwrap_err().to_string();
    assert!(
        many.contains("row 0 feature 2: expected a token: a whole number from 0 to 8, found 2.5"),
        "{many}"
    );
}

#[test]
fn what_a_layer_computes_is_no_token() {
    let training = json!({"loss": "mse", "optimizer": "sgd", "batch_size": 8});
    for between in [json!({"type": "rescaling", "scale": 2.0}), json!({"type": "dense", "units": 1})] {
        let error = compile(layers(std::slice::from_ref(&between)), training.clone(), 3, Target::Values(1));
        let message = error.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(message.contains("expected tokens just as they enter"), "{between}: {message}");
    }
}
