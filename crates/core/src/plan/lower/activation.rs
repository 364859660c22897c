//! `activation`, and the activations of other layers where they are ops of their own.

use super::{Lower, Site, rows_and_cols};
use crate::error::Error;
use crate::ops::{Activate, Op, Softmax};
use crate::plan::TensorId;
use crate::spec::{Activation, layers};

impl Lower for layers::ActivationLayer {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        Ok(site.activation(self.activation, inputs[0]))
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.activation)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Site<'_> {
    /// `f(x)`; `x` itself for linear.
    pub(super) fn activation(&mut self, activation: Activation, x: TensorId) -> TensorId {
        if activation == Activation::Linear {
            return x;
        }
        let shape = self.shape(x);
        let y = self.builder.tensor(&shape);
        let (rows_each, cols) = rows_and_cols(&shape);
        self.builder.push(match activation.kernel() {
            Some(kind) => Op::Activate(Activate { x, y, kind }),
            None => Op::Softmax(Softmax { x, y, cols, rows_each }),
        });
        y
    }
}
