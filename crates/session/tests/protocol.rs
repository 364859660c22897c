//! The words of both sides are the same: `protocol.json` is written from the TypeScript types
//! (`www/src/engine/samples.ts`), read here by the Rust ones, and must come back unchanged.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use tabgrad_session::protocol::{Command, Event, Key, Numbers};

fn samples(of: &str) -> Vec<(String, Value)> {
    let json: Value = serde_json::from_str(include_str!("protocol.json")).expect("the fixture is JSON");
    let map = json[of].as_object().expect("a map of samples by name");
    map.iter().map(|(name, sample)| (name.clone(), sample.clone())).collect()
}

/// JavaScript has one kind of number: 1 and 1.0 are the same.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64()),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, plain(value))).collect(),
        other => other,
    }
}

#[test]
fn every_command_of_typescript_is_read_and_written_the_same() {
    let mut names = Vec::new();
    for (name, sample) in samples("commands") {
        let command: Command =
            serde_json::from_value(sample.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let back = serde_json::to_value(&command).unwrap();
        assert_eq!(plain(back), plain(sample), "{name}");
        assert_eq!(serde_json::to_value(command.name()).unwrap(), Value::from(name.clone()));
        names.push(discriminant(&command));
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), COMMANDS, "a command of the Rust side has no sample");
}

/// How many commands there are; `discriminant` does not compile when one is added.
const COMMANDS: usize = 18;

fn discriminant(command: &Command) -> usize {
    match command {
        Command::LoadBuiltin { .. } => 0,
        Command::ChangeTable { .. } => 1,
        Command::Configure { .. } => 2,
        Command::Set { .. } => 3,
        Command::Play => 4,
        Command::Pause => 5,
        Command::Step { .. } => 6,
        Command::Reset => 7,
        Command::View { .. } => 8,
        Command::Predict { .. } => 9,
        Command::Evaluate { .. } => 10,
        Command::Save { .. } => 11,
        Command::Inspect { .. } => 12,
        Command::Report { .. } => 13,
        Command::LearningRates { .. } => 14,
        Command::RangeTest { .. } => 15,
        Command::SaveKept { .. } => 16,
        Command::RestoreKept { .. } => 17,
    }
}

#[test]
fn every_event_of_rust_is_one_of_typescript() {
    let mut seen = Vec::new();
    for (name, sample) in samples("events") {
        let event: Event = serde_json::from_value(sample.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let back = serde_json::to_value(&event).unwrap();
        assert_eq!(plain(back), plain(sample), "{name}");
        seen.push(event_number(&event));
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..EVENTS).collect::<Vec<_>>(), "an event of the Rust side has no sample");
}

/// How many events there are; `event_number` does not compile when one is added.
const EVENTS: usize = 19;

fn event_number(event: &Event) -> usize {
    match event {
        Event::Progress { .. } => 0,
        Event::Table { .. } => 1,
        Event::Configured { .. } => 2,
        Event::Rejected { .. } => 3,
        Event::Points { .. } => 4,
        Event::Frame { .. } => 5,
        Event::Started => 6,
        Event::Stopped { .. } => 7,
        Event::Reset => 8,
        Event::Prediction { .. } => 9,
        Event::Evaluation { .. } => 10,
        Event::Saved { .. } => 11,
        Event::ModelLoaded { .. } => 12,
        Event::Failed { .. } => 13,
        Event::Inspection { .. } => 14,
        Event::Report { .. } => 15,
        Event::LearningRates { .. } => 16,
        Event::RangeTest { .. } => 17,
        Event::WentBack { .. } => 18,
    }
}

#[test]
fn every_number_array_of_an_event_travels_as_a_typed_array() {
    for (name, sample) in samples("events") {
        let mut event: Event = serde_json::from_value(sample.clone()).unwrap();
        let arrays = event.take_arrays();
        let mut rebuilt = serde_json::to_value(&event).unwrap();
        for (way, numbers) in arrays {
            let mut place = &mut rebuilt;
            for key in way {
                place = match key {
                    Key::Name(field) => &mut place[field],
                    Key::Index(index) => &mut place[index],
                };
            }
            assert_eq!(*place, Value::Array(vec![]), "{name}: nothing was taken from there");
            *place = match numbers {
                Numbers::F32(values) => Value::from(values),
                Numbers::U32(values) => Value::from(values),
                Numbers::U8(values) | Numbers::Buffer(values) => Value::from(values),
            };
        }
        assert_eq!(plain(rebuilt), plain(sample), "{name}");
    }
}

#[test]
fn an_absent_number_of_epochs_is_not_the_same_as_none() {
    let read = |json: &str| serde_json::from_str::<Command>(json).unwrap();
    let Command::Set { epochs: absent, .. } = read(r#"{"type":"set","learning_rate":0.1}"#) else { panic!() };
    let Command::Set { epochs: none, .. } = read(r#"{"type":"set","epochs":null}"#) else { panic!() };
    assert_eq!((absent, none), (None, Some(None)));
}
