//! Layers that make training harder so that the network generalizes; outside training they change nothing.

use crate::spec::describe::{Limits, described};

described! {
    /// While training, sets values to zero at random and scales up the rest, so that no unit relies on one other.
    Dropout, "dropout", "Dropout" {
        /// The share of values that is set to zero.
        rate: f64 = 0.5, "Rate", Limits::between(0.0, 1.0).required().common();
    }
}
