//! `y = a * b`, value by value.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct Multiply {
    pub a: TensorId,
    pub b: TensorId,
    pub y: TensorId,
}

impl Operation for Multiply {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.a, &mut self.b]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        elementwise::mul(frame.value(self.a), frame.value(self.b), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient(self.y) else { return };
        for (own, other) in [(self.a, self.b), (self.b, self.a)] {
            if let Some(d_own) = frame.gradient_mut(own) {
                elementwise::mul(d_y, frame.value(other), d_own);
            }
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
