//! One tensor read by several ops: each gets a copy in name only (the same values, a gradient of its own), and
//! `d_x = d_y_0 + d_y_1 + ...`.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct Fork {
    pub x: TensorId,
    /// At least two.
    pub y: Vec<TensorId>,
}

impl Operation for Fork {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        self.y.clone()
    }

    /// Nothing to do: the values are shared.
    fn forward(&self, _: &Frame<'_>) {}

    fn backward(&self, frame: &Frame<'_>) {
        let Some(d_x) = frame.gradient_mut(self.x) else { return };
        let (Some(first), Some(second)) = (frame.gradient(self.y[0]), frame.gradient(self.y[1])) else {
            return;
        };
        elementwise::add(first, second, d_x);
        for d_y in self.y[2..].iter().filter_map(|&y| frame.gradient(y)) {
            elementwise::axpy(1.0, d_y, d_x);
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        (self.y.len() as u64 - 1) * plan.tensor(self.x).width as u64
    }
}
