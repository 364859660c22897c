//! What weights are brought back to after every update, by Keras' names. Norms are taken along axes of the weights'
//! tensor: for a kernel of a dense layer, `(inputs, units)`, axis 0 is what goes into a unit.

use super::axes::Axes;
use super::describe::{Limits, described, one_of, one_of_argument};

const NORM: Limits = Limits::at_least(0.0);

described! {
    /// Vectors that are longer than the maximum are shortened to it.
    MaxNorm, "max_norm", "Maximum norm" {
        /// The largest length.
        max_value: f64 = 2.0, "Largest norm", NORM.common();
        /// The axes that a vector lies along.
        axis: Axes = Axes(vec![0]), "Axis";
    }
}
described! {
    /// Negative weights become zero.
    NonNeg, "non_neg", "Not negative" {}
}
described! {
    /// Every vector has length 1.
    UnitNorm, "unit_norm", "Unit norm" {
        /// The axes that a vector lies along.
        axis: Axes = Axes(vec![0]), "Axis";
    }
}
described! {
    /// Vectors are lengthened or shortened, at once or slowly, until they lie between two lengths.
    MinMaxNorm, "min_max_norm", "Norm between" {
        /// The smallest length.
        min_value: f64 = 0.0, "Smallest norm", NORM.common();
        /// The largest length.
        max_value: f64 = 1.0, "Largest norm", NORM.common();
        /// The share of the way that is gone at each step.
        rate: f64 = 1.0, "Rate", Limits::between(0.0, 1.0);
        /// The axes that a vector lies along.
        axis: Axes = Axes(vec![0]), "Axis";
    }
}

one_of! {
    /// A constraint.
    Constraint, "a constraint" { MaxNorm, NonNeg, UnitNorm, MinMaxNorm }
}
one_of_argument!(Constraint, "constraint", "a constraint, one of");
