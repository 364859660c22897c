//! An output that nothing reads, such as a state that is returned and not used: its gradient is zero.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;

#[derive(Clone, Debug)]
pub(crate) struct Unread {
    pub x: TensorId,
}

impl Operation for Unread {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        Vec::new()
    }

    fn forward(&self, _: &Frame<'_>) {}

    fn backward(&self, frame: &Frame<'_>) {
        if let Some(d_x) = frame.gradient_mut(self.x) {
            d_x.fill(0.0);
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        0
    }
}
