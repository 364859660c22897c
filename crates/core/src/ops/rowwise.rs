//! Activations that look at whole rows, beside softmax: see [`tabgrad_kernels::rowwise`].

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::rowwise;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowKind {
    LogSoftmax,
    Sparsemax,
    /// Half as many values come out.
    Glu,
}

#[derive(Clone, Debug)]
pub(crate) struct Rowwise {
    pub x: TensorId,
    pub y: TensorId,
    pub kind: RowKind,
    /// Of `y`.
    pub cols: usize,
    /// Rows of `cols` values that one row of the batch has.
    pub rows_each: usize,
}

impl Operation for Rowwise {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let run = match self.kind {
            RowKind::LogSoftmax => rowwise::log_softmax,
            RowKind::Sparsemax => rowwise::sparsemax,
            RowKind::Glu => rowwise::glu,
        };
        let rows = frame.rows.len() * self.rows_each;
        run(rows, self.cols, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let (x, y) = (frame.value(self.x), frame.value(self.y));
        let rows = frame.rows.len() * self.rows_each;
        match self.kind {
            RowKind::LogSoftmax => rowwise::log_softmax_backward(rows, self.cols, y, d_y, d_x),
            RowKind::Sparsemax => rowwise::sparsemax_backward(rows, self.cols, y, d_y, d_x),
            RowKind::Glu => rowwise::glu_backward(rows, self.cols, x, d_y, d_x),
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        12 * plan.tensor(self.y).width as u64
    }
}
