//! How much there is of memory and of time: what does not fit is refused with what would, and what takes long is told before.
#![allow(clippy::unwrap_used)]

mod lab;

use std::fmt::Write;

use lab::{Lab, failure, iris, training};
use serde_json::{Value, json};
use tabgrad_session::protocol::{Command, Event};
use tabgrad_session::{Pool, Session};

const MIB: u64 = 1 << 20;

fn lab_within(memory_bytes: u64) -> Lab {
    let mut lab = Lab::new();
    lab.session = Session::new(Pool::single()).within(memory_bytes);
    lab
}

fn configure(lab: &mut Lab, layers: Value, batch_size: usize) -> Vec<Event> {
    let mut training =
        training("sparse_categorical_crossentropy", json!({ "type": "adam", "learning_rate": 0.01 }), 1);
    training["batch_size"] = json!(batch_size);
    lab.json(json!({
        "type": "configure", "model": { "version": 1, "layers": layers }, "training": training,
        "split": { "validation": 0.15, "test": 0.2, "seed": 3 },
    }))
}

/// Takes memory by the batch.
fn wide() -> Value {
    json!([
        { "type": "dense", "units": 4000, "activation": "relu" },
        { "type": "dense", "units": 3, "activation": "softmax" },
    ])
}

fn bytes(events: &[Event]) -> Option<u64> {
    events.iter().find_map(|event| match event {
        Event::Configured { summary } => {
            assert!(summary.prediction_bytes > 0 && summary.prediction_bytes < summary.bytes);
            Some(summary.bytes)
        }
        _ => None,
    })
}

#[test]
fn a_model_that_fits_one_memory_is_refused_in_a_smaller_one_and_the_advice_fits() {
    let mut large = lab_within(1024 * MIB);
    large.builtin("iris");
    let taken = bytes(&configure(&mut large, wide(), 10_000)).expect("a gibibyte is enough");
    assert!(taken > 192 * MIB, "{taken}");

    for memory in [256 * MIB, 192 * MIB] {
        let mut small = lab_within(memory);
        small.builtin("iris");
        let error = failure(configure(&mut small, wide(), 10_000));
        assert_eq!((error.code.as_str(), error.path.as_deref()), ("too_large", Some("training.batch_size")));
        let advice = error.advice.clone().expect("a smaller batch would fit");
        let Command::Configure { training, .. } = &advice[0].command else { panic!("{advice:?}") };
        let batch = training["batch_size"].as_u64().unwrap() as usize;
        assert!((10..10_000).contains(&batch), "{batch}");
        assert_eq!(advice[0].label, format!("Set the batch size to {batch}"));
        assert!(error.message.contains(&format!("batch_size {batch} would fit")), "{}", error.message);
        // What is advised fits, and one row more does not.
        assert!(bytes(&configure(&mut small, wide(), batch + 1)).is_none());
        let fits = bytes(&small.say(advice[0].command.clone())).expect("the advice fits");
        assert!(fits <= memory / 4 * 3, "{fits} of {memory}");
    }
}

#[test]
fn what_the_table_takes_is_not_there_for_the_model() {
    let mut text = String::from("a,b,c,d,kind\n");
    for row in 0..200_000 {
        let _ =
            writeln!(text, "{}.{row},{}.5,{row},{row}.25,{}", row % 97, row % 31, ["x", "y", "z"][row % 3]);
    }
    let largest = |table: Option<&str>| {
        let mut lab = lab_within(256 * MIB);
        match table {
            Some(text) => {
                let mut events = lab.file("large.csv", text);
                while matches!(events.last(), Some(Event::Progress { .. })) {
                    events = lab.session.finish_file();
                }
            }
            None => drop(lab.builtin("iris")),
        }
        let advice = failure(configure(&mut lab, wide(), 100_000)).advice.unwrap();
        let Command::Configure { training, .. } = &advice[0].command else { panic!("{advice:?}") };
        training["batch_size"].as_u64().unwrap()
    };
    let (beside, alone) = (largest(Some(&text)), largest(None));
    // A row of the batch takes some 32 kB; the table some 10 MB of text and as much again as numbers.
    assert!(beside + 300 < alone, "{beside} rows beside the table, {alone} without");
}

#[test]
fn where_not_even_one_row_fits_there_is_no_button() {
    let mut lab = lab_within(MIB);
    lab.builtin("iris");
    let error = failure(configure(&mut lab, wide(), 4));
    assert_eq!((error.code.as_str(), error.advice), ("too_large", None));
}

#[test]
fn what_takes_long_is_expected_to() {
    let mut lab = Lab::new();
    assert_eq!(lab.session.expected_ms(""), 0.0);
    iris(&mut lab);
    assert!(lab.session.expected_ms("") < 10.0, "small steps are expected to be quick");
    // Nothing is measured yet: what the operations take on a slow machine.
    let mut lab = Lab::new();
    lab.json(json!({ "type": "load_builtin", "name": "line", "options": { "rows": 90_000, "seed": 1 } }));
    let mut training = training("mean_squared_error", json!({ "type": "sgd", "learning_rate": 0.01 }), 9);
    training["batch_size"] = json!(65_536);
    let layers = json!([{ "type": "dense", "units": 64 }, { "type": "dense", "units": 64 }, { "type": "dense", "units": 1 }]);
    lab.configure(layers.clone(), training.clone());
    let unmeasured = lab.session.expected_ms("");
    assert!((1_000.0..20_000.0).contains(&unmeasured), "{unmeasured}");
    // As the clock has it: every look is 20 s later.
    lab.tick_ms = 20_000.0;
    lab.say(Command::Play);
    lab.slice(12.0);
    let measured = lab.session.expected_ms("");
    assert!((20_000.0..60_000.0).contains(&measured), "{measured}");
    assert!(lab.session.expected_ms("range_test") >= 12.0 * 20_000.0);
    // A larger network is expected to take longer from the start; how slow this machine is, is known now.
    lab.configure(layers, training);
    assert!(lab.session.expected_ms("") >= unmeasured, "{}", lab.session.expected_ms(""));
}
