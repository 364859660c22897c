//! Model files that were ever written, as whole sessions: each is loaded, predicts what it predicted, and goes on training to
//! where it went.
//!
//! They stand in `tests/goldens/formats/sessions`, for good: `NAME.tabgrad`, and beside it `NAME.json` with the table that it
//! was trained on, questions, and the answers at that time. A file of a new kind is one more line in `made`, and is written by
//! `TABGRAD_WRITE_GOLDENS=1 cargo test -p tabgrad-session --test old_files`; one that exists is never written again.
#![allow(clippy::unwrap_used)]

mod lab;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Mutex;

use lab::{Lab, training};
use serde_json::{Value, json};
use tabgrad_session::protocol::{Command, Event, Part, StepUnit};

/// Epochs that training goes on for.
const EPOCHS_MORE: u32 = 3;
/// Arithmetic may change in its last bits; what it comes to may not.
const TOLERANCE: f64 = 1e-3;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/goldens/formats/sessions")
}

/// A session that is about to be saved.
struct Made {
    lab: Lab,
    /// Name and text of its table; `None`: it is built in.
    table: Option<(&'static str, String)>,
    questions: Value,
}

/// Every sort of session that there is a file of.
fn made() -> [(&'static str, Made); 5] {
    [
        ("csv", csv()),
        ("builtin", builtin()),
        ("callbacks", callbacks()),
        ("pictures", pictures()),
        ("weights", weights()),
    ]
}

/// Numbers, categories and dates, each with gaps; stopped within an epoch.
fn csv() -> Made {
    let mut text = String::from("weight,colour,day,price\n");
    for row in 0..60 {
        let weight = if row % 11 == 0 { String::new() } else { format!("{}.5", row % 17) };
        let colour = ["red", "blue", "", "green"][row % 4];
        let _ = writeln!(text, "{weight},{colour},2024-03-{:02},{}", row % 28 + 1, (row * 7) % 23);
    }
    let mut lab = Lab::new();
    lab.file("prices.csv", &text);
    let schedule = json!({ "type": "cosine_decay", "initial_learning_rate": 0.01, "decay_steps": 500 });
    lab.configure(
        json!([
            { "type": "dense", "units": 6, "activation": "relu", "kernel_regularizer": { "type": "l2", "l2": 0.001 } },
            { "type": "batch_normalization" },
            { "type": "dropout", "rate": 0.2 },
            { "type": "dense", "units": 1 },
        ]),
        training("mean_squared_error", json!({ "type": "adam", "learning_rate": schedule }), 100),
    );
    lab.epochs(5);
    lab.say(Command::Step { unit: StepUnit::Batch });
    lab.train(12.0);
    let questions = json!([["2.5", "red", "2024-03-05"], [null, "mauve", null], ["11.5", "", "2024-03-20"]]);
    Made { lab, table: Some(("prices.csv", text)), questions }
}

/// Data that come back by themselves, with what was changed about them.
fn builtin() -> Made {
    let mut lab = Lab::new();
    lab.builtin("iris");
    lab.json(json!({ "type": "change_table", "change": { "ignored": [0], "drop_duplicates": true } }));
    lab.configure(
        json!([
            { "type": "dense", "units": 5, "activation": "tanh" },
            { "type": "dense", "units": 3, "activation": "softmax" },
        ]),
        training("sparse_categorical_crossentropy", json!({ "type": "rmsprop", "learning_rate": 0.01 }), 20),
    );
    lab.epochs(6);
    Made { lab, table: None, questions: json!([["3.1", "4.7", "1.5"], ["3.5", "1.4", "0.2"]]) }
}

/// A run that callbacks look on, one of which keeps states of its own.
fn callbacks() -> Made {
    let mut text = String::from("a,b,kind\n");
    for row in 0..48 {
        let _ = writeln!(text, "{},{},{}", row % 7, row % 5, ["no", "yes"][usize::from(row % 7 > row % 5)]);
    }
    let mut lab = Lab::new();
    lab.file("kinds.csv", &text);
    let optimizer = json!({ "type": "sgd", "learning_rate": 0.1, "momentum": 0.9 });
    let mut training = training("binary_crossentropy", optimizer, 9);
    training["class_weight"] = json!([1.0, 2.0]);
    training["callbacks"] = json!([
        { "type": "csv_logger" },
        { "type": "model_checkpoint", "monitor": "val_loss", "save_best_only": true },
        { "type": "early_stopping", "patience": 4, "restore_best_weights": true },
        { "type": "reduce_lr_on_plateau", "patience": 2, "factor": 0.5 },
    ]);
    lab.configure(
        json!([
            { "type": "dense", "units": 4, "activation": "relu", "name": "hidden" },
            { "type": "dense", "units": 1, "activation": "sigmoid" },
        ]),
        training,
    );
    lab.say(Command::Play);
    // A slice is one look at the clock long: some of the epochs.
    lab.slices(1.0, 6);
    lab.say(Command::Pause);
    Made { lab, table: Some(("kinds.csv", text)), questions: json!([["6", "1"], ["0", "4"], ["3", "3"]]) }
}

/// Rows that are pictures: a bar that stands or lies.
fn pictures() -> Made {
    let side = 4;
    let names: Vec<String> =
        (0..side * side).map(|at| format!("pixel_{}_{}", at / side, at % side)).collect();
    let mut text = format!("{},bar\n", names.join(","));
    let picture = |row: usize| -> Vec<String> {
        let lit = |at: usize| if row.is_multiple_of(2) { at % side } else { at / side } == row / 2 % side;
        (0..side * side).map(|at| if lit(at) { 200 + row % 50 } else { row % 9 }.to_string()).collect()
    };
    for row in 0..40 {
        let _ = writeln!(text, "{},{}", picture(row).join(","), ["stands", "lies"][row % 2]);
    }
    let mut lab = Lab::new();
    lab.file("bars.csv", &text);
    lab.configure(
        json!([
            { "type": "conv2d", "filters": 3, "kernel_size": 2, "activation": "relu" },
            { "type": "flatten" },
            { "type": "dense", "units": 1, "activation": "sigmoid" },
        ]),
        training("binary_crossentropy", json!({ "type": "adamw", "learning_rate": 0.01 }), 50),
    );
    lab.epochs(4);
    Made { lab, table: Some(("bars.csv", text)), questions: json!([picture(2), picture(5)]) }
}

/// Rows of which a column says how much they count.
fn weights() -> Made {
    let mut text = String::from("a,b,times,kind\n");
    for row in 0..40 {
        let times = if row % 13 == 0 { String::new() } else { format!("{}", row % 4) };
        let _ = writeln!(
            text,
            "{},{},{times},{}",
            row % 7,
            row % 5,
            ["no", "yes"][usize::from(row % 7 > row % 5)]
        );
    }
    let mut lab = Lab::new();
    lab.file("counted.csv", &text);
    lab.json(json!({ "type": "change_table", "change": { "weight": 2 } }));
    let mut training = training("binary_crossentropy", json!({ "type": "adam", "learning_rate": 0.01 }), 50);
    training["weighted_metrics"] = json!(["accuracy"]);
    let layers = json!([
        { "type": "dense", "units": 4, "activation": "tanh" },
        { "type": "dense", "units": 1, "activation": "sigmoid" },
    ]);
    lab.configure(layers, training);
    lab.epochs(4);
    Made { lab, table: Some(("counted.csv", text)), questions: json!([["6", "1"], ["0", "4"], ["3", "3"]]) }
}

fn answers(lab: &mut Lab, questions: &Value) -> Value {
    serde_json::to_value(lab.predict(questions.clone())).unwrap()
}

/// Writes those that do not exist yet, if that is asked for.
fn write_missing() {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _alone = ONE_AT_A_TIME.lock();
    if std::env::var_os("TABGRAD_WRITE_GOLDENS").is_none() {
        return;
    }
    for (name, mut made) in made() {
        let path = folder().join(format!("{name}.tabgrad"));
        if path.exists() {
            continue;
        }
        let (_, bytes) = made.lab.save();
        let before = answers(&mut made.lab, &made.questions);
        let (epoch, step) = (made.lab.session.epoch(), made.lab.session.step());
        made.lab.epochs(EPOCHS_MORE);
        let told = json!({
            "table": made.table.map(|(name, text)| json!({ "name": name, "text": text })),
            "epoch": epoch,
            "step": step,
            "questions": made.questions,
            "answers": before,
            "answers_after": answers(&mut made.lab, &made.questions),
            "test_loss_after": made.lab.evaluate(Part::Test).scores.loss,
        });
        std::fs::write(&path, bytes).unwrap();
        std::fs::write(path.with_extension("json"), format!("{told:#}\n")).unwrap();
    }
}

#[test]
fn every_file_predicts_what_it_predicted_and_goes_on_to_where_it_went() {
    write_missing();
    let mut seen = BTreeSet::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "tabgrad") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let told = std::fs::read_to_string(path.with_extension("json")).unwrap();
            check(&name, &std::fs::read(&path).unwrap(), &serde_json::from_str(&told).unwrap());
            seen.insert(name.replace(".tabgrad", ""));
        }
    }
    for (name, _) in made() {
        assert!(seen.contains(name), "{name}.tabgrad is missing");
    }
}

