//! `y = x_0 + x_1 + ...`. The gradients of all inputs are the gradient of `y`, in the same memory.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct Add {
    /// At least two.
    pub x: Vec<TensorId>,
    pub y: TensorId,
}

impl Operation for Add {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        self.x.iter_mut().collect()
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn passes_gradient_of(&self) -> Option<TensorId> {
        Some(self.y)
    }

    fn forward(&self, frame: &Frame<'_>) {
        let y = frame.value_mut(self.y);
        elementwise::add(frame.value(self.x[0]), frame.value(self.x[1]), y);
        for &x in &self.x[2..] {
            elementwise::axpy(1.0, frame.value(x), y);
        }
    }

    /// Nothing to do: see the head of this file.
    fn backward(&self, _: &Frame<'_>) {}

    fn flops(&self, plan: &Plan) -> u64 {
        (self.x.len() as u64 - 1) * plan.tensor(self.y).width as u64
    }
}
