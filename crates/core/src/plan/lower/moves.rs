//! What several layers need: values of a tensor put in other places, axis by axis.

use super::Site;
use crate::ops::{Op, Rearrange};
use crate::plan::build::Builder;
use crate::plan::{TensorId, volume};
use tabgrad_kernels::rearrange::NOWHERE;

/// Distances between neighbours along every axis of a row-major row.
pub(in crate::plan) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1usize; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis].saturating_mul(shape[axis]);
    }
    strides
}

impl Builder {
    /// A tensor of the given axes, each of which says for every one of its indices where it stands in a row of `x`
    /// (`None`: nowhere, a zero). What is contiguous at the end is moved as one run.
    pub(super) fn rearrange(&mut self, x: TensorId, axes: &[Vec<Option<usize>>]) -> TensorId {
        let shape: Vec<usize> = axes.iter().map(Vec::len).collect();
        let y = self.tensor(&shape);
        let of_x = &self.drafts[x.0];
        self.drafts[y.0].features =
            of_x.features.as_ref().and_then(|features| features.picked(volume(&of_x.shape), axes));
        let (mut run, mut first) = (1, 0);
        let mut outer = axes;
        while let [rest @ .., last] = outer {
            let Some(Some(start)) = last.first().copied() else { break };
            let is_run = last.iter().enumerate().all(|(i, offset)| *offset == Some(start + i * run));
            if !is_run {
                break;
            }
            (run, first, outer) = (run * last.len(), first + start, rest);
        }
        // Where the run begins goes into the last axis. A row longer than u32 is refused by the layout.
        let place = |offset: &Option<usize>, first: usize| {
            offset.map_or(NOWHERE, |offset| u32::try_from(offset + first).unwrap_or(NOWHERE))
        };
        let axes = match outer {
            [] => vec![vec![place(&Some(0), first)]],
            [rest @ .., last] => {
                let axis =
                    |axis: &Vec<Option<usize>>, first| axis.iter().map(|it| place(it, first)).collect();
                rest.iter().map(|it| axis(it, 0)).chain([axis(last, first)]).collect()
            }
        };
        self.push(Op::Rearrange(Rearrange { x, y, axes, run }));
        y
    }

    /// The axes of `x` in another order; `order` says which of them each axis of the output is.
    pub(in crate::plan) fn transposed(&mut self, x: TensorId, order: &[usize]) -> TensorId {
        if order.is_sorted() {
            return x;
        }
        let shape = self.shape(x).to_vec();
        let strides = strides(&shape);
        let axis = |&from: &usize| (0..shape[from]).map(|i| Some(i * strides[from])).collect();
        let axes: Vec<Vec<Option<usize>>> = order.iter().map(axis).collect();
        self.rearrange(x, &axes)
    }
}

impl Site<'_> {
    /// See [`Builder::rearrange`].
    pub(super) fn rearrange(&mut self, x: TensorId, axes: &[Vec<Option<usize>>]) -> TensorId {
        self.builder.rearrange(x, axes)
    }

    /// See [`Builder::transposed`].
    pub(super) fn transposed(&mut self, x: TensorId, order: &[usize]) -> TensorId {
        self.builder.transposed(x, order)
    }

    /// `x`, seen as of shape `from`, with its axes of size 1 repeated to `to`.
    pub(super) fn repeated(&mut self, x: TensorId, from: &[usize], to: &[usize]) -> TensorId {
        let strides = strides(from);
        let axis = |axis: usize| {
            let step = if from[axis] == 1 { 0 } else { strides[axis] };
            (0..to[axis]).map(|i| Some(i * step)).collect()
        };
        let axes: Vec<Vec<Option<usize>>> = (0..to.len()).map(axis).collect();
        self.rearrange(x, &axes)
    }

    /// `x` with other indices along its first axes: for each of them, which index of `x` stands at which of the output
    /// (`None`: zeros). The axes behind them stay.
    pub(super) fn picked(&mut self, x: TensorId, indices: &[Vec<Option<usize>>]) -> TensorId {
        let shape = self.shape(x);
        let strides = strides(&shape);
        let axis = |axis: usize| match indices.get(axis) {
            Some(picked) => picked.iter().map(|i| i.map(|i| i * strides[axis])).collect(),
            None => (0..shape[axis]).map(|i| Some(i * strides[axis])).collect(),
        };
        let axes: Vec<Vec<Option<usize>>> = (0..shape.len()).map(axis).collect();
        self.rearrange(x, &axes)
    }
}
