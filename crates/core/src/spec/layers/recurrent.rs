//! Layers with a state that goes through a sequence step by step.

use super::{Dense, LayerKind};
use crate::spec::describe::{Limits, choices, described};
use crate::spec::initializers::{GlorotUniform, Orthogonal, Zeros};
use crate::spec::{Activation, Constraint, Initializer, Regularizer};

/// A recurrent layer: the arguments that all of them have, with its own after the first two.
macro_rules! recurrent {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                /// How many values the state has, which are also the outputs.
                units: usize = 16, "Units", Limits::between(1.0, 65_536.0).required().common();
                /// The function of what enters the state.
                activation: Activation = Activation::TANH, "Activation", Limits::any().common();
                $($own)*
                /// Whether the sums have a bias.
                use_bias: bool = true, "Bias";
                /// Whether every step gives an output, or the last one alone.
                return_sequences: bool = false, "Return sequences", Limits::any().common();
                /// Whether the last states are further outputs. States to begin with are inputs behind the first.
                return_state: bool = false, "Return state";
                /// Whether the sequence is read from its end.
                go_backwards: bool = false, "Go backwards";
                /// The share of the inputs that is set to zero while training, the same at every step and, as in Keras, for all
                /// gates unless there is recurrent dropout.
                dropout: f64 = 0.0, "Dropout", Limits::between(0.0, 1.0);
                /// The share of the state that is set to zero on its way into each gate while training, the same at every step.
                recurrent_dropout: f64 = 0.0, "Recurrent dropout", Limits::between(0.0, 1.0);
                /// Whether a step that a mask leaves out gives zeros; otherwise it gives the last output once more.
                zero_output_for_mask: bool = false, "Zero output for mask";
                /// How the kernel of the inputs begins.
                kernel_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Kernel initializer";
                /// How the kernel of the state begins.
                recurrent_initializer: Initializer = Initializer::Orthogonal(Orthogonal { gain: 1.0 }), "Recurrent initializer";
                /// How the bias begins.
                bias_initializer: Initializer = Initializer::Zeros(Zeros {}), "Bias initializer";
                /// A penalty on the kernel of the inputs.
                kernel_regularizer: Option<Regularizer> = None, "Kernel regularizer";
                /// A penalty on the kernel of the state.
                recurrent_regularizer: Option<Regularizer> = None, "Recurrent regularizer";
                /// A penalty on the bias.
                bias_regularizer: Option<Regularizer> = None, "Bias regularizer";
                /// A penalty on the layer's output, per row of the batch.
                activity_regularizer: Option<Regularizer> = None, "Activity regularizer";
                /// What the kernel of the inputs is brought back to after every update.
                kernel_constraint: Option<Constraint> = None, "Kernel constraint";
                /// What the kernel of the state is brought back to after every update.
                recurrent_constraint: Option<Constraint> = None, "Recurrent constraint";
                /// What the bias is brought back to after every update.
                bias_constraint: Option<Constraint> = None, "Bias constraint";
            }
        }
    };
}

recurrent! {
    /// The simplest memory: every step's output is a function of the step and of the output before it.
    SimpleRnn, "simple_rnn", "Simple RNN" {}
}
recurrent! {
    /// Long short-term memory: gates decide what a cell takes in, keeps and gives out, so that it remembers for long.
    Lstm, "lstm", "LSTM" {
        /// The function of the gates.
        recurrent_activation: Activation = Activation::SIGMOID, "Recurrent activation";
        /// Whether the bias of the forget gate begins at one, so that cells remember at first.
        unit_forget_bias: bool = true, "Unit forget bias";
    }
}
recurrent! {
    /// Gated recurrent unit: like an LSTM, with two gates and no cell of its own.
    Gru, "gru", "GRU" {
        /// The function of the gates.
        recurrent_activation: Activation = Activation::SIGMOID, "Recurrent activation";
        /// Whether the reset gate comes after the product with the state, or before it.
        reset_after: bool = true, "Reset after";
    }
}
choices! {
    /// How the outputs of two directions become one.
    MergeMode, "choice", "a merge mode" {
        /// Side by side.
        Concat = "concat", "Concatenate";
        /// Their sum.
        Sum = "sum", "Sum";
        /// Their product.
        Mul = "mul", "Multiply";
        /// Their mean.
        Ave = "ave", "Average";
        /// Two outputs.
        None = "none", "None";
    }
}
described! {
    /// A recurrent layer that reads the sequence in both directions, with weights for each.
    Bidirectional, "bidirectional", "Bidirectional" {
        /// The recurrent layer.
        layer: Box<LayerKind> = Box::new(LayerKind::Lstm(Lstm::default())), "Layer", Limits::any().required().common();
        /// How both outputs become one.
        merge_mode: MergeMode = MergeMode::Concat, "Merge mode", Limits::any().common();
        /// Another layer for the way back; none for the same kind.
        backward_layer: Option<Box<LayerKind>> = None, "Backward layer";
    }
}
described! {
    /// The same layer, with the same weights, at every step of a sequence.
    TimeDistributed, "time_distributed", "Time distributed" {
        /// The layer.
        layer: Box<LayerKind> = Box::new(LayerKind::Dense(Dense::default())), "Layer", Limits::any().required().common();
    }
}
