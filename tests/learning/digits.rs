//! Networks of convolutions and the 1,797 handwritten digits (`www/public/data`): a small VGG, a residual network and an autoencoder.
//! Every fifth digit is held out.

use super::{Case, Data, Wanted};
use ndarray::{Array2, Axis};
use serde_json::{Value, json};
use tabgrad_core::Target;

const FILE: &str = include_str!("../../www/public/data/digits.csv");

/// Pixels from 0 to 1 and digits: for training and for testing.
fn digits() -> [Data; 2] {
    let mut parts = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
    for (i, line) in FILE.lines().skip(1).enumerate() {
        let mut numbers: Vec<f32> = line.split(',').map(|cell| cell.parse().expect("a number")).collect();
        let (x, y) = &mut parts[usize::from(i % 5 == 4)];
        y.extend(numbers.pop());
        x.extend(numbers.iter().map(|pixel| pixel / 16.0));
    }
    parts.map(|(x, y)| {
        let rows = y.len();
        let matrix = |cols: usize, values| Array2::from_shape_vec((rows, cols), values).expect("whole rows");
        Data { x: matrix(64, x), y: matrix(1, y) }
    })
}

/// A classifier that must be right on more than 97 of 100 digits.
fn classifier(layers: Value) -> Case {
    let [train, test] = digits();
    Case {
        layers,
        loss: json!("sparse_categorical_crossentropy"),
        optimizer: json!({"type": "adam"}),
        learning_rate: 0.003,
        batch_size: 32,
        epochs: 12,
        target: Target::Classes(10),
        train,
        test,
        wanted: Wanted::Accuracy(0.97),
    }
}

/// Two VGG blocks.
pub fn vgg() -> Case {
    classifier(json!([
        {"type": "input", "shape": [8, 8, 1]},
        {"type": "vgg_block", "filters": 16},
        {"type": "vgg_block", "filters": 32, "convolutions": 1},
        {"type": "flatten"},
        {"type": "dropout", "rate": 0.2},
        {"type": "dense", "units": 10, "activation": "softmax"}]))
}

/// A convolution and a residual block.
pub fn residual() -> Case {
    classifier(json!([
        {"type": "input", "shape": [8, 8, 1]},
        {"type": "conv2d", "filters": 16, "kernel_size": 3, "padding": "same", "use_bias": false},
        {"type": "batch_normalization", "momentum": 0.9},
        {"type": "activation", "activation": "relu"},
        {"type": "residual_block", "filters": 16, "momentum": 0.9},
        {"type": "max_pooling2d"},
        {"type": "flatten"},
        {"type": "dense", "units": 10, "activation": "softmax"}]))
}

/// An autoencoder that keeps a quarter of the numbers, and loses less than a quarter of what is lost when every pixel is guessed to
/// be its mean over all digits.
pub fn autoencoder() -> Case {
    let layers = json!([
        {"type": "input", "shape": [8, 8, 1]},
        {"type": "conv2d", "filters": 16, "kernel_size": 3, "strides": 2, "padding": "same", "activation": "relu"},
        {"type": "conv2d", "filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "name": "code"},
        {"type": "conv2d_transpose", "filters": 16, "kernel_size": 3, "strides": 2, "padding": "same",
         "activation": "relu"},
        {"type": "conv2d_transpose", "filters": 1, "kernel_size": 3, "strides": 2, "padding": "same",
         "activation": "sigmoid"},
        {"type": "flatten"}]);
    let [train, test] = digits().map(|part| Data { y: part.x.clone(), x: part.x });
    let mean = train.x.mean_axis(Axis(0)).expect("there are rows");
    let guess = (&test.x - &mean).mapv(|off| off * off).mean().expect("there are rows");
    Case {
        layers,
        loss: json!("mse"),
        optimizer: json!({"type": "adam"}),
        learning_rate: 0.01,
        batch_size: 32,
        epochs: 20,
        target: Target::Values(64),
        train,
        test,
        wanted: Wanted::LossBelow(0.25 * guess),
    }
}
