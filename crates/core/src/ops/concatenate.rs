//! `y = [x_0, x_1, ...]` along an axis.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct Concatenate {
    /// At least two.
    pub x: Vec<TensorId>,
    pub y: TensorId,
    /// Values of `y` from that axis on: each block of so many is made of a block of every input.
    pub block: usize,
}

impl Concatenate {
    /// Blocks that a row of the batch has.
    fn blocks(&self, plan: &Plan) -> usize {
        plan.tensor(self.y).width / self.block
    }

    /// Every input with the size of its block and where that begins in a block of `y`.
    fn places<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (TensorId, usize, usize)> + 'a {
        let blocks = self.blocks(plan);
        self.x.iter().scan(0, move |next, &x| {
            let size = plan.tensor(x).width / blocks;
            let first = *next;
            *next += size;
            Some((x, size, first))
        })
    }
}

impl Operation for Concatenate {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        self.x.iter_mut().collect()
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let rows = frame.rows.len() * self.blocks(frame.plan);
        if rows == 0 {
            return;
        }
        let y = frame.value_mut(self.y);
        for (x, size, first) in self.places(frame.plan) {
            elementwise::copy_block(rows, size, frame.value(x), size, &mut y[first..], self.block);
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let rows = frame.rows.len() * self.blocks(frame.plan);
        let Some(d_y) = frame.gradient(self.y).filter(|_| rows > 0) else { return };
        for (x, size, first) in self.places(frame.plan) {
            if let Some(d_x) = frame.gradient_mut(x) {
                elementwise::copy_block(rows, size, &d_y[first..], self.block, d_x, size);
            }
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        0
    }
}
