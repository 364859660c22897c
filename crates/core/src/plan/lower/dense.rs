//! `dense`: a product over the last axis, `(..., inputs)` to `(..., units)`, with its activation fused where that is
//! possible.

use super::{Lower, Site, rows_and_cols};
use crate::error::Error;
use crate::ops::{self, Op};
use crate::plan::TensorId;
use crate::spec::{Activation, layers};
use tabgrad_kernels::activation::{Activation as Kernel, needs_input};

impl Lower for layers::Dense {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let mut shape = site.shape(x);
        let (rows_each, inputs) = rows_and_cols(&shape);
        if let Some(last) = shape.last_mut() {
            *last = self.units;
        }
        let regularizer = self.kernel_regularizer.as_ref();
        let kernel = site.parameter("kernel", &[inputs, self.units], &self.kernel_initializer, regularizer);
        let bias = self.use_bias.then(|| {
            site.parameter("bias", &[self.units], &self.bias_initializer, self.bias_regularizer.as_ref())
        });
        site.constrain(kernel, self.kernel_constraint.as_ref())?;
        site.constrain_some(bias, self.bias_constraint.as_ref())?;
        let fused = self.activation.kernel().filter(|&it| !needs_input(it) && !site.keep_apart);
        let y = site.builder.tensor(&shape);
        site.builder.push(Op::Dense(ops::Dense {
            x,
            y,
            kernel,
            bias,
            inputs,
            units: self.units,
            rows_each,
            activation: fused.unwrap_or(Kernel::Linear),
            d_sum: None,
        }));
        let y = if fused.is_some() { y } else { site.activation(self.activation, y)? };
        Ok(match &self.activity_regularizer {
            Some(regularizer) => site.activity_penalty(regularizer, y),
            None => y,
        })
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn outputs_argument(&self) -> Option<&'static str> {
        Some("units")
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
