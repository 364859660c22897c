//! `y = exp(x) / sum exp(x)` over the last axis.
//!
//! Before a cross-entropy it is left out of training: the loss takes its input, the logits.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::softmax;

#[derive(Clone, Debug)]
pub(crate) struct Softmax {
    pub x: TensorId,
    pub y: TensorId,
    pub cols: usize,
    /// Rows of `cols` values that one row of the batch has.
    pub rows_each: usize,
}

impl Operation for Softmax {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let rows = frame.rows.len() * self.rows_each;
        softmax::forward(rows, self.cols, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let rows = frame.rows.len() * self.rows_each;
        softmax::backward(rows, self.cols, frame.value(self.y), d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        12 * plan.tensor(self.y).width as u64
    }
}
