//! Steps along the gradient, or along what becomes of it, with a share of the last ones kept.

use super::{DECAY, EPSILON, RATE, SHARE};
use crate::spec::describe::{Limits, described};
use crate::spec::{LearningRate, Words};

described! {
    /// Gradient descent: a small step downhill, with momentum if wanted.
    Sgd, "sgd", "SGD" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.01), "Learning rate", RATE;
        /// The share of the last step that is kept.
        momentum: f64 = 0.0, "Momentum", SHARE.common();
        /// Whether the gradient is taken where momentum leads.
        nesterov: bool = false, "Nesterov";
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
described! {
    /// Steps of one size in the direction of the mean gradient's sign (Chen and others 2023).
    Lion, "lion", "Lion" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
        /// The share of the mean in the direction.
        beta_1: f64 = 0.9, "Beta 1", Limits::between(1e-6, 1.0);
        /// How slowly the mean follows the gradients.
        beta_2: f64 = 0.99, "Beta 2", SHARE;
        /// The share of every weight, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = None, "Weight decay", DECAY;
    }
}
described! {
    /// Brings the step of every matrix near an orthogonal one; all else follows Adam (Jordan and others 2024).
    Muon, "muon", "Muon" {
        /// How large a step is.
        learning_rate: LearningRate = LearningRate::Constant(0.001), "Learning rate", RATE;
        /// The share of the last step that is kept.
        momentum: f64 = 0.95, "Momentum", SHARE;
        /// Whether the gradient is taken where momentum leads.
        nesterov: bool = true, "Nesterov";
        /// How often a step is brought nearer.
        ns_steps: usize = 5, "Newton-Schulz steps", Limits::between(0.0, 20.0);
        /// The share of every weight of a matrix, times the learning rate, that is taken away at each step.
        weight_decay: Option<f64> = Some(0.004), "Weight decay", DECAY;
        /// The same for all other weights.
        adam_weight_decay: Option<f64> = Some(0.004), "Weight decay of Adam", DECAY;
        /// How slowly Adam's mean follows the gradients.
        adam_beta_1: f64 = 0.9, "Beta 1 of Adam", SHARE;
        /// How slowly Adam's mean square follows the gradients.
        adam_beta_2: f64 = 0.999, "Beta 2 of Adam", SHARE;
        /// The learning rate of Adam in multiples of the matrices' own.
        adam_lr_ratio: f64 = 1.0, "Learning rate ratio of Adam", Limits::between(0.0, 1000.0);
        /// Added to what Adam divides by.
        epsilon: f64 = 1e-7, "Epsilon", EPSILON;
        /// Matrices whose names hold one of these words follow Adam.
        exclude_layers: Words = Words(Vec::new()), "Layers for Adam";
        /// Whether embeddings follow Adam.
        exclude_embeddings: bool = true, "Embeddings follow Adam";
        /// First coefficient of the Newton-Schulz step.
        muon_a: f64 = 3.4445, "Coefficient a";
        /// Second coefficient of the Newton-Schulz step.
        muon_b: f64 = -4.775, "Coefficient b";
        /// Third coefficient of the Newton-Schulz step.
        muon_c: f64 = 2.0315, "Coefficient c";
        /// Steps are as long as this times the root of the matrix's longer side; none: not scaled.
        rms_rate: Option<f64> = Some(0.2), "RMS rate", Limits::between(0.0, 1000.0);
    }
}
