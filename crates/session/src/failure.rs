//! Mistakes of the crates below, in the words of the page.

use tabgrad_core::spec::LearningRate;
use tabgrad_core::{Cause, Divergence, TrainingSpec};
use tabgrad_json::{Value, parse_decimal};

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

    /// The same of a file: its sentence begins with the name.
    pub(crate) fn of_file(self, file: &str) -> Self {
        if self.message.starts_with(file) {
            return self;
        }
        Self { message: format!("{file} cannot be opened: {}", self.message), ..self }
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
            code: error.problem.code().into(),
            message: error.to_string(),
            path: Some(error.file),
            expected: error.problem.expected(),
            found: error.problem.found(),
            advice: None,
        }
    }
}

/// Training diverged: why, and what can be pressed. `training` is the specification it happened under.
pub(crate) fn diverged(divergence: &Divergence, training: &Value) -> EngineError {
    let rate = divergence.learning_rate;
    let smaller = a_tenth(parse_decimal(&rate.to_string()).unwrap_or(f64::from(rate)));
    let schedule = match TrainingSpec::parse(training).map(|it| it.optimizer.learning_rate().clone()) {
        Ok(LearningRate::Schedule(it)) => Some(LearningRate::Schedule(it).map_rates(&a_tenth)),
        _ => None,
    };
    let what_to_do = match &schedule {
        _ if rate == 0.0 => {
            "The learning rate was 0 there, so it is not to blame: look for very large values in the \
             data and in the initial weights."
                .to_owned()
        }
        Some(_) => format!(
            "The learning rate of {rate}, to which the schedule had come, is probably too large: try the schedule with a \
             tenth of its rates, and reset if the network does not recover."
        ),
        None => format!(
            "The learning rate of {rate} is probably too large: try {smaller}, and reset if the network does not recover."
        ),
    };
    let mut error = EngineError::new(
        "diverged",
        format!(
            "In epoch {} {} too large to be a number, so training stopped and the last good weights were put back. \
             {what_to_do}",
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
    let (label, to) = match schedule {
        Some(schedule) => ("Divide the rates of the schedule by 10".to_owned(), schedule.to_value()),
        None => (format!("Set the learning rate to {smaller}"), smaller.into()),
    };
    let set = Advice { label, command: Command::Set { learning_rate: Some(to), epochs: None } };
    let reset = Advice { label: "Reset to the start".into(), command: Command::Reset };
    error.advice = Some(if rate == 0.0 { vec![reset] } else { vec![set, reset] });
    error
}

/// A tenth of a rate, as the decimal that a person would write: 0.007, not 0.006999999999999999.
fn a_tenth(rate: f64) -> f64 {
    let tenth = (rate / 10.0) as f32;
    parse_decimal(&tenth.to_string()).unwrap_or(rate / 10.0)
}
