//! Callbacks, `fit` and the learning-rate range test: what they decide, and that a saved training goes on with them to the
//! bit.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use common::{Numbers, bits, compile, everything, thorough_training};
use ndarray::Array2;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use tabgrad_core::{
    EpochEnd, EpochLogs, Fit, Model, RangeTest, Rows, Scores, State, StepPace, Target, Validation, schema,
};

fn data() -> (Array2<f32>, Array2<f32>) {
    let mut numbers = Numbers(8);
    (numbers.matrix(70, 20), numbers.classes(70, 5))
}

/// A small model whose callbacks are fed with made-up scores.
fn with(callback: &Value) -> Model {
    with_all(&[callback])
}

/// The same with several. Where one looks at an average there is one.
fn with_all(callbacks: &[&Value]) -> Model {
    let mut optimizer = json!({"type": "sgd", "learning_rate": 0.5});
    if callbacks.iter().any(|it| it["type"] == "swap_ema_weights") {
        optimizer["use_ema"] = json!(true);
        optimizer["ema_momentum"] = json!(0.75);
    }
    let training = json!({"loss": "mse", "optimizer": optimizer, "metrics": ["mae"], "callbacks": callbacks});
    compile(json!([{"type": "dense", "units": 1}]), training, 2, Target::Values(1)).unwrap()
}

/// Trains one epoch, then says that these were its scores.
fn epoch(model: &mut Model, loss: f32, val_loss: f32, elapsed_s: f64) -> EpochEnd {
    let (x, y) = (Array2::from_elem((4, 2), 0.1), Array2::from_elem((4, 1), 1.0));
    let trained = model.train(&Rows::new(x.view(), y.view()), usize::MAX).unwrap();
    assert!(trained.epoch_end.is_some());
    let scores = |loss: f32| Scores {
        loss,
        metrics: BTreeMap::from([("mean_absolute_error".to_owned(), 2.0 * loss)]),
    };
    let (train, validation) = (scores(loss), scores(val_loss));
    model.end_epoch(&EpochLogs { train: &train, validation: Some(&validation), elapsed_s })
}

/// The epoch, from 1, in which training is ended, with these values of the validation loss.
fn stopped_in(model: &mut Model, values: &[f32]) -> Option<usize> {
    values.iter().position(|&value| epoch(model, 1.0, value, 0.0).stopped_by == Some(0)).map(|at| at + 1)
}

#[test]
fn early_stopping_decides_as_keras_does() {
    // What keras.callbacks.EarlyStopping decides on these values.
    let cases = [
        (json!({}), vec![1.0, 0.9, 0.9], Some(3)),
        (json!({"patience": 2}), vec![1.0, 0.9, 0.95, 0.8, 0.85, 0.81], Some(6)),
        (json!({"patience": 2, "min_delta": 0.05}), vec![1.0, 0.97, 0.96, 0.8], Some(3)),
        (json!({"patience": 1, "mode": "max"}), vec![1.0, 1.1, 1.05], Some(3)),
        (json!({"patience": 2, "baseline": 0.5}), vec![1.0, 0.9, 0.8, 0.85], Some(4)),
        (json!({"patience": 1, "start_from_epoch": 2}), vec![0.1, 0.2, 0.9, 0.8, 0.85], Some(5)),
        (json!({"patience": 3}), vec![1.0, 1.1, 1.2], None),
        // Not in the first epoch, whatever the patience.
        (json!({"baseline": 0.5}), vec![1.0, 1.0], Some(2)),
    ];
    for (arguments, values, expected) in cases {
        let mut callback = arguments.clone();
        callback["type"] = json!("early_stopping");
        assert_eq!(stopped_in(&mut with(&callback), &values), expected, "{arguments}: {values:?}");
    }
}

#[test]
fn the_best_weights_come_back_when_training_ends() {
    let mut model = with(&json!({"type": "early_stopping", "patience": 2, "restore_best_weights": true}));
    let mut weights = Vec::new();
    for value in [1.0, 0.5, 0.7, 0.6] {
        let end = epoch(&mut model, 1.0, value, 0.0);
        weights.push(model.parameters().to_vec());
        assert_eq!(end.stopped_by.is_some(), weights.len() == 4);
    }
    assert_ne!(model.parameters(), weights[1]);
    model.end_training();
    assert_eq!(model.parameters(), weights[1], "those of the second epoch");
}

