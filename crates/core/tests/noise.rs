//! What noise layers do while training, in distribution: mean, deviation and shape of what is added or multiplied, and that the
//! gradient goes back through the same draw.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::compile;
use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Rows, Target};

const ROWS: usize = 2000;
const WIDTH: usize = 8;

/// One step of rows of ones, which are looked up so that each has a gradient of its own, through `layer` and a dense one.
fn step(layer: &Value, units: usize, kernel: &str, loss: &str, y: &Array2<f32>, gradient: &str) -> Vec<f32> {
    let layers = json!([
        {"type": "embedding", "name": "ones", "input_dim": ROWS, "output_dim": WIDTH, "embeddings_initializer": "ones"},
        {"type": "flatten"},
        layer,
        {"type": "dense", "name": "end", "units": units, "kernel_initializer": kernel, "use_bias": false}]);
    let training = json!({"loss": loss, "optimizer": {"type": "sgd", "learning_rate": 0.0}, "batch_size": ROWS,
        "shuffle": false, "seed": 5});
    let mut model = compile(layers, training, 1, Target::Values(units)).unwrap();
    model.keep_gradients();
    let x = Array2::from_shape_fn((ROWS, 1), |(row, _)| row as f32);
    model.train(&Rows::new(x.view(), y.view()), 1).unwrap();
    model.gradient(gradient).unwrap().iter().copied().collect()
}

/// What the layer makes of ones: the gradient of a kernel of zeros behind it, with a unit for every eighth row, which that unit alone
/// looks at.
fn forward(layer: &Value) -> Vec<f32> {
    let units = ROWS / 8;
    let seen = -0.5 * (ROWS * units) as f32;
    let y = Array2::from_shape_fn((ROWS, units), |(row, unit)| if row == 8 * unit { seen } else { 0.0 });
    let gradient = step(layer, units, "zeros", "mean_squared_error", &y, "end/kernel");
    // (width, units) -> (units, width)
    (0..units * WIDTH).map(|i| gradient[i % WIDTH * units + i / WIDTH]).collect()
}

/// What the layer makes of a gradient of ones on its way back, for every row.
fn backward(layer: &Value) -> Vec<f32> {
    let y = Array2::from_elem((ROWS, 1), -1e6);
    let gradient = step(layer, 1, "ones", "mean_absolute_error", &y, "ones/embeddings");
    gradient.into_iter().map(|value| value * ROWS as f32).collect()
}

/// Mean and deviation.
fn moments(values: &[f32]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
    let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

/// That the values are a normal sample about 1 of that deviation, within five standard errors.
fn is_normal_about_one(values: &[f32], deviation: f64, what: &str) {
    let n = values.len() as f64;
    let (mean, found) = moments(values);
    assert!((mean - 1.0).abs() < 5.0 * deviation / n.sqrt(), "{what}: mean {mean}");
    assert!((found / deviation - 1.0).abs() < 5.0 / (2.0 * n).sqrt(), "{what}: deviation {found}");
    // Of a normal sample 31.7 % are further off than one deviation, and 4.55 % than two.
    for (deviations, share) in [(1.0, 0.3173), (2.0, 0.0455)] {
        let far = values.iter().filter(|&&v| (f64::from(v) - 1.0).abs() > deviations * deviation).count();
        let slack = 5.0 * (share * (1.0 - share) / n).sqrt();
        assert!((far as f64 / n - share).abs() < slack, "{what}: {far} of {n} beyond {deviations}");
    }
}

#[test]
fn gaussian_noise_adds_normal_numbers_of_its_deviation_and_leaves_gradients_alone() {
    for stddev in [0.1, 0.7] {
        let layer = json!({"type": "gaussian_noise", "stddev": stddev});
        is_normal_about_one(&forward(&layer), stddev, "what is added to ones");
        assert!(
            backward(&layer).iter().all(|&d| (d - 1.0).abs() < 1e-5),
            "a sum hands gradients on as they are"
        );
    }
}

#[test]
fn gaussian_dropout_multiplies_by_normal_numbers_with_the_variance_of_dropout() {
    for rate in [0.2_f64, 0.5] {
        let layer = json!({"type": "gaussian_dropout", "rate": rate});
        let deviation = (rate / (1.0 - rate)).sqrt();
        let (there, back) = (forward(&layer), backward(&layer));
        is_normal_about_one(&there, deviation, "factors");
        // What is noise of the gradient has zero mean: factors about 1.
        is_normal_about_one(&back, deviation, "factors of gradients");
        let (mut same, mut seen) = (0, 0);
        for (unit, row) in there.chunks(WIDTH).enumerate() {
            let back = &back[8 * unit * WIDTH..][..WIDTH];
            seen += WIDTH;
            same += row.iter().zip(back).filter(|(a, b)| (**a - **b).abs() < 1e-4).count();
        }
        assert_eq!(same, seen, "gradients go back through the factors that values went through");
    }
}

#[test]
fn neighbours_are_not_alike_and_every_row_has_noise_of_its_own() {
    let values = backward(&json!({"type": "gaussian_dropout", "rate": 0.5}));
    let n = (values.len() - WIDTH) as f64;
    for lag in [1, WIDTH] {
        let products = values.iter().zip(&values[lag..]).map(|(a, b)| f64::from((a - 1.0) * (b - 1.0)));
        let correlation = products.sum::<f64>() / n;
        assert!(correlation.abs() < 5.0 / n.sqrt(), "correlation {correlation} at {lag}");
    }
}
