//! Activations that are layers of their own because they have arguments.

use crate::spec::axes::Axes;
use crate::spec::describe::{Limits, described};
use crate::spec::initializers::Zeros;
use crate::spec::{Constraint, Initializer, Regularizer};

described! {
    /// x above a threshold, at most a largest value; below the threshold a line with a slope of its own.
    Relu, "relu", "ReLU" {
        /// The largest value that comes out; without it there is none.
        max_value: Option<f64> = None, "Largest value", Limits::at_least(0.0).common();
        /// The slope below the threshold.
        negative_slope: f64 = 0.0, "Negative slope", Limits::at_least(0.0).common();
        /// Where x begins to count.
        threshold: f64 = 0.0, "Threshold", Limits::at_least(0.0).common();
    }
}
described! {
    /// x, or a share of it below zero.
    LeakyRelu, "leaky_relu", "Leaky ReLU" {
        /// The share.
        negative_slope: f64 = 0.3, "Negative slope", Limits::any().common();
    }
}
described! {
    /// x, or alpha times (exp(x) - 1) below zero.
    Elu, "elu", "ELU" {
        /// What it tends to on the left, negated.
        alpha: f64 = 1.0, "Alpha", Limits::any().common();
    }
}
described! {
    /// Positive numbers that add up to one along an axis.
    SoftmaxLayer, "softmax", "Softmax" {
        /// The axis.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// x, or a share of it below zero that is learned, for every value by itself or for all along some axes.
    Prelu, "prelu", "PReLU" {
        /// How the share begins.
        alpha_initializer: Initializer = Initializer::Zeros(Zeros {}), "Alpha initializer";
        /// A penalty on the share.
        alpha_regularizer: Option<Regularizer> = None, "Alpha regularizer";
        /// What the share is brought back to after every update.
        alpha_constraint: Option<Constraint> = None, "Alpha constraint";
        /// Axes along which all values have the same share: [1, 2] for a share per channel of images.
        shared_axes: Option<Axes> = None, "Shared axes";
    }
}
