//! `y = max(a, b)` or `min(a, b)`, value by value. Where both are the one, each gets half of the gradient.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct Extreme {
    pub a: TensorId,
    pub b: TensorId,
    pub y: TensorId,
    /// The maximum, not the minimum.
    pub largest: bool,
}

impl Operation for Extreme {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.a, &mut self.b]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        elementwise::extreme(self.largest, frame.value(self.a), frame.value(self.b), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient(self.y) else { return };
        for (own, other) in [(self.a, self.b), (self.b, self.a)] {
            if let Some(d_own) = frame.gradient_mut(own) {
                let (own, other) = (frame.value(own), frame.value(other));
                elementwise::extreme_gradient(self.largest, own, other, d_y, d_own);
            }
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
