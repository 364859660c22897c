//! How weights begin, by Keras' names. The numbers themselves are drawn in `program::initialize`.

use super::describe::{Limits, choices, described, one_of, one_of_argument};

const DEVIATION: Limits = Limits::at_least(0.0);

described! {
    /// All zero.
    Zeros, "zeros", "Zeros" {}
}
described! {
    /// All one.
    Ones, "ones", "Ones" {}
}
described! {
    /// All the same value.
    Constant, "constant", "Constant" {
        /// The value.
        value: f64 = 0.0, "Value";
    }
}
described! {
    /// A normal distribution.
    RandomNormal, "random_normal", "Random normal" {
        /// Its mean.
        mean: f64 = 0.0, "Mean";
        /// Its standard deviation.
        stddev: f64 = 0.05, "Standard deviation", DEVIATION;
    }
}
described! {
    /// Every value of a range equally likely.
    RandomUniform, "random_uniform", "Random uniform" {
        /// The smallest value.
        minval: f64 = -0.05, "Smallest value";
        /// The largest value.
        maxval: f64 = 0.05, "Largest value";
    }
}
described! {
    /// A normal distribution without the values beyond two standard deviations.
    TruncatedNormal, "truncated_normal", "Truncated normal" {
        /// Its mean.
        mean: f64 = 0.0, "Mean";
        /// Its standard deviation before it is cut.
        stddev: f64 = 0.05, "Standard deviation", DEVIATION;
    }
}
described! {
    /// Uniform within ±sqrt(6 / (inputs + outputs)): keeps the variance for tanh and sigmoid (Glorot and Bengio 2010).
    GlorotUniform, "glorot_uniform", "Glorot uniform" {}
}
described! {
    /// Truncated normal with variance 2 / (inputs + outputs).
    GlorotNormal, "glorot_normal", "Glorot normal" {}
}
described! {
    /// Uniform within ±sqrt(6 / inputs): keeps the variance for ReLU (He and others 2015).
    HeUniform, "he_uniform", "He uniform" {}
}
described! {
    /// Truncated normal with variance 2 / inputs.
    HeNormal, "he_normal", "He normal" {}
}
described! {
    /// Uniform within ±sqrt(3 / inputs): keeps the variance for SELU (LeCun and others 1998).
    LecunUniform, "lecun_uniform", "LeCun uniform" {}
}
described! {
    /// Truncated normal with variance 1 / inputs.
    LecunNormal, "lecun_normal", "LeCun normal" {}
}
described! {
    /// A variance that follows from the sizes of the tensor: what Glorot's, He's and LeCun's are cases of.
    VarianceScaling, "variance_scaling", "Variance scaling" {
        /// The variance times the size.
        scale: f64 = 1.0, "Scale", Limits::between(1e-12, 1e12).logarithmic();
        /// Which size.
        mode: Fan = Fan::In, "Mode";
        /// Which distribution has that variance.
        distribution: Distribution = Distribution::TruncatedNormal, "Distribution";
    }
}
described! {
    /// A random matrix whose rows, or columns if they are fewer, have length 1 and are orthogonal to each other.
    Orthogonal, "orthogonal", "Orthogonal" {
        /// Their length in place of 1.
        gain: f64 = 1.0, "Gain";
    }
}
described! {
    /// Ones along the diagonal of a matrix, zero elsewhere.
    Identity, "identity", "Identity" {
        /// The number in place of one.
        gain: f64 = 1.0, "Gain";
    }
}
choices! {
    /// Sizes of a tensor of weights.
    Fan, "choice", "a mode" {
        /// The number of inputs of a unit.
        In = "fan_in", "Inputs";
        /// The number of units that take an input.
        Out = "fan_out", "Outputs";
        /// The mean of both.
        Average = "fan_avg", "Mean of both";
    }
}
choices! {
    /// Distributions about zero.
    Distribution, "choice", "a distribution" {
        /// A normal distribution without the values beyond two standard deviations.
        TruncatedNormal = "truncated_normal", "Truncated normal";
        /// A normal distribution.
        UntruncatedNormal = "untruncated_normal", "Normal";
        /// Every value of a range equally likely.
        Uniform = "uniform", "Uniform";
    } aliases { "normal" => "truncated_normal" }
}

one_of! {
    /// How a tensor of weights begins.
    Initializer, "an initializer" {
        Zeros, Ones, Constant, RandomNormal, RandomUniform, TruncatedNormal,
        GlorotUniform, GlorotNormal, HeUniform, HeNormal, LecunUniform, LecunNormal,
        VarianceScaling, Orthogonal, Identity,
    } aliases { "uniform" => "random_uniform", "normal" => "random_normal", "zero" => "zeros", "one" => "ones" }
}
one_of_argument!(Initializer, "initializer", "an initializer, one of");
