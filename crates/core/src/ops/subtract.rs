//! `y = a - b`, value by value.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct Subtract {
    pub a: TensorId,
    pub b: TensorId,
    pub y: TensorId,
}

impl Operation for Subtract {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.a, &mut self.b]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        elementwise::sub(frame.value(self.a), frame.value(self.b), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient(self.y) else { return };
        if let Some(d_a) = frame.gradient_mut(self.a) {
            d_a.copy_from_slice(d_y);
        }
        if let Some(d_b) = frame.gradient_mut(self.b) {
            d_b.copy_from_slice(d_y);
            elementwise::scale(-1.0, d_b);
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
