//! `batch_normalization`: over the last axis; the shape stays.

use super::{Lower, Site, rows_and_cols};
use crate::arena::Span;
use crate::error::Error;
use crate::ops::{BatchNormalize, Op};
use crate::plan::TensorId;
use crate::spec::{Initializer, initializers, layers};

impl Lower for layers::BatchNormalization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let shape = site.shape(x);
        let (rows_each, cols) = rows_and_cols(&shape);
        let ones = Initializer::Ones(initializers::Ones {});
        let zeros = Initializer::Zeros(initializers::Zeros {});
        let gamma = self.scale.then(|| site.parameter("gamma", &[cols], &ones, None));
        let beta = self.center.then(|| site.parameter("beta", &[cols], &zeros, None));
        let moving_mean = site.statistic("moving_mean", cols, 0.0);
        let moving_variance = site.statistic("moving_variance", cols, 1.0);
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
