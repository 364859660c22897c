//! Every argument of every layer is set by some golden, or stands here with a reason.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::coverage::FOLDERS;
use crate::golden;

/// What is drawn cannot be compared number by number.
const DRAWN: &str =
    "two generators cannot be made to agree: what is left out, and how much, is counted in tests/dropout.rs";

/// `layer argument`, or an argument of whatever layer, and why no golden sets it.
const LEFT: &[(&str, &str)] = &[
    ("dropout", DRAWN),
    ("recurrent_dropout", DRAWN),
    (
        "simple_rnn activity_regularizer",
        "Keras takes it and forgets it; it is lowered as those of lstm and gru are",
    ),
];

/// Notes what a layer sets, and the layers within it.
fn note(layer: &Value, set: &mut BTreeMap<String, BTreeSet<String>>) {
    let kind = layer["type"].as_str().expect("a layer has a type").to_owned();
    for (argument, value) in layer.as_object().expect("a layer is an object") {
        set.entry(kind.clone()).or_default().insert(argument.clone());
        if matches!(argument.as_str(), "layer" | "backward_layer") {
            note(value, set);
        }
    }
}

#[test]
fn every_argument_of_every_layer_is_set_by_a_golden_or_left_with_a_reason() {
    let mut set = BTreeMap::new();
    for folder in FOLDERS.into_iter().chain(["initial"]) {
        for text in golden::texts(folder) {
            let case: Value = serde_json::from_str(&text).expect("a golden is JSON");
            for layer in case["model"]["layers"].as_array().expect("a model has layers") {
                note(layer, &mut set);
            }
        }
    }
    let schema = serde_json::to_value(tabgrad_core::schema()).expect("the schema is JSON");
    let mut unset = Vec::new();
    let mut needed = BTreeSet::new();
    for layer in schema["layers"].as_array().expect("layers are a list") {
        let kind = layer["type"].as_str().expect("a layer has a type");
        for argument in layer["arguments"].as_array().into_iter().flatten() {
            let name = argument["name"].as_str().expect("an argument has a name");
            if set.get(kind).is_some_and(|set| set.contains(name)) {
                continue;
            }
            let full = format!("{kind} {name}");
            match LEFT.iter().find(|(left, _)| *left == name || *left == full) {
                Some((left, _)) => _ = needed.insert(*left),
                None => unset.push(full),
            }
        }
    }
    for (argument, reason) in LEFT {
        assert!(reason.len() > 10, "{argument}: why?");
        assert!(needed.contains(argument), "{argument} is set wherever there is one: take its line away");
    }
    assert!(unset.is_empty(), "no golden sets these arguments:\n{}", unset.join("\n"));
}
