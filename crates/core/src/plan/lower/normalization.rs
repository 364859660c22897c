//! `batch_normalization`: over the last axis; the shape stays.

use super::{Lower, Site, rows_and_cols};
use crate::arena::Span;
use crate::error::Error;
use crate::ops::{BatchNormalize, Op};
use crate::plan::TensorId;
use crate::spec::layers;

impl Lower for layers::BatchNormalization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let shape = site.shape(x);
        let (rows_each, cols) = rows_and_cols(&shape);
        let gamma = self.scale.then(|| {
            site.parameter("gamma", &[cols], &self.gamma_initializer, self.gamma_regularizer.as_ref())
        });
        let beta = self
            .center
            .then(|| site.parameter("beta", &[cols], &self.beta_initializer, self.beta_regularizer.as_ref()));
        site.constrain_some(gamma, self.gamma_constraint.as_ref())?;
        site.constrain_some(beta, self.beta_constraint.as_ref())?;
        let moving_mean = site.statistic("moving_mean", cols, &self.moving_mean_initializer);
        let moving_variance = site.statistic("moving_variance", cols, &self.moving_variance_initializer);
        let y = site.builder.tensor(&shape);
        site.builder.push(Op::BatchNormalize(BatchNormalize {
            x,
            y,
            cols,
            rows_each,
            gamma,
            beta,
            moving_mean,
            moving_variance,
            mean: Span::default(),
            variance: Span::default(),
            d_gamma: Span::default(),
            d_beta: Span::default(),
            epsilon: self.epsilon as f32,
            momentum: self.momentum as f32,
            frozen: !site.layer.trainable,
        }));
        Ok(y)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
