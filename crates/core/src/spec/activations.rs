//! Activations by Keras' names, with the parameters that Keras 3's functions have by default.

use super::describe::choices;
use tabgrad_kernels::activation::Activation as Kernel;

choices! {
    /// The function after a layer's sum. `leaky_relu` has slope 0.2, `elu` alpha 1, `gelu` is the exact one (erf).
    Activation, "activation", "an activation" {
        /// The value itself.
        Linear = "linear", "Linear";
        /// max(0, x): the usual choice for hidden layers.
        Relu = "relu", "ReLU";
        /// x, or 0.2 x below zero: no unit ever goes silent.
        LeakyRelu = "leaky_relu", "Leaky ReLU";
        /// x, or exp(x) - 1 below zero: smooth, with a mean near zero.
        Elu = "elu", "ELU";
        /// A scaled ELU that keeps mean and variance through many layers.
        Selu = "selu", "SELU";
        /// x times the normal distribution function of x, as in transformers.
        Gelu = "gelu", "GELU";
        /// x times sigmoid(x), also called swish.
        Silu = "silu", "SiLU";
        /// 1 / (1 + exp(-x)): between 0 and 1, a probability of yes or no.
        Sigmoid = "sigmoid", "Sigmoid";
        /// Between -1 and 1.
        Tanh = "tanh", "Tanh";
        /// ln(1 + exp(x)): a smooth ReLU, always positive.
        Softplus = "softplus", "Softplus";
        /// Positive numbers that add up to one: the probabilities of several classes.
        Softmax = "softmax", "Softmax";
        /// The logarithms of softmax.
        LogSoftmax = "log_softmax", "Log softmax";
        /// As softmax, with zeros for what is far from the largest.
        Sparsemax = "sparsemax", "Sparsemax";
        /// One half of the values times sigmoid of the other half: half as many come out.
        Glu = "glu", "GLU";
        /// max(0, x), at most 6.
        Relu6 = "relu6", "ReLU6";
        /// x, or exp(x) - 1 below zero, with a slope without a jump for every alpha.
        Celu = "celu", "CELU";
        /// x times tanh(softplus(x)): smooth, as SiLU.
        Mish = "mish", "Mish";
        /// x / (1 + |x|): as tanh, and slower to saturate.
        Softsign = "softsign", "Softsign";
        /// A line from 0 at -3 to 1 at 3, level beyond.
        HardSigmoid = "hard_sigmoid", "Hard sigmoid";
        /// x times hard sigmoid of x.
        HardSilu = "hard_silu", "Hard SiLU";
        /// x, at least -1 and at most 1.
        HardTanh = "hard_tanh", "Hard tanh";
        /// x - tanh(x).
        TanhShrink = "tanh_shrink", "Tanh shrink";
        /// x, moved towards zero by 0.5 and zero where it is nearer.
        SoftShrink = "soft_shrink", "Soft shrink";
        /// x, or zero where it is nearer to zero than 0.5.
        HardShrink = "hard_shrink", "Hard shrink";
        /// (x + sqrt(x^2 + 4)) / 2: a smooth ReLU without exponentials.
        Squareplus = "squareplus", "Squareplus";
        /// exp(x).
        Exponential = "exponential", "Exponential";
        /// The logarithm of sigmoid(x).
        LogSigmoid = "log_sigmoid", "Log sigmoid";
        /// 0 up to -1, x from 1, and (x + 1)^2 / 4 between.
        SparsePlus = "sparse_plus", "Sparse plus";
        /// 0 up to -1, 1 from 1, and a line between.
        SparseSigmoid = "sparse_sigmoid", "Sparse sigmoid";
    } aliases { "swish" => "silu", "hard_swish" => "hard_silu" }
}

impl Activation {
    /// The elementwise kernel, or `None` for those that look at a whole row.
    pub(crate) fn kernel(self) -> Option<Kernel> {
        Some(match self {
            Self::Linear => Kernel::Linear,
            Self::Relu => Kernel::Relu,
            Self::LeakyRelu => Kernel::LeakyRelu { slope: 0.2 },
            Self::Elu => Kernel::elu(1.0),
            Self::Selu => Kernel::selu(),
            Self::Gelu => Kernel::Gelu { approximate: false },
            Self::Silu => Kernel::Silu,
            Self::Sigmoid => Kernel::Sigmoid,
            Self::Tanh => Kernel::Tanh,
            Self::Softplus => Kernel::Softplus,
            Self::Relu6 => Kernel::rectifier(0.0, 0.0, 6.0),
            Self::Celu => Kernel::celu(1.0),
            Self::Mish => Kernel::Mish,
            Self::Softsign => Kernel::Softsign,
            Self::HardSigmoid => Kernel::hard_sigmoid(),
            Self::HardSilu => Kernel::hard_silu(),
            Self::HardTanh => Kernel::hard_tanh(),
            Self::TanhShrink => Kernel::TanhShrink,
            Self::SoftShrink => Kernel::soft_shrink(0.5),
            Self::HardShrink => Kernel::hard_shrink(0.5),
            Self::Squareplus => Kernel::Squareplus { b: 4.0 },
            Self::Exponential => Kernel::Exponential,
            Self::LogSigmoid => Kernel::LogSigmoid,
            Self::SparsePlus => Kernel::sparse_plus(),
            Self::SparseSigmoid => Kernel::sparse_sigmoid(),
            Self::Softmax | Self::LogSoftmax | Self::Sparsemax | Self::Glu => return None,
        })
    }
}
