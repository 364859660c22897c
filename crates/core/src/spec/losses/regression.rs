//! Losses for numbers.

use crate::spec::Axes;
use crate::spec::describe::{Limits, described};

described! {
    /// The mean of squared differences: the usual loss for numbers.
    MeanSquaredError, "mean_squared_error", "Mean squared error" {}
}
described! {
    /// The mean of absolute differences: outliers count less.
    MeanAbsoluteError, "mean_absolute_error", "Mean absolute error" {}
}
described! {
    /// The mean of absolute differences in percent of the target, for targets away from zero.
    MeanAbsolutePercentageError, "mean_absolute_percentage_error", "Mean absolute percentage error" {}
}
described! {
    /// The mean of squared differences of logarithms, for targets that grow over orders of magnitude.
    MeanSquaredLogarithmicError, "mean_squared_logarithmic_error", "Mean squared logarithmic error" {}
}
described! {
    /// Squared for small differences, straight for large ones.
    Huber, "huber", "Huber" {
        /// Where it goes from squared to straight.
        delta: f64 = 1.0, "Delta", Limits::between(1e-6, 1e6).logarithmic();
    }
}
described! {
    /// The logarithm of the hyperbolic cosine of the difference: like Huber's, but smooth.
    LogCosh, "log_cosh", "Log-cosh" {}
}
described! {
    /// Minus the cosine of the angle between outputs and targets: only the direction counts.
    CosineSimilarity, "cosine_similarity", "Cosine similarity" {
        /// The axis along which the outputs of one loss lie, the batch being axis 0.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// For counts, with outputs above zero: minus the likelihood under a Poisson distribution.
    Poisson, "poisson", "Poisson" {}
}
