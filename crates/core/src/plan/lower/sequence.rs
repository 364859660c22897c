//! `masking`: which steps of a sequence count.

use super::{Lower, Site};
use crate::error::Error;
use crate::ops::{Mask, Op};
use crate::plan::TensorId;
use crate::spec::layers;

impl Lower for layers::Masking {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        let shape = site.shape(x);
        let [steps @ .., cols] = shape.as_slice() else { unreachable!("a tensor has at least one axis") };
        if steps.is_empty() {
            return Err(site.mismatch("inputs", "steps of several values, such as (10, 3)", &shape));
        }
        let (y, mask) = (site.builder.tensor(&shape), site.builder.mask(steps));
        site.builder.push(Op::Mask(Mask { x, y, mask, cols: *cols, value: self.mask_value as f32 }));
        site.set_mask(y, Some(mask));
        Ok(y)
    }
}
