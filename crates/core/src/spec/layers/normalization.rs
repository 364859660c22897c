//! Layers that keep means and variances in check.

use crate::spec::describe::{Limits, described};
use crate::spec::initializers::{Ones, Zeros};
use crate::spec::{Constraint, Initializer, Regularizer};

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
        /// How the shift begins.
        beta_initializer: Initializer = Initializer::Zeros(Zeros {}), "Beta initializer";
        /// How the scale begins.
        gamma_initializer: Initializer = Initializer::Ones(Ones {}), "Gamma initializer";
        /// How the moving mean begins.
        moving_mean_initializer: Initializer = Initializer::Zeros(Zeros {}), "Moving mean initializer";
        /// How the moving variance begins.
        moving_variance_initializer: Initializer = Initializer::Ones(Ones {}), "Moving variance initializer";
        /// A penalty on the shift.
        beta_regularizer: Option<Regularizer> = None, "Beta regularizer";
        /// A penalty on the scale.
        gamma_regularizer: Option<Regularizer> = None, "Gamma regularizer";
        /// What the shift is brought back to after every update.
        beta_constraint: Option<Constraint> = None, "Beta constraint";
        /// What the scale is brought back to after every update.
        gamma_constraint: Option<Constraint> = None, "Gamma constraint";
    }
}
