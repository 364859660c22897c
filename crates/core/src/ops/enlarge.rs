//! Images made larger, with weighted means between the pixels: see [`tabgrad_kernels::enlarge`].

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::enlarge::{self, Axis};

#[derive(Clone, Debug)]
pub(crate) struct Enlarge {
    pub x: TensorId,
    pub y: TensorId,
    /// Height and width.
    pub axes: [Axis; 2],
    pub channels: usize,
}

impl Operation for Enlarge {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let [down, across] = &self.axes;
        enlarge::forward([down, across], self.channels, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let [down, across] = &self.axes;
        enlarge::backward([down, across], self.channels, d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        6 * plan.tensor(self.y).width as u64
    }
}
