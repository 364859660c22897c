//! Dropout of every kind, noise, and penalties on what a layer gives out: the shape stays.

use super::moves::strides;
use super::{Lower, Site, shown};
use crate::arena::Span;
use crate::error::{Code, Error};
use crate::ops::{self, ActivityPenalty, NoiseKind, Op, SharedFate};
use crate::plan::{TensorId, volume};
use crate::spec::layers::NoiseShape;
use crate::spec::{Regularizer, layers};

impl Lower for layers::Dropout {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let shared = site.shared_fate(inputs[0], self.noise_shape.as_ref())?;
        Ok(site.drop(inputs[0], self.rate, false, shared))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

impl Lower for layers::AlphaDropout {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        let shared = site.shared_fate(inputs[0], self.noise_shape.as_ref())?;
        Ok(site.drop(inputs[0], self.rate, true, shared))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

/// Dropout of whole channels: all places of a row in front of them share their fate.
macro_rules! spatial {
    ($Layer:ident, $rank:literal) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let (_, channels) = site.image(inputs[0], $rank)?;
                let fates = site.image_shape($rank, [1, 1], channels);
                Ok(site.dropout_alike(inputs[0], self.rate, &fates))
            }

            fn passes_mask(&self) -> bool {
                true
            }
        }
    };
}
spatial!(SpatialDropout1D, 1);
spatial!(SpatialDropout2D, 2);

impl Lower for layers::ActivityRegularization {
    fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
        Ok(site.penalized(inputs[0], self.l1 as f32, self.l2 as f32))
    }

    fn passes_mask(&self) -> bool {
        true
    }
}

/// Noise of the layers whose output is not simply zero somewhere.
macro_rules! noise {
    ($Layer:ident, $argument:ident, $Kind:ident) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let (x, shape) = (inputs[0], site.shape(inputs[0]));
                let y = site.builder.tensor(&shape);
                let lane = site.builder.dropouts;
                site.builder.dropouts += 1;
                let amount = self.$argument as f32;
                site.builder.push(Op::Noise(ops::Noise { x, y, kind: NoiseKind::$Kind, amount, lane }));
                Ok(y)
            }

            fn passes_mask(&self) -> bool {
                true
            }
        }
    };
}
noise!(GaussianNoise, stddev, Sum);
noise!(GaussianDropout, rate, Factor);

impl Site<'_> {
    /// `x` after dropout in which every value has a fate of its own, or shares it.
    fn drop(&mut self, x: TensorId, rate: f64, is_alpha: bool, shared: Option<SharedFate>) -> TensorId {
        let shape = self.shape(x);
        let y = self.builder.tensor(&shape);
        let lane = self.builder.dropouts;
        self.builder.dropouts += 1;
        self.builder.push(Op::Dropout(ops::Dropout { x, y, rate: rate as f32, is_alpha, shared, lane }));
        y
    }

    /// `x` after dropout in which all values along the axes where `fates` has 1 share theirs.
    pub(super) fn dropout_alike(&mut self, x: TensorId, rate: f64, fates: &[usize]) -> TensorId {
        let shared = alike(&self.shape(x), fates, false);
        self.drop(x, rate, false, shared)
    }

    /// What the argument `noise_shape` asks for.
    fn shared_fate(&self, x: TensorId, noise: Option<&NoiseShape>) -> Result<Option<SharedFate>, Error> {
        let Some(NoiseShape(noise)) = noise else { return Ok(None) };
        let shape = self.shape(x);
        let fits =
            |(named, size): (&Option<usize>, &usize)| named.is_none_or(|named| named == 1 || named == *size);
        let rows = noise.first().copied().flatten();
        if noise.len() != shape.len() + 1
            || rows.is_some_and(|rows| rows != 1)
            || !noise[1..].iter().zip(&shape).all(fits)
        {
            let found: Vec<String> =
                noise.iter().map(|size| size.map_or("-1".into(), |size| size.to_string())).collect();
            let expected =
                format!("-1 or 1 for the rows and for each axis of {}, or its size", shown(&shape));
            let path = self.path("noise_shape");
            return Err(Error::new(Code::Mismatch, path, expected, format!("[{}]", found.join(", "))));
        }
        let fates: Vec<usize> =
            noise[1..].iter().zip(&shape).map(|(named, size)| named.unwrap_or(*size)).collect();
        Ok(alike(&shape, &fates, rows.is_some()))
    }

    /// `x` with a penalty on it in the loss.
    pub(super) fn activity_penalty(&mut self, regularizer: &Regularizer, x: TensorId) -> TensorId {
        if matches!(regularizer, Regularizer::Orthogonal(_)) {
            let (path, expected) = (self.path("activity_regularizer"), "l1, l2 or l1_l2, for an output");
            let mistake = Error::new(Code::Mismatch, path, expected, regularizer.type_name());
            self.builder.mistake.get_or_insert(mistake);
        }
        let (l1, l2) = regularizer.factors();
        self.penalized(x, l1, l2)
    }

    /// `x` with a penalty on magnitudes and squares.
    fn penalized(&mut self, x: TensorId, l1: f32, l2: f32) -> TensorId {
        let shape = self.shape(x);
        let y = self.builder.alias(x, &shape);
        let row_penalty = Span::default();
        self.builder.push(Op::ActivityPenalty(ActivityPenalty { x, y, l1, l2, row_penalty }));
        y
    }
}

/// Fates of the shape `fates`, taken along the axes where that is 1 by all values of `shape`; nothing where none are shared.
fn alike(shape: &[usize], fates: &[usize], by_all_rows: bool) -> Option<SharedFate> {
    let whole = (0..shape.len()).rev().take_while(|&axis| fates[axis] == shape[axis]).count();
    let outer = shape.len() - whole;
    if outer == 0 && !by_all_rows {
        return None;
    }
    let steps = strides(fates);
    let mut starts = vec![0u32];
    // What has more values in a row than fit into memory is refused by the layout, and needs no list here.
    let is_possible = volume(shape) <= 1 << 28;
    for axis in 0..if is_possible { outer } else { 0 } {
        let step = if fates[axis] == 1 { 0 } else { steps[axis] };
        let place = |start: u32, i: usize| start + (i * step) as u32;
        starts = starts.iter().flat_map(|&start| (0..shape[axis]).map(move |i| place(start, i))).collect();
    }
    Some(SharedFate { len: volume(fates), starts, run: volume(&shape[outer..]), by_all_rows })
}
