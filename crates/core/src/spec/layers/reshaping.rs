//! Layers that give values another shape or place.

use crate::spec::describe::described;

described! {
    /// Makes one long row of whatever shape came in.
    Flatten, "flatten", "Flatten" {}
}