#[test]
fn the_learning_rate_is_lowered_on_a_plateau_and_rests_while_it_cools_down() {
    let plateau = json!({"type": "reduce_lr_on_plateau", "monitor": "mean_absolute_error", "factor": 0.5,
        "patience": 2, "cooldown": 1, "min_lr": 0.2});
    let mut model = with(&plateau);
    let rates: Vec<Option<f32>> = (0..9).map(|_| epoch(&mut model, 1.0, 1.0, 0.0).learning_rate).collect();
    // The second and third epochs are no better; one of rest; then 0.125 is below the least.
    let expected = [None, None, Some(0.25), None, Some(0.2), None, None, None, None];
    assert_eq!(rates, expected);
    assert_eq!(model.learning_rate(), 0.2);
}

#[test]
fn checkpoints_are_handed_out_every_time_or_only_when_best() {
    let kept = |callback: Value| -> Vec<bool> {
        let mut model = with(&callback);
        let values = [1.0, 1.5, 0.7, 0.8];
        values
            .map(|value| {
                let end = epoch(&mut model, 1.0, value, 0.0);
                end.checkpoints.iter().for_each(|(at, state)| {
                    assert_eq!((*at, state), (0, &model.state()));
                });
                !end.checkpoints.is_empty()
            })
            .to_vec()
    };
    assert_eq!(kept(json!("model_checkpoint")), [true; 4]);
    assert_eq!(kept(json!({"type": "model_checkpoint", "save_best_only": true})), [true, false, true, false]);
    let threshold =
        json!({"type": "model_checkpoint", "save_best_only": true, "initial_value_threshold": 0.75});
    assert_eq!(kept(threshold), [false, false, true, false]);
}

#[test]
fn time_limits_and_logs() {
    let mut model = with(&json!({"type": "time_limit", "seconds": 3.0}));
    assert_eq!(epoch(&mut model, 1.0, 1.0, 2.9).stopped_by, None);
    assert_eq!(epoch(&mut model, 1.0, 1.0, 3.0).stopped_by, Some(0));

    let mut model = with(&json!({"type": "csv_logger", "separator": ";"}));
    epoch(&mut model, 0.5, 0.25, 0.0);
    epoch(&mut model, 0.125, 0.5, 0.0);
    let names = "epoch;loss;mean_absolute_error;val_loss;val_mean_absolute_error";
    let expected = format!("{names}\n0;0.5;1;0.25;0.5\n1;0.125;0.25;0.5;1\n");
    assert_eq!(model.callback_text(0), Some(expected.as_str()));
}

