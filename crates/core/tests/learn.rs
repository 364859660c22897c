//! Small problems that a network must solve.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, compile, train_epochs};
use ndarray::{Array2, array};
use serde_json::json;
use tabgrad_core::{Rows, Target};

#[test]
fn a_line_is_fitted_to_within_its_noise() {
    let mut numbers = Numbers(1);
    let x = numbers.matrix(100, 1);
    let y = Array2::from_shape_fn((100, 1), |(i, _)| 3.0 * x[[i, 0]] + 2.0 + 0.05 * numbers.next());
    let training = json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 0.1},
        "metrics": ["mae", "rmse", "r2"], "batch_size": 16, "seed": 1});
    let mut model = compile(json!([{"type": "dense", "units": 1}]), training, 1, Target::Values(1)).unwrap();
    train_epochs(&mut model, &x, &y, 100);
    let slope = model.tensor("dense/kernel").unwrap()[[0, 0]];
    let intercept = model.tensor("dense/bias").unwrap()[[0]];
    assert!((slope - 3.0).abs() < 0.02, "slope {slope}");
    assert!((intercept - 2.0).abs() < 0.02, "intercept {intercept}");
    let scores = model.evaluate(&Rows::new(x.view(), y.view())).unwrap().unwrap();
    assert!(scores.loss < 0.0015, "{scores:?}");
    assert!((scores.metrics["root_mean_squared_error"] - scores.loss.sqrt()).abs() < 1e-6);
    assert!(scores.metrics["r2_score"] > 0.999);
    assert!(scores.metrics["mean_absolute_error"] < 0.04);
}

#[test]
fn xor_is_learned() {
    let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let y = array![[0.0], [1.0], [1.0], [0.0]];
    let layers = json!([
        {"type": "dense", "units": 8, "activation": "tanh"},
        {"type": "dense", "units": 1, "activation": "sigmoid"}]);
    let training = json!({"loss": "binary_crossentropy",
        "optimizer": {"type": "adam", "learning_rate": 0.05}, "metrics": ["accuracy"], "batch_size": 4});
    let mut model = compile(layers, training, 2, Target::Binary).unwrap();
    let scores = train_epochs(&mut model, &x, &y, 300);
    assert_eq!(scores.metrics["accuracy"], 1.0);
    let p = model.predict(x.view()).unwrap();
    assert!(p[[0, 0]] < 0.05 && p[[1, 0]] > 0.95 && p[[2, 0]] > 0.95 && p[[3, 0]] < 0.05, "{p}");
}

#[test]
fn two_spirals_are_told_apart() {
    let n = 200;
    let mut x = Array2::zeros((n, 2));
    let mut y = Array2::zeros((n, 1));
    for i in 0..n {
        let class = i % 2;
        let t = (i / 2) as f32 / (n / 2) as f32;
        let angle = 3.5 * t * std::f32::consts::PI + class as f32 * std::f32::consts::PI;
        x[[i, 0]] = 2.0 * t * angle.cos();
        x[[i, 1]] = 2.0 * t * angle.sin();
        y[[i, 0]] = class as f32;
    }
    let layers = json!([
        {"type": "dense", "units": 24, "activation": "relu", "kernel_initializer": "he_uniform"},
        {"type": "dense", "units": 24, "activation": "relu", "kernel_initializer": "he_uniform"},
        {"type": "dense", "units": 2, "activation": "softmax"}]);
    let training = json!({"loss": "sparse_categorical_crossentropy",
        "optimizer": {"type": "adam", "learning_rate": 0.01}, "metrics": ["acc"], "batch_size": 32, "seed": 5});
    let mut model = compile(layers, training, 2, Target::Classes(2)).unwrap();
    let scores = train_epochs(&mut model, &x, &y, 200);
    assert!(scores.metrics["accuracy"] > 0.97, "{scores:?}");
    let p = model.predict(x.view()).unwrap();
    assert!(p.rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-5));
}
