//! `dropout` and penalties on what a layer gives out: the shape stays.

use super::{Lower, Site};
use crate::arena::Span;
use crate::error::Error;
use crate::ops::{self, ActivityPenalty, Op};
use crate::plan::TensorId;
use crate::spec::{Regularizer, layers};

impl Lower for layers::Dropout {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let shape = site.shape(x);
        let y = site.builder.tensor(&shape);
        let lane = site.builder.dropouts;
        site.builder.dropouts += 1;
        site.builder.push(Op::Dropout(ops::Dropout { x, y, rate: self.rate as f32, lane }));
        Ok(y)
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Site<'_> {
    /// `x` with a penalty on it in the loss.
    pub(super) fn activity_penalty(&mut self, regularizer: &Regularizer, x: TensorId) -> TensorId {
        let (l1, l2) = regularizer.factors();
        let shape = self.shape(x);
        let y = self.builder.alias(x, &shape);
        let row_penalty = Span::default();
        self.builder.push(Op::ActivityPenalty(ActivityPenalty { x, y, l1, l2, row_penalty }));
        y
    }
}
