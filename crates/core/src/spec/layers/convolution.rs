//! Convolutions: filters that slide over sequences (steps, channels) and images (height, width, channels).

use super::Pair;
use crate::spec::describe::{Limits, choices, described};
use crate::spec::initializers::{GlorotUniform, Zeros};
use crate::spec::{Activation, Constraint, Initializer, Regularizer};

choices! {
    /// What happens at the edges.
    Padding, "choice", "a padding" {
        /// Windows stay within the input, which shrinks.
        Valid = "valid", "Valid";
        /// Zeros around the input: with strides of 1 its size stays.
        Same = "same", "Same";
    }
}

choices! {
    /// What happens at the ends of a sequence.
    SequencePadding, "choice", "a padding" {
        /// Windows stay within the input, which shrinks.
        Valid = "valid", "Valid";
        /// Zeros around the input: with strides of 1 its length stays.
        Same = "same", "Same";
        /// Zeros in front: no output sees what comes after it.
        Causal = "causal", "Causal";
    }
}

/// Filters and channels.
const COUNT: Limits = Limits::between(1.0, 65_536.0);
/// Kernels, strides, dilation.
const SIZE: Limits = Limits::between(1.0, 4096.0);
/// Padding of outputs.
const SIZE_OR_NONE: Limits = Limits::between(0.0, 4096.0);

/// A layer of filters over all channels: its own arguments, then those that all of them have.
macro_rules! of_filters {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                $($own)*
                /// The function after the sum.
                activation: Activation = Activation::LINEAR, "Activation", Limits::any().common();
                /// Whether every channel that comes out has a bias.
                use_bias: bool = true, "Bias";
                /// How the filters begin.
                kernel_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Kernel initializer";
                /// How the bias begins.
                bias_initializer: Initializer = Initializer::Zeros(Zeros {}), "Bias initializer";
                /// A penalty on the filters.
                kernel_regularizer: Option<Regularizer> = None, "Kernel regularizer";
                /// A penalty on the bias.
                bias_regularizer: Option<Regularizer> = None, "Bias regularizer";
                /// A penalty on the layer's output, per row of the batch.
                activity_regularizer: Option<Regularizer> = None, "Activity regularizer";
                /// What the filters are brought back to after every update.
                kernel_constraint: Option<Constraint> = None, "Kernel constraint";
                /// What the bias is brought back to after every update.
                bias_constraint: Option<Constraint> = None, "Bias constraint";
            }
        }
    };
}

