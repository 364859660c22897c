//! `dense`: a product over the last axis, `(..., inputs)` to `(..., units)`, with its activation fused where that is
//! possible.

use super::weights::{Weight, weight};
use super::{Lower, Site, rows_and_cols};
use crate::error::Error;
use crate::ops::{self, Op};
use crate::plan::{Cut, TensorId};
use crate::spec::{Activation, layers};
use tabgrad_kernels::activation::Activation as Kernel;

impl Lower for layers::Dense {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let mut shape = site.shape(x);
        let (rows_each, inputs) = rows_and_cols(&shape);
        if let Some(last) = shape.last_mut() {
            *last = self.units;
        }
        let kernel = site.weight("kernel", &[inputs, self.units], weight!(self, kernel))?;
        let bias = site.weight_if(self.use_bias, "bias", &[self.units], weight!(self, bias))?;
        let (own, later) = site.fused(self.activation);
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
            activation: own,
            d_sum: None,
        }));
        site.finish(y, later, self.activity_regularizer.as_ref())
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
    /// What the layer says of kernel and bias.
    pub weights: [Weight<'a>; 2],
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
        let kernel = self.weight(it.name, it.kernel, it.weights[0])?;
        let made = &mut self.builder.parameters[kernel.0];
        made.cut = Cut::by_rows(made.span.len, if it.is_transposed { inputs } else { units });
        if kernel.1.is_none() {
            // A twin begins as that of which it is one.
            made.fans = Some((inputs, units));
        }
        let bias = self.weight_if(it.bias.is_some(), "bias", it.bias.unwrap_or_default(), it.weights[1])?;
        if let Some(bias) = bias {
            let made = &mut self.builder.parameters[bias.0];
            made.cut = Cut::by_rows(made.span.len, 1);
        }
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
