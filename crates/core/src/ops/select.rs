//! `y = a` at steps that count, `y = b` at the others.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;

#[derive(Clone, Debug)]
pub(crate) struct Select {
    /// `(steps)`, 1 for those that count.
    pub mask: TensorId,
    pub a: TensorId,
    pub b: TensorId,
    pub y: TensorId,
    /// Values of a step.
    pub cols: usize,
}

impl Select {
    /// Copies the steps of `from` that count, or those that do not; the others are left as they are.
    fn copy(&self, mask: &[f32], that_count: bool, from: &[f32], to: &mut [f32]) {
        let steps = from.chunks_exact(self.cols).zip(to.chunks_exact_mut(self.cols));
        for ((from, to), _) in steps.zip(mask).filter(|(_, mask)| (**mask != 0.0) == that_count) {
            to.copy_from_slice(from);
        }
    }
}

impl Operation for Select {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.mask, &mut self.a, &mut self.b]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (mask, y) = (frame.value(self.mask), frame.value_mut(self.y));
        self.copy(mask, true, frame.value(self.a), y);
        self.copy(mask, false, frame.value(self.b), y);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), mask) = (frame.gradient(self.y), frame.value(self.mask)) else { return };
        for (side, that_count) in [(self.a, true), (self.b, false)] {
            if let Some(d_x) = frame.gradient_mut(side) {
                d_x.fill(0.0);
                self.copy(mask, that_count, d_y, d_x);
            }
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
