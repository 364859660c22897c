//! Training through commands: the two courses everyone begins with, slices, threads, and what stops it.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::{Lab, failure, iris, training};
use serde_json::json;
use tabgrad_session::Pool;
use tabgrad_session::protocol::{Command, Event, Part, StepUnit, StopReason};

#[test]
fn iris_is_learned_to_over_93_percent_on_rows_it_never_saw() {
    let mut lab = Lab::new();
    let summary = iris(&mut lab);
    assert_eq!(summary.rows[&Part::Train] + summary.rows[&Part::Validation] + summary.rows[&Part::Test], 150);
    let baseline = summary.baseline.unwrap();
    assert_eq!(baseline.metric, "accuracy");
    assert!((0.3..0.4).contains(&baseline.value), "{}", baseline.value);

    assert_eq!(lab.say(Command::Play), [Event::Started]);
    assert_eq!(lab.train(12.0), StopReason::Finished);
    let test = lab.evaluate(Part::Test);
    assert!(test.scores.metrics["accuracy"] > 0.93, "{test:?}");
    let confusion = test.confusion.unwrap();
    assert_eq!(confusion.iter().sum::<u32>(), test.rows);
    let right = confusion[0] + confusion[4] + confusion[8];
    assert!((f64::from(right) / f64::from(test.rows) - test.scores.metrics["accuracy"]).abs() < 1e-6);

    let said = lab.predict(json!([
        ["5.1", "3.5", "1.4", "0.2"],
        ["6.5", "3.0", "5.8", "2.2"],
        ["5", "3", null, "x"]
    ]));
    assert_eq!(said[0].label.as_deref(), Some("setosa"));
    assert_eq!(said[1].label.as_deref(), Some("virginica"));
    assert!(said[0].issues.is_empty() && said[2].issues.len() == 2, "{:?}", said[2]);
}

#[test]
fn the_line_is_fitted_to_within_its_noise_in_the_users_units() {
    let mut lab = Lab::new();
    lab.json(json!({ "type": "load_builtin", "name": "line", "options": { "rows": 100, "seed": 1 } }));
    lab.configure_with(
        json!([{ "type": "dense", "units": 1 }]),
        training("mean_squared_error", json!({ "type": "sgd", "learning_rate": 0.01 }), 100),
        json!({ "validation": 0.0, "test": 0.2, "seed": 1 }),
        false,
    );
    lab.say(Command::Play);
    assert_eq!(lab.train(12.0), StopReason::Finished);
    let test = lab.evaluate(Part::Test);
    let mse = test.scores.metrics["mean_squared_error"];
    assert!((0.5..=1.7).contains(&mse), "{test:?}");
    assert!((test.scores.loss - mse).abs() < 1e-6 * mse, "loss and metric are the same thing: {test:?}");
    let said = lab.predict(json!([["0"], ["5"], ["10"]]));
    let value = |row: usize| said[row].value.unwrap();
    let slope = (value(2) - value(0)) / 10.0;
    assert!((slope - 3.0).abs() < 0.15, "{slope}");
    assert!((value(1) - 17.0).abs() < 0.6, "{}", value(1));
}

#[test]
fn the_bits_do_not_depend_on_threads_or_on_how_time_was_cut() {
    let run = |pool: Pool, budget_ms: f64, tick_ms: f64| {
        let mut lab = Lab::with(pool);
        lab.tick_ms = tick_ms;
        iris(&mut lab);
        lab.say(Command::Play);
        assert_eq!(lab.train(budget_ms), StopReason::Finished);
        let frame = lab.frame().unwrap();
        let last = frame.history.last().unwrap().clone();
        (lab.weights(), last)
    };
    let one = run(Pool::single(), 12.0, 1.0);
    assert_eq!(one, run(Pool::single(), 0.0, 0.01));
    for threads in [2, 3, 8] {
        assert_eq!(one, run(Pool::with_threads(threads), 100.0, 0.1), "{threads} threads");
    }
}

#[test]
fn a_reset_leads_to_the_very_same_run() {
    let mut lab = Lab::new();
    iris(&mut lab);
    let start = lab.weights();
    lab.epochs(3);
    let trained = lab.weights();
    assert_ne!(start, trained);
    assert_eq!(lab.say(Command::Reset), [Event::Reset]);
    assert_eq!(lab.weights(), start);
    lab.epochs(3);
    assert_eq!(lab.weights(), trained);
    assert_eq!(lab.session.epoch(), 3);
}

#[test]
fn a_pause_stops_after_the_slice_and_play_goes_on() {
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.say(Command::Play);
    assert_eq!(lab.slices(12.0, 2), None);
    let step = lab.session.step();
    assert!(step > 0);
    let events = lab.say(Command::Pause);
    assert!(matches!(events[..], [Event::Stopped { reason: StopReason::Paused, .. }]));
    assert!(lab.slice(12.0).is_empty());
    assert_eq!(lab.session.step(), step);
    assert!(lab.say(Command::Pause).is_empty());
    lab.say(Command::Play);
    assert_eq!(lab.train(12.0), StopReason::Finished);
    assert_eq!(lab.session.epoch(), 100);
    // At the limit, play means as many again.
    lab.say(Command::Play);
    assert_eq!(lab.train(12.0), StopReason::Finished);
    assert_eq!(lab.session.epoch(), 200);
}

