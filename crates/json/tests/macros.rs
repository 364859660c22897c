//! What the macros make: the same JSON as serde's derives would, and mistakes with their way.

#![allow(clippy::unwrap_used, missing_docs)]

use serde_json::{Value, json};
use std::collections::BTreeMap;
use tabgrad_json::{FromJson, ToJson, record, tagged, words};

words! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    enum Part {
        Train = "train",
        Test = "test",
    }
}

record! {
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Scores {
        loss: f32,
        metrics: BTreeMap<String, f64>,
    }
}

record! {
    #[derive(Clone, Debug, PartialEq)]
    struct Evaluation {
        scores: Scores = flat,
        rows: BTreeMap<Part, usize>,
        confusion: Option<Vec<u32>>,
        note: Option<String> = absent,
        range: [f32; 2],
        seen: bool = skipped,
        r#type: i64,
    }
}

record! {
    #![strict]
    #[derive(Clone, Debug, PartialEq)]
    struct Strict {
        a: Option<u8>,
    }
}

tagged! {
    #![strict]
    #[derive(Clone, Debug, PartialEq)]
    enum Command {
        Play = "play",
        Set = "set" { epochs: Option<Option<u32>> = nullable, parts: Vec<Part>, },
        Inner = "inner" { it: Box<Strict>, },
    }
}

fn evaluation() -> (Evaluation, Value) {
    let scores = Scores { loss: 0.5, metrics: BTreeMap::from([("accuracy".into(), 0.75)]) };
    let rows = BTreeMap::from([(Part::Train, 3), (Part::Test, 1)]);
    let it =
        Evaluation { scores, rows, confusion: None, note: None, range: [0.0, 1.0], seen: false, r#type: -1 };
    let json = json!({
        "loss": 0.5, "metrics": { "accuracy": 0.75 }, "rows": { "train": 3, "test": 1 }, "confusion": null,
        "range": [0.0, 1.0], "type": -1,
    });
    (it, json)
}

#[test]
fn a_record_is_written_and_read_as_its_fields_say() {
    let (it, json) = evaluation();
    assert_eq!(it.to_json(), json);
    assert_eq!(Evaluation::from_json(&json).unwrap(), it);
    let mut more = json.clone();
    more["note"] = json!("seen");
    more["unknown"] = json!(1);
    assert_eq!(Evaluation::from_json(&more).unwrap().note.as_deref(), Some("seen"));
    // For serde too.
    assert_eq!(serde_json::to_value(&it).unwrap(), json);
    assert_eq!(serde_json::from_value::<Evaluation>(json).unwrap(), it);
}

#[test]
fn a_tagged_enum_tells_its_kinds_apart_by_type() {
    let read = |json: Value| Command::from_json(&json);
    assert_eq!(read(json!({ "type": "play" })).unwrap(), Command::Play);
    assert_eq!(Command::Play.to_json(), json!({ "type": "play" }));
    for (epochs, field) in
        [(None, json!({})), (Some(None), json!({ "epochs": null })), (Some(Some(7)), json!({ "epochs": 7 }))]
    {
        let set = Command::Set { epochs, parts: vec![Part::Test] };
        let mut json = json!({ "type": "set", "parts": ["test"] });
        json.as_object_mut().unwrap().extend(field.as_object().unwrap().clone());
        assert_eq!(set.to_json(), json);
        assert_eq!(read(json).unwrap(), set);
    }
}

#[test]
fn mistakes_say_where_and_what_was_expected() {
    let wrong = |json: Value| Command::from_json(&json).unwrap_err().to_string();
    for (json, says) in [
        (json!([]), "expected an object, found a list"),
        (json!({}), "type: expected a value, found nothing"),
        (json!({ "type": "fly" }), "type: expected one of play, set, inner, found \"fly\""),
        (json!({ "type": "play", "x": 1 }), "x: there is no such field; known: type"),
        (json!({ "type": "set" }), "parts: expected a value, found nothing"),
        (
            json!({ "type": "set", "parts": ["train", "all"] }),
            "parts[1]: expected one of train, test, found \"all\"",
        ),
        (
            json!({ "type": "set", "parts": [], "epochs": -1 }),
            "epochs: expected a whole number from 0 to 4294967295, found -1",
        ),
        (
            json!({ "type": "inner", "it": { "a": 256 } }),
            "it.a: expected a whole number from 0 to 255, found 256",
        ),
        (json!({ "type": "inner", "it": { "b": 1 } }), "it.b: there is no such field; known: a"),
    ] {
        assert_eq!(wrong(json), says);
    }
    let mut json = evaluation().1;
    json["range"] = json!([1, 2, 3]);
    assert_eq!(
        Evaluation::from_json(&json).unwrap_err().to_string(),
        "range: expected a list of 2, found a list"
    );
    json["range"] = json!([1, "2"]);
    assert_eq!(
        Evaluation::from_json(&json).unwrap_err().to_string(),
        "range[1]: expected a number, found \"2\""
    );
    json["rows"] = json!({ "all": 1 });
    let rows = Evaluation::from_json(&json).unwrap_err().to_string();
    assert_eq!(rows, "rows.all: expected one of train, test, found \"all\"");
}

#[test]
fn numbers_that_are_not_finite_become_null() {
    assert_eq!([f32::NAN, 1.0].to_json(), json!([null, 1.0]));
    assert_eq!(f64::INFINITY.to_json(), Value::Null);
}
