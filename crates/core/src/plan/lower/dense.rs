//! `dense`: a product over the last axis, `(..., inputs)` to `(..., units)`, with its activation fused where that is
//! possible.

use super::{Lower, Site, rows_and_cols};
use crate::error::Error;
use crate::ops::{self, Op};
use crate::plan::TensorId;
use crate::spec::{Activation, Constraint, Initializer, Regularizer, layers};
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
            is_transposed: false,
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

/// The weights of a product over the last axis.
pub(super) struct Projection<'a> {
    /// What the kernel is called.
    pub name: &'static str,
    /// Axes of the kernel: those of the inputs, then those of the units (before them when transposed).
    pub kernel: &'a [usize],
    /// Axes of the bias, if there is one.
    pub bias: Option<&'a [usize]>,
    /// Of kernel and bias.
    pub initializers: [&'a Initializer; 2],
    pub regularizers: [Option<&'a Regularizer>; 2],
    pub constraints: [Option<&'a Constraint>; 2],
    /// The kernel is `(units, inputs)`.
    pub is_transposed: bool,
}

impl Site<'_> {
    /// `x · kernel + bias` as a tensor of `shape`: the last axes of `x` are the inputs, those of the result the units.
    pub(super) fn product(
        &mut self,
        x: TensorId,
        shape: &[usize],
        units: usize,
        it: &Projection<'_>,
    ) -> Result<TensorId, Error> {
        let inputs = it.kernel.iter().product::<usize>() / units;
        let rows_each = self.shape(x).iter().product::<usize>() / inputs;
        let kernel = self.parameter(it.name, it.kernel, it.initializers[0], it.regularizers[0]);
        self.builder.parameters[kernel.0].row = if it.is_transposed { inputs } else { units };
        let bias = it.bias.map(|bias| {
            let bias = self.parameter("bias", bias, it.initializers[1], it.regularizers[1]);
            self.builder.parameters[bias.0].row = 1;
            bias
        });
        self.constrain(kernel, it.constraints[0])?;
        self.constrain_some(bias, it.constraints[1])?;
        let y = self.builder.tensor(shape);
        self.builder.push(Op::Dense(ops::Dense {
            x,
            y,
            kernel,
            bias,
            inputs,
            units,
            rows_each,
            is_transposed: it.is_transposed,
            activation: Kernel::Linear,
            d_sum: None,
        }));
        Ok(y)
    }
}
