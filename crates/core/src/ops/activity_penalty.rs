//! A penalty on a layer's output: `loss += (l1 sum |x| + l2 sum x^2) / batch rows`, as Keras' `activity_regularizer`.
//!
//! The values pass through unchanged, in the same memory; `d_x = d_y + (l1 sign(x) + 2 l2 x) / batch rows`.

use super::Operation;
use crate::arena::Span;
use crate::plan::{Plan, Room, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct ActivityPenalty {
    pub x: TensorId,
    pub y: TensorId,
    pub l1: f32,
    pub l2: f32,
    /// The penalty of each row, in the arena of values.
    pub row_penalty: Span,
}

impl Operation for ActivityPenalty {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn place(&mut self, room: &mut Room<'_>) {
        self.row_penalty = room.value_rows(1);
    }

    fn row_penalty(&self) -> Option<Span> {
        Some(self.row_penalty)
    }

    fn forward(&self, frame: &Frame<'_>) {
        let width = frame.plan.tensor(self.x).width;
        let penalties = frame.write_value_span(self.row_penalty.rows(&frame.rows, 1));
        for (penalty, row) in penalties.iter_mut().zip(frame.value(self.x).chunks_exact(width)) {
            *penalty = elementwise::penalty(self.l1, self.l2, row) as f32;
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        d_x.copy_from_slice(d_y);
        let share = 1.0 / frame.data_rows() as f32;
        elementwise::penalty_gradient(self.l1 * share, self.l2 * share, frame.value(self.x), d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        4 * plan.tensor(self.x).width as u64
    }
}
