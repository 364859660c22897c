//! What dropout does while training: how much is dropped, and which values share their fate. It is seen in the gradient of a
//! kernel of zeros behind it: `d_kernel = x after dropout * (-2 y)`.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::compile;
use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Rows, Target};

/// What the layer makes of ones, in rows of the shape (3, 4): for each row of the first batch, which a unit of its own looks at.
fn thinned(mut layer: Value, rows: usize) -> Vec<Vec<f32>> {
    layer["name"] = json!("it");
    let layers = json!([{"type": "input", "shape": [3, 4]}, layer, {"type": "flatten"},
        {"type": "dense", "units": rows, "kernel_initializer": "zeros", "use_bias": false}]);
    let training = json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 0.0},
        "batch_size": rows, "shuffle": false, "seed": 3});
    let mut model = compile(layers, training, 12, Target::Values(rows)).unwrap();
    model.keep_gradients();
    let y = Array2::from_diag_elem(rows, -0.5 * (rows * rows) as f32);
    model.train(&Rows::new(Array2::ones((rows, 12)).view(), y.view()), 1).unwrap();
    let gradient = model.gradient("dense/kernel").unwrap();
    gradient.columns().into_iter().map(|of_row| of_row.to_vec()).collect()
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

/// Steps that are all alike look at each other with equal weights, and what they see is one: what is dropped of the weights shows.
#[test]
fn attention_drops_weights_at_the_rate_and_the_others_make_up_for_it() {
    let half = json!({"type": "constant", "value": 0.5});
    for layer in [
        json!({"type": "attention"}),
        json!({"type": "additive_attention"}),
        json!({"type": "multi_head_attention", "num_heads": 1, "key_dim": 1, "kernel_initializer": half}),
        json!({"type": "group_query_attention", "num_query_heads": 1, "num_key_value_heads": 1, "head_dim": 1,
            "kernel_initializer": half}),
    ] {
        let (rate, steps, rows) = (0.25, 3.0, 500);
        let mut dropping = layer.clone();
        dropping["dropout"] = json!(rate);
        // The four values of a step see the same.
        let rows = thinned(dropping, rows);
        let sums: Vec<f64> =
            rows.iter().flat_map(|row| row.chunks(4).map(|values| f64::from(values[0]))).collect();
        let kept = |sum: &f64| sum * steps * (1.0 - rate);
        assert!(
            sums.iter().all(|sum| (kept(sum) - kept(sum).round()).abs() < 1e-4),
            "{layer}: {:?}",
            &sums[..6]
        );
        let n = sums.len() as f64;
        let mean = sums.iter().sum::<f64>() / n;
        let variance = sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f64>() / n;
        let expected = rate / ((1.0 - rate) * steps);
        assert!((mean - 1.0).abs() < 5.0 * (expected / n).sqrt(), "{layer}: mean {mean}");
        assert!((variance / expected - 1.0).abs() < 0.25, "{layer}: variance {variance}, not {expected}");
    }
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

/// The gradients of a recurrent layer's two kernels for one sequence of ones: they show which inputs and which states
/// entered which gate, and how much of them.
fn entered(layer: &str, dropout: f64, recurrent_dropout: f64, seed: u64) -> [Vec<f32>; 2] {
    let (rows, steps, inputs, units) = (1, 3, 4, 5);
    let mut layer = json!({"type": layer, "name": "it", "units": units, "activation": "linear",
        "dropout": dropout, "recurrent_dropout": recurrent_dropout, "kernel_initializer": {"type": "constant", "value": 0.1},
        "recurrent_initializer": {"type": "constant", "value": 0.1}, "bias_initializer": {"type": "constant", "value": 0.1}});
    if layer["type"] != "simple_rnn" {
        layer["recurrent_activation"] = json!("sigmoid");
    }
    let layers = json!([{"type": "input", "shape": [steps, inputs]}, layer,
        {"type": "dense", "units": 1, "kernel_initializer": "ones"}]);
    let training = json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": 0.0},
        "batch_size": rows, "shuffle": false, "seed": seed});
    let mut model = compile(layers, training, steps * inputs, Target::Values(1)).unwrap();
    model.keep_gradients();
    let (x, y) = (Array2::ones((rows, steps * inputs)), Array2::from_elem((rows, 1), 100.0));
    model.train(&Rows::new(x.view(), y.view()), 1).unwrap();
    ["it/kernel", "it/recurrent_kernel"]
        .map(|name| model.gradient(name).unwrap().iter().copied().collect::<Vec<f32>>())
}

/// Which values entered each gate: a row of a kernel's gradient is zero at the gates that its value was kept from.
fn gates(gradient: &[f32], units: usize, count: usize) -> Vec<Vec<bool>> {
    let rows = gradient.len() / (units * count);
    let entered = |gate: usize, row: usize| {
        gradient[(row * count + gate) * units..][..units].iter().any(|value| *value != 0.0)
    };
    (0..count).map(|gate| (0..rows).map(|row| entered(gate, row)).collect()).collect()
}

#[test]
fn recurrent_dropout_thins_out_inputs_and_states_for_each_gate_on_its_own() {
    let units = 5;
    for (layer, count) in [("simple_rnn", 1), ("lstm", 4), ("gru", 3)] {
        let seeds = 0..40;
        let drawn: Vec<[Vec<Vec<bool>>; 2]> = seeds
            .map(|seed| entered(layer, 0.5, 0.5, seed).map(|gradient| gates(&gradient, units, count)))
            .collect();
        for (which, name) in ["inputs", "states"].iter().enumerate() {
            let all: Vec<bool> = drawn.iter().flat_map(|it| it[which].concat()).collect();
            let share = all.iter().filter(|it| **it).count() as f64 / all.len() as f64;
            assert!((share - 0.5).abs() < 0.08, "{layer}: {share} of the {name} enter");
            // Of two gates, half of the values have the same fate if they are drawn apart, all if they are one.
            let pairs = drawn.iter().flat_map(|it| {
                let gates = &it[which];
                (1..gates.len()).flat_map(|gate| gates[0].iter().zip(&gates[gate]).map(|(a, b)| a == b))
            });
            let pairs: Vec<bool> = pairs.collect();
            if count > 1 {
                let alike = pairs.iter().filter(|it| **it).count() as f64 / pairs.len() as f64;
                assert!((alike - 0.5).abs() < 0.1, "{layer}: {alike} of the {name} enter two gates alike");
            }
        }
        // Without dropout of the states, an input has one fate for all gates.
        for seed in 0..10 {
            let [inputs, states] = entered(layer, 0.5, 0.0, seed).map(|it| gates(&it, units, count));
            assert!(inputs.iter().all(|gate| gate == &inputs[0]), "{layer}: {inputs:?}");
            assert!(states.concat().iter().all(|it| *it), "{layer}: {states:?}");
        }
    }
}

#[test]
fn what_is_kept_makes_up_for_what_is_dropped_on_the_way_into_a_gate() {
    let mean = |rate: f64| {
        let drawn: Vec<f32> =
            (0..200).map(|seed| entered("simple_rnn", 0.0, rate, seed)[1].iter().sum()).collect();
        drawn.iter().sum::<f32>() / drawn.len() as f32
    };
    let (plain, dropped) = (mean(0.0), mean(0.3));
    assert!((dropped / plain - 1.0).abs() < 0.15, "{plain} without, {dropped} with");
}
