//! Gradients of whole models against central differences of the loss, for every layer, activation, loss and regularizer
//! of the registry: what has no entry in the tables here fails.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile, targets};
use serde_json::{Value, json};
use tabgrad_core::{Model, Rows, State, Target, schema};

/// Rows of the batch.
const ROWS: usize = 12;

/// Half the distance between the two losses of a difference.
const STEP: f32 = 4e-3;

fn training(loss: Value) -> Value {
    json!({"loss": loss, "optimizer": {"type": "sgd", "learning_rate": 0.0}, "batch_size": ROWS, "seed": 4})
}

/// The loss of one training step from this state; with a learning rate of 0 nothing else happens. The same state has
/// the same dropout masks.
fn loss(model: &mut Model, state: &State, rows: &Rows<'_>) -> f64 {
    model.restore(state).unwrap();
    let trained = model.train(rows, 1).unwrap();
    assert_eq!(trained.steps, 1);
    f64::from(trained.loss.unwrap())
}

/// Compares every weight's gradient; `layers` must end in as many outputs as the target wants.
fn check(what: &str, layers: &Value, loss_spec: &Value, target: Target) {
    let mut model = compile(layers.clone(), training(loss_spec.clone()), 6, target)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut numbers = Numbers(21);
    let (x, y) = (numbers.matrix(ROWS, 6), targets(&mut numbers, ROWS, target));
    let rows = Rows { x: x.view(), y: y.view() };
    let mut start = model.state();
    // Away from zero biases, which would hide mistakes.
    for tensor in start.tensors.iter_mut().filter(|it| it.name.ends_with("bias") || it.name.ends_with("beta"))
    {
        tensor.values.iter_mut().for_each(|value| *value = 0.3 * numbers.next());
    }
    // And all weights away from zero, where the L1 penalty has no slope.
    for value in start.tensors.iter_mut().flat_map(|it| &mut it.values).filter(|it| it.abs() < 0.02) {
        *value = 0.02;
    }
    loss(&mut model, &start, &rows);
    let tensors = model.summary().tensors;
    let is_trained = |layer: usize| layers[layer]["trainable"] != json!(false);
    assert!(tensors.iter().any(|it| is_trained(it.layer)));
    for tensor in tensors.into_iter().filter(|it| is_trained(it.layer)) {
        let gradient: Vec<f64> =
            model.gradient(&tensor.name).unwrap().iter().map(|&v| f64::from(v)).collect();
        let at = start.tensors.iter().position(|it| it.name == tensor.name).unwrap();
        let (mut difference, mut size) = (0.0, 0.0);
        for (i, &found) in gradient.iter().enumerate() {
            let mut moved = start.clone();
            let value = start.tensors[at].values[i];
            moved.tensors[at].values[i] = value + STEP;
            let above = loss(&mut model, &moved, &rows);
            moved.tensors[at].values[i] = value - STEP;
            let below = loss(&mut model, &moved, &rows);
            let slope = (above - below) / f64::from((value + STEP) - (value - STEP));
            difference += (slope - found).powi(2);
            size += slope.powi(2) + found.powi(2);
        }
        let error = (difference / size.max(1e-6)).sqrt();
        assert!(error < 2e-3, "{what}, {}: relative error {error:.1e}", tensor.name);
        loss(&mut model, &start, &rows);
    }
}

fn last(units: usize) -> Value {
    json!({"type": "dense", "units": units})
}

/// A network around every layer.
fn networks(layer: &str) -> Vec<Value> {
    let first = || json!({"type": "dense", "units": 5, "activation": "tanh"});
    match layer {
        "dense" => vec![
            json!([first(), last(2)]),
            json!([{"type": "dense", "units": 5, "use_bias": false, "activation": "silu"}, last(2)]),
            // Over the last axis of a matrix.
            json!([{"type": "input", "shape": [2, 3]}, first(), {"type": "flatten"}, last(2)]),
        ],
        "activation" => vec![json!([first(), {"type": "activation", "activation": "elu"}, last(2)])],
        "dropout" => vec![
            json!([first(), {"type": "dropout", "rate": 0.4}, last(2)]),
            json!([first(), {"type": "dropout", "rate": 0.0}, last(2)]),
        ],
        "batch_normalization" => vec![
            json!([first(), {"type": "batch_normalization"}, last(2)]),
            json!([first(), {"type": "batch_normalization", "scale": false, "epsilon": 0.1}, last(2)]),
            json!([first(), {"type": "batch_normalization", "center": false}, last(2)]),
            json!([first(), {"type": "batch_normalization", "trainable": false}, last(2)]),
            json!([
                {"type": "input", "shape": [2, 3]}, first(), {"type": "batch_normalization"},
                {"type": "flatten"}, last(2)]),
        ],
        "flatten" => vec![json!([first(), {"type": "flatten"}, last(2)])],
        "add" => vec![
            json!([first(), {"type": "dense", "units": 5}, {"type": "add", "inputs": ["dense", "dense_1"]}, last(2)]),
            json!([first(), {"type": "add", "inputs": ["dense", "dense", "dense"]}, last(2)]),
            json!([last(6), {"type": "add", "inputs": ["dense", "input"]}, last(2)]),
        ],
        "concatenate" => vec![json!([
            first(),
            {"type": "dense", "units": 3, "activation": "gelu"},
            {"type": "concatenate", "inputs": ["dense", "dense_1", "input", "dense"]},
            last(2)])],
        other => panic!("no gradient check for the layer {other}: add one"),
    }
}

