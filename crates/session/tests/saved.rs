//! Models as files: they predict by themselves and go on to the bit; snapshots do the same for a worker that took over.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::{Lab, failure, iris, training};
use serde_json::{Value, json};
use tabgrad_session::protocol::{Command, Configured, EpochRecord, Event, Part, StepUnit};

/// Twelve rows of two classes.
const CSV: &str = "weight,colour,kind\n1,red,a\n1.2,red,a\n0.9,blue,a\n1.1,red,a\n1.3,blue,a\n0.8,red,a\n\
                   3,blue,b\n3.2,red,b\n2.9,blue,b\n3.1,blue,b\n3.3,red,b\n2.8,blue,b\n";

const LAYERS: fn() -> Value = || {
    json!([
        { "type": "dense", "units": 4, "activation": "relu" },
        { "type": "batch_normalization" },
        { "type": "dropout", "rate": 0.2 },
        { "type": "dense", "units": 1, "activation": "sigmoid" },
    ])
};

fn adam() -> Value {
    let mut training = training("binary_crossentropy", json!({ "type": "adam", "learning_rate": 0.01 }), 100);
    training["batch_size"] = json!(3);
    training
}

struct Loaded {
    model: Value,
    training: Value,
    split: Value,
    epoch: u32,
    history: Vec<EpochRecord>,
    summary: Configured,
}

fn load(lab: &mut Lab, bytes: &[u8]) -> Loaded {
    let events = lab.session.load_model(7, "mine.tabgrad", bytes);
    let events = lab.note(events);
    let [
        Event::ModelLoaded { request, model, training, split, epoch, history, .. },
        Event::Configured { summary },
        ..,
    ] = events.as_slice()
    else {
        panic!("{events:?}")
    };
    assert_eq!(*request, 7);
    Loaded {
        model: model["layers"].clone(),
        training: training.clone(),
        split: serde_json::to_value(split).unwrap(),
        epoch: *epoch,
        history: history.clone(),
        summary: summary.clone(),
    }
}

#[test]
fn a_model_of_a_file_predicts_without_its_data_and_goes_on_to_the_bit_with_them() {
    let mut first = Lab::new();
    first.file("kinds.csv", CSV);
    first.configure(LAYERS(), adam());
    first.epochs(4);
    first.say(Command::Step { unit: StepUnit::Batch }); // In the middle of an epoch.
    first.train(12.0);
    let (name, bytes) = first.save();
    assert_eq!(name, "kinds.tabgrad");
    let questions = json!([["1", "red"], ["3", "blue"], [null, "mauve"]]);
    let answers = first.predict(questions.clone());

    let mut second = Lab::new();
    let loaded = load(&mut second, &bytes);
    assert_eq!((loaded.epoch, loaded.history.len()), (4, 4));
    assert_eq!(loaded.summary.rows.values().sum::<usize>(), 0);
    assert_eq!(second.predict(questions.clone()), answers);
    assert_eq!(failure(second.say(Command::Play)).code, "no_rows");
    assert_eq!(failure(second.say(Command::Evaluate { request: 1, part: Part::Train })).code, "no_rows");
    assert!(second.frame().is_some());

    second.file("copy of kinds.csv", CSV);
    second.configure_with(loaded.model, loaded.training, loaded.split, true);
    assert_eq!(second.session.step(), first.session.step());
    first.epochs(5);
    second.epochs(5);
    assert_eq!(second.weights(), first.weights());
    assert_eq!(second.predict(questions.clone()), first.predict(questions));
}

#[test]
fn built_in_data_come_back_by_themselves_with_what_was_changed_about_them() {
    let mut first = Lab::new();
    first.builtin("iris");
    first.json(json!({ "type": "change_table", "change": { "ignored": [0] } }));
    first.configure(
        json!([{ "type": "dense", "units": 3, "activation": "softmax" }]),
        training("sparse_categorical_crossentropy", json!({ "type": "adam", "learning_rate": 0.01 }), 20),
    );
    first.epochs(3);
    let (name, bytes) = first.save();
    assert!(name.ends_with(".tabgrad"), "{name}");

    let mut second = Lab::new();
    let loaded = load(&mut second, &bytes);
    assert_eq!(loaded.summary.features.len(), 3);
    assert_eq!(loaded.summary.rows.values().sum::<usize>(), 150);
    first.epochs(3);
    second.epochs(3);
    assert_eq!(second.weights(), first.weights());
    assert_eq!(second.evaluate(Part::Test), first.evaluate(Part::Test));
}

