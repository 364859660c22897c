//! What dropout does while training: how much is dropped, and which values share their fate. It is seen in the gradient of a
//! kernel of zeros behind it: `d_kernel = x after dropout * (-2 y)`.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::compile;
use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Rows, Target};

/// What the layer makes of ones, in rows of the shape (3, 4): for each row of the first batch.
fn thinned(mut layer: Value, rows: usize) -> Vec<Vec<f32>> {
    layer["name"] = json!("it");
    let layers = json!([{"type": "input", "shape": [3, 4]}, layer, {"type": "flatten"},
        {"type": "dense", "units": 1, "kernel_initializer": "zeros", "use_bias": false}]);
    let training = json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 0.0},
        "batch_size": rows, "shuffle": false, "seed": 3});
    let of_row = |row: usize| {
        let mut model = compile(layers.clone(), training.clone(), 12, Target::Values(1)).unwrap();
        let y = Array2::from_shape_fn((rows, 1), |(i, _)| if i == row { -0.5 * rows as f32 } else { 0.0 });
        model.train(&Rows::new(Array2::ones((rows, 12)).view(), y.view()), 1).unwrap();
        model.gradient("dense/kernel").unwrap().iter().copied().collect()
    };
    (0..rows).map(of_row).collect()
}

/// Whether all values of a row that `group` puts together are one, and not all values of all groups are.
fn are_shared(row: &[f32], group: impl Fn(usize) -> usize) -> bool {
    (0..12).all(|i| (0..12).all(|j| group(i) != group(j) || row[i] == row[j]))
        && row.iter().any(|v| *v != row[0])
}

#[test]
fn values_are_dropped_at_the_rate_and_the_others_make_up_for_it() {
    let rows = thinned(json!({"type": "dropout", "rate": 0.25}), 100);
    let all: Vec<f32> = rows.concat();
    assert!(all.iter().all(|&v| v == 0.0 || (v - 4.0 / 3.0).abs() < 1e-6));
    let dropped = all.iter().filter(|v| **v == 0.0).count();
    assert!((250..350).contains(&dropped), "{dropped} of 1200");
    assert!(rows.iter().any(|row| row != &rows[0]), "rows have fates of their own");
}

#[test]
fn a_noise_shape_says_which_values_share_their_fate() {
    let (step, feature) = (|i: usize| i / 4, |i: usize| i % 4);
    for layer in ["dropout", "alpha_dropout"] {
        let with = |noise: Value| thinned(json!({"type": layer, "rate": 0.5, "noise_shape": noise}), 8);
        let rows = with(json!([null, 3, 1]));
        let (shared, all) = (rows.iter().filter(|row| are_shared(row, step)).count(), rows.len());
        assert!(shared > all / 2 && rows.iter().any(|row| row != &rows[0]), "{layer}: {rows:?}");
        assert!(!rows.iter().all(|row| are_shared(row, feature)));
        let rows = with(json!([-1, 1, -1]));
        assert!(rows.iter().filter(|row| are_shared(row, feature)).count() > all / 2, "{layer}: {rows:?}");
        let rows = with(json!([1, 3, 4]));
        assert!(rows.iter().all(|row| row == &rows[0]) && are_shared(&rows[0], |i| i), "{layer}: {rows:?}");
    }
}

#[test]
fn dropping_whole_channels_is_a_noise_shape() {
    let plain = thinned(json!({"type": "dropout", "rate": 0.5, "noise_shape": [-1, 1, 4]}), 8);
    assert_eq!(thinned(json!({"type": "spatial_dropout1d", "rate": 0.5}), 8), plain);
}

#[test]
fn alpha_dropout_keeps_two_numbers_whatever_the_shape() {
    let own = thinned(json!({"type": "alpha_dropout", "rate": 0.5}), 8).concat();
    let shared =
        thinned(json!({"type": "alpha_dropout", "rate": 0.5, "noise_shape": [-1, 3, 1]}), 8).concat();
    let numbers = |values: &[f32]| {
        let mut found: Vec<f32> = values.to_vec();
        found.sort_by(f32::total_cmp);
        found.dedup_by(|a, b| (*a - *b).abs() < 1e-5);
        found
    };
    let (own, shared) = (numbers(&own), numbers(&shared));
    assert_eq!(own.len(), 2);
    assert!(
        own.iter().zip(&shared).all(|(a, b)| (a - b).abs() < 1e-5) && shared.len() == 2,
        "{own:?} {shared:?}"
    );
}

#[test]
fn a_noise_shape_that_does_not_fit_is_refused_with_what_would() {
    for noise in [json!([-1, 2, 4]), json!([-1, 4]), json!([8, 3, 1])] {
        let layers = json!([{"type": "input", "shape": [3, 4]}, {"type": "dropout", "rate": 0.5, "noise_shape": noise}]);
        let error = compile(layers, json!({"loss": "mse", "optimizer": "sgd"}), 12, Target::Values(12))
            .err()
            .unwrap();
        assert_eq!(error.path, "layers[1].noise_shape");
        assert!(error.expected.contains("(3, 4)"), "{error}");
    }
}
