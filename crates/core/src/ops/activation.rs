//! `y = f(x)`, value by value.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::activation::{self, Activation};

#[derive(Clone, Debug)]
pub(crate) struct Activate {
    pub x: TensorId,
    pub y: TensorId,
    pub kind: Activation,
}

impl Operation for Activate {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        activation::forward(self.kind, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        activation::backward(self.kind, frame.value(self.x), frame.value(self.y), d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        // An exponential and a division, about.
        10 * plan.tensor(self.y).width as u64
    }
}
