//! Layers at several places, and features that enter at several places.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile, train_epochs};
use serde_json::{Value, json};
use tabgrad_core::{Model, Rows, Target};

fn training() -> Value {
    json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 0.05}, "batch_size": 8, "shuffle": false})
}

fn compiled(layers: Value, inputs: usize) -> Model {
    compile(layers, training(), inputs, Target::Values(1)).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(layers: Value, inputs: usize) -> String {
    compile(layers, training(), inputs, Target::Values(1)).err().expect("a mistake").to_string()
}

/// Two towers with one set of weights.
fn towers() -> Value {
    json!([
        {"type": "input", "shape": [3], "name": "left"},
        {"type": "input", "shape": [3], "name": "right"},
        {"type": "dense", "units": 4, "activation": "tanh", "name": "tower", "inputs": ["left"],
         "kernel_regularizer": "l2"},
        {"type": "batch_normalization", "name": "norm"},
        {"type": "dense", "units": 4, "activation": "tanh", "inputs": ["right"], "shares": "tower",
         "kernel_regularizer": "l2"},
        {"type": "batch_normalization", "shares": "norm", "name": "again"},
        {"type": "concatenate", "inputs": ["norm", "again"]},
        {"type": "dense", "units": 1, "name": "end"}])
}

#[test]
fn a_shared_layer_has_one_set_of_weights_and_one_set_of_statistics() {
    let mut model = compiled(towers(), 6);
    let names: Vec<String> = model.state().tensors.into_iter().map(|tensor| tensor.name).collect();
    let expected = [
        "tower/kernel",
        "tower/bias",
        "norm/gamma",
        "norm/beta",
        "end/kernel",
        "end/bias",
        "norm/moving_mean",
        "norm/moving_variance",
    ];
    assert_eq!(names, expected);
    let parameters: Vec<usize> = model.summary().layers.iter().map(|layer| layer.parameters).collect();
    assert_eq!(parameters, [0, 0, 16, 16, 0, 0, 0, 9]);
    // What goes in on both sides comes out on both sides.
    let mut numbers = Numbers(3);
    let half = numbers.matrix(5, 3);
    let x = ndarray::concatenate(ndarray::Axis(1), &[half.view(), half.view()]).unwrap();
    let outputs = model.probe(x.view()).unwrap();
    assert_eq!(outputs[3], outputs[5]);
    assert_eq!(outputs[2].dim(), (5, 4));
}

#[test]
fn several_inputs_take_the_features_in_order() {
    let mut model = compiled(
        json!([
            {"type": "input", "shape": [2, 2]},
            {"type": "input", "shape": [1]},
            {"type": "flatten", "inputs": ["input"]},
            {"type": "concatenate", "inputs": ["input_1", "flatten"]},
            {"type": "dense", "units": 1}]),
        5,
    );
    let x = ndarray::array![[1.0, 2.0, 3.0, 4.0, 5.0], [6.0, 7.0, 8.0, 9.0, 10.0]];
    let outputs = model.probe(x.view()).unwrap();
    assert_eq!(outputs[0], ndarray::array![[1.0, 2.0, 3.0, 4.0], [6.0, 7.0, 8.0, 9.0]]);
    assert_eq!(outputs[1], ndarray::array![[5.0], [10.0]]);
    assert_eq!(outputs[3], ndarray::array![[5.0, 1.0, 2.0, 3.0, 4.0], [10.0, 6.0, 7.0, 8.0, 9.0]]);
}

#[test]
fn a_shared_layer_learns_from_both_of_its_places() {
    let mut numbers = Numbers(5);
    let x = numbers.matrix(64, 6);
    let y =
        ndarray::Array2::from_shape_fn((64, 1), |(i, _)| (x[[i, 0]] * 2.0).tanh() - (x[[i, 3]] * 2.0).tanh());
    let mut model = compiled(towers(), 6);
    let rows = Rows::new(x.view(), y.view());
    let before = model.evaluate(&rows).unwrap().unwrap().loss;
    train_epochs(&mut model, &x, &y, 60);
    let after = model.evaluate(&rows).unwrap().unwrap().loss;
    assert!(after < 0.2 * before, "{before} to {after}");
}

#[test]
fn mistakes_in_sharing_and_in_several_inputs_are_named() {
    let dense = |name: &str| json!({"type": "dense", "units": 1, "name": name});
    let shares = |with: &str, units: usize| json!({"type": "dense", "units": units, "shares": with});
    let input = |size: usize| json!({"type": "input", "shape": [size]});
    let cases = [
        (
            json!([dense("a"), shares("b", 1)]),
            "layers[1].shares: expected an earlier layer, one of: a, found \"b\"",
        ),
        (
            json!([dense("a"), shares("a", 2)]),
            "layers[1].shares: expected a layer with the same arguments as \"a\", found other ones",
        ),
        (
            json!([dense("a"), shares("a", 1)]),
            "layers[1].shares: expected a layer whose kernel has the shape (1, 1), found (4, 1); a layer that is used",
        ),
        (
            json!([dense("a"), {"type": "dense", "units": 1, "shares": 3}]),
            "layers[1].shares: expected a name",
        ),
        (
            json!([input(2), {"type": "input"}, dense("a")]),
            "layers[1].shape: expected the shape of its part of the features, since there are several input layers",
        ),
        (
            json!([input(2), input(1), dense("a")]),
            "layers[1].shape: expected shapes of all input layers of together 4 values, as many as there are features, found 3",
        ),
        (
            json!([dense("a"), input(2), input(2)]),
            "layers[0].inputs: expected the name of one of the input layers, since there are several",
        ),
    ];
    for (layers, expected) in cases {
        let found = refused(layers.clone(), 4);
        assert!(found.contains(expected), "{layers}\n  expected {expected}\n  found    {found}");
    }
}
