//! Metrics by Keras' names.

use super::describe::choices;

choices! {
    /// A score that training does not use, but people do.
    Metric, "choice", "a metric" {
        /// The share of rows whose class was found.
        Accuracy = "accuracy", "Accuracy";
        /// The mean of absolute differences.
        MeanAbsoluteError = "mean_absolute_error", "MAE";
        /// The mean of squared differences.
        MeanSquaredError = "mean_squared_error", "MSE";
        /// The root of the mean of squared differences, in units of the target.
        RootMeanSquaredError = "root_mean_squared_error", "RMSE";
        /// The share of the target's variance that is explained: 1 is perfect, 0 is no better than the mean.
        R2Score = "r2_score", "R²";
    } aliases {
        "acc" => "accuracy",
        "mae" => "mean_absolute_error",
        "mse" => "mean_squared_error",
        "rmse" => "root_mean_squared_error",
        "r2" => "r2_score",
    }
}
