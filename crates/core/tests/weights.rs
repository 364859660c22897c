//! What holds weights: freezing, a rate of their own, constraints on every axis, and the shapes that initializers want.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile};
use ndarray::{Array2, Axis};
use serde_json::{Value, json};
use tabgrad_core::{Model, Rows, Target};

fn data() -> (Array2<f32>, Array2<f32>) {
    let mut numbers = Numbers(4);
    (numbers.matrix(16, 3), numbers.matrix(16, 2))
}

/// A network of two layers after some steps of gradient descent; `first` are arguments of the first layer.
fn trained(first: Value, steps: usize) -> Model {
    let mut layer = json!({"type": "dense", "units": 4, "activation": "tanh", "name": "first"});
    first.as_object().unwrap().iter().for_each(|(name, value)| layer[name] = value.clone());
    let layers = json!([layer, {"type": "dense", "units": 2, "name": "last"}]);
    let training =
        json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 0.1}, "batch_size": 16});
    let mut model = compile(layers, training, 3, Target::Values(2)).unwrap();
    let (x, y) = data();
    for _ in 0..steps {
        model.train(&Rows::new(x.view(), y.view()), 1).unwrap();
    }
    model
}

fn kernel(model: &Model, name: &str) -> Array2<f32> {
    model.tensor(name).unwrap().into_dimensionality().unwrap().to_owned()
}

#[test]
fn a_layer_learns_at_a_multiple_of_the_rate_and_a_frozen_one_not_at_all() {
    let start = kernel(&trained(json!({}), 0), "first/kernel");
    let step = |multiplier: f64| {
        let model = trained(json!({ "learning_rate_multiplier": multiplier }), 1);
        (kernel(&model, "first/kernel") - &start, kernel(&model, "last/kernel"))
    };
    let (whole, last) = step(1.0);
    assert!(whole.iter().all(|step| *step != 0.0));
    for multiplier in [0.0, 0.25, 2.0] {
        let (part, other) = step(multiplier);
        let expected = &whole * multiplier as f32;
        assert!((part - expected).iter().all(|off| off.abs() < 1e-7), "{multiplier}");
        assert_eq!(other, last, "the other layer is as it was");
    }
    let frozen = trained(json!({"trainable": false}), 3);
    assert_eq!(kernel(&frozen, "first/kernel"), start);
}

#[test]
fn what_is_frozen_is_not_penalized() {
    let (x, y) = data();
    let loss =
        |first: Value| trained(first, 0).evaluate(&Rows::new(x.view(), y.view())).unwrap().unwrap().loss;
    let plain = loss(json!({}));
    let l2 = json!({"type": "l2", "l2": 0.5});
    assert!(loss(json!({"kernel_regularizer": l2})) > plain);
    assert_eq!(loss(json!({"kernel_regularizer": l2, "trainable": false})), plain);
    let orthogonal = json!({"type": "orthogonal", "factor": 0.5});
    assert!(loss(json!({"kernel_regularizer": orthogonal})) > plain);
    assert_eq!(loss(json!({"kernel_regularizer": orthogonal, "trainable": false})), plain);
}

#[test]
fn constraints_hold_after_every_step() {
    let norms = |w: &Array2<f32>, axis: usize| w.map_axis(Axis(axis), |v| v.dot(&v).sqrt());
    for steps in 1..4 {
        for axis in [0, 1] {
            let unit = trained(json!({"kernel_constraint": {"type": "unit_norm", "axis": axis}}), steps);
            let found = norms(&kernel(&unit, "first/kernel"), axis);
            assert!(found.iter().all(|norm| (norm - 1.0).abs() < 1e-5), "{found}");
            let max = trained(
                json!({"kernel_constraint": {"type": "max_norm", "max_value": 0.5, "axis": axis}}),
                steps,
            );
            let found = norms(&kernel(&max, "first/kernel"), axis);
            assert!(found.iter().all(|norm| *norm < 0.5 + 1e-5), "{found}");
        }
        let above = trained(json!({"kernel_constraint": "non_neg"}), steps);
        assert!(kernel(&above, "first/kernel").iter().all(|w| *w >= 0.0));
    }
}

#[test]
fn shapes_that_do_not_fit_are_named() {
    let message = |layer: Value| {
        let training = json!({"loss": "mse", "optimizer": "sgd"});
        compile(json!([layer]), training, 3, Target::Values(2)).err().unwrap().to_string()
    };
    let dense = |name: &str, value: Value| json!({"type": "dense", "units": 2, name: value});
    let cases = [
        (dense("bias_initializer", json!("identity")), "layers[0].bias_initializer: expected a matrix"),
        (dense("bias_initializer", json!("orthogonal")), "layers[0].bias_initializer: expected two axes"),
        (dense("bias_regularizer", json!("orthogonal")), "layers[0].bias_regularizer: expected a matrix"),
        (dense("activity_regularizer", json!("orthogonal")), "layers[0].activity_regularizer: expected l1"),
        (
            dense("kernel_constraint", json!({"type": "max_norm", "axis": 2})),
            "layers[0].kernel_constraint.axis: expected axes of the weights",
        ),
        (dense("kernel_constraint", json!("max_nrom")), "max_norm"),
        (dense("learning_rate_multiplier", json!(-1)), "layers[0].learning_rate_multiplier"),
    ];
    for (layer, expected) in cases {
        let found = message(layer.clone());
        assert!(found.contains(expected), "{layer}: {found}");
    }
}

#[test]
fn only_one_way_to_clip_and_schedules_that_are_whole() {
    let message = |optimizer: Value| {
        let training = json!({"loss": "mse", "optimizer": optimizer});
        let layers = json!([{"type": "dense", "units": 2}]);
        compile(layers, training, 3, Target::Values(2)).err().unwrap().to_string()
    };
    let clips = message(json!({"type": "sgd", "clipnorm": 1.0, "clipvalue": 1.0}));
    assert!(clips.starts_with("training.optimizer.clipnorm: expected only one of"), "{clips}");
    let schedule = |value: Value| message(json!({"type": "sgd", "learning_rate": value}));
    let values = schedule(json!({"type": "piecewise_constant_decay", "boundaries": [5], "values": [0.1]}));
    assert!(
        values.starts_with("training.optimizer.learning_rate.values: expected one value more"),
        "{values}"
    );
    let order = schedule(
        json!({"type": "piecewise_constant_decay", "boundaries": [5, 3], "values": [0.1, 0.2, 0.3]}),
    );
    assert!(order.contains("ascending"), "{order}");
    let missing = schedule(json!({"type": "cosine_decay", "initial_learning_rate": 0.1}));
    assert!(missing.starts_with("training.optimizer.learning_rate.decay_steps"), "{missing}");
    let inner = schedule(json!({"type": "linear_warmup", "warmup_steps": 5, "schedule": {"type": "cosine"}}));
    assert!(inner.starts_with("training.optimizer.learning_rate.schedule.type"), "{inner}");
}
