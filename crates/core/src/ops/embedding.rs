//! `y = table[x]`: a row of the table for every token. Tokens were checked when the data came in.
//!
//! A thread makes the gradient of its own rows of the table: it goes through all tokens of the batch and adds up what
//! belongs to its rows, so that every row is one sum in the order of the batch.

use super::Operation;
use crate::plan::{ParameterId, Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::{embedding, masking};

#[derive(Clone, Debug)]
pub(crate) struct Embedding {
    /// Tokens: whole numbers.
    pub x: TensorId,
    pub y: TensorId,
    /// 1 where the token is not 0.
    pub mask: Option<TensorId>,
    /// `(tokens, cols)`
    pub table: ParameterId,
    pub cols: usize,
}

impl Operation for Embedding {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        [Some(self.y), self.mask].into_iter().flatten().collect()
    }

    fn parameters(&self) -> Vec<ParameterId> {
        vec![self.table]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let tokens = frame.value(self.x);
        embedding::forward(self.cols, frame.parameter(self.table), tokens, frame.value_mut(self.y));
        if let Some(mask) = self.mask {
            masking::nonzero(tokens, frame.value_mut(mask));
        }
    }

    /// Nothing to do: tokens have no gradient.
    fn backward(&self, _: &Frame<'_>) {}

    fn weight_gradients(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient_all(self.y) else { return };
        if let Some((own, d_table)) = frame.parameter_gradient_mut(self.table) {
            embedding::table_gradient(self.cols, frame.value_all(self.x), d_y, own, d_table);
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
