//! What the page asks for besides frames: reports, learning rates, what callbacks keep.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::{Lab, failure, iris, training};
use serde_json::{Value, json};
use tabgrad_session::protocol::{Command, Event, Part, Report, StepUnit, StopReason};

fn report(lab: &mut Lab, part: Part) -> Report {
    match lab.say(Command::Report { request: 1, part, target: None }).remove(0) {
        Event::Report { report, .. } => report,
        other => panic!("{other:?}"),
    }
}

fn rates(lab: &mut Lab) -> (u32, Vec<f32>) {
    match lab.say(Command::LearningRates { request: 1 }).remove(0) {
        Event::LearningRates { epochs, rates, .. } => (epochs, rates),
        other => panic!("{other:?}"),
    }
}

const LAYERS: fn() -> Value = || {
    json!([
        { "type": "dense", "units": 8, "activation": "relu" },
        { "type": "dense", "units": 3, "activation": "softmax" },
    ])
};

fn with_callbacks(callbacks: Value) -> Value {
    let mut training =
        training("sparse_categorical_crossentropy", json!({ "type": "adam", "learning_rate": 0.01 }), 30);
    training["callbacks"] = callbacks;
    training
}

fn iris_with(lab: &mut Lab, callbacks: Value) {
    lab.builtin("iris");
    lab.configure(LAYERS(), with_callbacks(callbacks));
}

#[test]
fn a_report_of_classes_says_what_the_confusion_matrix_says_and_more() {
    let mut lab = Lab::new();
    let summary = iris(&mut lab);
    assert_eq!(summary.class_rows.iter().sum::<usize>(), summary.rows[&Part::Train]);
    lab.epochs(20);
    let evaluation = lab.evaluate(Part::Test);
    let report = report(&mut lab, Part::Test);
    assert_eq!(report.rows, evaluation.rows);
    assert!(report.regression.is_none());
    let of = report.classification.unwrap();
    assert!((of.accuracy - evaluation.scores.metrics["accuracy"]).abs() < 1e-6);
    assert_eq!(of.classes.iter().map(|class| class.support).sum::<u32>(), report.rows);
    assert_eq!((of.classes.len(), of.bins.len(), of.top_k.len()), (3, 10, 2));
    let curves = of.classes[0].curves.as_ref().unwrap();
    assert_eq!((&curves.roc[..2], &curves.roc[curves.roc.len() - 2..]), (&[0.0, 0.0][..], &[1.0, 1.0][..]));
    assert!(curves.auc > 0.9, "{}", curves.auc);
}

#[test]
fn a_report_of_values_is_in_the_users_units() {
    let mut lab = Lab::new();
    lab.builtin("line");
    lab.configure(
        json!([{ "type": "dense", "units": 1 }]),
        training("mean_squared_error", json!({ "type": "sgd", "learning_rate": 0.1 }), 50),
    );
    lab.epochs(50);
    let evaluation = lab.evaluate(Part::Train);
    let of = report(&mut lab, Part::Train).regression.unwrap();
    let squared = evaluation.scores.metrics["mean_squared_error"];
    assert!((of.rmse * of.rmse - squared).abs() < 1e-4 * squared.max(1e-6), "{} {squared}", of.rmse);
    assert!((of.r2.unwrap() - evaluation.scores.metrics["r2_score"]).abs() < 1e-4);
    assert_eq!(of.truth.len(), of.predicted.len());
    assert!(of.mae <= of.rmse + 1e-9);
}

#[test]
fn nothing_is_reported_of_no_rows() {
    let mut lab = Lab::new();
    lab.builtin("iris");
    let split = json!({ "validation": 0.0, "test": 0.0, "seed": 3 });
    lab.configure_with(LAYERS(), with_callbacks(json!([])), split, false);
    assert_eq!(
        failure(lab.say(Command::Report { request: 1, part: Part::Test, target: None })).code,
        "no_rows"
    );
}