of_filters! {
    /// Filters that slide along a sequence.
    Conv1D, "conv1d", "Conv 1D" {
        /// How many filters, which is how many channels come out.
        filters: usize = 8, "Filters", COUNT.required().common();
        /// Steps that a filter sees.
        kernel_size: usize = 3, "Kernel size", SIZE.required().common();
        /// Steps from one place of a filter to the next.
        strides: usize = 1, "Strides", SIZE;
        /// Whether filters stay within the input (valid) or padding keeps its size (same).
        padding: SequencePadding = SequencePadding::Valid, "Padding", Limits::any().common();
        /// Steps from one value that a filter sees to the next.
        dilation_rate: usize = 1, "Dilation rate", SIZE;
        /// Groups of channels, each with filters of its own.
        groups: usize = 1, "Groups", COUNT;
    }
}
of_filters! {
    /// Filters that slide over an image: each looks for one pattern everywhere.
    Conv2D, "conv2d", "Conv 2D" {
        /// How many filters, which is how many channels come out.
        filters: usize = 8, "Filters", COUNT.required().common();
        /// Pixels of a filter, high and wide.
        kernel_size: Pair = Pair([3; 2]), "Kernel size", SIZE.required().common();
        /// Steps from one place of a filter to the next.
        strides: Pair = Pair([1; 2]), "Strides", SIZE;
        /// Whether filters stay within the input (valid) or padding keeps its size (same).
        padding: Padding = Padding::Valid, "Padding", Limits::any().common();
        /// Steps from one value that a filter sees to the next.
        dilation_rate: Pair = Pair([1; 2]), "Dilation rate", SIZE;
        /// Groups of channels, each with filters of its own.
        groups: usize = 1, "Groups", COUNT;
    }
}
of_filters! {
    /// A convolution backwards: makes sequences longer with filters that are learned.
    Conv1DTranspose, "conv1d_transpose", "Conv 1D transpose" {
        /// How many filters, which is how many channels come out.
        filters: usize = 8, "Filters", COUNT.required().common();
        /// Steps that a filter sees.
        kernel_size: usize = 3, "Kernel size", SIZE.required().common();
        /// Steps from one place of a filter to the next.
        strides: usize = 1, "Strides", SIZE;
        /// Whether filters stay within the input (valid) or padding keeps its size (same).
        padding: Padding = Padding::Valid, "Padding", Limits::any().common();
        /// Added to the end of the output; without it, the size is what padding says.
        output_padding: Option<usize> = None, "Output padding", SIZE_OR_NONE;
        /// Steps from one value that a filter sees to the next.
        dilation_rate: usize = 1, "Dilation rate", SIZE;
    }
}
of_filters! {
    /// A convolution backwards: makes images larger with filters that are learned.
    Conv2DTranspose, "conv2d_transpose", "Conv 2D transpose" {
        /// How many filters, which is how many channels come out.
        filters: usize = 8, "Filters", COUNT.required().common();
        /// Pixels of a filter, high and wide.
        kernel_size: Pair = Pair([3; 2]), "Kernel size", SIZE.required().common();
        /// Steps from one place of a filter to the next.
        strides: Pair = Pair([1; 2]), "Strides", SIZE;
        /// Whether filters stay within the input (valid) or padding keeps its size (same).
        padding: Padding = Padding::Valid, "Padding", Limits::any().common();
        /// Added to the end of the output; without it, the size is what padding says.
        output_padding: Option<Pair> = None, "Output padding", SIZE_OR_NONE;
        /// Steps from one value that a filter sees to the next.
        dilation_rate: Pair = Pair([1; 2]), "Dilation rate", SIZE;
    }
}
/// A layer of filters of each channel: its own arguments, then those that both have.
macro_rules! of_channels {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                $($own)*
                /// The function after the sum.
                activation: Activation = Activation::LINEAR, "Activation", Limits::any().common();
                /// Whether every channel that comes out has a bias.
                use_bias: bool = true, "Bias";
                /// How the channels' own filters begin.
                depthwise_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Depthwise initializer";
                /// How the bias begins.
                bias_initializer: Initializer = Initializer::Zeros(Zeros {}), "Bias initializer";
                /// A penalty on the channels' own filters.
                depthwise_regularizer: Option<Regularizer> = None, "Depthwise regularizer";
                /// A penalty on the bias.
                bias_regularizer: Option<Regularizer> = None, "Bias regularizer";
                /// A penalty on the layer's output, per row of the batch.
                activity_regularizer: Option<Regularizer> = None, "Activity regularizer";
                /// What the channels' own filters are brought back to after every update.
                depthwise_constraint: Option<Constraint> = None, "Depthwise constraint";
                /// What the bias is brought back to after every update.
                bias_constraint: Option<Constraint> = None, "Bias constraint";
            }
        }
    };
}

