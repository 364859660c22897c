//! `y = x + table`, the same table for every row of the batch: positions that are learned or fixed.

use super::Operation;
use crate::plan::{ParameterId, Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::{elementwise, reduce};

/// What is added.
#[derive(Clone, Debug)]
pub(crate) enum Positions {
    /// `(at least as many steps, width of a step)`
    Learned(ParameterId),
    /// `(width of a row)`
    Fixed(Vec<f32>),
}

#[derive(Clone, Debug)]
pub(crate) struct AddPositions {
    pub x: TensorId,
    pub y: TensorId,
    pub positions: Positions,
}

impl Operation for AddPositions {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn parameters(&self) -> Vec<ParameterId> {
        match self.positions {
            Positions::Learned(table) => vec![table],
            Positions::Fixed(_) => Vec::new(),
        }
    }

    fn passes_gradient_of(&self) -> Option<TensorId> {
        Some(self.y)
    }

    fn forward(&self, frame: &Frame<'_>) {
        let table = match &self.positions {
            Positions::Learned(table) => frame.parameter(*table),
            Positions::Fixed(table) => table,
        };
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        let width = frame.plan.tensor(self.y).width;
        for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
            elementwise::add(x, &table[..width], y);
        }
    }

    fn backward(&self, _: &Frame<'_>) {}

    fn weight_gradients(&self, frame: &Frame<'_>) {
        let Positions::Learned(table) = self.positions else { return };
        let Some(d_y) = frame.gradient_all(self.y) else { return };
        let Some((own, d_table)) = frame.parameter_gradient_mut(table) else { return };
        let tensor = frame.plan.tensor(self.y);
        let (width, cols) = (tensor.width, tensor.shape.last().copied().unwrap_or(1));
        // Rows beyond the steps that there are have no part in anything.
        let columns = (own.start * cols).min(width)..(own.end * cols).min(width);
        let (used, unused) = d_table.split_at_mut(columns.len());
        reduce::column_sums(frame.batch, width, d_y, columns, used);
        unused.fill(0.0);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
