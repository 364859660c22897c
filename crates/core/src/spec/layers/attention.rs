//! Layers in which the steps of a sequence look at each other, or at those of another one; and layers that tell steps where
//! they stand, which attention does not see.

use super::Shape;
use crate::spec::axes::Axes;
use crate::spec::describe::{Limits, choices, described};
use crate::spec::initializers::{GlorotUniform, Zeros};
use crate::spec::{Constraint, Initializer, Regularizer};

const COUNT: Limits = Limits::between(1.0, 65_536.0);
const WAVELENGTH: Limits = Limits::between(1.0, 1e9).logarithmic();

choices! {
    /// How well a query and a key fit.
    ScoreMode, "choice", "a score mode" {
        /// Their dot product.
        Dot = "dot", "Dot product";
        /// The sum of tanh(query + key).
        Concat = "concat", "Sum of tanh";
    }
}
described! {
    /// Every query takes a mean of the values, weighted by how well their keys fit it. Inputs: query, value, and key, if that
    /// is not the value; a single input looks at itself.
    Attention, "attention", "Attention" {
        /// Whether scores are multiplied with a number that is learned.
        use_scale: bool = false, "Use scale";
        /// How well a query and a key fit.
        score_mode: ScoreMode = ScoreMode::Dot, "Score mode", Limits::any().common();
        /// The share of the weights that is set to zero while training.
        dropout: f64 = 0.0, "Dropout", Limits::between(0.0, 1.0);
        /// Whether a step sees only steps that do not come after it.
        use_causal_mask: bool = false, "Causal", Limits::any().common();
        /// Whether the last input says which query sees which key: 0 where it does not.
        use_attention_mask: bool = false, "Attention mask";
        /// Whether the weights are a second output.
        return_attention_scores: bool = false, "Return attention scores";
    }
}
described! {
    /// Attention whose scores are sums of tanh(query + key), with a learned weight for every value. Inputs: query, value, and
    /// key, if that is not the value.
    AdditiveAttention, "additive_attention", "Additive attention" {
        /// Whether the values of a sum have weights that are learned.
        use_scale: bool = true, "Use scale";
        /// The share of the weights that is set to zero while training.
        dropout: f64 = 0.0, "Dropout", Limits::between(0.0, 1.0);
        /// Whether a step sees only steps that do not come after it.
        use_causal_mask: bool = false, "Causal", Limits::any().common();
        /// Whether the last input says which query sees which key: 0 where it does not.
        use_attention_mask: bool = false, "Attention mask";
        /// Whether the weights are a second output.
        return_attention_scores: bool = false, "Return attention scores";
    }
}

/// Attention of several heads: the arguments that both kinds have, behind their own.
macro_rules! of_heads {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                $($own)*
                /// Whether a step sees only steps that do not come after it.
                use_causal_mask: bool = false, "Causal", Limits::any().common();
                /// Whether the last input says which query sees which key: 0 where it does not.
                use_attention_mask: bool = false, "Attention mask";
                /// Whether the weights are a second output.
                return_attention_scores: bool = false, "Return attention scores";
                /// The share of the weights that is set to zero while training.
                dropout: f64 = 0.0, "Dropout", Limits::between(0.0, 1.0);
                /// Whether the projections have a bias.
                use_bias: bool = true, "Bias";
                /// How many steps away from a query a key may be at most, and itself; none for no limit.
                sliding_window: Option<usize> = None, "Sliding window", COUNT;
                /// Whether what comes of the attention is multiplied with gates that the query opens and closes.
                use_gate: bool = false, "Gate";
                /// Whether every head turns its queries and keys by their position (RoPE).
                use_rotary: bool = false, "Rotary positions";
                /// How the kernels of the projections begin.
                kernel_initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Kernel initializer";
                /// How the biases of the projections begin.
                bias_initializer: Initializer = Initializer::Zeros(Zeros {}), "Bias initializer";
                /// A penalty on the kernels of the projections.
                kernel_regularizer: Option<Regularizer> = None, "Kernel regularizer";
                /// A penalty on the biases of the projections.
                bias_regularizer: Option<Regularizer> = None, "Bias regularizer";
                /// A penalty on what each projection gives out, per row of the batch.
                activity_regularizer: Option<Regularizer> = None, "Activity regularizer";
                /// What the kernels are brought back to after every update.
                kernel_constraint: Option<Constraint> = None, "Kernel constraint";
                /// What the biases are brought back to after every update.
                bias_constraint: Option<Constraint> = None, "Bias constraint";
            }
        }
    };
}

of_heads! {
    /// Several attentions side by side, each with projections of its own, and a projection of all together. Inputs: query,
    /// value, and key, if that is not the value; a single input looks at itself.
    MultiHeadAttention, "multi_head_attention", "Multi-head attention" {
        /// How many attentions there are.
        num_heads: usize = 2, "Heads", COUNT.required().common();
        /// How many values a query and a key of one head have.
        key_dim: usize = 8, "Key size", COUNT.required().common();
        /// How many values a value of one head has; as many as a key if nothing is said.
        value_dim: Option<usize> = None, "Value size", COUNT;
        /// How many outputs every step has, or in what shape; as many as the query has inputs if nothing is said.
        output_shape: Option<Shape> = None, "Outputs";
        /// The axes whose places look at each other, the first behind the batch being 1; all but that of the values if nothing
        /// is said.
        attention_axes: Option<Axes> = None, "Attention axes";
    }
}
of_heads! {
    /// Multi-head attention in which several heads of queries share one of keys and values.
    GroupQueryAttention, "group_query_attention", "Grouped-query attention" {
        /// How many values a query, key or value of one head has.
        head_dim: usize = 8, "Head size", COUNT.required().common();
        /// How many heads of queries there are.
        num_query_heads: usize = 4, "Query heads", COUNT.required().common();
        /// How many heads of keys and values there are; a divisor of the heads of queries.
        num_key_value_heads: usize = 2, "Key and value heads", COUNT.required().common();
    }
}
described! {
    /// Adds to every step values that are learned for its position.
    PositionEmbedding, "position_embedding", "Position embedding" {
        /// How many positions there are; as many as steps if nothing is said.
        sequence_length: Option<usize> = None, "Length", COUNT;
        /// How the values begin.
        initializer: Initializer = Initializer::GlorotUniform(GlorotUniform {}), "Initializer";
    }
}
described! {
    /// Adds to every step sines and cosines of its position, in waves of different lengths.
    SinusoidalPositionEncoding, "sinusoidal_position_encoding", "Sinusoidal positions" {
        /// The length of the longest wave, over 2 pi.
        max_wavelength: f64 = 10_000.0, "Longest wave", WAVELENGTH;
    }
}
described! {
    /// Turns pairs of values by angles that grow with the position, so that products tell how far apart two steps are.
    RotaryEmbedding, "rotary_embedding", "Rotary positions" {
        /// The length of the longest wave, over 2 pi.
        max_wavelength: f64 = 10_000.0, "Longest wave", WAVELENGTH;
        /// What positions are divided by.
        scaling_factor: f64 = 1.0, "Scaling factor", Limits::between(0.001, 1000.0).logarithmic();
    }
}
