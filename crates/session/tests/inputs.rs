//! Input layers that take columns by hand.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::{Lab, failure};
use serde_json::{Value, json};
use tabgrad_session::program;
use tabgrad_session::protocol::{Configured, Event, Part, View};

/// A colour and three numbers; the price follows from all but `c`.
fn table() -> String {
    let mut text = "a,colour,b,c,price\n".to_owned();
    for i in 0..90 {
        let (a, b) = (f64::from(i % 9), f64::from(i % 10) / 3.0);
        let colour = ["red", "blue", "green"][(i % 3) as usize];
        text += &format!("{a},{colour},{b},{},{}\n", i * 7 % 11, 3.0 * a + b + f64::from(i % 3));
    }
    text
}

/// Two towers, of which the second takes `b`, and `a` as the first does.
fn towers(first: Value, second: Value) -> Value {
    json!({ "version": 1, "layers": [
        with_columns(first),
        { "type": "dense", "units": 6, "activation": "relu", "name": "wide" },
        with_columns(second),
        { "type": "dense", "units": 6, "activation": "relu", "name": "deep" },
        { "type": "concatenate", "inputs": ["wide", "deep"] },
        { "type": "dense", "units": 1 },
    ] })
}

fn with_columns(columns: Value) -> Value {
    match columns {
        Value::Null => json!({ "type": "input" }),
        columns => json!({ "type": "input", "columns": columns }),
    }
}

fn configure(lab: &mut Lab, model: &Value, keep: bool) -> Vec<Event> {
    lab.json(json!({
        "type": "configure", "model": model, "keep_weights": keep,
        "training": {
            "loss": "mean_squared_error", "metrics": ["root_mean_squared_error"],
            "optimizer": { "type": "adam", "learning_rate": 0.01 },
            "batch_size": 16, "epochs": 60, "shuffle": true, "seed": 5,
        },
        "split": { "validation": 0.1, "test": 0.2, "seed": 3 },
    }))
}

fn summary(events: Vec<Event>) -> Configured {
    match events.into_iter().find(|event| !matches!(event, Event::Stopped { .. })) {
        Some(Event::Configured { summary }) => summary,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_input_takes_its_columns_and_one_may_be_taken_twice() {
    let mut lab = Lab::new();
    lab.file("table.csv", &table());
    let model = towers(json!([0, 1]), json!([2, 0]));
    let told = summary(configure(&mut lab, &model, false));
    let names: Vec<&str> = told.features.iter().map(|feature| feature.name.as_str()).collect();
    assert_eq!(names.first().copied(), Some("a"));
    assert_eq!((names.len(), names[4], names[5]), (6, "b", "a"));
    assert!(names[1..4].iter().all(|name| name.starts_with("colour = ")));
    assert_eq!((&told.layers[0].output_shape[..], &told.layers[2].output_shape[..]), (&[4][..], &[2][..]));
    let unseen: Vec<&str> = told.warnings.iter().map(|it| it.message.as_str()).collect();
    assert!(unseen.iter().any(|it| it.contains("\"c\"")), "{unseen:?}");

    lab.epochs(60);
    let scores = lab.evaluate(Part::Test).scores;
    assert!(scores.metrics["root_mean_squared_error"] < 1.5, "{scores:?}");
    // Both places of a column are varied.
    let view = View { x: Some(0), ..View::default() };
    lab.say(tabgrad_session::protocol::Command::View { view });
    lab.wait(1e6);
    let curve = lab.frame().unwrap().curve.unwrap();
    let slope = (curve.y[199] - curve.y[0]) / (curve.x[199] - curve.x[0]);
    assert!((slope - 3.0).abs() < 0.8, "{slope}");
    let said = lab.predict(json!([["4", "red", "1", "0"]]));
    assert!((said[0].value.unwrap() - 13.5).abs() < 2.5, "{said:?}");

    let (name, bytes) = lab.save();
    let mut other = Lab::new();
    let events = other.session.load_model(1, &name, &bytes);
    let Some(Event::ModelLoaded { model, .. }) = events.first() else { panic!("{events:?}") };
    assert_eq!(
        (&model["layers"][0]["columns"], &model["layers"][2]["columns"]),
        (&json!([0, 1]), &json!([2, 0]))
    );
    assert_eq!(other.predict(json!([["4", "red", "1", "0"]])), said);
    // A program takes the numbers of a row in that order.
    assert_eq!(program::read(&bytes).unwrap().io.input, [6]);
    // Rows come, and the same training goes on.
    other.file("table.csv", &table());
    summary(configure(&mut other, &model.clone(), true));
    assert_eq!(other.session.epoch(), 60);
    assert_eq!(other.evaluate(Part::Test).scores, lab.evaluate(Part::Test).scores);
}

#[test]
fn an_input_that_says_nothing_takes_the_others() {
    let mut lab = Lab::new();
    lab.file("table.csv", &table());
    let told = summary(configure(&mut lab, &towers(Value::Null, json!([0])), false));
    let names: Vec<&str> = told.features.iter().map(|feature| feature.name.as_str()).collect();
    assert_eq!((names[3], names[4], names[5]), ("b", "c", "a"));
    assert_eq!((told.layers[0].output_shape[0], told.layers[2].output_shape[0]), (5, 1));
    assert!(told.warnings.iter().all(|it| !it.message.contains("No input")));
    // Without a choice, all columns are in the order of the table again.
    let plain = json!({ "version": 1, "layers": [{ "type": "dense", "units": 1 }] });
    let told = summary(configure(&mut lab, &plain, true));
    assert_eq!((told.features[0].name.as_str(), told.features.len()), ("a", 6));
}

#[test]
fn columns_that_are_none_are_refused_with_their_place() {
    let mut lab = Lab::new();
    lab.file("table.csv", &table());
    for wrong in [json!([]), json!([4]), json!([9]), json!("a"), json!([-1])] {
        let error = failure(configure(&mut lab, &towers(json!([0]), wrong.clone()), false));
        assert_eq!(error.path.as_deref(), Some("layers[2].columns"), "{wrong}: {}", error.message);
    }
}
