//! Every head of every step turned by angles that its position says; the way back turns back.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::attention;

#[derive(Clone, Debug)]
pub(crate) struct Rotate {
    pub x: TensorId,
    pub y: TensorId,
    pub heads: usize,
    /// Planes of one head.
    pub half: usize,
    /// `(steps, half)`
    pub cos: Vec<f32>,
    pub sin: Vec<f32>,
}

impl Operation for Rotate {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        attention::rotate(self.heads, self.half, &self.cos, &self.sin, 1.0, x, y);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        attention::rotate(self.heads, self.half, &self.cos, &self.sin, -1.0, d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        3 * plan.tensor(self.y).width as u64
    }
}