#[test]
fn scores_and_what_is_kept_are_those_of_the_average() {
    let (x, y) = (Array2::from_elem((4, 2), 0.1), Array2::from_elem((4, 1), 1.0));
    let rows = Rows::new(x.view(), y.view());
    let swap = |on_epoch: bool| json!({"type": "swap_ema_weights", "swap_on_epoch": on_epoch});
    let keep = json!("model_checkpoint");
    let best = json!({"type": "early_stopping", "patience": 9, "restore_best_weights": true});
    // The average, by hand: of the first weights, then three quarters of itself and a quarter of the weights.
    let mut plain = with(&json!({"type": "csv_logger"}));
    let mut average: Vec<f32> = Vec::new();
    let mut average_then = Vec::new();
    for step in 0..4 {
        plain.train(&rows, 1).unwrap();
        let weights = plain.parameters();
        let moved = |(average, weight): (&f32, &f32)| 0.75 * average + 0.25 * weight;
        average = if step == 0 { weights.to_vec() } else { average.iter().zip(weights).map(moved).collect() };
        average_then.push(average.clone());
    }
    let near =
        |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6) && a.len() == b.len();
    let scores_with = |weights: &[f32]| {
        let error: f32 = weights[..2].iter().map(|w| 0.1 * w).sum::<f32>() + weights[2] - 1.0;
        error * error
    };

    for on_epoch in [false, true] {
        let mut model = with_all(&[&keep, &swap(on_epoch), &best, &keep]);
        let trained = with_all(&[&keep]);
        assert_eq!(trained.parameters(), model.parameters(), "both begin with the same weights");
        for expected in &average_then {
            let ends = epoch(&mut model, 1.0, 1.0, 0.0);
            let raw = model.parameters().to_vec();
            let found = model.evaluate(&rows).unwrap().unwrap().loss;
            assert!((found - scores_with(expected)).abs() < 1e-5, "{found} is not the average's");
            let prediction = model.predict(x.view()).unwrap()[[0, 0]];
            assert!(((prediction - 1.0).powi(2) - found).abs() < 1e-5, "{prediction} is not the average's");
            assert_eq!(model.parameters(), raw, "a look leaves the weights where they were");
            let kept: Vec<Vec<f32>> = ends.checkpoints.iter().map(|(_, state)| weights_of(state)).collect();
            assert!(near(&kept[0], &raw), "what stands in front of it keeps the weights");
            assert!(near(&kept[1], if on_epoch { expected } else { &raw }), "{on_epoch}: {kept:?}");
        }
        assert!(near(model.parameters(), plain.parameters()), "training goes its own way");
        // The first epoch was the best, since all had the same loss.
        model.end_training();
        assert!(near(model.parameters(), &average_then[0]));
    }
}

/// All weights of a state, one after the other.
fn weights_of(state: &State) -> Vec<f32> {
    let is_weight = |name: &str| ["dense/kernel", "dense/bias"].contains(&name);
    state.tensors.iter().filter(|it| is_weight(&it.name)).flat_map(|it| it.values.clone()).collect()
}

/// A model with a callback, fitted for so many epochs of ten steps, each of which takes a second.
fn fitted(callback: &Value, epochs: u32) -> (Model, tabgrad_core::History) {
    let mut model = with(callback);
    let history = go_on(&mut model, epochs, false);
    (model, history)
}

fn go_on(model: &mut Model, epochs: u32, resume: bool) -> tabgrad_core::History {
    let (x, y) = (Numbers(5).matrix(320, 2), Array2::from_elem((320, 1), 1.0));
    let fit = Fit { epochs: Some(epochs), resume, ..Fit::default() };
    let mut seconds = 0.0;
    let mut clock = || {
        seconds += 1.0;
        seconds
    };
    model.fit(&Rows::new(x.view(), y.view()), &fit, &mut clock).unwrap()
}

#[test]
fn a_time_limit_ends_training_within_an_epoch() {
    let (model, history) = fitted(&json!({"type": "time_limit", "seconds": 3.0}), 5);
    assert_eq!((model.position().step, model.position().epoch), (3, 0));
    assert_eq!((history.epochs.len(), history.stopped_by), (1, Some(0)), "the epoch ends with three steps");
    let (x, y) = (Numbers(5).matrix(320, 2), Array2::from_elem((320, 1), 1.0));
    let mut by_hand = with(&json!("csv_logger"));
    let trained = by_hand.train(&Rows::new(x.view(), y.view()), 3).unwrap();
    assert_eq!(bits(&model), bits(&by_hand));
    assert_eq!(history.epochs[0].train.loss.to_bits(), trained.loss.unwrap().to_bits());
}

