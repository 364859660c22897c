//! Layers about the steps of a sequence: tokens as vectors, and which steps count.

use crate::spec::describe::{Limits, described};
use crate::spec::initializers::RandomUniform;
use crate::spec::{Constraint, Initializer, Regularizer};

/// A table of vectors: the arguments that both have, then its own.
macro_rules! of_tokens {
    ($(#[doc = $doc:literal])+ $Name:ident, $type:literal, $label:literal { $($own:tt)* }) => {
        described! {
            $(#[doc = $doc])+
            $Name, $type, $label {
                /// How many tokens there are.
                input_dim: usize = 100, "Tokens", Limits::between(1.0, 1_048_576.0).required().common();
                /// How many values a vector has.
                output_dim: usize = 16, "Values", Limits::between(1.0, 65_536.0).required().common();
                /// How the vectors begin.
                embeddings_initializer: Initializer = Initializer::RandomUniform(RandomUniform::default()), "Embeddings initializer";
                /// A penalty on the vectors.
                embeddings_regularizer: Option<Regularizer> = None, "Embeddings regularizer";
                /// What the vectors are brought back to after every update.
                embeddings_constraint: Option<Constraint> = None, "Embeddings constraint";
                /// Whether token 0 means that there is none, so that recurrent and attention layers pass over it.
                mask_zero: bool = false, "Mask zero", Limits::any().common();
                $($own)*
            }
        }
    };
}

of_tokens! {
    /// A vector for every token, which is learned; tokens are whole numbers from 0.
    Embedding, "embedding", "Embedding" {}
}
of_tokens! {
    /// An embedding that a later layer shares to turn vectors back into scores of tokens: there, where it takes what a layer
    /// computes, it is a product with its own table.
    ReversibleEmbedding, "reversible_embedding", "Reversible embedding" {
        /// Scores, where there are any, are held between this and its negative by a tanh.
        logit_soft_cap: Option<f64> = None, "Soft cap of scores", Limits::at_least(1e-6);
    }
}
described! {
    /// Steps whose values are all this number do not count: recurrent and attention layers pass over them.
    Masking, "masking", "Masking" {
        /// The number that fills the steps that are not there.
        mask_value: f64 = 0.0, "Mask value", Limits::any().common();
    }
}
