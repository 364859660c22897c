//! `add` and `concatenate`: several inputs become one.

use super::{Lower, Site, shown};
use crate::error::Error;
use crate::ops::{self, Op};
use crate::plan::TensorId;
use crate::spec::layers;
use std::ops::RangeInclusive;

impl Lower for layers::Add {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        let shape = site.shape(x[0]);
        for (k, &other) in x.iter().enumerate().skip(1) {
            let found = site.shape(other);
            if found != shape {
                let expected = format!("the shape of the first input, {}", shown(&shape));
                return Err(site.mismatch(&format!("inputs[{k}]"), expected, &found));
            }
        }
        let y = site.builder.tensor(&shape);
        site.builder.push(Op::Add(ops::Add { x: x.to_vec(), y }));
        Ok(y)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=usize::MAX
    }
}

impl Lower for layers::Concatenate {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        let mut shape = site.shape(x[0]);
        let first = shown(&shape);
        let last = shape.len() - 1;
        shape[last] = 0;
        for (k, &part) in x.iter().enumerate() {
            let found = site.shape(part);
            if found.len() != shape.len() || found[..last] != shape[..last] {
                let expected = format!("the shape of the first input but for the last axis, {first}");
                return Err(site.mismatch(&format!("inputs[{k}]"), expected, &found));
            }
            shape[last] = shape[last].saturating_add(found[last]);
        }
        let y = site.builder.tensor(&shape);
        site.builder.push(Op::Concatenate(ops::Concatenate { x: x.to_vec(), y }));
        Ok(y)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=usize::MAX
    }
}
