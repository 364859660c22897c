//! Steps whose values are all one given number do not count: `y = x` there 0, and a mask that says which they are.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::masking;

#[derive(Clone, Debug)]
pub(crate) struct Mask {
    pub x: TensorId,
    pub y: TensorId,
    /// `(steps)`, 1 for those that count.
    pub mask: TensorId,
    /// Values of a step.
    pub cols: usize,
    /// What the values of a step that does not count are.
    pub value: f32,
}

impl Operation for Mask {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y, self.mask]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (x, y, mask) = (frame.value(self.x), frame.value_mut(self.y), frame.value_mut(self.mask));
        masking::forward(self.cols, self.value, x, y, mask);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        masking::backward(self.cols, frame.value(self.mask), d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.x).width as u64
    }
}
