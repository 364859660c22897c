//! What is done at the end of every epoch or between steps, by Keras' names: as data, so that a saved model goes on with them. How each is
//! carried out is in `model::callbacks`.

use super::describe::{ArgumentType, Limits, choices, described, one_of};
use super::fields::wrong_type;
use super::lists::Text;
use super::{LearningRate, Optimizer};
use crate::error::{Code, Error};
use serde_json::Value;

const EPOCHS: Limits = Limits::between(0.0, 1e9);
const PATIENCE: Limits = EPOCHS.common();
const CHANGE: Limits = Limits::at_least(0.0);

choices! {
    /// Which way a monitored value gets better.
    Mode, "choice", "a mode" {
        /// As the value's name says.
        Auto = "auto", "By name";
        /// Smaller is better.
        Min = "min", "Smaller";
        /// Larger is better.
        Max = "max", "Larger";
    }
}

/// `"epoch"`, or a number of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frequency(pub Option<usize>);

impl ArgumentType for Frequency {
    const KIND: &'static str = Text::KIND;

    fn expected(_: &Limits) -> String {
        "\"epoch\" or a number of steps".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        // A field of text has the number as it was typed.
        let steps = match value {
            Value::String(text) if text == "epoch" => return Ok(Self(None)),
            Value::String(text) => text.parse().ok(),
            _ => value.as_u64(),
        };
        let steps = steps.filter(|&it| it > 0).and_then(|it| usize::try_from(it).ok());
        steps.map(|it| Self(Some(it))).ok_or_else(|| wrong_type(path, &Self::expected(limits), value))
    }

    fn write(&self) -> Value {
        self.0.map_or_else(|| "epoch".into(), Value::from)
    }
}

described! {
    /// Ends training when a value has not become better for so many epochs.
    EarlyStopping, "early_stopping", "Early stopping" {
        /// The value: loss or a metric, with val_ in front for the validation rows.
        monitor: Text = Text("val_loss".to_owned()), "Monitor", Limits::any().common();
        /// The least that counts as better.
        min_delta: f64 = 0.0, "Least change", CHANGE;
        /// Epochs without anything better after which training ends.
        patience: usize = 0, "Patience", PATIENCE;
        /// Which way is better.
        mode: Mode = Mode::Auto, "Mode";
        /// What must be reached before patience is renewed.
        baseline: Option<f64> = None, "Baseline";
        /// Whether the weights of the best epoch come back at the end.
        restore_best_weights: bool = false, "Restore best weights", Limits::any().common();
        /// Epochs that are let pass first.
        start_from_epoch: usize = 0, "Start from epoch", EPOCHS;
    }
}
described! {
    /// Hands out the state of the model now and then, always or where it is the best so far.
    ModelCheckpoint, "model_checkpoint", "Model checkpoint" {
        /// The value: loss or a metric, with val_ in front for the validation rows.
        monitor: Text = Text("val_loss".to_owned()), "Monitor", Limits::any().common();
        /// Whether only the best so far is handed out.
        save_best_only: bool = false, "Best only", Limits::any().common();
        /// Which way is better.
        mode: Mode = Mode::Auto, "Mode";
        /// What the first one must be better than.
        initial_value_threshold: Option<f64> = None, "Initial threshold";
        /// At the end of every epoch, or after so many steps.
        save_freq: Frequency = Frequency(None), "Frequency";
    }
}
described! {
    /// Lowers the learning rate when a value has not become better for so many epochs.
    ReduceLrOnPlateau, "reduce_lr_on_plateau", "Reduce on plateau" {
        /// The value: loss or a metric, with val_ in front for the validation rows.
        monitor: Text = Text("val_loss".to_owned()), "Monitor", Limits::any().common();
        /// What the learning rate is multiplied by.
        factor: f64 = 0.1, "Factor", Limits::between(0.0, 0.999_999).common();
        /// Epochs without anything better after which it is lowered.
        patience: usize = 10, "Patience", PATIENCE;
        /// Which way is better.
        mode: Mode = Mode::Auto, "Mode";
        /// The least that counts as better.
        min_delta: f64 = 1e-4, "Least change", CHANGE;
        /// Epochs after a lowering that do not count.
        cooldown: usize = 0, "Cooldown", EPOCHS;
        /// It is never lowered below this.
        min_lr: f64 = 0.0, "Smallest rate", CHANGE;
    }
}
described! {
    /// Ends training when the loss is no longer a number, and says so.
    TerminateOnNan, "terminate_on_nan", "Stop when it diverges" {}
}
described! {
    /// Writes a line of text for every epoch.
    CsvLogger, "csv_logger", "CSV log" {
        /// What stands between values.
        separator: Text = Text(",".to_owned()), "Separator";
    }
}
described! {
    /// Ends training after so many seconds, within an epoch too.
    TimeLimit, "time_limit", "Time limit" {
        /// Seconds of training.
        seconds: f64 = 60.0, "Seconds", Limits::between(0.0, 1e9).required().common();
    }
}

