//! The mean over the steps of a sequence that its mask lets count: `y = sum of mask * x / sum of mask`; 0 where none does.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::masking;

#[derive(Clone, Debug)]
pub(crate) struct MaskedMean {
    /// `(steps, channels)`
    pub x: TensorId,
    /// `(steps)`, 0 or 1.
    pub mask: TensorId,
    /// `(channels)`
    pub y: TensorId,
    pub steps: usize,
    pub channels: usize,
}

impl Operation for MaskedMean {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x, &mut self.mask]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        masking::mean(self.steps, self.channels, frame.value(self.mask), x, y);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        masking::mean_backward(self.steps, self.channels, frame.value(self.mask), d_y, d_x);
    }

    fn flops(&self, _: &Plan) -> u64 {
        2 * (self.steps * self.channels) as u64
    }
}
