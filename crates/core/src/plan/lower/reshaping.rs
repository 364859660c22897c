//! The same values under another shape or in other places: input, flatten, reshape, permute, cropping, padding, ...

use super::{Lower, Site, shown};
use crate::error::{Code, Error};
use crate::ops::{Enlarge, Op, Reshape};
use crate::plan::{Features, TensorId, volume};
use crate::spec::layers::{self, Interpolation};
use tabgrad_kernels::enlarge::{Axis, Curve};

impl Lower for layers::Input {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let x = inputs[0];
        if let (Some(columns), Some(shape)) = (site.columns.clone(), &self.shape) {
            let part = site.rearrange(x, &[columns.clone().map(Some).collect()]);
            site.builder.drafts[part.0].features = Some(Features::Neighbours(columns));
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

impl Lower for layers::Reshape {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let found = site.shape(inputs[0]);
        let values = volume(&found);
        let known = volume(&self.target_shape.0.iter().flatten().copied().collect::<Vec<_>>());
        let is_open = self.target_shape.0.contains(&None);
        let fits = if is_open { values.is_multiple_of(known) } else { values == known };
        if !fits {
            let expected = if is_open {
                format!("sizes whose product divides {values}, the values of {}", shown(&found))
            } else {
                format!("a shape of {values} values, as many as {} has", shown(&found))
            };
            return Err(Error::new(Code::Mismatch, site.path("target_shape"), expected, known.to_string()));
        }
        let shape: Vec<usize> =
            self.target_shape.0.iter().map(|size| size.unwrap_or(values / known)).collect();
        Ok(site.reshape(inputs[0], &shape))
    }
}

impl Lower for layers::Permute {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let rank = site.shape(inputs[0]).len();
        let mut sorted = self.dims.0.clone();
        sorted.sort_unstable();
        if !sorted.iter().copied().eq(1..=rank as i32) {
            let expected = format!("every axis from 1 to {rank} once");
            let found = format!("{:?}", self.dims.0);
            return Err(Error::new(Code::Mismatch, site.path("dims"), expected, found));
        }
        let order: Vec<usize> = self.dims.0.iter().map(|&dim| dim as usize - 1).collect();
        Ok(site.transposed(inputs[0], &order))
    }
}

impl Lower for layers::RepeatVector {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let shape = site.shape(inputs[0]);
        let [size] = shape[..] else { return Err(site.mismatch("inputs", "one row of values", &shape)) };
        Ok(site.repeated(inputs[0], &[1, size], &[self.n, size]))
    }
}

impl Lower for layers::Cropping1D {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        site.cropped(inputs[0], &[self.cropping.0])
    }
}

impl Lower for layers::Cropping2D {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        site.cropped(inputs[0], &self.cropping.0)
    }
}

impl Lower for layers::ZeroPadding1D {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        site.padded(inputs[0], &[self.padding.0])
    }
}

impl Lower for layers::ZeroPadding2D {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        site.padded(inputs[0], &self.padding.0)
    }
}

impl Lower for layers::UpSampling1D {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let shape = site.places(inputs[0], 1)?;
        site.check_enlarged(shape[0], self.size)?;
        Ok(site.picked(inputs[0], &[each_repeated(shape[0], self.size)]))
    }
}

impl Lower for layers::UpSampling2D {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let (x, factors) = (inputs[0], self.size.0);
        let shape = site.places(x, 2)?;
        site.check_enlarged(shape[0], factors[0])?;
        site.check_enlarged(shape[1], factors[1])?;
        let curve = match self.interpolation {
            Interpolation::Nearest => {
                let indices = [0, 1].map(|axis| each_repeated(shape[axis], factors[axis]));
                return Ok(site.picked(x, &indices));
            }
            Interpolation::Bilinear => Curve::Linear,
            Interpolation::Bicubic => Curve::Cubic,
            Interpolation::Lanczos3 => Curve::Lanczos(3),
            Interpolation::Lanczos5 => Curve::Lanczos(5),
        };
        let axes = [0, 1].map(|axis| Axis::new(curve, shape[axis], factors[axis]));
        let y = site.builder.tensor(&[axes[0].larger, axes[1].larger, shape[2]]);
        site.builder.push(Op::Enlarge(Enlarge { x, y, axes, channels: shape[2] }));
        Ok(y)
    }
}

/// Every index of `size` so many times.
fn each_repeated(size: usize, times: usize) -> Vec<Option<usize>> {
    (0..size).flat_map(|i| std::iter::repeat_n(Some(i), times)).collect()
}

impl Site<'_> {
    /// Another name and shape for `x`.
    pub(super) fn reshape(&mut self, x: TensorId, shape: &[usize]) -> TensorId {
        let y = self.builder.alias(x, shape);
        self.builder.push(Op::Reshape(Reshape { x, y }));
        y
    }

    /// The shape of `x`, which must be steps (one axis) or an image (two) with their values in a last axis.
    pub(super) fn places(&self, x: TensorId, axes: usize) -> Result<Vec<usize>, Error> {
        let shape = self.shape(x);
        if shape.len() == axes + 1 {
            return Ok(shape);
        }
        let expected = if axes == 1 { "steps and features" } else { "height, width and channels" };
        Err(self.mismatch("inputs", expected, &shape).hint("put a reshape layer in front of it"))
    }

    /// An axis must not become longer than anything that fits into memory.
    fn check_enlarged(&self, size: usize, factor: usize) -> Result<(), Error> {
        const LONGEST: usize = 1 << 20;
        if size.saturating_mul(factor) <= LONGEST {
            return Ok(());
        }
        let expected = format!("at most {LONGEST} steps or pixels along an axis");
        Err(Error::new(Code::TooLarge, self.path("size"), expected, format!("{size} times {factor}")))
    }

    /// Indices cut off at both ends of the first axes.
    fn cropped(&mut self, x: TensorId, ends: &[[usize; 2]]) -> Result<TensorId, Error> {
        let shape = self.places(x, ends.len())?;
        let mut indices = Vec::with_capacity(ends.len());
        for (&[before, after], &size) in ends.iter().zip(&shape) {
            if before + after >= size {
                let expected = format!("less than the {size} that there are, at both ends together");
                let found = (before + after).to_string();
                return Err(Error::new(Code::Mismatch, self.path("cropping"), expected, found));
            }
            indices.push((before..size - after).map(Some).collect());
        }
        Ok(self.picked(x, &indices))
    }

    /// Zeros at both ends of the first axes.
    fn padded(&mut self, x: TensorId, ends: &[[usize; 2]]) -> Result<TensorId, Error> {
        let shape = self.places(x, ends.len())?;
        let axis = |(&[before, after], &size): (&[usize; 2], &usize)| {
            let nothing = |count| std::iter::repeat_n(None, count);
            nothing(before).chain((0..size).map(Some)).chain(nothing(after)).collect()
        };
        let indices: Vec<Vec<Option<usize>>> = ends.iter().zip(&shape).map(axis).collect();
        Ok(self.picked(x, &indices))
    }
}