/// Where steps are fast, the clock is looked at only now and then, and the limit is met nevertheless.
#[test]
fn a_time_limit_does_not_make_slices_of_single_steps() {
    let (x, y) = (Numbers(5).matrix(32_000, 2), Array2::from_elem((32_000, 1), 1.0));
    let fitted = |limit: f64, step_s: f64| {
        let mut model = with(&json!({"type": "time_limit", "seconds": limit}));
        let (mut looks, mut seconds) = (0, 0.0);
        let mut clock = || {
            looks += 1;
            seconds += step_s;
            seconds
        };
        let fit = Fit { epochs: Some(1), ..Fit::default() };
        model.fit(&Rows::new(x.view(), y.view()), &fit, &mut clock).unwrap();
        (model.position().step, looks)
    };
    let (steps, looks) = fitted(3.0, 1e-6);
    assert!(steps == 1000 && looks < 20, "{looks} looks in {steps} steps");
    let mut pace = StepPace::default();
    let (mut now, mut steps) = (0.0, 0);
    while now < 3.0 {
        let most = pace.steps(Some(3.0));
        (now, steps) = (now + most as f64 * 0.004, steps + most);
        pace.look(most, now);
    }
    assert!((750..=751).contains(&steps), "{steps} steps of 4 ms are 3 seconds");
}

/// Rows are looked at once: later slices of the same fit take them as they are.
#[test]
fn rows_that_were_checked_before_are_not_checked_again() {
    let layers = json!([{"type": "dense", "units": 3, "activation": "softmax"}]);
    let training = json!({"loss": "sparse_categorical_crossentropy", "optimizer": "sgd", "batch_size": 4});
    let mut model = compile(layers, training, 2, Target::Classes(3)).unwrap();
    let (x, y) = (Numbers(5).matrix(8, 2), Array2::from_elem((8, 1), 3.0));
    let rows = Rows::new(x.view(), y.view());
    let error = model.train(&rows, 1).unwrap_err();
    assert_eq!(error.path, "data.y row 0");
    // A class that is none is no class: all targets of the row are 0.
    assert_eq!(model.train(&rows.checked_before(), 1).unwrap().steps, 1);
}

#[test]
fn checkpoints_are_handed_out_after_so_many_steps() {
    let step_of = |callback: &Value, epochs: u32| {
        let (_, history) = fitted(callback, epochs);
        history.checkpoints.last().map(|(_, state)| {
            let mut model = with(callback);
            model.restore(&through_json(state.clone())).unwrap();
            (model.position().step, model)
        })
    };
    let every = |steps: Value| json!({"type": "model_checkpoint", "save_freq": steps});
    let at = |callback: &Value, epochs| step_of(callback, epochs).map(|(step, _)| step);
    assert_eq!(at(&every(json!("epoch")), 1), Some(10));
    assert_eq!(at(&every(json!(4)), 1), Some(8));
    assert_eq!(at(&every(json!("4")), 1), Some(8), "as a field of text has it");
    // Steps are counted through epochs.
    assert_eq!(at(&every(json!(7)), 2), Some(14));
    assert_eq!(at(&every(json!(11)), 1), None);
    let none = json!({"type": "model_checkpoint", "save_freq": 4, "monitor": "loss", "save_best_only": true,
        "initial_value_threshold": 0.0});
    assert_eq!(at(&none, 2), None, "none is better than that");

    let (whole, _) = fitted(&every(json!(4)), 2);
    let (step, mut resumed) = step_of(&every(json!(4)), 1).unwrap();
    let history = go_on(&mut resumed, 2, true);
    assert_eq!(bits(&resumed), bits(&whole), "it goes on from step {step}");
    assert_eq!(history.checkpoints.len(), 1);
}

#[test]
fn mistakes_in_callbacks_are_named() {
    let message = |callbacks: Value, optimizer: Value| {
        let training = json!({"loss": "mse", "optimizer": optimizer, "callbacks": callbacks});
        let model = compile(json!([{"type": "dense", "units": 1}]), training, 2, Target::Values(1));
        model.err().unwrap().to_string()
    };
    let monitor = message(json!([{"type": "early_stopping", "monitor": "val_accuracy"}]), json!("sgd"));
    assert!(monitor.starts_with("training.callbacks[0].monitor: expected one of loss"), "{monitor}");
    let unknown = message(json!(["time_limit", "early_stoping"]), json!("sgd"));
    assert!(unknown.starts_with("training.callbacks[0].seconds"), "{unknown}");
    for wrong in [json!(0), json!("often"), json!(1.5)] {
        let error = message(json!([{"type": "model_checkpoint", "save_freq": wrong}]), json!("sgd"));
        let expected = "training.callbacks[0].save_freq: expected \"epoch\" or a number of steps, found ";
        assert!(error.starts_with(expected), "{error}");
    }
    let unknown = message(json!(["early_stoping"]), json!("sgd"));
    assert!(unknown.contains("early_stopping"), "the nearest name is told: {unknown}");
    let schedule = json!({"type": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.9});
    let both = message(json!(["reduce_lr_on_plateau"]), json!({"type": "sgd", "learning_rate": schedule}));
    assert!(both.starts_with("training.callbacks[0]: expected a learning_rate that is a number"), "{both}");
    let none = message(json!(["swap_ema_weights"]), json!("sgd"));
    assert!(none.starts_with("training.callbacks[0]: expected an optimizer with use_ema"), "{none}");
}

