//! `input` and `flatten`: the same values under another shape.

use super::{Lower, Site};
use crate::error::Error;
use crate::ops::{Op, Reshape};
use crate::plan::{TensorId, volume};
use crate::spec::layers;

impl Lower for layers::Input {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        if let (Some(columns), Some(shape)) = (site.columns.clone(), &self.shape) {
            let part = site.rearrange(x, &[columns.map(Some).collect()]);
            return Ok(site.reshape(part, &shape.0));
        }
        let data = site.shape(x);
        let Some(shape) = &self.shape else { return Ok(site.reshape(x, &data)) };
        if volume(&shape.0) != volume(&data) {
            let expected = format!("a shape of {} values, as many as the data have features", volume(&data));
            return Err(site.mismatch("shape", expected, &shape.0));
        }
        Ok(site.reshape(x, &shape.0))
    }
}

impl Lower for layers::Flatten {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let len = volume(&site.shape(inputs[0]));
        Ok(site.reshape(inputs[0], &[len]))
    }
}

impl Site<'_> {
    /// Another name and shape for `x`.
    pub(super) fn reshape(&mut self, x: TensorId, shape: &[usize]) -> TensorId {
        let y = self.builder.alias(x, shape);
        self.builder.push(Op::Reshape(Reshape { x, y }));
        y
    }
}
