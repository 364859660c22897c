//! Recurrent layers over whole sequences: simple, LSTM and GRU cells, forward and back through time.
//!
//! ```text
//! p[t]  = x[t] · kernel + bias                        for all steps, one product, made by the caller
//! h[t]  = cell(p[t] + h[t-1] · recurrent_kernel, ...)     here, step after step, all rows of a step at once
//! ```
//!
//! Backward gives the gradient of `p`; that of the input and of the kernels are products over all rows and steps again,
//! which the caller makes of what is saved here: `h[t-1]` in front of every step and the gradients of the gates. Rows are
//! independent, so any cut by rows is allowed.
//!
//! Everything saved is in the order of time, also when a layer goes backwards: only the output is in the order in which
//! steps are taken, as in Keras 3 (`keras/src/layers/rnn`), whose treatment of masks this is too: a masked step carries
//! the state over and gives the last output once more, or zeros.

mod gru;
mod lstm;
mod simple;

pub use gru::*;
pub use lstm::*;
pub use simple::*;

use crate::activation::{self, Activation};
use crate::elementwise;
use crate::gemm::{self, Beta, Epilogue, Form, Mat};

/// Which outputs a layer gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outputs {
    /// `(rows, units)`: that of the last step taken.
    Last,
    /// `(rows, steps, units)`, in the order in which steps are taken.
    Taken,
    /// `(rows, steps, units)`, in the order of time: what `bidirectional` joins.
    Timed,
}

/// How a batch of sequences is gone through.
#[derive(Clone, Copy, Debug)]
pub struct Sequence<'a> {
    /// Sequences.
    pub rows: usize,
    /// Steps of each.
    pub steps: usize,
    /// Size of the state.
    pub units: usize,
    /// From the last step to the first.
    pub go_backwards: bool,
    /// What is written to `y`.
    pub outputs: Outputs,
    /// `(rows, steps)`: 0 where a step is left out.
    pub mask: Option<&'a [f32]>,
    /// A step that is left out gives zeros instead of the last output.
    pub zero_output_for_mask: bool,
    /// `(rows, units)`: what the state is multiplied with on its way into the recurrent product, at every step.
    pub recurrent_dropout: Option<&'a [f32]>,
}

/// The activations of a cell's gates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gates {
    /// Of what enters the state.
    pub activation: Activation,
    /// Of the gates that open and close.
    pub recurrent_activation: Activation,
}

impl Gates {
    /// Whether the slopes need the sums before the activations, which must then be saved beside the gates.
    pub fn needs_sums(self) -> bool {
        activation::needs_input(self.activation) || activation::needs_input(self.recurrent_activation)
    }
}