of_channels! {
    /// A convolution of each channel of a sequence by itself.
    DepthwiseConv1D, "depthwise_conv1d", "Depthwise conv 1D" {
        /// Steps that a filter sees.
        kernel_size: usize = 3, "Kernel size", SIZE.required().common();
        /// Steps from one place of a filter to the next.
        strides: usize = 1, "Strides", SIZE;
        /// Whether filters stay within the input (valid) or padding keeps its size (same).
        padding: Padding = Padding::Valid, "Padding", Limits::any().common();
        /// How many filters every channel has of its own.
        depth_multiplier: usize = 1, "Depth multiplier", COUNT;
        /// Steps from one value that a filter sees to the next.
        dilation_rate: usize = 1, "Dilation rate", SIZE;
    }
}
of_channels! {
    /// A convolution of each channel of an image by itself.
    DepthwiseConv2D, "depthwise_conv2d", "Depthwise conv 2D" {
        /// Pixels of a filter, high and wide.
        kernel_size: Pair = Pair([3; 2]), "Kernel size", SIZE.required().common();
        /// Steps from one place of a filter to the next.
        strides: Pair = Pair([1; 2]), "Strides", SIZE;
        /// Whether filters stay within the input (valid) or padding keeps its size (same).
        padding: Padding = Padding::Valid, "Padding", Limits::any().common();
        /// How many filters every channel has of its own.
        depth_multiplier: usize = 1, "Depth multiplier", COUNT;
        /// Steps from one value that a filter sees to the next.
        dilation_rate: Pair = Pair([1; 2]), "Dilation rate", SIZE;
    }
}
/// A layer of both kinds of filters: its own arguments, then those that both have.
macro_rules! of_both {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                $($own)*
                /// The function after the sum.
                activation: Activation = Activation::LINEAR, "Activation", Limits::any().common();
                /// Whether every channel that comes out has a bias.
                use_bias: bool = true, "Bias";
                /// How the channels' own filters begin.
                depthwise_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Depthwise initializer";
                /// How the filters over channels begin.
                pointwise_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Pointwise initializer";
                /// How the bias begins.
                bias_initializer: Initializer = Initializer::Zeros(Zeros {}), "Bias initializer";
                /// A penalty on the channels' own filters.
                depthwise_regularizer: Option<Regularizer> = None, "Depthwise regularizer";
                /// A penalty on the filters over channels.
                pointwise_regularizer: Option<Regularizer> = None, "Pointwise regularizer";
                /// A penalty on the bias.
                bias_regularizer: Option<Regularizer> = None, "Bias regularizer";
                /// A penalty on the layer's output, per row of the batch.
                activity_regularizer: Option<Regularizer> = None, "Activity regularizer";
                /// What the channels' own filters are brought back to after every update.
                depthwise_constraint: Option<Constraint> = None, "Depthwise constraint";
                /// What the filters over channels are brought back to after every update.
                pointwise_constraint: Option<Constraint> = None, "Pointwise constraint";
                /// What the bias is brought back to after every update.
                bias_constraint: Option<Constraint> = None, "Bias constraint";
            }
        }
    };
}

of_both! {
    /// A convolution of each channel by itself, then a mixture of the channels at every step.
    SeparableConv1D, "separable_conv1d", "Separable conv 1D" {
        /// How many filters, which is how many channels come out.
        filters: usize = 8, "Filters", COUNT.required().common();
        /// Steps that a filter sees.
        kernel_size: usize = 3, "Kernel size", SIZE.required().common();
        /// Steps from one place of a filter to the next.
        strides: usize = 1, "Strides", SIZE;
        /// Whether filters stay within the input (valid) or padding keeps its size (same).
        padding: SequencePadding = SequencePadding::Valid, "Padding", Limits::any().common();
        /// How many filters every channel has of its own.
        depth_multiplier: usize = 1, "Depth multiplier", COUNT;
        /// Steps from one value that a filter sees to the next.
        dilation_rate: usize = 1, "Dilation rate", SIZE;
    }
}
of_both! {
    /// A convolution of each channel by itself, then a mixture of the channels at every pixel.
    SeparableConv2D, "separable_conv2d", "Separable conv 2D" {
        /// How many filters, which is how many channels come out.
        filters: usize = 8, "Filters", COUNT.required().common();
        /// Pixels of a filter, high and wide.
        kernel_size: Pair = Pair([3; 2]), "Kernel size", SIZE.required().common();
        /// Steps from one place of a filter to the next.
        strides: Pair = Pair([1; 2]), "Strides", SIZE;
        /// Whether filters stay within the input (valid) or padding keeps its size (same).
        padding: Padding = Padding::Valid, "Padding", Limits::any().common();
        /// How many filters every channel has of its own.
        depth_multiplier: usize = 1, "Depth multiplier", COUNT;
        /// Steps from one value that a filter sees to the next.
        dilation_rate: Pair = Pair([1; 2]), "Dilation rate", SIZE;
    }
}
