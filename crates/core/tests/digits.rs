//! Whole networks of convolutions learn the 1,797 handwritten digits (`www/public/data`): a small VGG, a residual network and
//! an autoencoder. Every fifth digit is for testing.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{compile, train_epochs};
use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Rows, Target};

const FILE: &str = include_str!("../../../www/public/data/digits.csv");

/// Pixels from 0 to 1 and digits: for training and for testing.
fn digits() -> [(Array2<f32>, Array2<f32>); 2] {
    let mut parts = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
    for (i, line) in FILE.lines().skip(1).enumerate() {
        let mut numbers: Vec<f32> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let (x, y) = &mut parts[usize::from(i % 5 == 4)];
        y.extend(numbers.pop());
        x.extend(numbers.iter().map(|pixel| pixel / 16.0));
    }
    parts.map(|(x, y)| {
        let rows = y.len();
        (Array2::from_shape_vec((rows, 64), x).unwrap(), Array2::from_shape_vec((rows, 1), y).unwrap())
    })
}

/// Trains a classifier and checks that it is right on more than 97 of 100 digits that it has never seen.
fn learns(layers: Value, epochs: u32) {
    let [(x, y), (test_x, test_y)] = digits();
    let training = json!({"loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.003},
        "metrics": ["accuracy"], "batch_size": 32, "seed": 3});
    let mut model = compile(layers, training, 64, Target::Classes(10)).unwrap();
    train_epochs(&mut model, &x, &y, epochs);
    let scores = model.evaluate(&Rows::new(test_x.view(), test_y.view())).unwrap().unwrap();
    println!("test accuracy {}", scores.metrics["accuracy"]);
    assert!(scores.metrics["accuracy"] > 0.97, "{scores:?}");
}

#[test]
fn a_small_vgg_reads_digits() {
    learns(
        json!([
            {"type": "input", "shape": [8, 8, 1]},
            {"type": "vgg_block", "filters": 16},
            {"type": "vgg_block", "filters": 32, "convolutions": 1},
            {"type": "flatten"},
            {"type": "dropout", "rate": 0.2},
            {"type": "dense", "units": 10, "activation": "softmax"}]),
        12,
    );
}

#[test]
fn a_residual_network_reads_digits() {
    learns(
        json!([
            {"type": "input", "shape": [8, 8, 1]},
            {"type": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same", "use_bias": false},
            {"type": "batch_normalization", "momentum": 0.9},
            {"type": "activation", "activation": "relu"},
            {"type": "residual_block", "filters": 16, "momentum": 0.9},
            {"type": "max_pooling2d"},
            {"type": "flatten"},
            {"type": "dense", "units": 10, "activation": "softmax"}]),
        12,
    );
}

#[test]
fn an_autoencoder_restores_digits_from_a_quarter_of_their_numbers() {
    let [(x, _), (test_x, _)] = digits();
    let layers = json!([
        {"type": "input", "shape": [8, 8, 1]},
        {"type": "conv2d", "filters": 16, "kernel_size": 3, "strides": 2, "padding": "same", "activation": "relu"},
        {"type": "conv2d", "filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "name": "code"},
        {"type": "conv2d_transpose", "filters": 16, "kernel_size": 3, "strides": 2, "padding": "same",
         "activation": "relu"},
        {"type": "conv2d_transpose", "filters": 1, "kernel_size": 3, "strides": 2, "padding": "same",
         "activation": "sigmoid"},
        {"type": "flatten"}]);
    let training = json!({"loss": "mse", "optimizer": {"type": "adam", "learning_rate": 0.005}, "batch_size": 32, "seed": 3});
    let mut model = compile(layers, training, 64, Target::Values(64)).unwrap();
    train_epochs(&mut model, &x, &x, 12);
    let error = model.evaluate(&Rows::new(test_x.view(), test_x.view())).unwrap().unwrap().loss;
    // What is left when every pixel is guessed to be its mean over all digits.
    let mean = x.mean_axis(ndarray::Axis(0)).unwrap();
    let guess = (&test_x - &mean).mapv(|off| off * off).mean().unwrap();
    println!("error {error} of {guess}");
    assert!(error < 0.25 * guess, "{error} of {guess}");
}
