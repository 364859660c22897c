//! Losses by Keras' names. Every one is a mean over the outputs of a row, then over the rows of the batch.

use super::describe::{Kind, Limits, described, one_of};

described! {
    /// The mean of squared differences: the usual loss for numbers.
    MeanSquaredError, "mean_squared_error", "Mean squared error" {}
}
described! {
    /// The mean of absolute differences: outliers count less.
    MeanAbsoluteError, "mean_absolute_error", "Mean absolute error" {}
}
described! {
    /// Squared for small differences, straight for large ones.
    Huber, "huber", "Huber" {
        /// Where it goes from squared to straight.
        delta: f64 = 1.0, "Delta", Limits::between(1e-6, 1e6).logarithmic();
    }
}
described! {
    /// For yes or no: minus the logarithm of the probability given to what was true.
    BinaryCrossentropy, "binary_crossentropy", "Cross-entropy (yes or no)" {
        /// Whether the last layer gives logits instead of probabilities.
        from_logits: bool = false, "From logits";
    }
}
described! {
    /// For several classes: minus the logarithm of the probability given to the true one.
    CategoricalCrossentropy, "categorical_crossentropy", "Cross-entropy (one-hot)" {
        /// Whether the last layer gives logits instead of probabilities.
        from_logits: bool = false, "From logits";
    }
}
described! {
    /// The same loss for classes given as numbers 0, 1, 2, ...
    SparseCategoricalCrossentropy, "sparse_categorical_crossentropy", "Cross-entropy (class numbers)" {
        /// Whether the last layer gives logits instead of probabilities.
        from_logits: bool = false, "From logits";
    }
}

one_of! {
    /// What training makes small.
    Loss, "a loss" {
        MeanSquaredError, MeanAbsoluteError, Huber, BinaryCrossentropy, CategoricalCrossentropy,
        SparseCategoricalCrossentropy,
    } aliases { "mse" => "mean_squared_error", "mae" => "mean_absolute_error" }
}

impl Loss {
    /// The kinds with the tasks that they fit.
    pub fn kinds_with_tasks() -> Vec<Kind> {
        let mut kinds = Self::kinds();
        for kind in &mut kinds {
            kind.tasks = match kind.choice.r#type {
                "binary_crossentropy" => vec!["binary"],
                "categorical_crossentropy" | "sparse_categorical_crossentropy" => vec!["multiclass"],
                _ => vec!["regression"],
            };
        }
        kinds
    }
}
