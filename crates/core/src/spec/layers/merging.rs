//! Layers that make one tensor of several. Value by value, an axis of size 1 is repeated to fit the others.

use crate::spec::axes::Axes;
use crate::spec::describe::{Limits, described};

described! {
    /// The sum of several inputs, value by value.
    Add, "add", "Add" {}
}
described! {
    /// The first input minus the second, value by value.
    Subtract, "subtract", "Subtract" {}
}
described! {
    /// The product of several inputs, value by value.
    Multiply, "multiply", "Multiply" {}
}
described! {
    /// The mean of several inputs, value by value.
    Average, "average", "Average" {}
}
described! {
    /// The largest of several inputs, value by value.
    Maximum, "maximum", "Maximum" {}
}
described! {
    /// The smallest of several inputs, value by value.
    Minimum, "minimum", "Minimum" {}
}
described! {
    /// Several inputs side by side.
    Concatenate, "concatenate", "Concatenate" {
        /// The axis along which they are put together; the batch is 0, the last one -1.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// Products of all vectors of two inputs along an axis of each: similarities.
    Dot, "dot", "Dot" {
        /// The axis of both inputs, or one for each; the batch is 0, the last one -1.
        axes: Axes = Axes(vec![-1]), "Axes", Limits::any().required().common();
        /// Whether the vectors are given length 1 first, so that the product is the cosine between them.
        normalize: bool = false, "Normalize", Limits::any().common();
    }
}