fn check(name: &str, bytes: &[u8], told: &Value) {
    let mut lab = Lab::new();
    let events = lab.session.load_model(1, name, bytes);
    let events = lab.note(events);
    let [Event::ModelLoaded { model, training, split, epoch, history, .. }, ..] = events.as_slice() else {
        panic!("{name} is not loaded: {events:?}")
    };
    assert_eq!(
        (json!(epoch), json!(lab.session.step())),
        (told["epoch"].clone(), told["step"].clone()),
        "{name}"
    );
    assert_eq!(history.last().map(|record| record.epoch), Some(*epoch), "{name}: its history");
    same(name, &answers(&mut lab, &told["questions"]), &told["answers"]);

    if let (Some(table), Some(text)) = (told["table"]["name"].as_str(), told["table"]["text"].as_str()) {
        lab.file(table, text);
        let split = serde_json::to_value(split).unwrap();
        lab.configure_with(model["layers"].clone(), training.clone(), split, true);
        assert_eq!(json!(lab.session.step()), told["step"], "{name}: it is the same training");
    }
    lab.epochs(EPOCHS_MORE);
    same(name, &answers(&mut lab, &told["questions"]), &told["answers_after"]);
    same(name, &json!(lab.evaluate(Part::Test).scores.loss), &told["test_loss_after"]);
    if name == "callbacks.tabgrad" {
        let kept = lab.say(Command::RestoreKept { callback: 1 });
        assert!(kept.iter().any(|event| matches!(event, Event::WentBack { .. })), "{name}: {kept:?}");
    }
}

/// The same words and, but for rounding, the same numbers.
fn same(name: &str, found: &Value, wanted: &Value) {
    match (found, wanted) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= TOLERANCE * b.abs().max(1.0), "{name}: {a} instead of {b}");
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| same(name, a, b));
        }
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            a.iter().for_each(|(key, a)| same(name, a, &b[key]));
        }
        _ => assert_eq!(found, wanted, "{name}"),
    }
}

#[test]
fn the_files_hold_all_that_a_session_can_write() {
    write_missing();
    // What `Saved` names, in at least one of them: a field that none holds is not kept from being lost.
    let texts: Vec<String> = made()
        .into_iter()
        .map(|(name, _)| std::fs::read(folder().join(format!("{name}.tabgrad"))).unwrap())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    for field in ["model", "training", "split", "encoding", "report", "builtin", "history", "run", "kept"] {
        let written = format!("\\\\\\\"{field}\\\\\\\":");
        assert!(texts.iter().any(|text| text.contains(&written)), "no file has {field}");
    }
    assert!(texts.iter().any(|text| text.contains("kept/1/hidden/kernel")), "no file has a kept state");
}
