//! What is said when training diverges: the rate at which it did, and a way out that fits how the rate was given.
#![allow(clippy::unwrap_used)]

mod lab;

use lab::{Lab, iris, training};
use serde_json::{Value, json};
use tabgrad_session::protocol::{Command, EngineError, Event, StopReason};

#[test]
fn a_learning_rate_that_diverges_stops_keeps_finite_weights_and_says_what_to_do() {
    let mut lab = Lab::new();
    lab.builtin("line");
    lab.configure(
        json!([{ "type": "dense", "units": 8 }, { "type": "dense", "units": 1 }]),
        training("mean_squared_error", json!({ "type": "sgd", "learning_rate": 30.0 }), 100),
    );
    lab.say(Command::Play);
    assert_eq!(lab.train(12.0), StopReason::Diverged);
    let error = last_error(&lab);
    assert_eq!(error.path.as_deref(), Some("training.optimizer.learning_rate"));
    assert!(lab.weights().iter().all(|weight| weight.is_finite()));
    for advice in error.advice.unwrap() {
        lab.say(advice.command);
    }
    for _ in 0..3 {
        // Thirty is ten times too large, three still is; in the end it trains.
        lab.say(Command::Play);
        if lab.train(12.0) == StopReason::Finished {
            return;
        }
        for advice in last_error(&lab).advice.unwrap() {
            lab.say(advice.command);
        }
    }
    panic!("the advice did not help");
}

/// Trains a line until it diverges under that optimizer; what is said about it.
fn diverged_with(lab: &mut Lab, optimizer: Value) -> EngineError {
    lab.builtin("line");
    lab.configure(
        json!([{ "type": "dense", "units": 8 }, { "type": "dense", "units": 1 }]),
        training("mean_squared_error", optimizer, 100),
    );
    lab.say(Command::Play);
    diverged(lab)
}

fn diverged(lab: &mut Lab) -> EngineError {
    assert_eq!(lab.train(12.0), StopReason::Diverged);
    last_error(lab)
}

/// The command of the first advice.
fn advised(error: &EngineError) -> Value {
    serde_json::to_value(&error.advice.as_ref().unwrap()[0].command).unwrap()
}

#[test]
fn divergence_names_the_rate_that_was_set_and_a_tenth_of_it() {
    let mut lab = Lab::new();
    let error = diverged_with(&mut lab, json!({ "type": "sgd", "learning_rate": 70.0 }));
    assert!(error.message.contains("The learning rate of 70 is probably too large: try 7,"), "{error:?}");
    assert_eq!(advised(&error), json!({ "type": "set", "learning_rate": 7.0 }));
    // One that was set later is the one that is named.
    let mut lab = Lab::new();
    iris(&mut lab);
    lab.json(json!({ "type": "set", "learning_rate": 1e30 }));
    lab.say(Command::Play);
    let error = diverged(&mut lab);
    assert_eq!(advised(&error), json!({ "type": "set", "learning_rate": 1e29 }));
}

#[test]
fn divergence_under_a_bare_name_tells_the_default_of_that_optimizer() {
    let mut lab = Lab::new();
    lab.builtin("line");
    lab.configure(
        json!([
            { "type": "dense", "units": 8, "kernel_initializer": { "type": "constant", "value": 1e18 } },
            { "type": "dense", "units": 1, "kernel_initializer": { "type": "constant", "value": 1e18 } },
        ]),
        training("mean_squared_error", json!("sgd"), 100),
    );
    lab.say(Command::Play);
    let error = diverged(&mut lab);
    assert!(error.message.contains("The learning rate of 0.01 is probably"), "{error:?}");
    assert_eq!(advised(&error), json!({ "type": "set", "learning_rate": 0.001 }));
}

#[test]
fn divergence_under_a_schedule_tells_where_the_schedule_was_and_scales_it_down() {
    let mut lab = Lab::new();
    let schedule = json!({
        "type": "linear_warmup", "warmup_steps": 20, "initial_learning_rate": 0.0,
        "schedule": { "type": "exponential_decay", "initial_learning_rate": 70.0, "decay_steps": 100, "decay_rate": 0.5 },
    });
    let error = diverged_with(&mut lab, json!({ "type": "sgd", "learning_rate": schedule }));
    let rate: f64 = error.found.as_deref().unwrap().parse().unwrap();
    assert!(rate > 0.1 && rate <= 70.0, "{error:?}");
    let says = format!("The learning rate of {rate}, to which the schedule had come, is probably too large");
    assert!(error.message.contains(&says), "{error:?}");
    let advice = advised(&error);
    let scaled = &advice["learning_rate"];
    assert_eq!(scaled["type"], "linear_warmup");
    assert_eq!(scaled["warmup_steps"], 20);
    assert_eq!(scaled["schedule"]["initial_learning_rate"], 7.0);
    assert_eq!(scaled["schedule"]["decay_rate"], 0.5);
    // Pressed, it is the training's schedule, and the training goes on.
    let step = lab.session.step();
    let events = lab.json(advice.clone());
    assert!(matches!(events[0], Event::Configured { .. }), "{events:?}");
    assert_eq!(lab.session.step(), step);
    lab.say(Command::Reset);
    for _ in 0..4 {
        lab.say(Command::Play);
        if lab.train(12.0) == StopReason::Finished {
            return;
        }
        let last = last_error(&lab);
        assert_eq!(advised(&last)["learning_rate"]["type"], "linear_warmup");
        lab.json(advised(&last));
        lab.say(Command::Reset);
    }
    panic!("the advice did not help");
}

fn last_error(lab: &Lab) -> EngineError {
    let last = lab.said.iter().rev().find_map(|event| match event {
        Event::Stopped { error, .. } => error.clone(),
        _ => None,
    });
    last.unwrap()
}
