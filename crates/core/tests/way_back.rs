//! A training that goes wrong goes back to weights whose loss was finite, to the bit, and can go on from there.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, bits, compile, compile_on, optimizers};
use ndarray::{Array2, s};
use serde_json::{Value, json};
use tabgrad_core::{Cause, Model, Pool, Rows, State, Target};

/// A network whose loss is lost when its weights are, with statistics that move.
fn layers() -> Value {
    json!([
        {"type": "dense", "units": 40, "activation": "relu", "kernel_regularizer": "l2"},
        {"type": "batch_normalization"},
        {"type": "dense", "units": 9, "activation": "tanh", "name": "frozen", "trainable": false},
        {"type": "dense", "units": 40, "learning_rate_multiplier": 0.5},
        {"type": "dense", "units": 2, "kernel_constraint": "non_neg"}])
}

fn training(optimizer: Value) -> Value {
    json!({"loss": "mse", "optimizer": optimizer, "batch_size": 16, "shuffle": false, "seed": 3})
}

fn data() -> (Array2<f32>, Array2<f32>) {
    let mut numbers = Numbers(4);
    (numbers.matrix(48, 6), numbers.matrix(48, 2))
}

/// Trains until it goes wrong.
fn diverge(model: &mut Model, rows: &Rows<'_>) {
    let mut tries = (0..20).map(|_| model.train(rows, 1).unwrap());
    assert!(tries.any(|it| it.diverged.is_some()), "it does not diverge");
}

/// Weights and moving statistics: all that is not the optimizer's.
fn of_the_model(state: &State) -> Vec<(String, Vec<u32>)> {
    let own = state.tensors.iter().filter(|it| !it.name.starts_with("optimizer/"));
    own.map(|it| (it.name.clone(), it.values.iter().map(|v| v.to_bits()).collect())).collect()
}

#[test]
fn weights_and_statistics_are_those_of_the_last_finite_loss_and_training_goes_on() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    // Adafactor's rate is never more than one over the root of the steps.
    for optimizer in optimizers().into_iter().filter(|it| it["type"] != "adafactor") {
        for threads in [1, 2] {
            let accumulation = optimizer["gradient_accumulation_steps"].as_u64().unwrap_or(1);
            let pool = Pool::with_threads(threads);
            let mut model =
                compile_on(pool, layers(), training(optimizer.clone()), 6, Target::Values(2)).unwrap();
            // A few good updates, so that the optimizer has something to remember.
            while model.position().step < 4 {
                assert_eq!(model.train(&rows, 1).unwrap().diverged, None, "{optimizer}");
            }
            model.set_learning_rate(1e30);
            // The state before each step.
            let mut before = vec![model.state(); 4];
            let divergence = loop {
                before.push(model.state());
                assert!(before.len() < 30, "{optimizer}: a rate of 1e30 diverges");
                if let Some(divergence) = model.train(&rows, 1).unwrap().diverged {
                    break divergence;
                }
            };
            // Found in the step of the update itself, or in the first one after it.
            let undone = divergence.restored_step;
            let found = divergence.step;
            assert_eq!(found, undone + u64::from(divergence.cause == Cause::Loss), "{optimizer}");
            assert!((undone + 1).is_multiple_of(accumulation), "{optimizer}: only an update is undone");
            let after = model.state();
            let expected = of_the_model(&before[undone as usize]);
            assert!(of_the_model(&after) == expected, "{optimizer}: other weights");
            assert!(after.tensors.iter().flat_map(|it| &it.values).all(|v| v.is_finite()), "{optimizer}");
            // It can be saved and put back, and is trained on: with what the optimizer has at a start.
            model.restore(&after).unwrap();
            let rate = optimizer["learning_rate"].as_f64().unwrap_or(0.001) as f32 / 10.0;
            model.set_learning_rate(rate);
            let start = model.evaluate(&rows).unwrap().unwrap().loss;
            let end = model.position().epoch + 10;
            while model.position().epoch < end {
                assert_eq!(model.train(&rows, 3).unwrap().diverged, None, "{optimizer}");
            }
            let loss = model.evaluate(&rows).unwrap().unwrap().loss;
            assert!(loss < 1.05 * start, "{optimizer}, {threads} threads: {start} to {loss}");
        }
    }
}

#[test]
fn what_comes_back_and_what_follows_is_the_same_for_any_number_of_threads() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    for optimizer in [json!({"type": "adam", "clipnorm": 1.0}), json!({"type": "sgd", "momentum": 0.9})] {
        let run = |threads| {
            let pool = Pool::with_threads(threads);
            let mut model =
                compile_on(pool, layers(), training(optimizer.clone()), 6, Target::Values(2)).unwrap();
            model.set_learning_rate(1e25);
            let mut told = Vec::new();
            for _ in 0..6 {
                told.push(model.train(&rows, 3).unwrap());
                if told.last().unwrap().diverged.is_some() {
                    model.set_learning_rate(1e-3);
                }
            }
            assert!(told.iter().any(|it| it.diverged.is_some()));
            (told, bits(&model))
        };
        let one = run(1);
        for threads in [2, 3, 8] {
            assert!(run(threads) == one, "{optimizer}, {threads} threads");
        }
    }
}