#[test]
fn every_layer() {
    for kind in schema().layers {
        for network in networks(kind.choice.r#type) {
            check(&network.to_string(), &network, &json!("mse"), Target::Values(2));
        }
    }
}

#[test]
fn every_activation_inside_and_at_the_end() {
    for choice in schema().activations {
        let activation = choice.r#type;
        let inside = json!([{"type": "dense", "units": 5, "activation": activation}, last(2)]);
        check(activation, &inside, &json!("mse"), Target::Values(2));
        let end = json!([{"type": "dense", "units": 2, "activation": activation}]);
        check(activation, &end, &json!("mse"), Target::Values(2));
    }
}

/// Targets and last activations for every loss.
fn ends(loss: &str) -> Vec<(Value, &'static str, Target)> {
    match loss {
        "mean_squared_error" => {
            vec![(json!(loss), "linear", Target::Values(3)), (json!(loss), "sigmoid", Target::Binary)]
        }
        "mean_absolute_error" => vec![(json!(loss), "linear", Target::Values(3))],
        "huber" => vec![(json!({"type": loss, "delta": 0.5}), "linear", Target::Values(3))],
        "binary_crossentropy" => vec![
            (json!(loss), "sigmoid", Target::Binary),
            (json!(loss), "sigmoid", Target::Values(3)),
            (json!({"type": loss, "from_logits": true}), "linear", Target::Binary),
        ],
        "categorical_crossentropy" => vec![
            (json!(loss), "softmax", Target::Values(3)),
            (json!(loss), "softmax", Target::Classes(3)),
            (json!({"type": loss, "from_logits": true}), "linear", Target::Classes(3)),
        ],
        "sparse_categorical_crossentropy" => vec![
            (json!(loss), "softmax", Target::Classes(4)),
            (json!(loss), "softmax", Target::Binary),
            (json!({"type": loss, "from_logits": true}), "linear", Target::Classes(4)),
        ],
        other => panic!("no gradient check for the loss {other}: add one"),
    }
}

#[test]
fn every_loss() {
    for kind in schema().losses {
        for (loss, activation, target) in ends(kind.choice.r#type) {
            let units = match target {
                Target::Values(n) | Target::Classes(n) => n,
                Target::Binary if loss.to_string().contains("sparse") => 2,
                Target::Binary => 1,
            };
            let layers = json!([
                {"type": "dense", "units": 5, "activation": "tanh"},
                {"type": "dense", "units": units, "activation": activation}]);
            check(&format!("{loss} {target:?}"), &layers, &loss, target);
        }
    }
}

#[test]
fn every_regularizer_on_weights_and_on_activity() {
    for kind in schema().regularizers {
        let regularizer = match kind.choice.r#type {
            "l1" => json!({"type": "l1", "l1": 0.03}),
            "l2" => json!({"type": "l2", "l2": 0.02}),
            "l1_l2" => json!({"type": "l1_l2", "l1": 0.02, "l2": 0.03}),
            other => panic!("no gradient check for the regularizer {other}: add one"),
        };
        for place in ["kernel_regularizer", "bias_regularizer", "activity_regularizer"] {
            let layers =
                json!([{"type": "dense", "units": 5, "activation": "tanh", place: regularizer}, last(2)]);
            check(&format!("{regularizer} as {place}"), &layers, &json!("mse"), Target::Values(2));
        }
        // On an output that has its activation fused with nothing after it.
        let end = json!([{"type": "dense", "units": 2, "activity_regularizer": regularizer}]);
        check("activity of the output", &end, &json!("mse"), Target::Values(2));
    }
}

#[test]
fn frozen_layers_stay_as_they_are_and_the_others_learn_through_them() {
    let layers = json!([
        {"type": "dense", "units": 5, "activation": "tanh", "name": "learns"},
        {"type": "dense", "units": 5, "activation": "tanh", "name": "frozen", "trainable": false},
        {"type": "batch_normalization", "trainable": false},
        {"type": "dense", "units": 1, "name": "end"}]);
    let training = json!({"loss": "mse", "optimizer": "adam", "batch_size": 4});
    let mut model = compile(layers, training, 6, Target::Values(1)).unwrap();
    let mut numbers = Numbers(2);
    let (x, y) = (numbers.matrix(8, 6), numbers.matrix(8, 1));
    let before = model.state();
    common::train_epochs(&mut model, &x, &y, 3);
    for (old, new) in before.tensors.iter().zip(&model.state().tensors) {
        let stays = old.name.contains("frozen") || old.name.contains("batch_normalization");
        assert_eq!(old == new, stays, "{}", old.name);
    }
}
