//! Losses of margins and of overlaps: right by enough is right.

use crate::spec::axes::Axes;
use crate::spec::describe::{Limits, described};

described! {
    /// For yes or no as 1 and -1 (0 counts as -1), with a last layer that is linear or tanh: nothing once the right side is 1 away.
    Hinge, "hinge", "Hinge" {}
}
described! {
    /// The square of the hinge loss: large misses count more.
    SquaredHinge, "squared_hinge", "Squared hinge" {}
}
described! {
    /// For several classes: nothing once the true one is ahead of all others by 1.
    CategoricalHinge, "categorical_hinge", "Categorical hinge" {}
}
described! {
    /// How little prediction and truth overlap, for regions of pictures: rare classes count as much as common ones.
    Dice, "dice", "Dice" {
        /// Axes that are taken together, the batch being axis 0; none means all.
        axis: Option<Axes> = None, "Axis";
    }
}
described! {
    /// Dice's loss with weights of its own for what is missed and what is found in vain.
    Tversky, "tversky", "Tversky" {
        /// The weight of what is true and was not predicted.
        alpha: f64 = 0.5, "Alpha", Limits::between(0.0, 100.0);
        /// The weight of what was predicted and is not true.
        beta: f64 = 0.5, "Beta", Limits::between(0.0, 100.0);
        /// Axes that are taken together, the batch being axis 0; none means all.
        axis: Option<Axes> = None, "Axis";
    }
}
described! {
    /// For directions instead of classes: outputs of length 1 of one class are drawn together, those of others apart.
    Circle, "circle", "Circle" {
        /// How steep it is.
        gamma: f64 = 80.0, "Gamma", Limits::between(1e-3, 1e4).logarithmic();
        /// How close and how far apart is enough.
        margin: f64 = 0.4, "Margin", Limits::between(0.0, 1.0);
        /// Whether a row is not compared with itself.
        remove_diagonal: bool = true, "Leave out itself";
    }
}
