//! Penalties on weights or activations, added to the loss: `l1 * sum |w| + l2 * sum w^2`, as Keras defines them.

use super::describe::{Limits, choices, described, one_of, one_of_argument};

const FACTOR: Limits = Limits::at_least(0.0).logarithmic().common();

described! {
    /// Adds l1 times the sum of absolute values: drives needless weights to exactly zero.
    L1, "l1", "L1" {
        /// Strength of the penalty.
        l1: f64 = 0.01, "L1", FACTOR;
    }
}
described! {
    /// Adds l2 times the sum of squares: keeps all weights small.
    L2, "l2", "L2" {
        /// Strength of the penalty.
        l2: f64 = 0.01, "L2", FACTOR;
    }
}
described! {
    /// Both penalties at once.
    L1L2, "l1_l2", "L1 and L2" {
        /// Strength of the penalty on absolute values.
        l1: f64 = 0.0, "L1", FACTOR;
        /// Strength of the penalty on squares.
        l2: f64 = 0.0, "L2", FACTOR;
    }
}

described! {
    /// Adds the mean of the products of all pairs of rows (or columns) of length 1: makes them point elsewhere.
    Orthogonal, "orthogonal_regularizer", "Orthogonal" {
        /// Strength of the penalty.
        factor: f64 = 0.01, "Factor", FACTOR;
        /// Whether rows or columns of the matrix are compared.
        mode: Vectors = Vectors::Rows, "Mode";
    }
}
choices! {
    /// The vectors of a matrix.
    Vectors, "choice", "a mode" {
        /// For every input of a dense layer.
        Rows = "rows", "Rows";
        /// For every unit of a dense layer.
        Columns = "columns", "Columns";
    }
}

one_of! {
    /// A penalty.
    Regularizer, "a regularizer" { L1, L2, L1L2, Orthogonal } aliases { "orthogonal" => "orthogonal_regularizer" }
}
one_of_argument!(Regularizer, "regularizer", "a regularizer, one of");

impl Regularizer {
    /// The factors `(l1, l2)` of what is made value by value.
    pub(crate) fn factors(&self) -> (f32, f32) {
        match self {
            Self::L1(it) => (it.l1 as f32, 0.0),
            Self::L2(it) => (0.0, it.l2 as f32),
            Self::L1L2(it) => (it.l1 as f32, it.l2 as f32),
            Self::Orthogonal(_) => (0.0, 0.0),
        }
    }
}
