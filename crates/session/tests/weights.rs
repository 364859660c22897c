//! Rows that count by a column of their table: in the loss of all parts and of every target, in weighted metrics, and after a file was
//! saved and opened.
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

/// Sixteen rows, of which half count three times: by a weight, or by standing there three times. Numbers have the same mean and
/// deviation both ways, so both tables are scaled alike.
fn houses(are_repeated: bool) -> String {
    let mut text = String::from("size,side,times,price,kind\n");
    for row in 0..16 {
        let (size, side, is_dear) = (row / 4, row / 2 % 2, row % 2 == 1);
        let times = if is_dear == (side == 1) { 3 } else { 1 };
        let price = 10.5 * f64::from(size) + if is_dear { 5.25 } else { -5.25 };
        let kind = if is_dear { ["castle", "house"][(size % 2) as usize] } else { "flat" };
        for _ in 0..if are_repeated { times } else { 1 } {
            let _ = writeln!(text, "{size},{side},{times},{price},{kind}");
        }
    }
    text
}

fn of_houses(are_repeated: bool, learning_rate: f64) -> Lab {
    let mut lab = Lab::new();
    lab.file("houses.csv", &houses(are_repeated));
    let mut change = json!({ "targets": [3, 4] });
    change[if are_repeated { "ignored" } else { "weight" }] =
        if are_repeated { json!([2]) } else { json!(2) };
    lab.json(json!({ "type": "change_table", "change": change }));
    let model = json!({
        "version": 1,
        "layers": [
            { "type": "dense", "units": 6, "activation": "tanh", "name": "body" },
            { "type": "dense", "units": 1, "name": "price" },
            { "type": "dense", "units": 3, "activation": "softmax", "name": "kind", "inputs": ["body"] },
        ],
        "outputs": ["price", "kind"],
    });
    let metrics = json!({ "price": ["mean_absolute_error"], "kind": ["accuracy"] });
    // All rows in one batch: what is trained is the mean of their losses, in any order.
    let training = json!({
        "loss": { "price": "mean_squared_error", "kind": "sparse_categorical_crossentropy" },
        "loss_weights": { "price": 0.5 }, "metrics": metrics, "weighted_metrics": metrics,
        "optimizer": { "type": "sgd", "learning_rate": learning_rate },
        "batch_size": 64, "epochs": 100, "shuffle": false, "seed": 5,
    });
    let split = json!({ "validation": 0, "test": 0, "seed": 3 });
    let events =
        lab.json(json!({ "type": "configure", "model": model, "training": training, "split": split }));
    assert!(matches!(events.first(), Some(Event::Configured { .. })), "{events:?}");
    lab
}

#[test]
fn of_several_targets_each_loss_counts_a_row_as_if_it_stood_there_so_often() {
    // Weights are not divided by: a row counts in a mean of 16 as three do in one of 32, times two.
    let (mut weighted, mut repeated) = (of_houses(false, 0.125), of_houses(true, 0.25));
    weighted.epochs(60);
    repeated.epochs(60);
    let far =
        weighted.weights().iter().zip(repeated.weights()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(far < 1e-4, "{far}");
    let [one, other] = [&mut weighted, &mut repeated].map(|lab| lab.evaluate(Part::Train).scores);
    let is_near = |a: f64, b: f64| (a - b).abs() < 1e-3 * b.abs();
    assert!(is_near(one.loss, 2.0 * other.loss), "{one:?} {other:?}");
    for name in ["price_loss", "kind_loss"] {
        assert!(is_near(one.metrics[name], 2.0 * other.metrics[name]), "{name}: {one:?} {other:?}");
    }
    for (name, plain) in [
        ("price_weighted_mean_absolute_error", "price_mean_absolute_error"),
        ("kind_weighted_accuracy", "kind_accuracy"),
    ] {
        assert!(is_near(one.metrics[name], other.metrics[plain]), "{name}: {one:?} {other:?}");
        // In the same unit, and worse without weights: half of the rows say something else than those that count.
        assert!(!is_near(one.metrics[plain], other.metrics[plain]), "{plain}: {one:?} {other:?}");
    }
    // And by hand, from what the network says of every row.
    let text = houses(false);
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let asked: Vec<Value> = rows.iter().map(|row| json!([row[0], row[1], null, null, null])).collect();
    let (mut weights, mut error, mut hits, mut entropy) = (0.0, 0.0, 0.0, 0.0);
    for (row, said) in rows.iter().zip(weighted.predict(json!(asked))) {
        let times: f64 = row[2].parse().unwrap();
        let said = said.targets.unwrap();
        let kind = ["castle", "flat", "house"].iter().position(|kind| *kind == row[4]).unwrap();
        weights += times;
        error += times * (said[0].value.unwrap() - row[3].parse::<f64>().unwrap()).abs();
        hits += if said[1].label.as_deref() == Some(row[4]) { times } else { 0.0 };
        entropy -= times * f64::from(said[1].probabilities.as_ref().unwrap()[kind]).ln();
    }
    assert!(is_near(one.metrics["price_weighted_mean_absolute_error"], error / weights), "{one:?} {error}");
    assert!(is_near(one.metrics["kind_weighted_accuracy"], hits / weights), "{one:?} {hits}");
    assert!(is_near(one.metrics["kind_loss"], entropy / 16.0), "{one:?} {entropy}");
}
