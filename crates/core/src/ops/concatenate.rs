//! `y = [x_0, x_1, ...]` along the last axis.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct Concatenate {
    /// At least two.
    pub x: Vec<TensorId>,
    pub y: TensorId,
}

impl Concatenate {
    /// Every input with its number of columns and the first of its columns in `y`.
    fn places<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (TensorId, usize, usize)> + 'a {
        self.x.iter().scan(0, |next, &x| {
            let cols = plan.tensor(x).cols();
            let first = *next;
            *next += cols;
            Some((x, cols, first))
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
        let tensor = frame.plan.tensor(self.y);
        let rows = frame.rows.len() * tensor.rows_each();
        if rows == 0 {
            return;
        }
        let y = frame.value_mut(self.y);
        for (x, cols, first) in self.places(frame.plan) {
            elementwise::copy_block(rows, cols, frame.value(x), cols, &mut y[first..], tensor.cols());
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let tensor = frame.plan.tensor(self.y);
        let rows = frame.rows.len() * tensor.rows_each();
        let Some(d_y) = frame.gradient(self.y).filter(|_| rows > 0) else { return };
        for (x, cols, first) in self.places(frame.plan) {
            if let Some(d_x) = frame.gradient_mut(x) {
                elementwise::copy_block(rows, cols, &d_y[first..], tensor.cols(), d_x, cols);
            }
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        0
    }
}
