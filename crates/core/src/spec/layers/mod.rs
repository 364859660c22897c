//! The layers, with Keras' arguments and defaults, a file for each family. What each one does with numbers is said in
//! `plan::lower`.

mod core;
mod merging;
mod normalization;
mod regularization;
mod reshaping;
mod sequence;
mod sizes;

pub use self::core::*;
pub use merging::*;
pub use normalization::*;
pub use regularization::*;
pub use reshaping::*;
pub use sequence::*;
pub use sizes::*;

use super::describe::one_of;

/// The one list of all layers, in the order in which menus show them, for whatever macro makes something of it.
macro_rules! every_layer {
    ($make:ident) => {
        $make! {
            Input, Dense, ActivationLayer,
            Dropout,
            BatchNormalization,
            Flatten,
            Masking,
            Add, Concatenate,
        }
    };
}
pub(crate) use every_layer;

macro_rules! layer_kind {
    ($($Layer:ident),+ $(,)?) => {
        one_of! {
            /// What a layer is, with its arguments.
            LayerKind, "a layer" { $($Layer),+ }
        }
    };
}
every_layer!(layer_kind);
