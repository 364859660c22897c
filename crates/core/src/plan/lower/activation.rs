//! `activation`, and the activations of other layers where they are ops of their own.

use super::{Lower, Site, rows_and_cols};
use crate::error::Error;
use crate::ops::{Activate, Op, RowKind, Rowwise, Softmax};
use crate::plan::TensorId;
use crate::spec::{Activation, layers};

impl Lower for layers::ActivationLayer {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        site.activation(self.activation, inputs[0])
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Site<'_> {
    /// `f(x)`; `x` itself for linear. The gated linear unit takes two values for each that it gives.
    pub(super) fn activation(&mut self, activation: Activation, x: TensorId) -> Result<TensorId, Error> {
        if activation == Activation::Linear {
            return Ok(x);
        }
        let mut shape = self.shape(x);
        if activation == Activation::Glu {
            let last = shape.last().copied().unwrap_or(1);
            if !last.is_multiple_of(2) {
                let expected = "an even number of values to be gated, twice as many as are to come out";
                return Err(self.mismatch("activation", expected, &shape));
            }
            shape.pop();
            shape.push(last / 2);
        }
        let y = self.builder.tensor(&shape);
        let (rows_each, cols) = rows_and_cols(&shape);
        let rowwise = |kind| Op::Rowwise(Rowwise { x, y, kind, cols, rows_each });
        self.builder.push(match activation.kernel() {
            Some(kind) => Op::Activate(Activate { x, y, kind }),
            None => match activation {
                Activation::LogSoftmax => rowwise(RowKind::LogSoftmax),
                Activation::Sparsemax => rowwise(RowKind::Sparsemax),
                Activation::Glu => rowwise(RowKind::Glu),
                _ => Op::Softmax(Softmax { x, y, cols, rows_each }),
            },
        });
        Ok(y)
    }
}
