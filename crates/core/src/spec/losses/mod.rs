//! Losses by Keras' names, a file for each family. Every one is a mean over the outputs of a row (unless it says
//! otherwise), then over the rows of the batch: Keras' reduction `sum_over_batch_size`.

mod crossentropy;
mod margin;
mod regression;

pub use crossentropy::*;
pub use margin::*;
pub use regression::*;

use super::describe::{Kind, one_of};

one_of! {
    /// What training makes small.
    Loss, "a loss" {
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
    /// The kinds with the tasks that they fit.
    pub fn kinds_with_tasks() -> Vec<Kind> {
        let mut kinds = Self::kinds();
        for kind in &mut kinds {
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
