//! Keras is the witness: every file of `tests/goldens/json` is run here and its numbers are compared with Keras' own.
//!
//! ```text
//! json --golden--> case --engine--> what this engine computes --compare--> what Keras computed
//! ```
//!
//! `coverage` asks the registry of `tabgrad_core` for every layer, activation, loss, optimizer, regularizer, initializer
//! and metric, and fails for one that no golden has. How the files are made stands in `tests/goldens/README.md`.

mod arguments;
mod compare;
mod coverage;
mod engine;
mod golden;
mod initial;
mod initializers;
mod left_out;
mod probe;
mod rates;
mod reports;
mod unset;

use compare::{Comparison, PER_OP, WHOLE};
use engine::Run;
use golden::Golden;

/// Runs every case of a folder, and fails with everything that differs, not only the first.
fn compare_folder(folder: &str, whole: bool) {
    let goldens = golden::read_folder(folder);
    let mut comparison = Comparison::default();
    for golden in &goldens {
        compare_case(golden, whole, &mut comparison);
    }
    comparison.finish(folder, goldens.len());
}

fn compare_case(golden: &Golden, whole: bool, comparison: &mut Comparison) {
    comparison.case(&golden.name);
    // What one pass gives is held to the tolerance of single operations; what many steps pile up, to that of models.
    let one_pass = if whole { WHOLE } else { PER_OP };
    let mut run = Run::new(golden);
    comparison.values("output", &golden.output, &run.predict(), one_pass);
    if let Some(scores) = &golden.scores {
        let found = run.scores();
        for (name, &expected) in scores {
            comparison.number(&format!("score {name}"), expected, found.get(name).copied(), one_pass);
        }
    }
    if let Some(gradients) = &golden.gradients {
        for (tensor, found) in Run::new(golden).first_gradients(gradients.keys()) {
            comparison.values(&format!("gradient {tensor}"), &gradients[&tensor], &found, one_pass);
        }
    }
    if let Some(d_x) = &golden.input_gradient {
        for (input, expected, found) in Run::input_gradient(golden, d_x) {
            comparison.values(&format!("gradient of {input}"), &expected, &found, one_pass);
        }
    }
    let steps = golden.after.keys().next_back().copied().unwrap_or(0).max(golden.losses.len());
    let trajectory = Run::new(golden).train(steps, &golden.after);
    for (step, (&expected, &found)) in golden.losses.iter().zip(&trajectory.losses).enumerate() {
        comparison.number(&format!("loss of step {}", step + 1), expected, Some(found), WHOLE);
    }
    for (step, weights) in &golden.after {
        for (tensor, expected) in weights {
            let found = &trajectory.weights[step][tensor];
            comparison.values(&format!("{tensor} after {step} steps"), expected, found, WHOLE);
        }
    }
}

#[test]
fn layers_compute_what_keras_computes() {
    compare_folder("layers", false);
}

#[test]
fn blocks_compute_what_the_same_layers_compute_in_keras() {
    compare_folder("blocks", true);
}

#[test]
fn graphs_compute_what_keras_computes() {
    compare_folder("graphs", false);
}

#[test]
fn losses_are_those_of_keras() {
    compare_folder("losses", false);
}

#[test]
fn optimizers_walk_the_path_of_keras() {
    compare_folder("optimizers", false);
}

#[test]
fn learning_rates_go_as_in_keras() {
    compare_folder("trajectories", false);
}

#[test]
fn constraints_hold_weights_as_keras_does() {
    compare_folder("constraints", false);
}

#[test]
fn metrics_are_those_of_keras_and_scikit_learn() {
    compare_folder("metrics", false);
}

#[test]
fn whole_models_learn_as_in_keras() {
    compare_folder("models", true);
}
