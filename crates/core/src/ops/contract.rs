//! `y[.., g, :] = x[.., g, :] · kernel[g]` for each of several groups, with a kernel whose values lie in whatever order: the
//! product of `einsum_dense` where its kernel is no matrix as it lies there.
//!
//! ```text
//! x (rows, groups, inputs)    kernel (groups, inputs, units), gathered from its places    y (rows, groups, units)
//! ```
//!
//! Values of the kernel may stand at several of these places (an axis that is only summed over) or at none (off the diagonal
//! of two axes of one name).

use super::Operation;
use crate::plan::{ParameterId, Plan, TensorId};
use crate::program::Frame;
use std::ops::Range;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Form, Mat};

/// What the first axis of the kernel belongs to: by it the kernel's gradient is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstAxis {
    Groups,
    Inputs,
    Units,
}

#[derive(Clone, Debug)]
pub(crate) struct Contract {
    pub x: TensorId,
    pub y: TensorId,
    pub kernel: ParameterId,
    pub groups: usize,
    pub inputs: usize,
    pub units: usize,
    /// Rows of `(groups, inputs)` that one row of the batch has.
    pub rows_each: usize,
    /// Where in the kernel each value of `(groups, inputs, units)` stands.
    pub places: Vec<u32>,
    /// The first axis of the kernel, which is also the first of those of its kind; and how long it is.
    pub first: (FirstAxis, usize),
}

impl Contract {
    /// The kernel in the order of the product, in front of the rest of the scratch.
    fn gathered<'a>(&self, frame: &Frame<'a>) -> (&'a [f32], &'a mut [f32]) {
        let (gathered, scratch) = frame.scratch().split_at_mut(self.places.len());
        let kernel = frame.parameter(self.kernel);
        for (to, &place) in gathered.iter_mut().zip(&self.places) {
            *to = kernel[place as usize];
        }
        (gathered, scratch)
    }

    /// The matrix of one group.
    fn of_group<'a>(&self, kernel: &'a [f32], group: usize) -> Mat<'a> {
        Mat { data: &kernel[group * self.inputs * self.units..], stride: self.units }
    }

    /// Groups, inputs and units of the rows `own` of the kernel, cut by its first axis.
    fn parts(&self, own: &Range<usize>) -> [Range<usize>; 3] {
        let (first, len) = self.first;
        let part = |kind: FirstAxis, all: usize| match first == kind {
            true => own.start * (all / len)..own.end * (all / len),
            false => 0..all,
        };
        [
            part(FirstAxis::Groups, self.groups),
            part(FirstAxis::Inputs, self.inputs),
            part(FirstAxis::Units, self.units),
        ]
    }
}

/// The columns of a matrix from one on.
fn from(data: &[f32], first: usize, stride: usize) -> Mat<'_> {
    Mat { data: &data[first.min(data.len())..], stride }
}

impl Operation for Contract {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn parameters(&self) -> Vec<ParameterId> {
        vec![self.kernel]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let rows = frame.rows.len() * self.rows_each;
        let (kernel, scratch) = self.gathered(frame);
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        let (wide, made) = (self.groups * self.inputs, self.groups * self.units);
        for group in 0..self.groups {
            let first = (group * self.units).min(y.len());
            gemm::nn(
                rows,
                self.units,
                self.inputs,
                from(x, group * self.inputs, wide),
                self.of_group(kernel, group),
                &mut y[first..],
                made,
                Beta::Zero,
                Epilogue::default(),
                scratch,
            );
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let rows = frame.rows.len() * self.rows_each;
        let (kernel, scratch) = self.gathered(frame);
        let (wide, made) = (self.groups * self.inputs, self.groups * self.units);
        for group in 0..self.groups {
            let first = (group * self.inputs).min(d_x.len());
            gemm::nt(
                rows,
                self.inputs,
                self.units,
                from(d_y, group * self.units, made),
                self.of_group(kernel, group),
                &mut d_x[first..],
                wide,
                Beta::Zero,
                Epilogue::default(),
                scratch,
            );
        }
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient_all(self.y) else { return };
        let Some((own, d_kernel)) = frame.parameter_gradient_mut(self.kernel) else { return };
        if own.is_empty() {
            return;
        }
        let x = frame.value_all(self.x);
        let rows = frame.batch * self.rows_each;
        let (wide, made) = (self.groups * self.inputs, self.groups * self.units);
        let [groups, inputs, units] = self.parts(&own);
        let before = own.start * (d_kernel.len() / own.len());
        let (block, scratch) = frame.scratch().split_at_mut(inputs.len() * units.len());
        d_kernel.fill(0.0);
        for group in groups {
            gemm::tn(
                inputs.len(),
                units.len(),
                rows,
                from(x, group * self.inputs + inputs.start, wide),
                from(d_y, group * self.units + units.start, made),
                block,
                units.len(),
                Beta::Zero,
                Epilogue::default(),
                scratch,
            );
            for (input, d) in inputs.clone().zip(block.chunks_exact(units.len())) {
                let places = &self.places[(group * self.inputs + input) * self.units..][units.clone()];
                for (&place, d) in places.iter().zip(d) {
                    d_kernel[place as usize - before] += d;
                }
            }
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        2 * self.rows_each as u64 * self.places.len() as u64
    }

    fn backward_factor(&self) -> u64 {
        2
    }

    fn scratch_len(&self, _: &Plan, rows: usize) -> usize {
        let rows = rows * self.rows_each;
        let (units, inputs) = (self.units, self.inputs);
        let forward = gemm::scratch_len(Form::Nn, rows, units, inputs);
        let backward = gemm::scratch_len(Form::Nt, rows, inputs, units);
        let weights = gemm::scratch_len(Form::Tn, inputs, units, rows);
        self.places.len() + forward.max(backward).max(weights)
    }
}
