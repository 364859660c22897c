//! A session as the page's worker drives it: commands and events are JavaScript objects.
#![allow(dead_code)] // Every suite uses its own part of it.

#[path = "../iris.rs"]
pub mod iris;

use js_sys::{Array, Float32Array, JSON, Reflect};
use tabgrad_wasm::engine::Engine;
use wasm_bindgen::{JsCast, JsValue};

/// What a run of Iris ended with.
pub struct Iris {
    pub weights: Vec<f32>,
    pub accuracy: f64,
}

/// Says a command, written as JSON; the answers.
pub fn say(engine: &mut Engine, command: &str) -> Array {
    let command = JSON::parse(command).expect("the command is JSON");
    engine.handle(command).expect("no command throws")
}

/// The first event of a type.
pub fn find(events: &Array, r#type: &str) -> JsValue {
    let is_it = |event: &JsValue| get(event, &["type"]).as_string().as_deref() == Some(r#type);
    let said = JSON::stringify(events).ok().and_then(|said| said.as_string()).unwrap_or_default();
    events.iter().find(is_it).unwrap_or_else(|| panic!("no {type} in {said}"))
}

/// A field by its way.
pub fn get(object: &JsValue, way: &[&str]) -> JsValue {
    way.iter().fold(object.clone(), |object, key| {
        Reflect::get(&object, &JsValue::from_str(key)).expect("an object on the way")
    })
}

/// Loads Iris and configures a network for it.
pub fn configure_iris(engine: &mut Engine) {
    let events = say(engine, iris::LOAD);
    assert_eq!(get(&find(&events, "table"), &["report", "rows"]).as_f64(), Some(150.0));
    let events = say(engine, iris::CONFIGURE);
    find(&events, "configured");
}

/// Trains until it stops by itself; the reason.
pub fn train(engine: &mut Engine) -> String {
    say(engine, r#"{ "type": "play" }"#);
    let mut reason = String::new();
    while engine.running() {
        let events = engine.train_for(12.0, u32::MAX).expect("no slice throws");
        if let Some(event) = events.iter().next() {
            reason = get(&event, &["reason"]).as_string().unwrap_or_default();
        }
    }
    reason
}

/// The weights of the next frame.
pub fn weights(engine: &mut Engine) -> Vec<f32> {
    say(
        engine,
        r#"{ "type": "view", "view": { "x": 0, "y": 1, "surface": 20, "neurons": 8, "weights": true } }"#,
    );
    let frame = engine.frame().expect("no frame throws");
    let surface: Float32Array = get(&frame, &["frame", "surface", "values"]).unchecked_into();
    assert_eq!(surface.length(), 20 * 20 * 3);
    let weights: Float32Array = get(&frame, &["frame", "weights"]).unchecked_into();
    assert!(weights.is_instance_of::<Float32Array>(), "a typed array of its own");
    weights.to_vec()
}

/// A whole run of Iris.
pub fn run_iris(threads: u32) -> Iris {
    let mut engine = Engine::new(threads, 1073741824.0);
    configure_iris(&mut engine);
    assert_eq!(train(&mut engine), "finished");
    let events = say(&mut engine, r#"{ "type": "evaluate", "request": 1, "part": "test" }"#);
    let accuracy = get(&find(&events, "evaluation"), &["evaluation", "metrics", "accuracy"]).as_f64();
    Iris { weights: weights(&mut engine), accuracy: accuracy.expect("classes have an accuracy") }
}
