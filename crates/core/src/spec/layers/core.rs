//! The layers that every network has: where features enter, dense layers, activations.

use super::{OpenShape, Shape};
use crate::spec::describe::{Limits, described};
use crate::spec::initializers::{GlorotUniform, Zeros};
use crate::spec::{Activation, Constraint, Initializer, Regularizer};

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
        activation: Activation = Activation::LINEAR, "Activation", Limits::any().common();
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
        /// What the kernel is brought back to after every update.
        kernel_constraint: Option<Constraint> = None, "Kernel constraint";
        /// What the bias is brought back to after every update.
        bias_constraint: Option<Constraint> = None, "Bias constraint";
    }
}
described! {
    /// Gives out what it takes in.
    Identity, "identity", "Identity" {}
}
described! {
    /// Multiplies every value by a number and adds another one: 1/255 makes numbers from 0 to 1 of bytes.
    Rescaling, "rescaling", "Rescaling" {
        /// The factor.
        scale: f64 = 1.0, "Scale", Limits::any().required().common();
        /// What is added.
        offset: f64 = 0.0, "Offset", Limits::any().common();
    }
}
described! {
    /// A dense layer over any axes, said by an equation: "abc,cd->abd" is a dense layer at every step.
    EinsumDense, "einsum_dense", "Einsum dense" {
        /// Axes of the input, of the kernel and of the output, the batch first; "..." stands for axes in front or behind that stay.
        equation: String = "ab,bc->ac".to_owned(), "Equation", Limits::any().required().common();
        /// Sizes of the output, without the batch and what "..." stands for; -1 for those that the input has.
        output_shape: OpenShape = OpenShape(vec![Some(16)]), "Output shape", Limits::any().required().common();
        /// The axes of the output that a bias is added along; none for no bias.
        bias_axes: Option<String> = None, "Bias axes", Limits::any().common();
        /// The function after the sum.
        activation: Activation = Activation::LINEAR, "Activation", Limits::any().common();
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
        /// What the kernel is brought back to after every update.
        kernel_constraint: Option<Constraint> = None, "Kernel constraint";
        /// What the bias is brought back to after every update.
        bias_constraint: Option<Constraint> = None, "Bias constraint";
    }
}
described! {
    /// A function of every value by itself (softmax: of every row).
    ActivationLayer, "activation", "Activation" {
        /// The function.
        activation: Activation = Activation::RELU, "Activation", Limits::any().required().common();
    }
}
