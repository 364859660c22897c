//! Rows that count by a column of their table: in the loss of all parts, in weighted metrics, and after a file was saved and opened.
#![allow(clippy::unwrap_used)]

mod lab;

use std::fmt::Write;

use lab::{Lab, failure, training};
use serde_json::{Value, json};
use tabgrad_session::protocol::{Command, Event, Part};

/// Forty rows whose column `times` and target are as said by `row`.
fn csv(times: impl Fn(usize) -> String, kind: impl Fn(usize) -> &'static str) -> String {
    let mut text = String::from("size,height,times,kind\n");
    for row in 0..40 {
        let _ = writeln!(text, "{}.5,{},{},{}", row * 7 % 23, row * 11 % 19, times(row), kind(row));
    }
    text
}

fn kind(row: usize) -> &'static str {
    ["a", "b"][usize::from(row * 7 % 23 > 11)]
}

fn sgd(learning_rate: f64) -> Value {
    let mut training =
        training("binary_crossentropy", json!({ "type": "sgd", "learning_rate": learning_rate }), 100);
    training["weighted_metrics"] = json!(["accuracy"]);
    training
}

fn layers() -> Value {
    json!([{ "type": "dense", "units": 4, "activation": "tanh" }, { "type": "dense", "units": 1, "activation": "sigmoid" }])
}

fn trained(text: &str, change: Value, learning_rate: f64) -> Lab {
    let mut lab = Lab::new();
    lab.file("kinds.csv", text);
    lab.json(json!({ "type": "change_table", "change": change }));
    lab.configure(layers(), sgd(learning_rate));
    lab.epochs(5);
    lab
}

#[test]
fn weights_scale_the_loss_and_rows_of_no_weight_teach_nothing() {
    // Twice the loss and half the rate: the very same bits.
    let mut plain = trained(&csv(|_| "2".into(), kind), json!({ "ignored": [2] }), 0.25);
    let mut twice = trained(&csv(|_| "2".into(), kind), json!({ "weight": 2 }), 0.125);
    assert_eq!(plain.weights(), twice.weights());
    for part in Part::ALL {
        let (plain, twice) = (plain.evaluate(part).scores, twice.evaluate(part).scores);
        assert!((plain.loss * 2.0 - twice.loss).abs() < 1e-6, "{part:?}: {plain:?} {twice:?}");
        assert_eq!(plain.metrics["accuracy"], twice.metrics["weighted_accuracy"]);
    }
    // What the rows of weight 0 say does not matter; what the others weigh does.
    let some = |row: usize| if row.is_multiple_of(4) { "0".to_owned() } else { "1.5".to_owned() };
    let other = |row: usize| {
        if row.is_multiple_of(4) { ["b", "a"][usize::from(kind(row) == "b")] } else { kind(row) }
    };
    let split = |lab: &mut Lab| {
        // All rows are trained on, so that both have the same.
        lab.configure_with(layers(), sgd(0.1), json!({ "validation": 0, "test": 0, "seed": 3 }), false);
        lab.epochs(5);
        lab.weights()
    };
    let mut labs = [csv(some, kind), csv(some, other), csv(|_| "1".into(), kind)]
        .map(|text| trained(&text, json!({ "weight": 2 }), 0.1));
    let [weighted, relabelled, alike] = labs.each_mut().map(split);
    assert_eq!(weighted, relabelled);
    assert_ne!(weighted, alike);
    let scores = labs[1].evaluate(Part::Train).scores;
    assert!(scores.metrics["weighted_accuracy"] > scores.metrics["accuracy"] + 0.1, "{scores:?}");
}

#[test]
fn a_saved_model_goes_on_with_the_weights_of_its_rows() {
    let text = csv(|row| format!("{}", row % 5), kind);
    let mut first = trained(&text, json!({ "weight": 2 }), 0.1);
    let (_, bytes) = first.save();

    let mut second = Lab::new();
    let events = second.session.load_model(1, "mine.tabgrad", &bytes);
    let Event::ModelLoaded { model, training, split, .. } = events[0].clone() else { panic!("{events:?}") };
    assert_eq!(training["weighted_metrics"], json!(["accuracy"]));
    let events = second.file("kinds.csv", &text);
    let Some(Event::Table { report }) = events.last() else { panic!("{events:?}") };
    assert_eq!(serde_json::to_value(report.columns[2].role).unwrap(), "weight");
    second.configure_with(model["layers"].clone(), training, serde_json::to_value(split).unwrap(), true);
    first.epochs(3);
    second.epochs(3);
    assert_eq!(first.weights(), second.weights());
    assert_eq!(first.evaluate(Part::Test), second.evaluate(Part::Test));
}

#[test]
fn built_in_data_come_back_with_their_weights_and_what_is_no_weight_is_refused() {
    let mut first = Lab::new();
    first.builtin("iris");
    first.json(json!({ "type": "change_table", "change": { "weight": 3 } }));
    let three = json!([{ "type": "dense", "units": 3, "activation": "softmax" }]);
    let adam =
        training("sparse_categorical_crossentropy", json!({ "type": "adam", "learning_rate": 0.01 }), 20);
    assert_eq!(first.configure(three, adam).features.len(), 3);
    first.epochs(2);
    let (_, bytes) = first.save();
    let mut second = Lab::new();
    second.session.load_model(1, "mine.tabgrad", &bytes);
    first.epochs(2);
    second.epochs(2);
    assert_eq!(first.weights(), second.weights());

    let mut lab = Lab::new();
    lab.file("kinds.csv", &csv(|row| if row == 30 { "-1".into() } else { "1".into() }, kind));
    let error = failure(lab.json(json!({ "type": "change_table", "change": { "weight": 2 } })));
    assert_eq!(error.path.as_deref(), Some("kinds.csv line 32, column \"times\""));
    lab.configure(layers(), sgd(0.1));
    lab.say(Command::Play);
}