/// Every callback of the registry, with arguments that make it act within a few epochs.
fn callbacks() -> Vec<Value> {
    let act = |name: &str| match name {
        "early_stopping" => json!({"type": name, "patience": 100, "restore_best_weights": true}),
        "model_checkpoint" => json!({"type": name, "save_best_only": true}),
        "reduce_lr_on_plateau" => json!({"type": name, "patience": 1, "min_delta": 10.0, "factor": 0.7}),
        "time_limit" => json!({"type": name, "seconds": 5.5}),
        "swap_ema_weights" => json!({"type": name, "swap_on_epoch": true}),
        "csv_logger" | "terminate_on_nan" => json!({"type": name}),
        other => panic!("no arguments for the callback {other}: add some"),
    };
    schema().callbacks.iter().map(|it| act(it.choice.r#type)).collect()
}

/// As a file would carry it.
fn through_json(state: State) -> State {
    let text = serde_json::to_string(&state.progress).unwrap();
    State { progress: serde_json::from_str(&text).unwrap(), ..state }
}

#[test]
fn a_saved_training_goes_on_with_its_callbacks_shuffle_and_dropout_to_the_bit() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let mut training = thorough_training(
        json!({"type": "adam", "learning_rate": 0.01, "use_ema": true, "ema_momentum": 0.05}),
    );
    training["callbacks"] = callbacks().into();
    let make = || compile(everything(), training.clone(), 20, Target::Classes(5)).unwrap();
    // Runs epochs from where the model stands; one second each, told after both steps and at the end.
    let run = |model: &mut Model, epochs: std::ops::Range<u32>| {
        let fit = Fit {
            epochs: Some(epochs.end),
            validation: Validation::Split(0.3),
            resume: epochs.start > 0,
            ..Fit::default()
        };
        let mut seconds = f64::from(epochs.start);
        model
            .fit(&rows, &fit, &mut || {
                seconds += 1.0 / 3.0;
                seconds
            })
            .unwrap()
    };
    // The whole run saves itself on the way.
    let mut whole = make();
    let history = run(&mut whole, 0..20);
    let stopped_by = callbacks().iter().position(|it| it["type"] == "time_limit");
    assert_eq!((history.epochs.len(), history.stopped_by), (6, stopped_by), "the time limit acts");
    let rates: Vec<f32> = history.epochs.iter().map(|it| it.learning_rate).collect();
    assert!(rates.windows(2).all(|pair| pair[1] <= pair[0]) && rates[5] < rates[0], "{rates:?}");
    let (_, kept) = history.checkpoints.last().unwrap();

    let mut resumed = make();
    resumed.restore(&through_json(kept.clone())).unwrap();
    let from = resumed.position().epoch;
    assert!((1..6).contains(&from), "the best epoch {from} is one in the middle");
    let rest = run(&mut resumed, from..20);
    assert_eq!(rest.epochs, history.epochs[from as usize..]);
    assert_eq!(rest.stopped_by, history.stopped_by);
    assert_eq!(bits(&resumed), bits(&whole));
    let log = callbacks().iter().position(|it| it["type"] == "csv_logger").unwrap();
    assert_eq!(resumed.callback_text(log), whole.callback_text(log));
    assert_eq!(whole.callback_text(log).unwrap().lines().count(), 7);
}

/// Wherever a training is saved, a callback decides from there on as it would have.
#[test]
fn every_callback_goes_on_from_every_epoch() {
    let values = [1.0, 0.9, 0.95, 0.92, 0.8, 0.85, 0.81, 0.84, 0.83, 0.82];
    let tried = [
        json!({"type": "early_stopping", "patience": 3, "restore_best_weights": true}),
        json!({"type": "early_stopping", "patience": 1, "baseline": 0.7, "start_from_epoch": 3}),
        json!({"type": "model_checkpoint", "save_best_only": true, "initial_value_threshold": 0.93}),
        json!({"type": "reduce_lr_on_plateau", "factor": 0.5, "patience": 1, "cooldown": 1, "min_lr": 0.05}),
        json!({"type": "time_limit", "seconds": 7.5}),
        json!({"type": "csv_logger"}),
        json!({"type": "terminate_on_nan"}),
        json!({"type": "swap_ema_weights", "swap_on_epoch": true}),
    ];
    let kinds: std::collections::BTreeSet<&str> = tried.iter().filter_map(|it| it["type"].as_str()).collect();
    assert!(schema().callbacks.iter().all(|it| kinds.contains(it.choice.r#type)), "one is not tried");
    for callback in tried {
        let run = |model: &mut Model, epochs: std::ops::Range<usize>| -> Vec<EpochEnd> {
            epochs.map(|at| epoch(model, 1.0, values[at], at as f64)).collect()
        };
        let mut whole = with(&callback);
        let ends = run(&mut whole, 0..values.len());
        whole.end_training();
        for cut in 1..values.len() {
            let mut one = with(&callback);
            run(&mut one, 0..cut);
            let mut other = with(&callback);
            other.restore(&through_json(one.state())).unwrap();
            assert_eq!(run(&mut other, cut..values.len()), ends[cut..], "{callback} from {cut} on");
            other.end_training();
            assert_eq!(other.callback_text(0), whole.callback_text(0));
            assert_eq!(other.learning_rate(), whole.learning_rate());
            assert_eq!(bits(&other), bits(&whole), "{callback} from {cut} on");
        }
    }
}

#[test]
fn fit_splits_rows_as_keras_does_and_slices_give_the_same_bits() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let training = thorough_training(json!("adam"));
    let make = || compile(everything(), training.clone(), 20, Target::Classes(5)).unwrap();
    let mut fitted = make();
    let fit = Fit { epochs: Some(3), validation: Validation::Split(0.31), ..Fit::default() };
    let history = fitted.fit(&rows, &fit, &mut || 0.0).unwrap();
    // floor(70 * 0.69) = 48 rows are trained on.
    let (train, validation) = (
        Rows::new(x.slice(ndarray::s![..48, ..]), y.slice(ndarray::s![..48, ..])),
        Rows::new(x.slice(ndarray::s![48.., ..]), y.slice(ndarray::s![48.., ..])),
    );
    let mut sliced = make();
    let mut scores = Vec::new();
    while sliced.position().epoch < 3 {
        if let Some(train) = sliced.train(&train, 1).unwrap().epoch_end {
            let validation = sliced.evaluate(&validation).unwrap();
            sliced.end_epoch(&EpochLogs { train: &train, validation: validation.as_ref(), elapsed_s: 0.0 });
            scores.push((train, validation));
        }
    }
    sliced.end_training();
    assert_eq!(bits(&fitted), bits(&sliced));
    let of_fit: Vec<_> = history.epochs.into_iter().map(|it| (it.train, it.validation)).collect();
    assert_eq!(of_fit, scores);

    for share in [0.0, 1.0, 0.001, -1.0, f64::NAN] {
        let fit = Fit { epochs: Some(1), validation: Validation::Split(share), ..Fit::default() };
        assert!(make().fit(&rows, &fit, &mut || 0.0).is_err() || share == 0.001, "{share}");
    }
    assert_eq!(make().fit(&rows, &Fit::default(), &mut || 0.0).unwrap_err().path, "fit.epochs");
}

#[test]
fn validation_comes_every_few_epochs_and_whoever_looks_on_may_end_a_fit() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let make = || compile(everything(), thorough_training(json!("adam")), 20, Target::Classes(5)).unwrap();
    let fit =
        Fit { epochs: Some(9), validation: Validation::Data(rows), validation_freq: 3, ..Fit::default() };
    let mut seen = Vec::new();
    let mut look = |epoch: &tabgrad_core::EpochRecord| {
        seen.push((epoch.epoch, epoch.validation.is_some()));
        if epoch.epoch == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut model = make();
    let history = model.fit_observed(&rows, &fit, &mut || 0.0, &mut look).unwrap();
    assert_eq!(seen, (1..=7).map(|epoch| (epoch, epoch % 3 == 0)).collect::<Vec<_>>());
    let by_name = history.history();
    let names: Vec<&str> = by_name.keys().map(String::as_str).collect();
    assert_eq!(names, ["accuracy", "learning_rate", "loss", "val_accuracy", "val_loss"]);
    let lengths: Vec<usize> = by_name.values().map(Vec::len).collect();
    assert_eq!(lengths, [7, 7, 7, 2, 2]);
    assert_eq!(by_name["val_loss"][1], history.epochs[5].validation.as_ref().unwrap().loss);
    // Looking on changes nothing.
    let mut other = make();
    other.fit(&rows, &Fit { epochs: Some(7), ..Fit::default() }, &mut || 0.0).unwrap();
    assert_eq!(bits(&other), bits(&model));
    let fit = Fit { epochs: Some(1), validation_freq: 0, ..Fit::default() };
    assert_eq!(make().fit(&rows, &fit, &mut || 0.0).unwrap_err().path, "fit.validation_freq");
}

#[test]
fn a_second_fit_counts_its_epochs_anew_or_from_where_it_is_told() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let mut training = thorough_training(json!("adam"));
    training["callbacks"] = json!(["csv_logger"]);
    let make = || compile(everything(), training.clone(), 20, Target::Classes(5)).unwrap();
    let numbers = |model: &mut Model, initial_epoch: u32, epochs: u32| {
        let fit = Fit { epochs: Some(epochs), initial_epoch, ..Fit::default() };
        let history = model.fit(&rows, &fit, &mut || 0.0).unwrap();
        let log = model.callback_text(0).unwrap().lines().skip(1);
        let logged: Vec<u32> = log.map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
        let told: Vec<u32> = history.epochs.iter().map(|it| it.epoch - 1).collect();
        assert_eq!(told, logged);
        told
    };
    let mut model = make();
    assert_eq!(numbers(&mut model, 0, 2), [0, 1]);
    assert_eq!(numbers(&mut model, 0, 3), [0, 1, 2]);
    assert_eq!(numbers(&mut model, 7, 9), [7, 8]);
    assert!(numbers(&mut model, 3, 3).is_empty());
    assert_eq!(model.position().epoch, 7, "what was trained goes on all the same");
    // A fit that was saved goes on with its own numbers.
    let mut one = make();
    numbers(&mut one, 5, 7);
    let mut other = make();
    other.restore(&through_json(one.state())).unwrap();
    let fit = Fit { epochs: Some(8), resume: true, ..Fit::default() };
    let on = other.fit(&rows, &fit, &mut || 0.0).unwrap();
    assert_eq!(on.epochs.iter().map(|it| it.epoch).collect::<Vec<_>>(), [8]);
}

#[test]
fn losses_of_whole_batches_are_scored_in_batches_of_a_size_that_is_said() {
    let training = json!({"loss": "dice", "optimizer": "sgd", "batch_size": 100});
    let layers = json!([{"type": "dense", "units": 1, "activation": "sigmoid"}]);
    let mut model = compile(layers.clone(), training, 2, Target::Binary).unwrap();
    let mut numbers = Numbers(3);
    let (x, y) = (numbers.matrix(90, 2), numbers.classes(90, 2));
    let part = |from: usize, to: usize| {
        Rows::new(x.slice(ndarray::s![from..to, ..]), y.slice(ndarray::s![from..to, ..]))
    };
    let all = part(0, 90);
    let mut loss =
        |rows: &Rows<'_>, batch: Option<usize>| model.evaluate_in_batches(rows, batch).unwrap().unwrap().loss;
    let thirds: Vec<f32> = (0..3).map(|i| loss(&part(30 * i, 30 * i + 30), None)).collect();
    let (whole, cut) = (loss(&all, None), loss(&all, Some(30)));
    assert!((cut - thirds.iter().sum::<f32>() / 3.0).abs() < 1e-6 && (cut - whole).abs() > 1e-5);
    let mut refused = |batch: usize| model.evaluate_in_batches(&all, Some(batch)).unwrap_err().to_string();
    assert!(refused(101).starts_with("batch_size: expected a number from 1 to 100, found 101"));
    assert!(refused(0).starts_with("batch_size: expected a number from 1 to 100, found 0"));
    // No other loss depends on it.
    let training = json!({"loss": "binary_crossentropy", "optimizer": "sgd", "batch_size": 100});
    let mut model = compile(layers, training, 2, Target::Binary).unwrap();
    let scores =
        |model: &mut Model, batch| model.evaluate_in_batches(&all, Some(batch)).unwrap().unwrap().loss;
    let losses = [scores(&mut model, 7), scores(&mut model, 90), scores(&mut model, 1000)];
    assert!(losses.iter().all(|it| (it - losses[0]).abs() < 1e-6), "{losses:?}");
}

#[test]
fn a_loss_that_is_no_number_ends_a_fit() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let mut training = thorough_training(json!({"type": "sgd", "learning_rate": 1000.0}));
    training["callbacks"] = json!(["csv_logger", "terminate_on_nan"]);
    let mut model = compile(everything(), training, 20, Target::Classes(5)).unwrap();
    let fit = Fit { epochs: Some(200), ..Fit::default() };
    let history = model.fit(&rows, &fit, &mut || 0.0).unwrap();
    assert!(history.diverged.is_some());
    assert_eq!(history.stopped_by, Some(1));
    assert!(model.parameters().iter().all(|value| value.is_finite()));
}

#[test]
fn the_average_of_the_weights_takes_their_place_when_training_ends() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let training = thorough_training(json!({"type": "sgd", "use_ema": true, "ema_momentum": 0.5}));
    let mut model = compile(everything(), training, 20, Target::Classes(5)).unwrap();
    model.fit(&rows, &Fit { epochs: Some(2), ..Fit::default() }, &mut || 0.0).unwrap();
    let state = model.state();
    let values = |name: &str| &state.tensors.iter().find(|it| it.name == name).unwrap().values;
    assert_eq!(values("first/kernel"), values("optimizer/first/kernel/average"));
}

