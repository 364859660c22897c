//! Nothing in the registry without a golden: what is added to the engine is added here, or this fails.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::golden;

pub const FOLDERS: [&str; 9] = [
    "layers",
    "blocks",
    "graphs",
    "losses",
    "optimizers",
    "trajectories",
    "constraints",
    "metrics",
    "models",
];

/// The lists of the registry that are counted first, in this order.
const COUNTED: [&str; 6] = ["layers", "losses", "metrics", "optimizers", "schedules", "initializers"];

/// What the goldens use, under the names of the schema's lists.
#[derive(Default)]
struct Used(BTreeMap<&'static str, BTreeSet<String>>);

impl Used {
    fn add(&mut self, list: &'static str, value: &Value) {
        let name = value.as_str().or_else(|| value["type"].as_str());
        self.0.entry(list).or_default().extend(name.map(str::to_owned));
    }

    fn add_case(&mut self, case: &Value) {
        let trained = case.get("losses").is_some();
        for layer in case["model"]["layers"].as_array().expect("a model has layers") {
            self.add("layers", layer);
            self.add("activations", &layer["activation"]);
            for (name, argument) in layer.as_object().expect("a layer is an object") {
                if name.ends_with("_regularizer") {
                    self.add("regularizers", argument);
                }
                if trained && name.ends_with("_constraint") {
                    self.add("constraints", argument);
                }
            }
        }
        // A loss or an optimizer that no step was taken with is not proven.
        if trained {
            self.add("losses", &case["training"]["loss"]);
            self.add("optimizers", &case["training"]["optimizer"]);
            self.add("schedules", &case["training"]["optimizer"]["learning_rate"]);
        }
        if let Some(scores) = case["scores"].as_object() {
            // `precision_1/0` is the first threshold of the second precision.
            let name = |key: &String| match key.split('/').next().unwrap_or(key).rsplit_once('_') {
                Some((name, number)) if number.parse::<usize>().is_ok() => name.to_owned(),
                _ => key.split('/').next().unwrap_or(key).to_owned(),
            };
            self.0.entry("metrics").or_default().extend(scores.keys().map(name));
        }
    }
}

#[test]
fn everything_in_the_registry_has_a_golden() {
    let mut used = Used::default();
    let mut cases = 0;
    for folder in FOLDERS {
        for text in golden::texts(folder) {
            used.add_case(&serde_json::from_str(&text).expect("a golden is JSON"));
            cases += 1;
        }
    }
    for text in golden::texts("initializers") {
        let case: Value = serde_json::from_str(&text).expect("a golden is JSON");
        used.add("initializers", &case["initializer"]);
        cases += 1;
    }

    let schema = serde_json::to_value(tabgrad_core::schema()).expect("the schema is JSON");
    let (mut counts, mut others) = (vec![String::new(); COUNTED.len()], Vec::new());
    let mut without = Vec::new();
    for (list, entries) in schema.as_object().expect("the schema is an object") {
        // Decisions, not numbers: `tests/callbacks.rs` tries each of them.
        if list == "callbacks" {
            continue;
        }
        let entries = entries.as_array().expect("every part of the schema is a list");
        assert!(!entries.is_empty(), "the schema's list of {list} is empty");
        let count = format!("{} {list}", entries.len());
        match COUNTED.iter().position(|it| it == list) {
            Some(place) => counts[place] = count,
            None => others.push(count),
        }
        let none = BTreeSet::new();
        let proven = used.0.get(list.as_str()).unwrap_or(&none);
        let names = entries.iter().filter_map(|entry| entry["type"].as_str());
        // The input computes nothing; graphs name it.
        without.extend(names.filter(|name| !proven.contains(*name)).map(|name| format!("{list}: {name}")));
    }
    println!("registry: {}, {cases} goldens", counts.join(", "));
    println!("registry also: {}", others.join(", "));
    assert!(
        without.is_empty(),
        "without a golden (add a case in tests/goldens/keras_goldens): {}",
        without.join("; ")
    );
}
