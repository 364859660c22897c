//! A session as the worker drives it, with a clock that only moves when it is looked at.
#![allow(dead_code, clippy::unwrap_used)] // Every test file uses its own part of it.

use std::cell::Cell;

use serde_json::{Value, json};
use tabgrad_session::protocol::{
    Command, Configured, EngineError, Evaluation, Event, Frame, Numbers, Part, StepUnit, StopReason, View,
};
use tabgrad_session::{Pool, Session};

/// A session, its clock, and all it ever said.
pub struct Lab {
    pub session: Session,
    now: Cell<f64>,
    /// Milliseconds that pass between two looks at the clock.
    pub tick_ms: f64,
    pub said: Vec<Event>,
}

impl Lab {
    pub fn new() -> Self {
        Self::with(Pool::single())
    }

    pub fn with(pool: Pool) -> Self {
        Self { session: Session::new(pool), now: Cell::new(0.0), tick_ms: 1.0, said: vec![] }
    }

    /// Says a command and returns the answers.
    pub fn say(&mut self, command: Command) -> Vec<Event> {
        let events = self.session.handle(command);
        self.note(events)
    }

    pub fn note(&mut self, events: Vec<Event>) -> Vec<Event> {
        events.iter().for_each(check_numbers);
        self.said.extend(events.iter().cloned());
        events
    }

    /// A command as the page writes it.
    pub fn json(&mut self, command: Value) -> Vec<Event> {
        self.say(serde_json::from_value(command).unwrap())
    }

    pub fn builtin(&mut self, name: &str) -> Vec<Event> {
        self.json(json!({ "type": "load_builtin", "name": name, "options": { "seed": 1 } }))
    }

    pub fn file(&mut self, name: &str, text: &str) -> Vec<Event> {
        let mut events = self.session.begin_file(name, Some(text.len() as u64));
        events.extend(self.session.push_file(text.as_bytes()));
        events.extend(self.session.finish_file());
        self.note(events)
    }

    pub fn configure(&mut self, layers: Value, training: Value) -> Configured {
        self.configure_with(layers, training, json!({ "validation": 0.15, "test": 0.2, "seed": 3 }), false)
    }

    pub fn configure_with(&mut self, layers: Value, training: Value, split: Value, keep: bool) -> Configured {
        let model = json!({ "version": 1, "layers": layers });
        let command = json!({
            "type": "configure", "model": model, "training": training, "split": split, "keep_weights": keep,
        });
        let events = self.json(command);
        let summary = events.iter().find_map(|event| match event {
            Event::Configured { summary } => Some(summary.clone()),
            _ => None,
        });
        summary.unwrap_or_else(|| panic!("not configured: {events:?}"))
    }

    /// Trains in slices of `budget_ms` until it stops; the reason.
    pub fn train(&mut self, budget_ms: f64) -> StopReason {
        self.slices(budget_ms, 1_000_000).expect("it stops by itself")
    }

    /// At most so many slices.
    pub fn slices(&mut self, budget_ms: f64, at_most: usize) -> Option<StopReason> {
        for _ in 0..at_most {
            let events = self.slice(budget_ms);
            for event in events {
                if let Event::Stopped { reason, .. } = event {
                    return Some(reason);
                }
            }
        }
        None
    }

    pub fn slice(&mut self, budget_ms: f64) -> Vec<Event> {
        let (now, tick) = (&self.now, self.tick_ms);
        let clock = move || {
            now.set(now.get() + tick);
            now.get()
        };
        let events = self.session.train_for(budget_ms, u32::MAX, &clock);
        self.note(events)
    }

    pub fn frame(&mut self) -> Option<Frame> {
        let (now, tick) = (&self.now, self.tick_ms);
        let clock = move || {
            now.set(now.get() + tick);
            now.get()
        };
        let event = self.session.frame(&clock)?;
        let events = self.note(vec![event]);
        match events.into_iter().next() {
            Some(Event::Frame { frame }) => Some(*frame),
            other => panic!("{other:?}"),
        }
    }

