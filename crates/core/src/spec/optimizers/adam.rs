//! Adam and its relatives: a moving mean of the gradients over a moving measure of their size.

use super::{DECAY, EPSILON, RATE, SHARE};
use crate::spec::LearningRate;
use crate::spec::describe::described;

/// An optimizer with moving means of gradients and of their squares: its own arguments before the weight decay.
macro_rules! with_moments {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                /// How large a step is.
                learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
                /// How slowly the mean follows the gradients.
                beta_1: f64 = 0.9, "Beta 1", SHARE;
                /// How slowly the mean square follows the gradients.
                beta_2: f64 = 0.999, "Beta 2", SHARE;
                /// Added to what is divided by.
                epsilon: f64 = 1e-7, "Epsilon", EPSILON;
                $($own)*
                /// The share of every weight, times the learning rate, that is taken away at each step.
                weight_decay: Option<f64> = None, "Weight decay", DECAY;
            }
        }
    };
}

with_moments! {
    /// Momentum, and a step of its own size for every weight: a good first choice.
    Adam, "adam", "Adam" {
        /// Whether the largest mean square so far is divided by (Reddi and others 2018).
        amsgrad: bool = false, "AMSGrad";
    }
}
described! {
    /// Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019).
    AdamW, "adamw", "AdamW" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = Some(0.004), "Weight decay", DECAY.common();
        /// How slowly the mean follows the gradients.
        beta_1: f64 = 0.9, "Beta 1", SHARE;
        /// How slowly the mean square follows the gradients.
        beta_2: f64 = 0.999, "Beta 2", SHARE;
        /// Added to what is divided by.
        epsilon: f64 = 1e-7, "Epsilon", EPSILON;
        /// Whether the largest mean square so far is divided by (Reddi and others 2018).
        amsgrad: bool = false, "AMSGrad";
    }
}
described! {
    /// Adam that divides by the largest gradient of late instead of the mean square.
    Adamax, "adamax", "Adamax" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
        /// How slowly the mean follows the gradients.
        beta_1: f64 = 0.9, "Beta 1", SHARE;
        /// How slowly the largest gradient is forgotten.
        beta_2: f64 = 0.999, "Beta 2", SHARE;
        /// Added to what is divided by.
        epsilon: f64 = 1e-7, "Epsilon", EPSILON;
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
with_moments! {
    /// Adam that looks ahead as Nesterov's momentum does (Dozat 2016).
    Nadam, "nadam", "Nadam" {}
}
with_moments! {
    /// Adam's direction, in every tensor as long as its weights are: for very large batches (You and others 2020).
    Lamb, "lamb", "LAMB" {}
}
