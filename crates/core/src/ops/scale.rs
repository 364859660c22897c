//! `y = factor x + offset`.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct Scale {
    pub x: TensorId,
    pub y: TensorId,
    pub factor: f32,
    pub offset: f32,
}

impl Operation for Scale {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let y = frame.value_mut(self.y);
        y.fill(self.offset);
        elementwise::axpy(self.factor, frame.value(self.x), y);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        d_x.copy_from_slice(d_y);
        elementwise::scale(self.factor, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
