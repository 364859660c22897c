//! Saving, restoring, resetting: training goes on to the bit.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, bits, compile, everything, held, optimizers, thorough_training};
use ndarray::Array2;
use serde_json::{Value, json};
use tabgrad_core::{Code, Io, Model, ModelSpec, Rows, State, Target, TrainingSpec};
use tabgrad_kernels::par::Pool;

fn model(optimizer: Value) -> Model {
    compile(everything(), thorough_training(optimizer), 20, Target::Classes(5)).unwrap()
}

fn data() -> (Array2<f32>, Array2<f32>) {
    let mut numbers = Numbers(8);
    (numbers.matrix(70, 20), numbers.classes(70, 5))
}

/// As a file would carry it: JSON and back for what is not a tensor.
fn through_json(state: State) -> State {
    let text = serde_json::to_string(&state.progress).unwrap();
    State { progress: serde_json::from_str(&text).unwrap(), ..state }
}

#[test]
fn a_restored_model_goes_on_as_if_nothing_had_happened() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    // Three steps are an epoch, and the middle of two whose gradients are added up; four are the middle of the second epoch.
    for (optimizer, steps) in optimizers().into_iter().flat_map(|it| [(it.clone(), 3), (it, 4)]) {
        let training = thorough_training(optimizer.clone());
        let model = |_| compile(held(), training.clone(), 20, Target::Classes(5)).unwrap();
        let mut one = model(optimizer.clone());
        while one.position().step < steps {
            one.train(&rows, 1).unwrap();
        }
        if optimizer["learning_rate"].is_number() {
            one.set_learning_rate(0.003);
        }
        let state = through_json(one.state());
        let mut other = model(optimizer.clone());
        other.train(&rows, 2).unwrap();
        other.restore(&state).unwrap();
        assert_eq!(other.state(), one.state());
        for _ in 0..6 {
            assert_eq!(other.train(&rows, 2).unwrap(), one.train(&rows, 2).unwrap(), "{optimizer} {steps}");
        }
        assert_eq!(bits(&other), bits(&one), "{optimizer} {steps}");
    }
}

#[test]
fn every_optimizer_makes_the_loss_smaller() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    for optimizer in optimizers() {
        let mut model = model(optimizer.clone());
        let before = model.evaluate(&rows).unwrap().unwrap().loss;
        common::train_epochs(&mut model, &x, &y, 20);
        let after = model.evaluate(&rows).unwrap().unwrap().loss;
        assert!(after < 0.98 * before, "{optimizer}: {before} to {after}");
    }
}

#[test]
fn reset_gives_the_very_same_start_and_another_seed_another_one() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let mut model = model(json!("adam"));
    let start = bits(&model);
    let first = model.train(&rows, 3).unwrap();
    model.set_learning_rate(0.5);
    model.reset();
    assert_eq!(bits(&model), start);
    assert_eq!(model.position().step, 0);
    assert_eq!(model.train(&rows, 3).unwrap(), first);

    let mut training = thorough_training(json!("adam"));
    training["seed"] = json!(12);
    let other = compile(everything(), training, 20, Target::Classes(5)).unwrap();
    assert_ne!(bits(&other), start);
}

#[test]
fn a_state_of_another_model_is_refused_and_changes_nothing() {
    let one = model(json!("adam"));
    let mut other = model(json!("sgd"));
    let before = bits(&other);
    let error = other.restore(&one.state()).unwrap_err();
    assert_eq!(error.path, "state.optimizer/first/kernel/momentum");

    let mut broken = other.state();
    broken.tensors[0].values[0] = f32::NAN;
    assert_eq!(other.restore(&broken).unwrap_err().path, "state.first/kernel");
    let mut cut = other.state();
    cut.tensors.remove(1);
    assert_eq!(other.restore(&cut).unwrap_err().path, "state.first/bias");
    assert_eq!(bits(&other), before);

    // Its weights can be taken over all the same: 8 tensors of weights and 2 of moving statistics.
    let taken = other.restore_weights(&one.state());
    assert_eq!(taken, one.summary().tensors.len() + 2);
}

#[test]
fn a_model_for_prediction_predicts_the_same_bits_and_does_not_train() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let mut trained = model(json!("adam"));
    trained.train(&rows, 3).unwrap();
    let training = thorough_training(json!("adam"));
    let io = Io::single(vec![20], Target::Classes(5));
    let (spec, training) = (
        ModelSpec::parse(&json!({"version": 1, "layers": everything()})).unwrap(),
        TrainingSpec::parse(&training).unwrap(),
    );
    let mut predicts = Model::compile_for_prediction(&spec, &training, &io, Pool::with_threads(2)).unwrap();
    let state = trained.state();
    let named = state.tensors.iter().filter(|it| !it.name.starts_with("optimizer/")).count();
    assert_eq!(predicts.restore_weights(&state), named);
    assert_eq!(predicts.predict(x.view()).unwrap(), trained.predict(x.view()).unwrap());
    assert_eq!(predicts.evaluate(&rows).unwrap(), trained.evaluate(&rows).unwrap());
    let refused = predicts.train(&rows, 1).unwrap_err();
    assert_eq!((refused.code, refused.path.as_str()), (Code::State, "model"));
    assert!(predicts.gradient("dense/kernel").is_none());
    predicts.reset();
}
