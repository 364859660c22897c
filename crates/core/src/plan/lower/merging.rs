//! Several inputs become one: value by value, side by side, or as products of their vectors.

use super::{Lower, Site, shown};
use crate::error::{Code, Error};
use crate::ops::{self, Op};
use crate::plan::{TensorId, volume};
use crate::spec::layers;
use std::ops::RangeInclusive;

/// Two inputs or more.
const SEVERAL: RangeInclusive<usize> = 2..=usize::MAX;

impl Lower for layers::Add {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        let x = site.alike(x)?;
        let y = site.sum(x.clone());
        site.join_masks(&x, y);
        Ok(y)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        SEVERAL
    }
}

impl Site<'_> {
    /// `factor x + offset`
    pub(super) fn scaled(&mut self, x: TensorId, factor: f32, offset: f32) -> TensorId {
        let y = self.like(x);
        self.builder.push(Op::Scale(ops::Scale { x, y, factor, offset }));
        y
    }
}

impl Lower for layers::Average {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        let x = site.alike(x)?;
        let factor = 1.0 / x.len() as f32;
        let sum = site.sum(x.clone());
        let y = site.scaled(sum, factor, 0.0);
        site.join_masks(&x, y);
        Ok(y)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        SEVERAL
    }
}

impl Lower for layers::Subtract {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        let x = site.alike(x)?;
        let y = site.pairwise(&x, |a, b, y| Op::Subtract(ops::Subtract { a, b, y }));
        site.join_masks(&x, y);
        Ok(y)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=2
    }
}

impl Lower for layers::Multiply {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        let x = site.alike(x)?;
        let mut factors = Vec::with_capacity(x.len());
        for &x in &x {
            // What does not count changes nothing.
            factors.push(match site.steps_that_count(x) {
                Some(mask) => {
                    let one = site.like(x);
                    site.builder.push(Op::Fill(ops::Fill { y: one, value: 1.0 }));
                    site.select(mask, x, one)
                }
                None => x,
            });
        }
        let y = site.pairwise(&factors, |a, b, y| Op::Multiply(ops::Multiply { a, b, y }));
        site.join_masks(&x, y);
        Ok(y)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        SEVERAL
    }
}

impl Lower for layers::Maximum {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        site.extreme(x, true)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        SEVERAL
    }
}

impl Lower for layers::Minimum {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        site.extreme(x, false)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        SEVERAL
    }
}

impl Lower for layers::Concatenate {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        let mut shape = site.shape(x[0]);
        let first = shown(&shape);
        let axis = site.axis("axis", &self.axis, 0, shape.len())?;
        shape[axis] = 0;
        for (k, &part) in x.iter().enumerate() {
            let mut found = site.shape(part);
            let size = found.get(axis).copied().unwrap_or_default();
            if let Some(size) = found.get_mut(axis) {
                *size = shape[axis];
            }
            if found != shape {
                let expected = if axis + 1 == shape.len() {
                    format!("the shape of the first input but for the last axis, {first}")
                } else {
                    format!("the shape of the first input but for axis {}, {first}", axis + 1)
                };
                let found = site.shape(part);
                return Err(site.mismatch(&format!("inputs[{k}]"), expected, &found));
            }
            shape[axis] = shape[axis].saturating_add(size);
        }
        let y = site.builder.tensor(&shape);
        let block = volume(&shape[axis..]);
        site.builder.push(Op::Concatenate(ops::Concatenate { x: x.to_vec(), y, block }));
        if shape.len() > 1 && axis + 1 == shape.len() {
            site.join_masks(x, y);
        } else if axis == 0 && shape.len() > 1 {
            site.concatenate_masks(x, y);
        }
        Ok(y)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        SEVERAL
    }
}

impl Lower for layers::Dot {
    fn lower(&self, site: &mut Site<'_>, x: &[TensorId]) -> Result<TensorId, Error> {
        let mut shape = Vec::new();
        let mut sides = Vec::new();
        for (which, &x) in x.iter().enumerate() {
            let found = site.shape(x);
            let axis = site.axis("axes", &self.axes, which, found.len())?;
            let size = found[axis];
            let mut others: Vec<usize> = (0..found.len()).filter(|&it| it != axis).collect();
            shape.extend(others.iter().map(|&it| found[it]));
            let count = volume(&found) / size;
            others.push(axis);
            let mut x = site.transposed(x, &others);
            if self.normalize {
                let y = site.like(x);
                site.builder.push(Op::UnitNormalize(ops::UnitNormalize { x, y, cols: size, epsilon: 1e-7 }));
                x = y;
            }
            sides.push((x, count, size));
        }
        let [(a, m, k), (b, n, other)] = sides[..] else { unreachable!("two inputs, by the arity") };
        if k != other {
            let expected = format!("axes of one size; that of the first input is {k}");
            return Err(Error::new(Code::Mismatch, site.path("axes"), expected, other.to_string()));
        }
        if shape.is_empty() {
            shape.push(1);
        }
        let y = site.builder.tensor(&shape);
        site.builder.push(Op::Dot(ops::Dot { a, b, y, m, n, k }));
        Ok(y)
    }

    fn arity(&self) -> RangeInclusive<usize> {
        2..=2
    }
}