#[test]
fn learning_rates_are_those_that_training_takes() {
    let mut lab = Lab::new();
    lab.builtin("iris");
    let mut training = with_callbacks(json!([]));
    training["optimizer"]["learning_rate"] =
        json!({ "type": "cosine_decay", "initial_learning_rate": 0.1, "decay_steps": 60 });
    lab.configure(LAYERS(), training);
    let (epochs, rates) = rates(&mut lab);
    assert_eq!(epochs, 30);
    assert_eq!(rates[0], 0.1);
    assert!(rates.windows(2).all(|pair| pair[1] <= pair[0]));
    assert_eq!(rates.last(), Some(&0.0));
    // 97 train rows in batches of 16 are 7 steps, 210 in all: one point each.
    lab.epochs(3);
    let frame = lab.frame().unwrap();
    assert!((frame.learning_rate - f64::from(rates[frame.step as usize])).abs() < 1e-9);
}

#[test]
fn a_schedule_that_is_chosen_later_takes_the_place_of_the_number() {
    let mut lab = Lab::new();
    iris_with(&mut lab, json!([]));
    lab.json(json!({ "type": "set", "learning_rate": 0.02 }));
    lab.epochs(2);
    let mut training = with_callbacks(json!([]));
    training["optimizer"]["learning_rate"] = json!({ "type": "exponential_decay", "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5 });
    let split = json!({ "validation": 0.15, "test": 0.2, "seed": 3 });
    lab.configure_with(LAYERS(), training, split, true);
    assert_eq!(lab.session.epoch(), 2, "training goes on");
    let (_, rates) = rates(&mut lab);
    assert_eq!(rates[0], 0.1);
    assert!(rates.last() < Some(&1e-3));
    lab.wait(1e6);
    assert!(lab.frame().unwrap().learning_rate < 0.05, "of the next step");
}

#[test]
fn a_range_test_suggests_a_rate_and_changes_nothing() {
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.epochs(2);
    let weights = lab.weights();
    lab.say(Command::Play);
    let events = lab.say(Command::RangeTest { request: 9 });
    let [Event::Stopped { .. }, Event::RangeTest { request, rates, losses, suggested }] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!((*request, rates.len()), (9, losses.len()));
    assert!(rates.windows(2).all(|pair| pair[0] < pair[1]));
    let suggested = suggested.expect("iris can be learnt");
    assert!((1e-5..1.0).contains(&suggested), "{suggested}");
    assert_eq!(lab.weights(), weights);
    lab.epochs(30);
    let again = lab.say(Command::RangeTest { request: 9 });
    assert_eq!(again.as_slice(), &events[1..], "it begins from the first weights");
    let mut empty = Lab::new();
    assert_eq!(failure(empty.say(Command::RangeTest { request: 9 })).code, "no_model");
}

const KEEPERS: fn() -> Value = || {
    json!([
        { "type": "csv_logger" },
        { "type": "model_checkpoint", "monitor": "val_loss", "save_best_only": true },
    ])
};

fn saved(events: Vec<Event>) -> (String, Vec<u8>) {
    match events.into_iter().next() {
        Some(Event::Saved { name, bytes, .. }) => (name, bytes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn logs_and_best_states_can_be_had_as_files() {
    let mut lab = Lab::new();
    iris_with(&mut lab, KEEPERS());
    assert!(lab.frame().unwrap().kept.is_empty());
    let none = lab.say(Command::SaveKept { request: 1, callback: 1 });
    assert_eq!(failure(none).code, "nothing_kept");
    lab.epochs(5);
    let kept = lab.frame().unwrap().kept;
    assert_eq!(kept.iter().map(|it| it.callback).collect::<Vec<_>>(), [1, 0]);

    let (name, bytes) = saved(lab.say(Command::SaveKept { request: 1, callback: 0 }));
    assert!(name.ends_with(".csv"), "{name}");
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("epoch,accuracy,loss,val_accuracy,val_loss\n0,"), "{text}");
    assert_eq!(text.lines().count(), 6);

    let (name, bytes) = saved(lab.say(Command::SaveKept { request: 1, callback: 1 }));
    assert!(name.ends_with(".tabgrad"), "{name}");
    let mut other = Lab::new();
    let events = other.session.load_model(7, "mine.tabgrad", &bytes);
    let Event::ModelLoaded { epoch, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!(*epoch, kept[0].epoch);
}

#[test]
fn a_model_goes_back_to_its_best_state() {
    let mut lab = Lab::new();
    iris_with(&mut lab, json!([{ "type": "model_checkpoint", "save_best_only": true }]));
    lab.epochs(8);
    // So large that nothing becomes better any more.
    lab.json(json!({ "type": "set", "learning_rate": 5.0 }));
    lab.epochs(4);
    let kept = lab.frame().unwrap().kept[0];
    assert!((1..=8).contains(&kept.epoch), "{kept:?}");
    let events = lab.say(Command::RestoreKept { callback: 0 });
    assert_eq!(events, [Event::WentBack { epoch: kept.epoch }]);
    assert_eq!(lab.session.epoch(), kept.epoch);
    let validation = lab.evaluate(Part::Validation).scores.loss;
    // The rate is that of the kept state again.
    lab.json(json!({ "type": "set", "learning_rate": 5.0 }));
    lab.epochs(1);
    assert!(lab.evaluate(Part::Validation).scores.loss > validation);
    lab.say(Command::RestoreKept { callback: 0 });
    assert_eq!(lab.evaluate(Part::Validation).scores.loss, validation);
    lab.say(Command::Reset);
    lab.wait(1e6);
    assert!(lab.frame().unwrap().kept.is_empty(), "another start keeps nothing of the one before");
}

#[test]
fn a_saved_project_goes_on_with_what_its_callbacks_kept() {
    let mut first = Lab::new();
    iris_with(&mut first, KEEPERS());
    first.epochs(6);
    let kept = first.frame().unwrap().kept;
    let (_, bytes) = first.save();
    let mut second = Lab::new();
    second.session.load_model(7, "mine.tabgrad", &bytes);
    assert_eq!(second.frame().unwrap().kept, kept);
    for lab in [&mut first, &mut second] {
        lab.epochs(3);
        lab.say(Command::RestoreKept { callback: 1 });
    }
    assert_eq!(first.weights(), second.weights());
    assert_eq!(first.session.epoch(), second.session.epoch());
}

#[test]
fn the_time_of_a_training_is_saved_with_it() {
    let limit = json!([{ "type": "time_limit", "seconds": 1.0 }]);
    let mut first = Lab::new();
    first.tick_ms = 600.0;
    iris_with(&mut first, limit);
    // Single steps pass the limit; only what plays is ended by it.
    first.epochs(3);
    let (_, bytes) = first.save();
    let mut second = Lab::new();
    second.session.load_model(7, "mine.tabgrad", &bytes);
    second.say(Command::Play);
    assert_eq!(second.train(12.0), StopReason::Finished);
    // Not to the end of the epoch.
    assert_eq!(second.session.epoch(), 3);

    // It has come to its end: the next one has all of the time.
    let (_, bytes) = second.save();
    let mut third = Lab::new();
    third.session.load_model(7, "mine.tabgrad", &bytes);
    third.say(Command::Play);
    assert_eq!(third.train(12.0), StopReason::Finished);
    assert!(third.session.epoch() > 5, "{}", third.session.epoch());
}

#[test]
fn callbacks_act_within_an_epoch() {
    let mut lab = Lab::new();
    iris_with(
        &mut lab,
        json!([{ "type": "time_limit", "seconds": 0.0 }, { "type": "model_checkpoint", "save_freq": 2 }]),
    );
    for kept in [0, 1] {
        // The limit has passed, but single steps do not end an epoch.
        lab.say(Command::Step { unit: StepUnit::Batch });
        assert_eq!(lab.train(12.0), StopReason::Stepped);
        assert_eq!(lab.frame().unwrap().kept.len(), kept);
    }
    lab.say(Command::Play);
    assert_eq!(lab.train(12.0), StopReason::Finished);
    let frame = lab.frame().unwrap();
    assert_eq!((frame.epoch, frame.step), (0, 4), "one more slice, to the next state that is handed out");
    assert!(frame.history.is_empty(), "it has whole epochs");
    // What is trained after that goes on with the rows that are left.
    lab.epochs(1);
    assert_eq!(lab.session.epoch(), 1);
}