described! {
    /// Scores and predictions while training are those of the optimizer's moving average of the weights.
    SwapEmaWeights, "swap_ema_weights", "Averaged weights" {
        /// Whether callbacks behind it see the average at the end of an epoch: what they keep is then the average.
        swap_on_epoch: bool = false, "At the end of an epoch", Limits::any().common();
    }
}

one_of! {
    /// What is done at the end of an epoch or between steps.
    Callback, "a callback" {
        EarlyStopping, ModelCheckpoint, ReduceLrOnPlateau, TerminateOnNan, CsvLogger, TimeLimit,
        SwapEmaWeights,
    }
}

impl Callback {
    /// The value that it looks at, and which way that gets better.
    fn monitor(&self) -> Option<(&str, Mode)> {
        match self {
            Self::EarlyStopping(it) => Some((&it.monitor.0, it.mode)),
            Self::ModelCheckpoint(it) => Some((&it.monitor.0, it.mode)),
            Self::ReduceLrOnPlateau(it) => Some((&it.monitor.0, it.mode)),
            Self::TerminateOnNan(_) | Self::CsvLogger(_) | Self::TimeLimit(_) | Self::SwapEmaWeights(_) => {
                None
            }
        }
    }

    /// Whether a larger value is better than a smaller one.
    pub(crate) fn wants_larger(&self) -> bool {
        match self.monitor() {
            Some((_, Mode::Max)) => true,
            Some((monitor, Mode::Auto)) => grows(monitor.trim_start_matches("val_")),
            _ => false,
        }
    }

    /// What a range of one argument cannot say: the value must be one that is scored, a schedule does not take a rate
    /// from elsewhere, and an average must be there.
    fn check(&self, path: &str, scores: &[&str], optimizer: &Optimizer) -> Result<(), Error> {
        if let Some((monitor, _)) = self.monitor() {
            let name = monitor.strip_prefix("val_").unwrap_or(monitor);
            // Of a score with a value for every class, one is named `f1_score/0`.
            let score = name.split('/').next().unwrap_or(name);
            if name != "loss" && !scores.contains(&score) {
                let known = [&["loss"], scores].concat();
                let expected = format!("one of {}, with or without val_ in front", known.join(", "));
                return Err(Error::new(Code::Mismatch, format!("{path}.monitor"), expected, monitor));
            }
        }
        if matches!(self, Self::SwapEmaWeights(_)) && !optimizer.shared.use_ema {
            let expected = "an optimizer with use_ema, for swap_ema_weights";
            return Err(Error::new(Code::Mismatch, path, expected, "one without"));
        }
        let has_schedule = matches!(optimizer.learning_rate(), LearningRate::Schedule(_));
        if has_schedule && matches!(self, Self::ReduceLrOnPlateau(_)) {
            let expected = "a learning_rate that is a number, for reduce_lr_on_plateau";
            return Err(Error::new(Code::Mismatch, path, expected, "a schedule"));
        }
        Ok(())
    }
}

/// Whether a metric of that name is better when it is larger: what is an error, a loss or a distance is not.
fn grows(metric: &str) -> bool {
    const SMALLER: [&str; 9] =
        ["loss", "error", "entropy", "divergence", "hinge", "poisson", "cosh", "false", "huber"];
    !SMALLER.iter().any(|word| metric.contains(word))
}

/// Reads the list of a training.
pub(crate) fn read_all(value: &Value, path: &str) -> Result<Vec<Callback>, Error> {
    let items = value.as_array().ok_or_else(|| wrong_type(path, "a list of callbacks", value))?;
    items.iter().enumerate().map(|(i, item)| Callback::read(item, &format!("{path}[{i}]"))).collect()
}

/// Whether callbacks fit a training with scores of these names and that optimizer.
pub(crate) fn check_all(callbacks: &[Callback], scores: &[&str], optimizer: &Optimizer) -> Result<(), Error> {
    let mut all = callbacks.iter().enumerate();
    all.try_for_each(|(i, it)| it.check(&format!("training.callbacks[{i}]"), scores, optimizer))
}
