//! Blocks: several layers that are used together so often that they have a name of their own.

use crate::spec::describe::{Limits, choices, described};
use crate::spec::initializers::{GlorotUniform, Zeros};
use crate::spec::{Activation, Constraint, Initializer, Regularizer};

const COUNT: Limits = Limits::between(1.0, 65_536.0);
const SIZE: Limits = Limits::between(1.0, 4096.0);
const RATE: Limits = Limits::between(0.0, 1.0);
const EPSILON: Limits = Limits::between(1e-12, 1.0).logarithmic();

choices! {
    /// What keeps values in check inside a block.
    BlockNormalization, "choice", "a normalization" {
        /// Nothing.
        None = "none", "None";
        /// Every channel over the batch.
        Batch = "batch_normalization", "Batch normalization";
        /// Every step or pixel over its own values.
        Layer = "layer_normalization", "Layer normalization";
        /// The same by the root of the mean square alone.
        Rms = "rms_normalization", "RMS normalization";
    }
}
described! {
    /// What GPT and BERT are made of: attention between all steps, then two dense layers at every step, each added to what came in.
    TransformerBlock, "transformer_block", "Transformer block" {
        /// How many values every step has between the two dense layers.
        intermediate_dim: usize = 32, "Inner size", COUNT.required().common();
        /// How many attentions there are side by side.
        num_heads: usize = 2, "Heads", COUNT.required().common();
        /// Whether a step sees only steps that do not come after it, as in GPT.
        use_causal_mask: bool = false, "Causal", Limits::any().common();
        /// Whether attention and dense layers get normalized values, or their sums are normalized.
        normalize_first: bool = false, "Normalize first", Limits::any().common();
        /// The share of attention weights and of what is added that is set to zero while training.
        dropout: f64 = 0.0, "Dropout", RATE.common();
        /// The function between the two dense layers.
        activation: Activation = Activation::RELU, "Activation", Limits::any().common();
        /// How many values a query or a key of one head has; a step's values shared out between the heads if nothing is said.
        key_dim: Option<usize> = None, "Key size", COUNT;
        /// How many steps away from a query a key may be at most, and itself; none for no limit.
        sliding_window: Option<usize> = None, "Sliding window", COUNT;
        /// Whether every head turns its queries and keys by their position (RoPE).
        use_rotary: bool = false, "Rotary positions";
        /// What normalizes.
        normalization: BlockNormalization = BlockNormalization::Layer, "Normalization";
        /// Added to variances so that nothing is divided by zero.
        epsilon: f64 = 1e-5, "Epsilon", EPSILON;
        /// Whether projections and dense layers have biases.
        use_bias: bool = true, "Bias";
        /// How the kernels begin.
        kernel_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Kernel initializer";
        /// How the biases begin.
        bias_initializer: Initializer = Initializer::Zeros(Zeros {}), "Bias initializer";
        /// A penalty on the kernels.
        kernel_regularizer: Option<Regularizer> = None, "Kernel regularizer";
        /// A penalty on the biases.
        bias_regularizer: Option<Regularizer> = None, "Bias regularizer";
        /// What the kernels are brought back to after every update.
        kernel_constraint: Option<Constraint> = None, "Kernel constraint";
        /// What the biases are brought back to after every update.
        bias_constraint: Option<Constraint> = None, "Bias constraint";
    }
}

/// A block of convolutions: its own arguments, then those that both kinds have.
macro_rules! of_convolutions {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal,
     $normalization:ident, $use_bias:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                $($own)*
                /// Pixels of a filter along each side, or steps.
                kernel_size: usize = 3, "Kernel size", SIZE.common();
                /// The function behind every convolution.
                activation: Activation = Activation::RELU, "Activation", Limits::any().common();
                /// What normalizes what a convolution gives.
                normalization: BlockNormalization = BlockNormalization::$normalization, "Normalization", Limits::any().common();
                /// How slowly the moving mean and variance of a batch normalization follow the batches.
                momentum: f64 = 0.99, "Momentum", RATE;
                /// Added to variances so that nothing is divided by zero.
                epsilon: f64 = 1e-3, "Epsilon", EPSILON;
                /// Whether every channel of a convolution has a bias, which a normalization behind it makes needless.
                use_bias: bool = $use_bias, "Bias";
                /// How the filters begin.
                kernel_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Kernel initializer";
                /// How the biases begin.
                bias_initializer: Initializer = Initializer::Zeros(Zeros {}), "Bias initializer";
                /// A penalty on the filters.
                kernel_regularizer: Option<Regularizer> = None, "Kernel regularizer";
                /// A penalty on the biases.
                bias_regularizer: Option<Regularizer> = None, "Bias regularizer";
                /// What the filters are brought back to after every update.
                kernel_constraint: Option<Constraint> = None, "Kernel constraint";
                /// What the biases are brought back to after every update.
                bias_constraint: Option<Constraint> = None, "Bias constraint";
            }
        }
    };
}

of_convolutions! {
    /// What ResNet is made of: two convolutions, added to what came in, so that deep networks learn. For images and sequences.
    ResidualBlock, "residual_block", "Residual block", Batch, false {
        /// How many filters each convolution has, which is how many channels come out.
        filters: usize = 16, "Filters", COUNT.required().common();
        /// Steps from one place of a filter to the next, which makes what comes out smaller.
        strides: usize = 1, "Strides", SIZE.common();
        /// Whether normalization and activation stand in front of each convolution (ResNet v2), or behind it.
        preactivation: bool = false, "Preactivation", Limits::any().common();
        /// Whether the convolution stands between two of size 1, the last of which gives four times the filters.
        bottleneck: bool = false, "Bottleneck";
        /// Whether what came in is added through a convolution of size 1 even where it would fit as it is.
        conv_shortcut: bool = false, "Convolve the shortcut";
        /// The share of values in front of the last convolution that is set to zero while training.
        dropout: f64 = 0.0, "Dropout", RATE;
    }
}
of_convolutions! {
    /// What VGG is made of: a few convolutions of one size, then the largest value of every few pixels. For images and sequences.
    VggBlock, "vgg_block", "VGG block", None, true {
        /// How many filters each convolution has, which is how many channels come out.
        filters: usize = 16, "Filters", COUNT.required().common();
        /// How many convolutions there are.
        convolutions: usize = 2, "Convolutions", Limits::between(1.0, 16.0).common();
        /// Pixels of a pooling window along each side, or steps; none for no pooling.
        pool_size: Option<usize> = Some(2), "Pool size", SIZE.common();
        /// The share of values at the end that is set to zero while training.
        dropout: f64 = 0.0, "Dropout", RATE;
    }
}
