//! The layers, with Keras' arguments and defaults. What each one does with numbers is said in `plan::lower`.

use super::activations::Activation;
use super::describe::{ArgumentType, Limits, described, one_of};
use super::fields::wrong_type;
use super::initializers::{GlorotUniform, Initializer, Zeros};
use super::regularizers::Regularizer;
use crate::error::Error;
use serde_json::Value;

described! {
    /// Where the features enter; it may be left out, for the data says how many there are.
    Input, "input", "Input" {
        /// Sizes of one row, without the batch.
        shape: Option<Shape> = None, "Shape";
    }
}
described! {
    /// Every input is connected with every unit: activation(inputs · kernel + bias).
    Dense, "dense", "Dense" {
        /// How many outputs the layer has.
        units: usize = 16, "Units", Limits::between(1.0, 65_536.0).required().common();
        /// The function after the sum.
        activation: Activation = Activation::Linear, "Activation", Limits::any().common();
        /// Whether every unit has a bias, a number added to its sum.
        use_bias: bool = true, "Bias";
        /// How the kernel begins.
        kernel_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Kernel initializer";
        /// How the bias begins.
        bias_initializer: Initializer = Initializer::Zeros(Zeros {}), "Bias initializer";
        /// A penalty on the kernel.
        kernel_regularizer: Option<Regularizer> = None, "Kernel regularizer";
        /// A penalty on the bias.
        bias_regularizer: Option<Regularizer> = None, "Bias regularizer";
        /// A penalty on the layer's output, per row of the batch.
        activity_regularizer: Option<Regularizer> = None, "Activity regularizer";
    }
}
described! {
    /// A function of every value by itself (softmax: of every row).
    ActivationLayer, "activation", "Activation" {
        /// The function.
        activation: Activation = Activation::Relu, "Activation", Limits::any().required().common();
    }
}
described! {
    /// While training, sets values to zero at random and scales up the rest, so that no unit relies on one other.
    Dropout, "dropout", "Dropout" {
        /// The share of values that is set to zero.
        rate: f64 = 0.5, "Rate", Limits::between(0.0, 1.0).required().common();
    }
}
described! {
    /// Gives every feature mean 0 and variance 1 over the batch, then scale and shift that are learned.
    BatchNormalization, "batch_normalization", "Batch normalization" {
        /// How slowly the moving mean and variance, used outside training, follow the batches.
        momentum: f64 = 0.99, "Momentum", Limits::between(0.0, 1.0);
        /// Added to the variance so that nothing is divided by zero.
        epsilon: f64 = 1e-3, "Epsilon", Limits::between(1e-12, 1.0).logarithmic();
        /// Whether a shift (beta) is learned.
        center: bool = true, "Center";
        /// Whether a scale (gamma) is learned.
        scale: bool = true, "Scale";
    }
}
described! {
    /// Makes one long row of whatever shape came in.
    Flatten, "flatten", "Flatten" {}
}
described! {
    /// The sum of several inputs of one shape, value by value.
    Add, "add", "Add" {}
}
described! {
    /// Several inputs side by side, along the last axis.
    Concatenate, "concatenate", "Concatenate" {}
}

one_of! {
    /// What a layer is, with its arguments.
    LayerKind, "a layer" {
        Input, Dense, ActivationLayer, Dropout, BatchNormalization, Flatten, Add, Concatenate,
    }
}

/// Sizes of one row, without the batch; every one at least 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape(pub Vec<usize>);

impl ArgumentType for Shape {
    const KIND: &'static str = "shape";

    fn expected(_: &Limits) -> String {
        "a list of sizes of at least 1".into()
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let items = value.as_array().filter(|items| !items.is_empty());
        let items = items.ok_or_else(|| wrong_type(path, &Self::expected(limits), value))?;
        let size = Limits::between(1.0, 16_777_216.0);
        let sizes =
            items.iter().enumerate().map(|(i, item)| usize::read(item, &format!("{path}[{i}]"), &size));
        Ok(Self(sizes.collect::<Result<_, _>>()?))
    }

    fn write(&self) -> Value {
        self.0.clone().into()
    }
}
