//! `time_distributed`: a layer that takes every step of a sequence as a row of its own.
//!
//! Nothing is moved for that: steps lie in memory as rows do. To the ops of the inner layer, a batch has as many rows as it has
//! steps ([`crate::program::Frame::repeated`]), with one set of weights.

use super::{Lower, Site};
use crate::error::{Code, Error};
use crate::ops::{Op, Reshape};
use crate::plan::TensorId;
use crate::spec::layers;

impl Lower for layers::TimeDistributed {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let shape = site.shape(inputs[0]);
        if shape.len() < 2 {
            return Err(site.mismatch("inputs", "steps of several values, such as (10, 3)", &shape));
        }
        if !self.layer.lowering().arity().contains(&1) {
            let (path, found) = (site.path("layer"), format!("{:?}", self.layer.type_name()));
            return Err(Error::new(Code::Mismatch, path, "a layer that takes one input", found));
        }
        site.as_rows(&[shape[0]], inputs, |site, steps| {
            site.for_part(self.layer.type_name(), "layer.").lower(self.layer.lowering(), steps)
        })
    }

    fn passes_mask(&self) -> bool {
        true
    }

    fn further_outputs(&self) -> Vec<String> {
        self.layer.lowering().further_outputs()
    }
}

impl Site<'_> {
    /// Lowers something within which each index of the first axes of `inputs`, which are of the sizes `leading`, is a row of
    /// its own. The output has them in front again.
    pub(super) fn as_rows(
        &mut self,
        leading: &[usize],
        inputs: &[TensorId],
        lower: impl FnOnce(&mut Self, &[TensorId]) -> Result<TensorId, Error>,
    ) -> Result<TensorId, Error> {
        let outside = self.builder.times;
        let times = leading.iter().fold(outside, |times, size| times.saturating_mul(*size));
        let rows: Vec<TensorId> = inputs
            .iter()
            .map(|&x| {
                let shape = self.shape(x).split_off(leading.len());
                self.regrouped(x, &shape, times)
            })
            .collect();
        self.builder.times = times;
        let others = self.builder.further.len();
        let y = lower(self, &rows);
        self.builder.times = outside;
        let y = y?;
        for made in self.builder.further.split_off(others) {
            let shape = [leading, &self.shape(made)].concat();
            let made = self.regrouped(made, &shape, outside);
            self.also(made);
        }
        let shape = [leading, &self.shape(y)].concat();
        Ok(self.regrouped(y, &shape, outside))
    }

    /// Another name for `x`, with so many rows of that shape for each of the batch.
    fn regrouped(&mut self, x: TensorId, shape: &[usize], times: usize) -> TensorId {
        let y = self.builder.alias(x, shape);
        self.builder.drafts[y.0].times = times;
        self.builder.push(Op::Reshape(Reshape { x, y }));
        y
    }
}
