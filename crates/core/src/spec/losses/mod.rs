//! Losses by Keras' names, a file for each family. Every one is a mean over the outputs of a row (unless it says
//! otherwise); what becomes of the losses of a batch its reduction says.

mod crossentropy;
mod margin;
mod reduction;
mod regression;

pub use crossentropy::*;
pub use margin::*;
pub use reduction::{LossArguments, Reduction};
pub use regression::*;

use super::describe::{Kind, one_of, to_map};
use super::fields::{Fields, named};
use crate::error::Error;
use serde_json::{Map, Value};

/// What training makes small.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// Which one.
    pub kind: LossKind,
    /// What every loss may be told.
    pub common: LossArguments,
}

one_of! {
    /// A loss with the arguments of its own.
    LossKind, "a loss" {
        MeanSquaredError, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, Huber, LogCosh,
        CosineSimilarity, Poisson,
        BinaryCrossentropy, BinaryFocalCrossentropy, CategoricalCrossentropy, CategoricalFocalCrossentropy,
        SparseCategoricalCrossentropy, CategoricalGeneralizedCrossEntropy, KlDivergence, Ctc,
        Hinge, SquaredHinge, CategoricalHinge, Dice, Tversky, Circle,
    } aliases {
        "mse" => "mean_squared_error",
        "mae" => "mean_absolute_error",
        "mape" => "mean_absolute_percentage_error",
        "msle" => "mean_squared_logarithmic_error",
        "logcosh" => "log_cosh",
        "bce" => "binary_crossentropy",
        "kld" => "kl_divergence",
    }
}

impl Loss {
    /// Its name in JSON.
    pub fn type_name(&self) -> &'static str {
        self.kind.type_name()
    }

    /// Reads `"name"` (all defaults) or `{"type": "name", ...}`.
    pub(crate) fn read(value: &Value, path: &str) -> Result<Self, Error> {
        let by_name;
        let object = if value.is_string() {
            by_name = named(value);
            &by_name
        } else {
            value
        };
        let mut fields = Fields::open(object, path, "a loss")?;
        let name = fields.type_name("a loss", LossKind::TYPES)?;
        let kind = LossKind::read_as(name, &mut fields)?;
        let mut common = LossArguments::default();
        fields.arguments(&mut common).map_err(reduction::explained)?;
        fields.finish()?;
        Ok(Self { kind, common })
    }

    /// Writes `{"type": ..., all arguments}`.
    pub(crate) fn to_map(&self) -> Map<String, Value> {
        let mut map = to_map(&self.common);
        map.extend(self.kind.to_map());
        map
    }

    /// The kinds with the tasks that they fit.
    pub fn kinds_with_tasks() -> Vec<Kind> {
        let mut kinds = LossKind::kinds();
        let common = Kind::of(&LossArguments::default()).arguments;
        for kind in &mut kinds {
            kind.arguments.extend(common.iter().cloned());
            kind.tasks = match kind.choice.r#type {
                "binary_crossentropy" | "binary_focal_crossentropy" | "hinge" | "squared_hinge" => {
                    vec!["binary"]
                }
                "categorical_crossentropy"
                | "sparse_categorical_crossentropy"
                | "categorical_focal_crossentropy"
                | "categorical_generalized_cross_entropy"
                | "categorical_hinge"
                | "kl_divergence" => vec!["multiclass"],
                "dice" | "tversky" => vec!["binary", "multiclass"],
                "ctc" => vec!["sequence"],
                "circle" => vec!["embedding"],
                _ => vec!["regression"],
            };
        }
        kinds
    }
}