    /// Time goes by.
    pub fn wait(&self, ms: f64) {
        self.now.set(self.now.get() + ms);
    }

    pub fn epochs(&mut self, epochs: u32) {
        for _ in 0..epochs {
            self.say(Command::Step { unit: StepUnit::Epoch });
            assert_eq!(self.train(12.0), StopReason::Stepped);
        }
    }

    pub fn weights(&mut self) -> Vec<f32> {
        let view = View { weights: true, ..View::default() };
        self.say(Command::View { view });
        self.wait(1e6);
        self.frame().unwrap().weights.unwrap()
    }

    pub fn evaluate(&mut self, part: Part) -> Evaluation {
        match self.say(Command::Evaluate { request: 1, part }).remove(0) {
            Event::Evaluation { evaluation, .. } => evaluation,
            other => panic!("{other:?}"),
        }
    }

    pub fn predict(&mut self, rows: Value) -> Vec<tabgrad_data::report::PredictedRow> {
        match self.json(json!({ "type": "predict", "request": 2, "rows": rows })).remove(0) {
            Event::Prediction { rows, .. } => rows,
            other => panic!("{other:?}"),
        }
    }

    pub fn save(&mut self) -> (String, Vec<u8>) {
        match self.say(Command::Save { request: 3 }).remove(0) {
            Event::Saved { name, bytes, .. } => (name, bytes),
            other => panic!("{other:?}"),
        }
    }
}

/// The error of a command that could not be carried out.
pub fn failure(events: Vec<Event>) -> EngineError {
    match events.into_iter().next() {
        Some(Event::Failed { error, .. } | Event::Rejected { error, .. }) => {
            assert!(error.message.len() > 20, "a sentence: {error:?}");
            error
        }
        other => panic!("it should have failed: {other:?}"),
    }
}

pub fn iris(lab: &mut Lab) -> Configured {
    lab.builtin("iris");
    lab.configure(
        json!([
            { "type": "dense", "units": 16, "activation": "relu" },
            { "type": "dense", "units": 3, "activation": "softmax" },
        ]),
        training("sparse_categorical_crossentropy", json!({ "type": "adam", "learning_rate": 0.01 }), 100),
    )
}

pub fn training(loss: &str, optimizer: Value, epochs: u32) -> Value {
    let metrics = match loss {
        "mean_squared_error" | "mean_absolute_error" | "huber" => json!(["mean_squared_error", "r2_score"]),
        _ => json!(["accuracy"]),
    };
    json!({
        "loss": loss, "optimizer": optimizer, "metrics": metrics,
        "batch_size": 16, "epochs": epochs, "shuffle": true, "seed": 5,
    })
}

/// No event has NaN or infinity anywhere: not in an array, and not in a field, where JSON would write `null`.
pub fn check_numbers(event: &Event) {
    let mut copy = event.clone();
    for (way, numbers) in copy.take_arrays() {
        if let Numbers::F32(values) = numbers {
            assert!(values.iter().all(|value| value.is_finite()), "{way:?} of {event:?}");
        }
    }
    let may_be_null = [
        "total",
        "loss",
        "validation",
        "weights",
        "surface",
        "curve",
        "neurons",
        "sample",
        "row",
        "truth",
        "confusions",
        "test",
        "points",
        "confusion",
        "baseline",
        "epochs",
        "layers",
        "seed",
        "optimizer",
        "matthews",
        "kappa",
        "balanced_accuracy",
        "classification",
        "regression",
        "curves",
        "r2",
        "suggested",
        "training",
        "model",
    ];
    fn walk(value: &Value, key: &str, allowed: &[&str]) {
        match value {
            Value::Null => assert!(allowed.contains(&key), "{key} is null"),
            Value::Array(items) => items.iter().for_each(|item| walk(item, key, allowed)),
            Value::Object(map) if key != "training" && key != "model" => {
                map.iter().for_each(|(key, value)| walk(value, key, allowed));
            }
            _ => {}
        }
    }
    walk(&serde_json::to_value(&copy).unwrap(), "", &may_be_null);
}
