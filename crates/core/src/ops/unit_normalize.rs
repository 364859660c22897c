//! `y = x / max(|x|, epsilon)` over the last axis.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::unit;

#[derive(Clone, Debug)]
pub(crate) struct UnitNormalize {
    pub x: TensorId,
    pub y: TensorId,
    pub cols: usize,
    pub epsilon: f32,
}

impl Operation for UnitNormalize {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        unit::forward(self.cols, self.epsilon, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        unit::backward(self.cols, self.epsilon, frame.value(self.x), frame.value(self.y), d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        4 * plan.tensor(self.y).width as u64
    }
}
