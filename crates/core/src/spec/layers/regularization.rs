//! Layers that make training harder so that the network generalizes; outside training they change nothing.

use super::NoiseShape;
use crate::spec::describe::{Limits, described};

described! {
    /// While training, sets values to zero at random and scales up the rest, so that no unit relies on one other.
    Dropout, "dropout", "Dropout" {
        /// The share of values that is set to zero.
        rate: f64 = 0.5, "Rate", Limits::between(0.0, 1.0).required().common();
        /// The shape of what is drawn, the rows first: 1 along an axis where all values share their fate, -1 where not.
        noise_shape: Option<NoiseShape> = None, "Noise shape";
    }
}
described! {
    /// Dropout of whole channels of a sequence: steps side by side are too much alike to be dropped by themselves.
    SpatialDropout1D, "spatial_dropout1d", "Spatial dropout 1D" {
        /// The share of channels that is set to zero.
        rate: f64 = 0.5, "Rate", Limits::between(0.0, 1.0).required().common();
    }
}
described! {
    /// Dropout of whole channels of an image: pixels side by side are too much alike to be dropped by themselves.
    SpatialDropout2D, "spatial_dropout2d", "Spatial dropout 2D" {
        /// The share of channels that is set to zero.
        rate: f64 = 0.5, "Rate", Limits::between(0.0, 1.0).required().common();
    }
}
described! {
    /// Dropout that keeps mean and variance of what SELU gives out.
    AlphaDropout, "alpha_dropout", "Alpha dropout" {
        /// The share of values that is dropped.
        rate: f64 = 0.1, "Rate", BELOW_ONE.required().common();
        /// The shape of what is drawn, the rows first: 1 along an axis where all values share their fate, -1 where not.
        noise_shape: Option<NoiseShape> = None, "Noise shape";
    }
}
described! {
    /// A penalty on what goes through: values are kept small, or few.
    ActivityRegularization, "activity_regularization", "Activity regularization" {
        /// The factor of the sum of magnitudes.
        l1: f64 = 0.0, "L1", Limits::at_least(0.0).common();
        /// The factor of the sum of squares.
        l2: f64 = 0.0, "L2", Limits::at_least(0.0).common();
    }
}
described! {
    /// While training, adds normal noise to every value.
    GaussianNoise, "gaussian_noise", "Gaussian noise" {
        /// The standard deviation of the noise.
        stddev: f64 = 0.1, "Deviation", Limits::at_least(0.0).required().common();
    }
}
described! {
    /// While training, multiplies every value by normal noise about 1 that has the variance of dropout.
    GaussianDropout, "gaussian_dropout", "Gaussian dropout" {
        /// The rate of the dropout that it is like: the noise has deviation sqrt(rate / (1 - rate)).
        rate: f64 = 0.1, "Rate", BELOW_ONE.required().common();
    }
}

/// At 1, these would multiply by infinity.
const BELOW_ONE: Limits = Limits::between(0.0, 0.999);
