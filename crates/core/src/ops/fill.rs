//! `y` is one number everywhere: the mask of an input of which every step counts, where others have masks.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;

#[derive(Clone, Debug)]
pub(crate) struct Fill {
    pub y: TensorId,
    pub value: f32,
}

impl Operation for Fill {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        Vec::new()
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        frame.value_mut(self.y).fill(self.value);
    }

    fn backward(&self, _: &Frame<'_>) {}

    fn flops(&self, _: &Plan) -> u64 {
        0
    }
}