#[test]
fn a_learning_rate_acts_from_the_next_slice_and_survives_a_reset() {
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.epochs(1);
    assert!(lab.json(json!({ "type": "set", "learning_rate": 1e-30 })).is_empty());
    let before = lab.weights();
    lab.epochs(1);
    assert!(farthest(&lab.weights(), &before) < 1e-20, "a rate of nothing moves nothing");
    lab.say(Command::Reset);
    let start = lab.weights();
    lab.epochs(1);
    assert!(farthest(&lab.weights(), &start) < 1e-20, "a reset brought the old rate back");
    lab.json(json!({ "type": "set", "learning_rate": 0.01 }));
    lab.epochs(1);
    assert!(farthest(&lab.weights(), &start) > 1e-3);
}

fn farthest(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn epochs_can_be_changed_while_it_trains() {
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.json(json!({ "type": "set", "epochs": null }));
    lab.say(Command::Play);
    assert_eq!(lab.slices(12.0, 200), None);
    assert!(lab.session.epoch() > 100);
    lab.json(json!({ "type": "set", "epochs": 1 }));
    assert_eq!(lab.train(12.0), StopReason::Finished);
}

#[test]
fn single_steps_go_one_batch_and_one_epoch() {
    let mut lab = Lab::new();
    let summary = iris(&mut lab);
    let per_epoch = summary.rows[&Part::Train].div_ceil(16) as u64;
    lab.say(Command::Step { unit: StepUnit::Batch });
    assert_eq!(lab.train(12.0), StopReason::Stepped);
    assert_eq!((lab.session.epoch(), lab.session.step()), (0, 1));
    lab.epochs(1);
    assert_eq!((lab.session.epoch(), lab.session.step()), (1, per_epoch));
}

#[test]
fn what_is_not_possible_now_is_refused_with_a_sentence_and_changes_nothing() {
    let mut lab = Lab::new();
    assert!(lab.frame().is_none());
    for command in [
        Command::Play,
        Command::Reset,
        Command::Step { unit: StepUnit::Batch },
        Command::Save { request: 1 },
        Command::Evaluate { request: 1, part: Part::Test },
        Command::Predict { request: 1, rows: vec![vec![None]] },
    ] {
        assert_eq!(failure(lab.say(command)).code, "no_model");
    }
    assert_eq!(
        failure(lab.json(json!({ "type": "change_table", "change": { "target": 0 } }))).code,
        "no_table"
    );
    failure(lab.json(json!({ "type": "load_builtin", "name": "digits", "options": { "seed": 1 } })));
    failure(lab.json(json!({
        "type": "configure", "model": {}, "training": {}, "split": { "validation": 0, "test": 0, "seed": 1 },
    })));

    iris(&mut lab);
    let weights = lab.weights();
    for bad in [
        json!({ "type": "set", "learning_rate": 0.0 }),
        json!({ "type": "set", "learning_rate": -1.0 }),
        json!({ "type": "set", "epochs": 0 }),
        json!({ "type": "change_table", "change": { "target": 99 } }),
    ] {
        failure(lab.json(bad));
    }
    let model = json!({ "version": 1, "layers": [{ "type": "dense", "units": 0 }] });
    let rejected = failure(lab.json(json!({
        "type": "configure", "model": model,
        "training": training("sparse_categorical_crossentropy", json!({ "type": "adam" }), 1),
        "split": { "validation": 0.1, "test": 0.1, "seed": 1 },
    })));
    assert_eq!(rejected.path.as_deref(), Some("layers[0].units"));
    assert_eq!(lab.weights(), weights);
    lab.epochs(1);
}

#[test]
fn a_callback_ends_training_and_the_best_weights_come_back() {
    let mut lab = Lab::new();
    iris(&mut lab);
    let mut training = training("sparse_categorical_crossentropy", json!("adam"), 100);
    // Nothing ever counts as better than the first epoch.
    training["callbacks"] = json!([
        {"type": "early_stopping", "patience": 2, "min_delta": 100, "restore_best_weights": true}]);
    let layers = json!([{"type": "dense", "units": 3, "activation": "softmax"}]);
    lab.configure(layers, training);
    lab.epochs(1);
    let best = lab.weights();
    lab.say(Command::Play);
    assert_eq!(lab.train(12.0), StopReason::Finished);
    assert_eq!(lab.session.epoch(), 3);
    assert_eq!(lab.weights(), best, "those of the first epoch");

    // Play begins anew: again an epoch that is the best, and two that are not.
    lab.say(Command::Play);
    assert_eq!(lab.train(12.0), StopReason::Finished);
    assert_eq!(lab.session.epoch(), 6);
}
