//! Metrics where there is little or nothing to score: a value that means something, or none; never NaN.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile};
use ndarray::Array2;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tabgrad_core::{Rows, Target, schema};

/// The scores of a network that was never trained.
fn scores(
    layers: Value,
    loss: Value,
    metrics: Value,
    target: Target,
    y: &Array2<f32>,
) -> BTreeMap<String, f32> {
    let training = json!({"loss": loss, "optimizer": "sgd", "metrics": metrics});
    let mut model = compile(layers, training, 3, target).unwrap();
    let x = Numbers(1).matrix(y.nrows(), 3);
    let scores = model.evaluate(&Rows::new(x.view(), y.view())).unwrap().unwrap();
    assert!(scores.metrics.values().all(|value| value.is_finite()));
    scores.metrics
}

/// All metrics that a task is offered.
fn metrics_for(task: &str) -> Value {
    let names = schema().metrics.into_iter().filter(|kind| kind.tasks.contains(&task));
    names.map(|kind| kind.choice.r#type).collect()
}

#[test]
fn all_metrics_of_a_task_go_with_its_losses() {
    let ends = [
        (
            "regression",
            json!("mse"),
            json!([{"type": "dense", "units": 2, "activation": "softplus"}]),
            Target::Values(2),
        ),
        (
            "binary",
            json!("binary_crossentropy"),
            json!([{"type": "dense", "units": 1, "activation": "sigmoid"}]),
            Target::Binary,
        ),
        ("binary", json!("hinge"), json!([{"type": "dense", "units": 1}]), Target::Binary),
        (
            "binary",
            json!("dice"),
            json!([{"type": "dense", "units": 1, "activation": "sigmoid"}]),
            Target::Binary,
        ),
        (
            "multiclass",
            json!("sparse_categorical_crossentropy"),
            json!([{"type": "dense", "units": 4, "activation": "softmax"}]),
            Target::Classes(4),
        ),
        (
            "multiclass",
            json!("categorical_hinge"),
            json!([{"type": "dense", "units": 4}]),
            Target::Classes(4),
        ),
    ];
    for (task, loss, layers, target) in ends {
        let y = common::targets(&mut Numbers(2), 40, target);
        let metrics = metrics_for(task);
        let found = scores(layers, loss.clone(), metrics.clone(), target, &y);
        for name in metrics.as_array().unwrap() {
            let name = name.as_str().unwrap();
            let is_there = found.keys().any(|key| key == name || key.starts_with(&format!("{name}/")));
            assert!(is_there, "{task}, {loss}: {name} is missing");
        }
    }
}

#[test]
fn without_a_single_yes_there_is_no_area_and_no_agreement() {
    let layers = json!([{"type": "dense", "units": 1, "activation": "sigmoid"}]);
    let metrics = json!(["auc", "matthews_correlation", "accuracy", "recall", "balanced_accuracy"]);
    let y = Array2::zeros((20, 1));
    let found = scores(layers, json!("binary_crossentropy"), metrics, Target::Binary, &y);
    assert!(!found.contains_key("auc") && !found.contains_key("matthews_correlation"), "{found:?}");
    assert_eq!(found["recall"], 0.0, "as Keras has it");
    assert_eq!(found["balanced_accuracy"], found["accuracy"], "one class alone");
}

#[test]
fn rows_whose_class_is_ignored_are_not_scored() {
    let layers =
        json!([{"type": "dense", "units": 3, "activation": "softmax", "kernel_initializer": "zeros"}]);
    let loss = json!({"type": "sparse_categorical_crossentropy", "ignore_class": 2});
    let y = ndarray::arr2(&[[0.0], [2.0], [2.0], [1.0]]);
    let found = scores(layers, loss, json!(["accuracy", "false_negatives"]), Target::Classes(3), &y);
    assert_eq!(
        found["accuracy"], 0.5,
        "of two rows that count the first class, which always wins, is right once"
    );
    assert_eq!(found["false_negatives"], 2.0);
}

#[test]
fn arguments_of_other_metrics_are_refused() {
    let layers = json!([{"type": "dense", "units": 1}]);
    let message = |metric: Value| {
        let training = json!({"loss": "mse", "optimizer": "sgd", "metrics": [metric]});
        compile(layers.clone(), training, 3, Target::Values(1)).err().unwrap().to_string()
    };
    let found = message(json!({"type": "auc", "curv": "PR"}));
    assert!(
        found.starts_with("training.metrics[0].curv") && found.contains("did you mean \"curve\"?"),
        "{found}"
    );
    let found = message(json!({"type": "mae", "threshold": 0.5}));
    assert!(found.starts_with("training.metrics[0].threshold: expected an argument"), "{found}");
    let found = message(json!({"type": "auc", "curve": "PRC"}));
    assert!(found.starts_with("training.metrics[0].curve: expected a curve"), "{found}");
}

#[test]
fn weights_of_classes_that_do_not_fit_are_named() {
    let focal = |alpha: Value| json!({"type": "categorical_focal_crossentropy", "alpha": alpha});
    let message = |mut training: Value, target, units: usize, activation| {
        training["optimizer"] = json!("sgd");
        let layers = json!([{"type": "dense", "units": units, "activation": activation}]);
        compile(layers, training, 2, target).err().unwrap().to_string()
    };
    for (alpha, expected) in [
        (json!([1, 2]), ": expected a number, or 3 of them: one for each class, found 2"),
        (json!([1, 2, -1]), "[2]: expected a number of at least 0, found -1"),
        (json!([]), ": expected a number of at least 0, or a list of such, found a list of 0"),
    ] {
        let error = message(json!({"loss": focal(alpha)}), Target::Classes(3), 3, "softmax");
        assert_eq!(error, format!("training.loss.alpha{expected}"));
    }
    let several = json!({"loss": "sparse_categorical_crossentropy", "metrics": [focal(json!([1, 2]))]});
    let error = message(several, Target::Classes(3), 3, "softmax");
    let expected = "training.metrics[0]: expected as many numbers in alpha as there are classes";
    assert!(error.starts_with(expected), "{error}");
    let yes = json!({"type": "binary_focal_crossentropy", "alpha": [0.5, 0.5]});
    let error =
        message(json!({"loss": "binary_crossentropy", "metrics": [yes]}), Target::Binary, 1, "sigmoid");
    assert!(
        error.starts_with("training.metrics[0].alpha: expected a number from 0 to 1, found a list"),
        "{error}"
    );
}
