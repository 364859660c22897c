//! Layers that make one tensor of several.

use crate::spec::describe::described;

described! {
    /// The sum of several inputs of one shape, value by value.
    Add, "add", "Add" {}
}
described! {
    /// Several inputs side by side, along the last axis.
    Concatenate, "concatenate", "Concatenate" {}
}
