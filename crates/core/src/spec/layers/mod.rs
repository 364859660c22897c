//! The layers, with Keras' arguments and defaults, a file for each family. What each one does with numbers is said in
//! `plan::lower`.

mod activation;
mod attention;
mod block;
mod convolution;
mod core;
mod merging;
mod normalization;
mod pooling;
mod recurrent;
mod regularization;
mod reshaping;
mod sequence;
mod sizes;

pub use self::core::*;
pub use activation::*;
pub use attention::*;
pub use block::*;
pub use convolution::*;
pub use merging::*;
pub use normalization::*;
pub use pooling::*;
pub use recurrent::*;
pub use regularization::*;
pub use reshaping::*;
pub use sequence::*;
pub use sizes::*;

use super::describe::{ArgumentType, Limits, one_of};
use crate::error::Error;
use serde_json::Value;

/// The one list of all layers, in the order in which menus show them, for whatever macro makes something of it.
macro_rules! every_layer {
    ($make:ident) => {
        $make! {
            Input, Dense, ActivationLayer, Identity, Rescaling,
            Relu, LeakyRelu, Elu, SoftmaxLayer, Prelu,
            EinsumDense,
            Conv1D, Conv2D, Conv1DTranspose, Conv2DTranspose,
            DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D,
            MaxPooling1D, MaxPooling2D, AveragePooling1D, AveragePooling2D,
            GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalAveragePooling1D, GlobalAveragePooling2D,
            Dropout, SpatialDropout1D, SpatialDropout2D, AlphaDropout, GaussianNoise, GaussianDropout,
            ActivityRegularization,
            BatchNormalization, LayerNormalization, GroupNormalization, InstanceNormalization,
            RmsNormalization, UnitNormalization,
            Flatten, Reshape, Permute, RepeatVector,
            Cropping1D, Cropping2D, ZeroPadding1D, ZeroPadding2D, UpSampling1D, UpSampling2D,
            Embedding, ReversibleEmbedding, Masking,
            SimpleRnn, Lstm, Gru, Bidirectional, TimeDistributed,
            Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate, Dot,
            Attention, AdditiveAttention, MultiHeadAttention, GroupQueryAttention,
            TransformerBlock, ResidualBlock, VggBlock,
            PositionEmbedding, SinusoidalPositionEncoding, RotaryEmbedding,
        }
    };
}
pub(crate) use every_layer;

macro_rules! layer_kind {
    ($($Layer:ident),+ $(,)?) => {
        one_of! {
            /// What a layer is, with its arguments.
            LayerKind, "a layer" { $($Layer),+ }
        }
    };
}
every_layer!(layer_kind);

/// A layer inside another one.
impl ArgumentType for Box<LayerKind> {
    const KIND: &'static str = "layer";

    fn expected(_: &Limits) -> String {
        "a layer".into()
    }

    fn read(value: &Value, path: &str, _: &Limits) -> Result<Self, Error> {
        LayerKind::read(value, path).map(Self::new)
    }

    fn write(&self) -> Value {
        self.to_map().into()
    }
}
