//! Values of one row in other places: transposed, repeated, cropped, padded, enlarged, broadcast. See
//! [`tabgrad_kernels::rearrange`] for what `axes` and `run` say.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::rearrange;

#[derive(Clone, Debug)]
pub(crate) struct Rearrange {
    pub x: TensorId,
    pub y: TensorId,
    /// For every axis of `y`, how far each of its indices stands into a row of `x`.
    pub axes: Vec<Vec<u32>>,
    /// Values that stay side by side.
    pub run: usize,
}

impl Operation for Rearrange {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (from, to) = (frame.plan.tensor(self.x).width, frame.plan.tensor(self.y).width);
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        rearrange::forward(&self.axes, self.run, from, to, x, y);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let (to, from) = (frame.plan.tensor(self.x).width, frame.plan.tensor(self.y).width);
        rearrange::backward(&self.axes, self.run, to, from, d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
