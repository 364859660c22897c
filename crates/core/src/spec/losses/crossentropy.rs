//! Losses for probabilities: how surprised the network is by the truth.

use crate::spec::describe::{Limits, described};
use crate::spec::{Axes, OneOrEach};

described! {
    /// For yes or no: minus the logarithm of the probability given to what was true.
    BinaryCrossentropy, "binary_crossentropy", "Cross-entropy (yes or no)" {
        /// Whether the last layer gives logits instead of probabilities.
        from_logits: bool = false, "From logits";
        /// How far targets are moved from 0 and 1 towards one half.
        label_smoothing: f64 = 0.0, "Label smoothing", Limits::between(0.0, 1.0);
        /// The axis along which the outputs of one loss lie, the batch being axis 0.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// Cross-entropy for yes or no in which what is nearly right counts less, for when one answer is rare.
    BinaryFocalCrossentropy, "binary_focal_crossentropy", "Focal cross-entropy (yes or no)" {
        /// Whether yes and no are weighed by alpha and 1 - alpha.
        apply_class_balancing: bool = false, "Class balancing";
        /// The weight of yes.
        alpha: f64 = 0.25, "Alpha", Limits::between(0.0, 1.0);
        /// How much less what is nearly right counts; at 0 it is plain cross-entropy.
        gamma: f64 = 2.0, "Gamma", Limits::between(0.0, 20.0);
        /// Whether the last layer gives logits instead of probabilities.
        from_logits: bool = false, "From logits";
        /// How far targets are moved from 0 and 1 towards one half.
        label_smoothing: f64 = 0.0, "Label smoothing", Limits::between(0.0, 1.0);
        /// The axis along which the outputs of one loss lie, the batch being axis 0.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// For several classes: minus the logarithm of the probability given to the true one.
    CategoricalCrossentropy, "categorical_crossentropy", "Cross-entropy (one-hot)" {
        /// Whether the last layer gives logits instead of probabilities.
        from_logits: bool = false, "From logits";
        /// The share of the target that is spread evenly over all classes.
        label_smoothing: f64 = 0.0, "Label smoothing", Limits::between(0.0, 1.0);
        /// The axis along which the outputs of one loss lie, the batch being axis 0.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// Cross-entropy for several classes in which what is nearly right counts less, for when classes are rare.
    CategoricalFocalCrossentropy, "categorical_focal_crossentropy", "Focal cross-entropy" {
        /// What the loss is multiplied with, or that of each class.
        alpha: OneOrEach = OneOrEach(vec![0.25]), "Alpha", Limits::at_least(0.0);
        /// How much less what is nearly right counts; at 0 it is plain cross-entropy.
        gamma: f64 = 2.0, "Gamma", Limits::between(0.0, 20.0);
        /// Whether the last layer gives logits instead of probabilities.
        from_logits: bool = false, "From logits";
        /// The share of the target that is spread evenly over all classes.
        label_smoothing: f64 = 0.0, "Label smoothing", Limits::between(0.0, 1.0);
        /// The axis along which the outputs of one loss lie, the batch being axis 0.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// The same loss for classes given as numbers 0, 1, 2, ...
    SparseCategoricalCrossentropy, "sparse_categorical_crossentropy", "Cross-entropy (class numbers)" {
        /// Whether the last layer gives logits instead of probabilities.
        from_logits: bool = false, "From logits";
        /// A class that stands for nothing, such as the end of a shorter sequence: it is left out of the mean.
        ignore_class: Option<usize> = None, "Ignored class";
        /// The axis along which the outputs of one loss lie, the batch being axis 0.
        axis: Axes = Axes(vec![-1]), "Axis";
    }
}
described! {
    /// Between cross-entropy (q near 0) and absolute error (q = 1): wrong labels do less harm.
    CategoricalGeneralizedCrossEntropy, "categorical_generalized_cross_entropy", "Generalized cross-entropy" {
        /// How far it is from cross-entropy.
        q: f64 = 0.5, "Q", Limits::between(1e-3, 1.0);
    }
}
described! {
    /// How far the predicted distribution is from the true one, in nats.
    KlDivergence, "kl_divergence", "KL divergence" {}
}
described! {
    /// For sequences of labels without their places in time, such as speech: all ways to place them count; class 0 is
    /// the blank.
    Ctc, "ctc", "Connectionist temporal classification" {}
}
