//! `embedding` and `masking`: tokens as vectors, and which steps of a sequence count.

use super::dense::Projection;
use super::weights::weight;
use super::{Lower, Site};
use crate::error::{Code, Error};
use crate::ops::{self, Mask, Op};
use crate::plan::{TensorId, Tokens};
use crate::spec::{Activation, layers};

impl Lower for layers::Embedding {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let Some(features) = site.builder.drafts[x.0].features.clone() else {
            let expected = "tokens just as they enter: whole numbers from an input, or some of them";
            return Err(Error::new(Code::Mismatch, site.path("inputs"), expected, "what a layer computes")
                .hint("put the embedding first, behind layers that only cut out or move values, or give it an input layer of its own"));
        };
        site.builder.tokens.push(Tokens { features, count: self.input_dim });
        let steps = site.shape(x);
        let cols = self.output_dim;
        let size = [self.input_dim, cols];
        let table = site.weight("embeddings", &size, weight!(self, embeddings))?;
        let mask = self.mask_zero.then(|| site.builder.mask(&steps));
        let y = site.builder.tensor(&[&steps[..], &[cols]].concat());
        site.builder.push(Op::Embedding(ops::Embedding { x, y, mask, table, cols }));
        site.set_mask(y, mask);
        Ok(y)
    }
}

impl Lower for layers::ReversibleEmbedding {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        if site.owner.is_none() || site.builder.drafts[x.0].features.is_some() {
            let embedding = layers::Embedding {
                input_dim: self.input_dim,
                output_dim: self.output_dim,
                embeddings_initializer: self.embeddings_initializer.clone(),
                embeddings_regularizer: self.embeddings_regularizer.clone(),
                embeddings_constraint: self.embeddings_constraint.clone(),
                mask_zero: self.mask_zero,
            };
            return embedding.lower(site, inputs);
        }
        let mut shape = site.shape(x);
        let cols = shape.len() - 1;
        if shape[cols] != self.output_dim {
            let expected = format!("vectors of {} values, as the embedding has them", self.output_dim);
            return Err(site.mismatch("inputs", expected, &shape));
        }
        shape[cols] = self.input_dim;
        let table = Projection {
            name: "embeddings",
            kernel: &[self.input_dim, self.output_dim],
            bias: None,
            weights: [weight!(self, embeddings); 2],
            is_transposed: true,
        };
        let scores = site.product(x, &shape, self.input_dim, &table)?;
        let Some(cap) = self.logit_soft_cap else { return Ok(scores) };
        let small = site.scaled(scores, (1.0 / cap) as f32, 0.0);
        let held = site.activation(Activation::TANH, small)?;
        Ok(site.scaled(held, cap as f32, 0.0))
    }
}

impl Lower for layers::Masking {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let shape = site.shape(x);
        let [steps @ .., cols] = shape.as_slice() else { unreachable!("a tensor has at least one axis") };
        if steps.is_empty() {
            return Err(site.mismatch("inputs", "steps of several values, such as (10, 3)", &shape));
        }
        let (y, mask) = (site.builder.tensor(&shape), site.builder.mask(steps));
        site.builder.push(Op::Mask(Mask { x, y, mask, cols: *cols, value: self.mask_value as f32 }));
        site.set_mask(y, Some(mask));
        Ok(y)
    }
}
