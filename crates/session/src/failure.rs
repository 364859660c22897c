//! Mistakes of the crates below, in the words of the page.

use tabgrad_core::{Cause, Divergence};
use tabgrad_json::Value;

use crate::protocol::{Advice, Command, EngineError};

impl EngineError {
    /// A mistake that is nowhere in particular.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            path: None,
            expected: None,
            found: None,
            advice: None,
        }
    }

    /// Where it stands.
    pub(crate) fn at(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }
}

/// There is no table yet.
pub(crate) fn no_table() -> EngineError {
    EngineError::new("no_table", "There are no data yet: choose a data set or a file first.")
}

/// There is no network yet.
pub(crate) fn no_model() -> EngineError {
    EngineError::new("no_model", "There is no network yet: choose data and configure a network first.")
}

/// There is a network, but not the rows it was trained on.
pub(crate) fn no_rows(name: &str) -> EngineError {
    EngineError::new(
        "no_rows",
        format!(
            "The model was loaded without its data: load {name} to train or score it. It predicts as it is."
        ),
    )
}

impl From<tabgrad_core::Error> for EngineError {
    fn from(error: tabgrad_core::Error) -> Self {
        let message = error.to_string();
        let mistake = error.into_mistake();
        Self {
            code: mistake.code.name().to_owned(),
            message,
            path: Some(mistake.path),
            expected: Some(mistake.expected),
            found: Some(mistake.found),
            advice: None,
        }
    }
}

impl From<tabgrad_data::Error> for EngineError {
    fn from(error: tabgrad_data::Error) -> Self {
        Self {
            code: error.code().into(),
            message: error.to_string(),
            path: error.path(),
            expected: error.expected(),
            found: error.found(),
            advice: None,
        }
    }
}

impl From<tabgrad_formats::Error> for EngineError {
    fn from(error: tabgrad_formats::Error) -> Self {
        Self {
            code: error.code().into(),
            message: error.to_string(),
            path: None,
            expected: error.expected(),
            found: error.found(),
            advice: None,
        }
    }
}

/// Training diverged: why, and what can be pressed. `training` is the specification it happened under.
pub(crate) fn diverged(divergence: &Divergence, training: &Value) -> EngineError {
    // As f32, whose shortest form is what the user typed: 0.07, not 0.06999999999999999.
    let rate = training["optimizer"]["learning_rate"].as_f64().unwrap_or(0.001) as f32;
    let smaller = (f64::from(rate) / 10.0) as f32;
    let mut error = EngineError::new(
        "diverged",
        format!(
            "In epoch {} {} too large to be a number, so training stopped and the last good weights were put back. The \
             learning rate of {rate} is probably too large: try {smaller}, and reset if the network does not recover.",
            u64::from(divergence.epoch) + 1,
            match divergence.cause {
                Cause::Loss => "the loss became",
                Cause::Weights => "the weights became",
            },
        ),
    )
    .at("training.optimizer.learning_rate");
    error.expected = Some("a learning rate small enough for the loss to fall".into());
    error.found = Some(rate.to_string());
    error.advice = Some(vec![
        Advice {
            label: format!("Set the learning rate to {smaller}"),
            command: Command::Set { learning_rate: Some(smaller), epochs: None },
        },
        Advice { label: "Reset to the start".into(), command: Command::Reset },
    ]);
    error
}
