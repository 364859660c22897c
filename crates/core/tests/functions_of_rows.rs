//! Activations that look at all values along an axis: which axis may be said, and where they may stand.

mod common;

use common::compile;
use serde_json::{Value, json};
use tabgrad_core::{ModelSpec, Target};

fn message(layers: Value) -> String {
    let training = json!({"loss": "mse", "optimizer": "sgd", "batch_size": 8});
    match compile(layers, training, 6, Target::Values(1)) {
        Ok(_) => "no mistake was found".into(),
        Err(error) => error.to_string(),
    }
}

fn steps(layer: Value) -> Value {
    json!([{"type": "input", "shape": [3, 2]}, layer, {"type": "flatten"}, {"type": "dense", "units": 1}])
}

#[test]
fn what_axis_a_function_can_go_along_is_said() {
    let dense = |activation: Value| steps(json!({"type": "dense", "units": 3, "activation": activation}));
    let cell =
        |argument: &str, activation: Value| steps(json!({"type": "gru", "units": 2, argument: activation}));
    let cases = [
        (dense(json!({"type": "softmax", "axis": 1})), "no mistake was found"),
        (
            dense(json!({"type": "softmax", "axis": 0})),
            "layers[1].activation.axis: expected axes from 1 to 2 or from -2 to -1, found [0]",
        ),
        (
            dense(json!({"type": "softmax", "axis": 0.5})),
            "layers[1].activation.axis: expected an axis, found 0.5",
        ),
        (
            dense(json!({"type": "softmax", "axis": 9})),
            "layers[1].activation.axis: expected axes from -8 to 8",
        ),
        (dense(json!({"type": "glu", "axis": 1})), "layers[1].activation: expected an even number of values"),
        (dense(json!({"type": "tanh", "axis": 1})), "layers[1].activation.axis: expected an argument"),
        (cell("activation", json!({"type": "softmax", "axis": 1})), "no mistake was found"),
        (
            cell("recurrent_activation", json!({"type": "softmax", "axis": -2})),
            "layers[1].recurrent_activation.axis: expected -1 or 1, along the units of a step, found [-2]",
        ),
        (
            cell("activation", json!("glu")),
            "layers[1].activation: expected an activation that gives as many values as it takes, such as tanh",
        ),
    ];
    for (layers, expected) in cases {
        let found = message(layers.clone());
        assert!(found.contains(expected), "{layers}: {found}");
    }
}

#[test]
fn the_last_axis_is_not_written() {
    let written = |activation: Value| {
        let layer = json!({"type": "dense", "units": 3, "activation": activation});
        let model = ModelSpec::parse(&json!({"version": 1, "layers": [layer]})).expect("a model");
        model.to_value()["layers"][0]["activation"].clone()
    };
    assert_eq!(written(json!({"type": "softmax", "axis": -1})), json!("softmax"));
    assert_eq!(written(json!({"type": "softmax", "axis": 1})), json!({"type": "softmax", "axis": 1}));
}