#[test]
fn the_choices_about_a_table_come_with_the_model_when_its_file_is_loaded_again() {
    let mut first = Lab::new();
    first.file("kinds.csv", CSV);
    first.json(json!({ "type": "change_table", "change": { "target": 0, "ignored": [2] } }));
    first.configure(
        json!([{ "type": "dense", "units": 1 }]),
        training("mean_squared_error", json!({ "type": "sgd", "learning_rate": 0.01 }), 5),
    );
    let (_, bytes) = first.save();
    let mut second = Lab::new();
    load(&mut second, &bytes);
    let events = second.file("kinds.csv", CSV);
    let Some(Event::Table { report }) = events.last() else { panic!("{events:?}") };
    assert_eq!(report.target, 0);
}

#[test]
fn a_snapshot_leads_another_session_to_the_same_place() {
    let mut first = Lab::new();
    assert!(first.session.snapshot().is_none());
    iris(&mut first);
    first.epochs(7);
    let snapshot = first.session.snapshot().unwrap();
    let mut second = Lab::new();
    second.builtin("iris");
    second.session.restore(&snapshot).unwrap();
    assert_eq!(second.session.epoch(), 7);
    assert!(second.frame().unwrap().history.is_empty(), "the page has the history already");
    first.epochs(2);
    second.epochs(2);
    assert_eq!(second.weights(), first.weights());
}

#[test]
fn a_learning_rate_is_saved_as_it_was_typed() {
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.json(json!({ "type": "set", "learning_rate": 0.3, "epochs": 7 }));
    let (_, bytes) = lab.save();
    let loaded = load(&mut Lab::new(), &bytes);
    assert_eq!(loaded.training["optimizer"]["learning_rate"], json!(0.3));
    assert_eq!(loaded.training["epochs"], json!(7));
}

#[test]
fn weights_are_kept_where_they_fit() {
    let mut lab = Lab::new();
    lab.file("kinds.csv", CSV);
    lab.configure(LAYERS(), adam());
    lab.epochs(3);
    let before = lab.weights();
    let split = json!({ "validation": 0.15, "test": 0.2, "seed": 3 });

    let mut slower = adam();
    slower["optimizer"]["learning_rate"] = json!(0.0001);
    lab.configure_with(LAYERS(), slower, split.clone(), true);
    assert_eq!((lab.weights(), lab.session.epoch()), (before.clone(), 3));

    let mut other = adam();
    other["optimizer"] = json!({ "type": "sgd", "learning_rate": 0.01 });
    lab.configure_with(LAYERS(), other.clone(), split.clone(), true);
    assert_eq!((lab.weights(), lab.session.epoch()), (before.clone(), 0));

    lab.configure_with(LAYERS(), other, split, false);
    assert_ne!(lab.weights(), before);
}

#[test]
fn what_is_no_model_of_ours_is_refused_and_the_network_before_stays() {
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.epochs(1);
    let weights = lab.weights();
    let (_, bytes) = lab.save();
    let mut altered = bytes.clone();
    *altered.last_mut().unwrap() ^= 1;
    for bad in [&[][..], b"sepal,petal\n1,2\n", &bytes[..bytes.len() / 2], &altered] {
        let events = lab.session.load_model(1, "mine.tabgrad", bad);
        let error = failure(lab.note(events));
        assert!(error.message.starts_with("mine.tabgrad is "), "{error:?}");
        assert_eq!(error.path.as_deref(), Some("mine.tabgrad"));
    }
    assert_eq!(lab.weights(), weights);
    lab.epochs(1);
}

#[test]
fn a_new_table_makes_the_old_network_go_and_a_refused_one_does_not() {
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.say(Command::Play);
    lab.slice(3.0);
    let events = lab.file("empty.csv", "");
    assert!(matches!(events.last(), Some(Event::Failed { .. })), "{events:?}");
    assert!(lab.session.is_running());
    let events = lab.file("kinds.csv", CSV);
    assert!(events.iter().any(|event| matches!(event, Event::Stopped { .. })));
    assert_eq!(failure(lab.say(Command::Play)).code, "no_model");
}