#[test]
fn a_range_test_tries_growing_rates_and_changes_nothing() {
    let (x, y) = data();
    let rows = Rows::new(x.view(), y.view());
    let mut model = compile(everything(), thorough_training(json!("adam")), 20, Target::Classes(5)).unwrap();
    model.train(&rows, 2).unwrap();
    let before = model.state();
    let test = RangeTest { smallest: 1e-6, largest: 100.0, steps: 60 };
    let points = model.learning_rate_range(&rows, &test).unwrap();
    assert_eq!(model.state(), before);
    assert!(points.len() > 10);
    assert_eq!(points[0].learning_rate, 1e-6);
    assert!(points.windows(2).all(|pair| pair[1].learning_rate > pair[0].learning_rate));
    let losses: Vec<f32> = points.iter().map(|it| it.loss).collect();
    let lowest = losses.iter().copied().fold(f32::INFINITY, f32::min);
    assert!(losses[0] > lowest && losses[losses.len() - 1] > lowest, "{losses:?}");
    // What was seen first is the loss that the very next step has.
    assert_eq!(model.train(&rows, 1).unwrap().batch_loss, Some(points[0].loss));
    let wrong = RangeTest { smallest: 1.0, largest: 0.1, ..test };
    assert_eq!(model.learning_rate_range(&rows, &wrong).unwrap_err().path, "range_test");
}