/// An optimizer that begins anew makes the steps of a new model with these weights.
#[test]
fn the_optimizer_begins_anew() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let plain = json!([{"type": "dense", "units": 12, "activation": "tanh"}, {"type": "dense", "units": 2}]);
    for optimizer in ["sgd", "adam", "nadam", "adagrad", "rmsprop", "lamb"] {
        let make = || compile(plain.clone(), training(json!(optimizer)), 6, Target::Values(2)).unwrap();
        let mut model = make();
        while model.position().step < 7 {
            model.train(&rows, 1).unwrap();
        }
        model.set_learning_rate(1e30);
        diverge(&mut model, &rows);
        model.set_learning_rate(0.01);
        let mut new = make();
        new.restore_weights(&model.state());
        new.set_learning_rate(0.01);
        let at = model.position().step_in_epoch % 3;
        let rest = s![at * 16.., ..];
        let (x, y) = (x.slice(rest), y.slice(rest));
        let batch = Rows::new(x, y);
        // The same batch, wherever it stands in the epoch.
        model.train(&rows, 1).unwrap();
        new.train(&batch, 1).unwrap();
        assert!(of_the_model(&model.state()) == of_the_model(&new.state()), "{optimizer}");
    }
}

#[test]
fn in_the_midst_of_an_accumulation_weights_stay_as_they_are() {
    let (mut x, y) = data();
    // The second batch of an epoch holds what is no number.
    x.slice_mut(s![16..32, ..]).fill(f32::NAN);
    let rows = Rows::new(x.view(), y.view());
    let optimizer = json!({"type": "adam", "gradient_accumulation_steps": 3});
    let mut layers = layers();
    layers[4].as_object_mut().unwrap().remove("kernel_constraint");
    let mut model = compile(layers, training(optimizer), 6, Target::Values(2)).unwrap();
    let before = model.state();
    let trained = model.train(&rows, 3).unwrap();
    let divergence = trained.diverged.unwrap();
    assert_eq!((trained.steps, divergence.step, divergence.restored_step), (1, 1, 1));
    let weights = |state: &State| {
        let weights = of_the_model(state).into_iter().filter(|(name, _)| !name.contains("moving"));
        weights.collect::<Vec<_>>()
    };
    let after = model.state();
    assert!(weights(&after) == weights(&before), "weights have changed");
    let slots = || after.tensors.iter().filter(|it| it.name.starts_with("optimizer/"));
    assert!(slots().flat_map(|it| &it.values).all(|&v| v == 0.0), "what was added up is forgotten");
    // With sound rows the next update comes after three steps from here.
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    for step in 1..=3 {
        assert_eq!(model.train(&rows, 1).unwrap().diverged, None);
        assert_eq!(weights(&model.state()) == weights(&before), step < 3, "{step}");
    }
}

#[test]
fn an_average_of_the_weights_begins_anew_at_those_that_come_back() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let optimizer = json!({"type": "sgd", "use_ema": true, "ema_momentum": 0.9});
    let mut model = compile(layers(), training(optimizer), 6, Target::Values(2)).unwrap();
    model.train(&rows, 3).unwrap();
    model.set_learning_rate(1e30);
    diverge(&mut model, &rows);
    let weights = model.parameters().to_vec();
    model.end_training();
    assert!(model.parameters() == weights, "other weights");
}

/// A square that overflows would freeze its weight for ever: it is found before that.
#[test]
fn what_an_optimizer_keeps_is_watched_too() {
    let x = Array2::from_elem((4, 1), 1e20);
    let y = Array2::zeros((4, 1));
    let layers = json!([{"type": "dense", "units": 1, "kernel_initializer": "zeros", "use_bias": false}]);
    let training = json!({"loss": "mae", "optimizer": "adam", "batch_size": 4});
    let y = &y + 1.0;
    let mut model = compile(layers, training, 1, Target::Values(1)).unwrap();
    let divergence = model.train(&Rows::new(x.view(), y.view()), 1).unwrap().diverged.unwrap();
    assert_eq!((divergence.cause, divergence.step, divergence.restored_step), (Cause::Weights, 0, 0));
    assert_eq!(model.parameters(), [0.0]);
    assert!(model.state().tensors.iter().flat_map(|it| &it.values).all(|&v| v == 0.0));
}
