//! Optimizers by Keras' names, with Keras 3's arguments and defaults. What each has of its own is in a file of its family;
//! what all have is in [`Shared`].
//!
//! `loss_scale_factor` is not among them: it is for 16-bit arithmetic, which there is none of here.

mod adam;
mod adaptive;
mod momentum;

pub use adam::*;
pub use adaptive::*;
pub use momentum::*;

use super::LearningRate;
use super::describe::{Kind, Limits, described, one_of, to_map};
use super::fields::{Fields, named};
use crate::error::{Code, Error};
use serde_json::{Map, Value};

/// Above 1 nothing that is trained here converges, but Keras allows it and seeing it diverge is a lesson.
const RATE: Limits = Limits::between(0.0, 1000.0).logarithmic().common();
const SHARE: Limits = Limits::between(0.0, 1.0);
const EPSILON: Limits = Limits::between(1e-12, 1.0).logarithmic();
const DECAY: Limits = Limits::between(0.0, 1.0).logarithmic();
/// Keras takes 0 as none.
const NORM: Limits = Limits::between(0.0, 1e6).logarithmic();

one_of! {
    /// How weights follow their gradients.
    OptimizerKind, "an optimizer" {
        Sgd, RmsProp, Adam, AdamW, Adadelta, Adagrad, Adamax, Nadam, Ftrl, Lion, Lamb, Muon, Adafactor,
    }
}

described! {
    /// What every optimizer can do besides.
    Shared, "shared", "Shared" {
        /// Gradients of a tensor that are longer are shortened to this length.
        clipnorm: Option<f64> = None, "Clip norm", NORM;
        /// If all gradients together are longer, all are shortened so that they have this length.
        global_clipnorm: Option<f64> = None, "Global clip norm", NORM;
        /// Every gradient is brought between minus this value and this value.
        clipvalue: Option<f64> = None, "Clip value", NORM;
        /// Whether a moving average of the weights is kept, which takes their place when training ends.
        use_ema: bool = false, "Average weights";
        /// How slowly the average follows the weights.
        ema_momentum: f64 = 0.99, "Average momentum", SHARE;
        /// After so many steps the average takes the place of the weights, again and again.
        ema_overwrite_frequency: Option<usize> = None, "Overwrite frequency", Limits::between(1.0, 1e9);
        /// Weights change after so many batches, by the mean of their gradients.
        gradient_accumulation_steps: Option<usize> = None, "Accumulation steps", Limits::between(2.0, 1e6);
    }
}

/// An optimizer: what it has of its own, and what all have.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer {
    /// Which, with its own arguments.
    pub kind: OptimizerKind,
    /// What all have.
    pub shared: Shared,
}

impl Optimizer {
    /// Every optimizer there is, for the schema.
    pub fn kinds() -> Vec<Kind> {
        let shared = Kind::of(&Shared::default()).arguments;
        let mut kinds = OptimizerKind::kinds();
        for kind in &mut kinds {
            kind.arguments.extend(shared.iter().cloned());
        }
        kinds
    }

    /// Its name in JSON.
    pub fn type_name(&self) -> &'static str {
        self.kind.type_name()
    }

    /// Reads `"adam"` (all defaults) or `{"type": "adam", ...}`.
    pub(crate) fn read(value: &Value, path: &str) -> Result<Self, Error> {
        let name_alone;
        let value = if value.is_string() {
            name_alone = named(value);
            &name_alone
        } else {
            value
        };
        let mut fields = Fields::open(value, path, "an optimizer")?;
        let name = fields.type_name("an optimizer", OptimizerKind::TYPES)?;
        let kind = OptimizerKind::read_as(name, &mut fields)?;
        let mut shared = Shared::default();
        fields.arguments(&mut shared)?;
        let clips = [shared.clipnorm, shared.global_clipnorm, shared.clipvalue];
        if clips.iter().flatten().count() > 1 {
            let path = fields.path("clipnorm");
            let expected = "only one of clipnorm, global_clipnorm and clipvalue";
            return Err(Error::new(Code::Mismatch, path, expected, "more than one"));
        }
        fields.finish()?;
        Ok(Self { kind, shared })
    }

    /// Writes `{"type": ..., all arguments}`.
    pub(crate) fn to_map(&self) -> Map<String, Value> {
        let mut map = to_map(&self.shared);
        // The name is that of the kind.
        map.extend(self.kind.to_map());
        map
    }

    /// The learning rate, or how it goes.
    pub fn learning_rate(&self) -> &LearningRate {
        match &self.kind {
            OptimizerKind::Sgd(it) => &it.learning_rate,
            OptimizerKind::RmsProp(it) => &it.learning_rate,
            OptimizerKind::Adam(it) => &it.learning_rate,
            OptimizerKind::AdamW(it) => &it.learning_rate,
            OptimizerKind::Adadelta(it) => &it.learning_rate,
            OptimizerKind::Adagrad(it) => &it.learning_rate,
            OptimizerKind::Adamax(it) => &it.learning_rate,
            OptimizerKind::Nadam(it) => &it.learning_rate,
            OptimizerKind::Ftrl(it) => &it.learning_rate,
            OptimizerKind::Lion(it) => &it.learning_rate,
            OptimizerKind::Lamb(it) => &it.learning_rate,
            OptimizerKind::Muon(it) => &it.learning_rate,
            OptimizerKind::Adafactor(it) => &it.learning_rate,
        }
    }
}