impl Site<'_> {
    /// A new tensor of the shape of another one.
    pub(super) fn like(&mut self, x: TensorId) -> TensorId {
        let shape = self.shape(x);
        self.builder.tensor(&shape)
    }

    fn sum(&mut self, x: Vec<TensorId>) -> TensorId {
        let y = self.like(x[0]);
        self.builder.push(Op::Add(ops::Add { x, y }));
        y
    }

    /// Inputs of one shape one after the other, each joined to what those before it gave.
    fn pairwise(&mut self, x: &[TensorId], op: impl Fn(TensorId, TensorId, TensorId) -> Op) -> TensorId {
        let mut y = x[0];
        for &next in &x[1..] {
            let joined = self.like(y);
            self.builder.push(op(y, next, joined));
            y = joined;
        }
        y
    }

    /// The largest or smallest values of several inputs, among those at steps that count.
    fn extreme(&mut self, x: &[TensorId], largest: bool) -> Result<TensorId, Error> {
        let x = self.alike(x)?;
        let (mut y, mut mask) = (x[0], self.steps_that_count(x[0]));
        for &next in &x[1..] {
            let own = self.steps_that_count(next);
            let b = own.map_or(next, |own| self.select(own, next, y));
            let a = mask.map_or(y, |mask| self.select(mask, y, b));
            y = self.like(a);
            self.builder.push(Op::Extreme(ops::Extreme { a, b, y, largest }));
            mask = match (mask, own) {
                (Some(before), Some(own)) => Some(self.either(before, own)),
                _ => None,
            };
        }
        self.set_mask(y, mask);
        Ok(y)
    }

    /// The mask of a tensor, if it is one for all but its last axis.
    fn steps_that_count(&self, x: TensorId) -> Option<TensorId> {
        let shape = self.builder.shape(x);
        self.mask(x)
            .filter(|&mask| Some(self.builder.shape(mask)) == shape.split_last().map(|(_, steps)| steps))
    }

    /// `a` at steps that count, `b` at the others.
    fn select(&mut self, mask: TensorId, a: TensorId, b: TensorId) -> TensorId {
        let cols = self.shape(a).last().copied().unwrap_or(1);
        let y = self.like(a);
        self.builder.push(Op::Select(ops::Select { mask, a, b, y, cols }));
        y
    }

    /// The steps that count in one of two masks of one shape.
    fn either(&mut self, a: TensorId, b: TensorId) -> TensorId {
        if a == b {
            return a;
        }
        let y = self.builder.mask(&self.shape(a));
        self.builder.push(Op::Extreme(ops::Extreme { a, b, y, largest: true }));
        y
    }

    /// The inputs with one shape: missing axes in front and axes of size 1 are repeated, as Keras broadcasts them.
    fn alike(&mut self, x: &[TensorId]) -> Result<Vec<TensorId>, Error> {
        let shapes: Vec<Vec<usize>> = x.iter().map(|&x| self.shape(x)).collect();
        let rank = shapes.iter().map(Vec::len).max().unwrap_or_default();
        let widened: Vec<Vec<usize>> =
            shapes.iter().map(|shape| [&vec![1; rank - shape.len()][..], shape].concat()).collect();
        let mut common = vec![1; rank];
        for (k, shape) in widened.iter().enumerate() {
            for (all, &size) in common.iter_mut().zip(shape) {
                if *all == 1 {
                    *all = size;
                } else if size != 1 && size != *all {
                    let expected =
                        format!("a shape that goes with that of the first input, {}", shown(&shapes[0]));
                    return Err(self.mismatch(&format!("inputs[{k}]"), expected, &shapes[k]));
                }
            }
        }
        let mut alike = Vec::with_capacity(x.len());
        for ((&x, shape), widened) in x.iter().zip(&shapes).zip(&widened) {
            let mask = self.mask(x);
            let y = if *shape == common { x } else { self.repeated(x, widened, &common) };
            if y != x {
                self.set_mask(y, mask);
            }
            alike.push(y);
        }
        Ok(alike)
    }

    /// Steps count that count in one of the inputs; all count when one input has no mask.
    fn join_masks(&mut self, x: &[TensorId], y: TensorId) {
        let Some(masks) = x.iter().map(|&x| self.mask(x)).collect::<Option<Vec<TensorId>>>() else { return };
        let mut all = masks[0];
        for &mask in &masks[1..] {
            if self.shape(mask) != self.shape(all) {
                return;
            }
            all = self.either(all, mask);
        }
        self.set_mask(y, Some(all));
    }

    /// Along the steps, masks are put together as the values are; of an input without one, every step counts.
    fn concatenate_masks(&mut self, x: &[TensorId], y: TensorId) {
        let Some(some) = x.iter().find_map(|&x| self.mask(x)) else { return };
        let mut steps = self.shape(some);
        let mut masks = Vec::with_capacity(x.len());
        for &x in x {
            masks.push(match self.mask(x) {
                Some(mask) => mask,
                None => {
                    steps[0] = self.shape(x)[0];
                    let mask = self.builder.mask(&steps);
                    self.builder.push(Op::Fill(ops::Fill { y: mask, value: 1.0 }));
                    mask
                }
            });
        }
        steps[0] = masks.iter().map(|&mask| self.shape(mask)[0]).sum();
        let all = self.builder.mask(&steps);
        let block = volume(&steps);
        self.builder.push(Op::Concatenate(ops::Concatenate { x: masks, y: all, block }));
        self.set_mask(y, Some(all));
    }
}
