//! Layers about the steps of a sequence: which of them count.

use crate::spec::describe::{Limits, described};

described! {
    /// Steps whose values are all this number do not count: recurrent and attention layers pass over them.
    Masking, "masking", "Masking" {
        /// The number that fills the steps that are not there.
        mask_value: f64 = 0.0, "Mask value", Limits::any().common();
    }
}
