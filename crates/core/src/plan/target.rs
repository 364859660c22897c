//! What a model is to predict.

use serde::{Deserialize, Serialize};

/// What is to be predicted, and so what a row of targets holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This many numbers: one for every output, in the order of the outputs, however many axes they have.
    Values(usize),
    /// 0 or 1.
    Binary,
    /// One of this many classes, as a whole number from 0.
    Classes(usize),
    /// Classes as whole numbers from 0, one for each step of a sequence or pixel of a picture; or the labels of a
    /// sequence that ends with zeros.
    Sequence {
        /// How many classes there are.
        classes: usize,
        /// How many steps, pixels or labels a row has.
        length: usize,
    },
}

impl Target {
    /// Columns of the targets.
    pub fn width(self) -> usize {
        match self {
            Self::Values(width) => width,
            Self::Binary | Self::Classes(_) => 1,
            Self::Sequence { length, .. } => length,
        }
    }

    /// How many classes a target chooses from, where it does.
    pub(crate) fn classes(self) -> Option<usize> {
        match self {
            Self::Values(_) => None,
            Self::Binary => Some(2),
            Self::Classes(classes) | Self::Sequence { classes, .. } => Some(classes),
        }
    }

    /// How error messages call it.
    pub(crate) fn shown(self) -> String {
        match self {
            Self::Values(1) => "a number as target".into(),
            Self::Values(n) => format!("{n} numbers as target"),
            Self::Binary => "a target of yes or no".into(),
            Self::Classes(n) => format!("a target of {n} classes"),
            Self::Sequence { classes, length } => format!("a target of {length} out of {classes} classes"),
        }
    }
}
