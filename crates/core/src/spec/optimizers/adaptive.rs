//! Steps of their own size for every weight, from the squares of its gradients.

use super::{DECAY, EPSILON, RATE, SHARE};
use crate::spec::LearningRate;
use crate::spec::describe::{Limits, described};

const STRENGTH: Limits = Limits::at_least(0.0);

described! {
    /// Divides each gradient by a moving root mean square of its past.
    RmsProp, "rmsprop", "RMSprop" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
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
    /// Divides each gradient by the root of all its squares so far: often-changed weights slow down.
    Adagrad, "adagrad", "Adagrad" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
        /// What the sum of squares begins with.
        initial_accumulator_value: f64 = 0.1, "Initial accumulator", Limits::between(0.0, 1000.0);
        /// Added to what is divided by.
        epsilon: f64 = 1e-7, "Epsilon", EPSILON;
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
described! {
    /// Steps whose size comes from that of the steps before (Zeiler 2012); the learning rate should be near 1.
    Adadelta, "adadelta", "Adadelta" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
        /// How slowly the mean squares follow.
        rho: f64 = 0.95, "Rho", SHARE;
        /// Added to what is divided by.
        epsilon: f64 = 1e-7, "Epsilon", EPSILON;
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
described! {
    /// Follow the regularized leader: with L1, weights that do not matter become exactly zero.
    Ftrl, "ftrl", "FTRL" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
        /// How the learning rate falls with the sum of squares; 0: not at all.
        learning_rate_power: f64 = -0.5, "Learning rate power", Limits::between(-8.0, 0.0);
        /// What the sum of squares begins with.
        initial_accumulator_value: f64 = 0.1, "Initial accumulator", Limits::between(0.0, 1000.0);
        /// Strength of a penalty on absolute values.
        l1_regularization_strength: f64 = 0.0, "L1 strength", STRENGTH;
        /// Strength of a penalty on squares.
        l2_regularization_strength: f64 = 0.0, "L2 strength", STRENGTH;
        /// Strength of a penalty on squares that comes with the gradient.
        l2_shrinkage_regularization_strength: f64 = 0.0, "L2 shrinkage strength", STRENGTH;
        /// Adds to the L2 strength what is large while the learning rate is small.
        beta: f64 = 0.0, "Beta", STRENGTH;
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
described! {
    /// Adam for little memory: a value for every row and column instead of every weight (Shazeer and Stern 2018).
    Adafactor, "adafactor", "Adafactor" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
        /// How the memory of the mean squares grows with the steps.
        beta_2_decay: f64 = -0.8, "Beta 2 decay", Limits::between(-8.0, 0.0);
        /// Added to every squared gradient.
        epsilon_1: f64 = 1e-30, "Epsilon 1", Limits::between(1e-36, 1.0).logarithmic();
        /// The smallest length of a tensor that steps are measured by.
        epsilon_2: f64 = 1e-3, "Epsilon 2", EPSILON;
        /// Steps that are longer, root mean square, are shortened to it.
        clip_threshold: f64 = 1.0, "Clip threshold", Limits::between(1e-6, 1e6).logarithmic();
        /// Whether the learning rate is at most 1 over the root of the steps, which Keras' formula always makes it.
        relative_step: bool = true, "Relative step";
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
