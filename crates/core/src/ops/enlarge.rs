//! Images made larger, with values on straight lines between the pixels: see [`tabgrad_kernels::enlarge`].

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::enlarge;

#[derive(Clone, Debug)]
pub(crate) struct Enlarge {
    pub x: TensorId,
    pub y: TensorId,
    /// Height, width and channels of the input.
    pub size: [usize; 3],
    /// Of height and width.
    pub factors: [usize; 2],
}

impl Operation for Enlarge {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        enlarge::forward(self.size, self.factors, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        enlarge::backward(self.size, self.factors, d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        6 * plan.tensor(self.y).width as u64
    }
}