impl Sequence<'_> {
    /// Values of `(rows, steps, units)`.
    fn len(&self) -> usize {
        self.rows * self.steps * self.units
    }

    /// The time of the `taken`th step.
    fn time(&self, taken: usize) -> usize {
        if self.go_backwards { self.steps - 1 - taken } else { taken }
    }

    /// Where row and time lie in a matrix of `(rows, steps, width)`.
    fn at(&self, row: usize, time: usize, width: usize) -> std::ops::Range<usize> {
        let start = (row * self.steps + time) * width;
        start..start + width
    }

    /// Where the output of a step lies, if it has one.
    fn output(&self, row: usize, taken: usize) -> Option<std::ops::Range<usize>> {
        let units = self.units;
        match self.outputs {
            Outputs::Last if taken + 1 == self.steps => Some(row * units..(row + 1) * units),
            Outputs::Last => None,
            Outputs::Taken => Some(self.at(row, taken, units)),
            Outputs::Timed => Some(self.at(row, self.time(taken), units)),
        }
    }

    fn is_left_out(&self, row: usize, time: usize) -> bool {
        self.mask.is_some_and(|mask| mask[row * self.steps + time] == 0.0)
    }

    fn check(&self, y: usize, saved: &[usize]) {
        let outputs = if self.outputs == Outputs::Last { self.rows * self.units } else { self.len() };
        assert!(y == outputs, "an output of {y} for {outputs}");
        assert!(saved.iter().all(|&len| len == self.len()), "saved values of {saved:?} for {}", self.len());
        assert!(self.mask.is_none_or(|mask| mask.len() == self.rows * self.steps));
        assert!(self.recurrent_dropout.is_none_or(|factors| factors.len() == self.rows * self.units));
    }

    /// The states before the first step: zero.
    fn begin(&self, before: &mut [f32]) {
        for row in 0..self.rows {
            before[self.at(row, self.time(0), self.units)].fill(0.0);
        }
    }

    /// Sets the state in front of the step after this one: `state`, or the one before where the step is left out.
    fn hand_on(&self, row: usize, taken: usize, state: &[f32], before: &mut [f32]) {
        if taken + 1 == self.steps {
            return;
        }
        let (time, units) = (self.time(taken), self.units);
        let next = self.at(row, self.time(taken + 1), units);
        if self.is_left_out(row, time) {
            before.copy_within(self.at(row, time, units), next.start);
        } else {
            before[next].copy_from_slice(state);
        }
    }

    /// Writes the output of a step that made `state`.
    fn give(&self, row: usize, taken: usize, state: &[f32], before: &[f32], y: &mut [f32]) {
        let Some(at) = self.output(row, taken) else { return };
        let time = self.time(taken);
        if !self.is_left_out(row, time) {
            y[at].copy_from_slice(state);
        } else if self.zero_output_for_mask {
            y[at].fill(0.0);
        } else {
            y[at].copy_from_slice(&before[self.at(row, time, self.units)]);
        }
    }

    /// Adds the gradient of a step's output to that of its state; says whether the step was left out.
    fn take(&self, row: usize, taken: usize, d_y: &[f32], d_state: &mut [f32]) -> bool {
        let is_left_out = self.is_left_out(row, self.time(taken));
        if let Some(at) = self.output(row, taken).filter(|_| !(is_left_out && self.zero_output_for_mask)) {
            elementwise::axpy(1.0, &d_y[at], d_state);
        }
        is_left_out
    }

    /// The states in front of step `time` as they enter the recurrent product: `dropped` where there is dropout.
    fn entering<'a>(&self, time: usize, before: &'a [f32], dropped: &'a mut [f32]) -> Mat<'a> {
        let stride = self.steps * self.units;
        let Some(factors) = self.recurrent_dropout else {
            return Mat { data: &before[time * self.units..], stride };
        };
        for row in 0..self.rows {
            let at = self.at(row, time, self.units);
            let factors = &factors[row * self.units..][..self.units];
            elementwise::mul(&before[at.clone()], factors, &mut dropped[at]);
        }
        Mat { data: &dropped[time * self.units..], stride }
    }

    /// Adds to `d_state`, `(rows, units)`, what comes back through the recurrent product: `d_gates · weights^T` for the
    /// `width` gates of step `time` at `offset` of `of`, thinned out by dropout. `spare` is `(rows, units)`.
    #[expect(clippy::too_many_arguments, reason = "the operands of a product")]
    fn come_back(
        &self,
        time: usize,
        d_gates: &[f32],
        (offset, width, of): (usize, usize, usize),
        weights: Mat<'_>,
        d_state: &mut [f32],
        spare: &mut [f32],
        scratch: &mut [f32],
    ) {
        let d_gates = Mat { data: &d_gates[time * of + offset..], stride: self.steps * of };
        let (rows, units) = (self.rows, self.units);
        let to = if self.recurrent_dropout.is_some() { &mut *spare } else { &mut *d_state };
        let beta = if self.recurrent_dropout.is_some() { Beta::Zero } else { Beta::One };
        gemm::nt(rows, units, width, d_gates, weights, to, units, beta, Epilogue::default(), scratch);
        if let Some(factors) = self.recurrent_dropout {
            add_product(spare, factors, d_state);
        }
    }
}

/// f32 of scratch for the recurrent products of a cell with that many values per unit: forward and backward.
fn product_scratch(rows: usize, units: usize, gates: usize) -> usize {
    let forward = gemm::scratch_len(Form::Nn, rows, gates * units, units);
    let backward = gemm::scratch_len(Form::Nt, rows, units, gates * units);
    forward.max(backward)
}

/// The part of a row of sums that an activation of `kind` needs for its slope; empty where it needs none.
fn sums_for(kind: Activation, sums: &[f32], range: std::ops::Range<usize>) -> &[f32] {
    if activation::needs_input(kind) { &sums[range] } else { &[] }
}

/// `to = to + a * b`; all of one length.
fn add_product(a: &[f32], b: &[f32], to: &mut [f32]) {
    use crate::lanes::{Lanes, sweep};
    crate::on_lanes!(l => sweep(
        l,
        [a, b],
        [to],
        #[inline(always)]
        |[a, b], [to]| [l.madd(a, b, to)],
    ));
}
