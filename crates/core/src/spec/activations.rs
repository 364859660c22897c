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
    } aliases { "swish" => "silu" }
}

impl Activation {
    /// The elementwise kernel, or `None` for softmax, which looks at a whole row.
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
            Self::Softmax => return None,
        })
    }
}
