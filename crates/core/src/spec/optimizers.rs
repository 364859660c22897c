//! Optimizers by Keras' names, with Keras 3's arguments and defaults.

use super::describe::{Limits, described, one_of};

/// Above 1 nothing that is trained here converges, but Keras allows it and seeing it diverge is a lesson.
const RATE: Limits = Limits::between(0.0, 1000.0).logarithmic().common();
const SHARE: Limits = Limits::between(0.0, 1.0);
const EPSILON: Limits = Limits::between(1e-12, 1.0).logarithmic();
const DECAY: Limits = Limits::between(0.0, 1.0).logarithmic();

described! {
    /// Gradient descent: a small step downhill, with momentum if wanted.
    Sgd, "sgd", "SGD" {
        /// How large a step is.
        learning_rate: f64 = 0.01, "Learning rate", RATE;
        /// The share of the last step that is kept.
        momentum: f64 = 0.0, "Momentum", SHARE.common();
        /// Whether the gradient is taken where momentum leads.
        nesterov: bool = false, "Nesterov";
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
described! {
    /// Divides each gradient by a moving root mean square of its past.
    RmsProp, "rmsprop", "RMSprop" {
        /// How large a step is.
        learning_rate: f64 = 0.001, "Learning rate", RATE;
        /// How slowly the mean square follows the gradients.
        rho: f64 = 0.9, "Rho", SHARE;
        /// The share of the last step that is kept.
        momentum: f64 = 0.0, "Momentum", SHARE;
        /// Added to what is divided by.
        epsilon: f64 = 1e-7, "Epsilon", EPSILON;
        /// Whether the variance is used instead of the mean square.
        centered: bool = false, "Centered";
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
described! {
    /// Momentum, and a step of its own size for every weight: a good first choice.
    Adam, "adam", "Adam" {
        /// How large a step is.
        learning_rate: f64 = 0.001, "Learning rate", RATE;
        /// How slowly the mean follows the gradients.
        beta_1: f64 = 0.9, "Beta 1", SHARE;
        /// How slowly the mean square follows the gradients.
        beta_2: f64 = 0.999, "Beta 2", SHARE;
        /// Added to what is divided by.
        epsilon: f64 = 1e-7, "Epsilon", EPSILON;
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
described! {
    /// Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019).
    AdamW, "adamw", "AdamW" {
        /// How large a step is.
        learning_rate: f64 = 0.001, "Learning rate", RATE;
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = Some(0.004), "Weight decay", DECAY.common();
        /// How slowly the mean follows the gradients.
        beta_1: f64 = 0.9, "Beta 1", SHARE;
        /// How slowly the mean square follows the gradients.
        beta_2: f64 = 0.999, "Beta 2", SHARE;
        /// Added to what is divided by.
        epsilon: f64 = 1e-7, "Epsilon", EPSILON;
    }
}

one_of! {
    /// How weights follow their gradients.
    Optimizer, "an optimizer" { Sgd, RmsProp, Adam, AdamW }
}

impl Optimizer {
    /// The learning rate it begins with.
    pub fn learning_rate(&self) -> f32 {
        let rate = match self {
            Self::Sgd(it) => it.learning_rate,
            Self::RmsProp(it) => it.learning_rate,
            Self::Adam(it) => it.learning_rate,
            Self::AdamW(it) => it.learning_rate,
        };
        rate as f32
    }
}
