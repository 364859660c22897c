//! Every kind that Keras has, with every argument and its default, against the registry: what is neither there nor in the
//! lists of `left_out.rs` fails, and so does a default that differs, and a line of the lists that is no longer needed.
//!
//! Arguments of a layer's call count as its own, and what Keras has as functions goes by the kind of that name.
//!
//! Keras' side is `tests/goldens/json/arguments`, which `keras_goldens/arguments.py` asks Keras itself for.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use tabgrad_core::ModelSpec;

use crate::golden;
use crate::left_out::{ARGUMENTS, DEFAULTS, KINDS};

/// `Conv2DTranspose` and `conv2d_transpose` are one name.
fn folded(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

/// A default as both sides write it: a kind by its name alone, one value for a list of the same, no activation for none.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(kind) => kind["type"].clone(),
        Value::Array(items) if !items.is_empty() && items.iter().all(|item| item == &items[0]) => {
            plain(&items[0])
        }
        Value::String(name) if name == "linear" => Value::Null,
        Value::Number(number) => json!(number.as_f64()),
        other => other.clone(),
    }
}

/// Every layer's arguments beside its own, as far as a model is read with them, with what they are by default.
fn of_every_layer() -> Vec<Value> {
    let tried = [
        ("activity_regularizer", json!("l2"), Value::Null),
        ("trainable", json!(false), json!(true)),
        ("name", json!("it"), Value::Null),
    ];
    let is_read = |(name, value, _): &(&str, Value, Value)| {
        let layer = json!({"type": "flatten", *name: value});
        ModelSpec::parse(&json!({"version": 1, "layers": [layer]})).is_ok()
    };
    let read = tried.into_iter().filter(is_read);
    read.map(|(name, _, default)| json!({ "name": name, "default": default })).collect()
}

/// An activation with those arguments that a model is read with: the schema names activations without them. Their defaults
/// are seen where a model that says them is written without.
fn activation(name: &str) -> Option<Value> {
    let read = |activation: Value| {
        let layer = json!({"type": "activation", "activation": activation});
        let model = ModelSpec::parse(&json!({"version": 1, "layers": [layer]})).ok()?;
        Some(model.to_value()["layers"][0]["activation"].clone())
    };
    read(json!(name))?;
    let names =
        ["negative_slope", "max_value", "threshold", "alpha", "approximate", "b", "default_value", "axis"];
    let argument = |argument: &&str| {
        let candidates = [
            Value::Null,
            json!(0.0),
            json!(0.2),
            json!(0.5),
            json!(1.0),
            json!(4.0),
            json!(-1),
            json!(false),
        ];
        let default = candidates.into_iter().find(|value| {
            read(json!({"type": name, *argument: value})).is_some_and(|written| written.is_string())
        })?;
        Some(json!({ "name": argument, "default": default }))
    };
    let arguments: Vec<Value> = names.iter().filter_map(argument).collect();
    Some(json!({ "type": name, "arguments": arguments }))
}

/// What is compared, and what was found.
struct Registry {
    schema: Value,
    mistakes: Vec<String>,
    used: BTreeSet<(String, String)>,
    arguments: usize,
}

impl Registry {
    fn kind(&self, list: &str, name: &str) -> Option<Value> {
        let (list, name) = match (list.strip_suffix("_functions"), name) {
            (Some("metrics"), "log_cosh") => ("metrics", "log_cosh_error"),
            (Some(list), name) => (list, name),
            (None, name) => (list, name),
        };
        if list == "activations" {
            return activation(name);
        }
        if list == "every_layer" {
            return Some(json!({ "arguments": of_every_layer() }));
        }
        let kinds = self.schema[list].as_array().expect("every part of the schema is a list");
        kinds.iter().find(|kind| folded(kind["type"].as_str().unwrap_or("")) == folded(name)).cloned()
    }

    /// Whether a list of `left_out.rs` has it; `*` stands for every kind, `losses/*` for every loss.
    fn is_listed(&mut self, table: &[(&str, &str, &str)], kind: &str, argument: &str) -> bool {
        let is_of = |of: &str| of == kind || of.strip_suffix('*').is_some_and(|list| kind.starts_with(list));
        let mut found = table.iter().filter(|(of, it, _)| is_of(of) && *it == argument);
        let line = found.next();
        self.used.extend(line.map(|(of, it, _)| ((*of).to_owned(), (*it).to_owned())));
        line.is_some()
    }

    fn compare(&mut self, list: &str, name: &str, arguments: &Map<String, Value>) {
        let place = format!("{list}/{name}");
        let Some(kind) = self.kind(list, name) else {
            if !self.is_listed(KINDS, list, name) {
                self.mistakes.push(format!("{place} is not there"));
            }
            return;
        };
        for (argument, expected) in arguments {
            let ours = kind["arguments"].as_array().into_iter().flatten().find(|it| it["name"] == **argument);
            match ours {
                None if self.is_listed(ARGUMENTS, &place, argument) => {}
                None => self.mistakes.push(format!("{place} has no {argument}")),
                Some(ours) => {
                    self.arguments += 1;
                    let differs = expected != "required" && plain(&ours["default"]) != plain(expected);
                    if differs && !self.is_listed(DEFAULTS, &place, argument) {
                        let found = &ours["default"];
                        self.mistakes.push(format!("{place}.{argument}: {found} by default, not {expected}"));
                    }
                }
            }
        }
    }
}

#[test]
fn every_argument_of_keras_is_there_or_left_out_with_a_reason() {
    let schema = serde_json::to_value(tabgrad_core::schema()).expect("the schema is JSON");
    let mut registry = Registry { schema, mistakes: Vec::new(), used: BTreeSet::new(), arguments: 0 };
    for text in golden::texts("arguments") {
        let keras: Value = serde_json::from_str(&text).expect("a list of arguments is JSON");
        let list = keras["name"].as_str().expect("the list of the registry");
        for (name, arguments) in keras["kinds"].as_object().expect("kinds by their names") {
            registry.compare(list, name, arguments.as_object().expect("arguments by their names"));
        }
    }
    for (of, it, reason) in KINDS.iter().chain(ARGUMENTS).chain(DEFAULTS) {
        assert!(reason.len() > 10, "{of} {it}: why?");
        if !registry.used.contains(&((*of).to_owned(), (*it).to_owned())) {
            registry.mistakes.push(format!("{of} {it} is left out no longer: take its line away"));
        }
    }
    registry.mistakes.sort();
    println!(
        "arguments: {} are those of Keras; left out with a reason: {} kinds, {} arguments",
        registry.arguments,
        KINDS.len(),
        ARGUMENTS.len()
    );
    assert!(registry.mistakes.is_empty(), "{}", registry.mistakes.join("\n"));
}
