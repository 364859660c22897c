//! Layers that keep means and variances in check.

use crate::spec::describe::{Limits, described};

described! {
    /// Gives every feature mean 0 and variance 1 over the batch, then scale and shift that are learned.
    BatchNormalization, "batch_normalization", "Batch normalization" {
        /// How slowly the moving mean and variance, used outside training, follow the batches.
        momentum: f64 = 0.99, "Momentum", Limits::between(0.0, 1.0);
        /// Added to the variance so that nothing is divided by zero.
        epsilon: f64 = 1e-3, "Epsilon", Limits::between(1e-12, 1.0).logarithmic();
        /// Whether a shift (beta) is learned.
        center: bool = true, "Center";
        /// Whether a scale (gamma) is learned.
        scale: bool = true, "Scale";
    }
}
