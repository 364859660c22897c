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

mod function;
mod gru;
mod lstm;
mod simple;

pub use function::Function;
pub use gru::*;
pub use lstm::*;
pub use simple::*;

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

/// The states in front of a sequence, behind it, or their gradients, `(rows, units)` each; empty where there are none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ends<S> {
    /// What is also the output.
    pub state: S,
    /// An LSTM's cell.
    pub cell: S,
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
    /// `(rows, gates, units)`: what the state is multiplied with on its way into the recurrent product of each gate (one
    /// for the simple cell, four for an LSTM, three for a GRU), the same at every step.
    pub recurrent_dropout: Option<&'a [f32]>,
    /// The states in front of the first step; zeros if there are none.
    pub initial: Ends<&'a [f32]>,
}

/// The activations of a cell's gates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gates {
    /// Of what enters the state.
    pub activation: Function,
    /// Of the gates that open and close.
    pub recurrent_activation: Function,
}

impl Gates {
    /// Whether the slopes need the sums before the activations, which must then be saved beside the gates.
    pub fn needs_sums(self) -> bool {
        self.activation.needs_input() || self.recurrent_activation.needs_input()
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

    fn check(&self, gates: usize, y: usize, saved: &[usize]) {
        let outputs = if self.outputs == Outputs::Last { self.rows * self.units } else { self.len() };
        assert!(y == outputs, "an output of {y} for {outputs}");
        assert!(saved.iter().all(|&len| len == self.len()), "saved values of {saved:?} for {}", self.len());
        assert!(self.mask.is_none_or(|mask| mask.len() == self.rows * self.steps));
        let ends = [self.initial.state, self.initial.cell];
        assert!(ends.iter().all(|it| it.is_empty() || it.len() == self.rows * self.units));
        assert!(self.recurrent_dropout.is_none_or(|factors| factors.len() == self.rows * gates * self.units));
    }

    /// The states before the first step: `initial`, or zero.
    fn begin(&self, initial: &[f32], before: &mut [f32]) {
        for row in 0..self.rows {
            let before = &mut before[self.at(row, self.time(0), self.units)];
            match initial.get(row * self.units..(row + 1) * self.units) {
                Some(initial) => before.copy_from_slice(initial),
                None => before.fill(0.0),
            }
        }
    }

    /// Whether the first step has a state in front of it.
    fn has_initial(&self) -> bool {
        !self.initial.state.is_empty()
    }

    /// Sets the state in front of the step after this one, or behind the last one if that is asked for: `state`, or the one
    /// before where the step is left out.
    fn hand_on(&self, row: usize, taken: usize, state: &[f32], before: &mut [f32], last: &mut [f32]) {
        let (time, units) = (self.time(taken), self.units);
        if taken + 1 == self.steps {
            if let Some(last) = last.get_mut(row * units..(row + 1) * units) {
                let is_left_out = self.is_left_out(row, time);
                last.copy_from_slice(if is_left_out { &before[self.at(row, time, units)] } else { state });
            }
            return;
        }
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

    /// Thins out the state in front of step `time` for each of so many gates, where there is dropout: into `dropped`, `(rows,
    /// steps, gates, units)`.
    fn thin_out(&self, time: usize, gates: usize, before: &[f32], dropped: &mut [f32]) {
        let Some(factors) = self.recurrent_dropout else { return };
        let units = self.units;
        for row in 0..self.rows {
            let state = &before[self.at(row, time, units)];
            let dropped = &mut dropped[self.at(row, time, gates * units)];
            let factors = factors[row * gates * units..].chunks_exact(units);
            for (dropped, factors) in dropped.chunks_exact_mut(units).zip(factors) {
                elementwise::mul(state, factors, dropped);
            }
        }
    }

    /// The states in front of step `time` as they enter the product of one gate.
    fn entering<'a>(
        &self,
        time: usize,
        (gate, gates): (usize, usize),
        before: &'a [f32],
        dropped: &'a [f32],
    ) -> Mat<'a> {
        let units = self.units;
        match self.recurrent_dropout {
            None => Mat { data: &before[time * units..], stride: self.steps * units },
            Some(_) => {
                Mat { data: &dropped[(time * gates + gate) * units..], stride: self.steps * gates * units }
            }
        }
    }

    /// `out = beta out + states · weights` for the gates of `part`, at step `time`: one product, or where each has a state
    /// thinned out on its own, one for each. `weights` and `out` begin at the first of these gates.
    #[expect(clippy::too_many_arguments, reason = "the operands of a product")]
    fn enter(
        &self,
        time: usize,
        part: Part,
        (before, dropped): (&[f32], &[f32]),
        weights: Mat<'_>,
        bias: Option<&[f32]>,
        (out, stride): (&mut [f32], usize),
        beta: Beta,
        scratch: &mut [f32],
    ) {
        let units = self.units;
        for (gate, width) in part.products(self) {
            let states = self.entering(time, (gate, part.of), before, dropped);
            let first = (gate - part.first) * units;
            let weights = Mat { data: &weights.data[first..], ..weights };
            let bias = bias.map(|bias| &bias[first..first + width]);
            let epilogue = Epilogue { bias, ..Epilogue::default() };
            gemm::nn(
                self.rows,
                width,
                units,
                states,
                weights,
                &mut out[first..],
                stride,
                beta,
                epilogue,
                scratch,
            );
        }
    }

    /// Adds to `d_state`, `(rows, units)`, what comes back through the recurrent product: `d_gates · weights^T` for the
    /// gates of `part`, thinned out by dropout. `d_gates` and `weights` begin at the first of them, `spare` is `(rows,
    /// units)`.
    fn come_back(
        &self,
        part: Part,
        d_gates: Mat<'_>,
        weights: Mat<'_>,
        d_state: &mut [f32],
        spare: &mut [f32],
        scratch: &mut [f32],
    ) {
        let (rows, units) = (self.rows, self.units);
        for (gate, width) in part.products(self) {
            let first = (gate - part.first) * units;
            let d_gates = Mat { data: &d_gates.data[first..], ..d_gates };
            let weights = Mat { data: &weights.data[first..], ..weights };
            let to = if self.recurrent_dropout.is_some() { &mut *spare } else { &mut *d_state };
            let beta = if self.recurrent_dropout.is_some() { Beta::Zero } else { Beta::One };
            gemm::nt(rows, units, width, d_gates, weights, to, units, beta, Epilogue::default(), scratch);
            if let Some(factors) = self.recurrent_dropout {
                let states = d_state.chunks_exact_mut(units).zip(spare.chunks_exact(units)).take(rows);
                for (row, (d_state, spare)) in states.enumerate() {
                    let factors = &factors[(row * part.of + gate) * units..][..units];
                    add_product(spare, factors, d_state);
                }
            }
        }
    }
}

/// Some of the gates of a cell: `count` from `first` on, of `of`.
#[derive(Clone, Copy)]
struct Part {
    first: usize,
    count: usize,
    of: usize,
}

impl Part {
    /// The first gate and the width of each product that they take.
    fn products(self, sequence: &Sequence<'_>) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (each, units) = (sequence.recurrent_dropout.is_some(), sequence.units);
        let count = if each { 1 } else { self.count };
        (self.first..self.first + self.count).step_by(count.max(1)).map(move |gate| (gate, count * units))
    }
}

/// f32 of scratch for the recurrent products of a cell with that many values per unit: forward and backward.
fn product_scratch(rows: usize, units: usize, gates: usize) -> usize {
    let forward = gemm::scratch_len(Form::Nn, rows, gates * units, units);
    let backward = gemm::scratch_len(Form::Nt, rows, units, gates * units);
    forward.max(backward)
}

/// The part of a row of sums that a function needs for its slope; empty where it needs none.
fn sums_for(kind: Function, sums: &[f32], range: std::ops::Range<usize>) -> &[f32] {
    if kind.needs_input() { &sums[range] } else { &[] }
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

/// The gradients that the last states have, or zeros.
fn begin_back(d_last: &[f32], d_states: &mut [f32]) {
    if d_last.is_empty() { d_states.fill(0.0) } else { d_states.copy_from_slice(d_last) }
}

/// What came back to the front, where it is asked for.
fn end_back(d_states: &[f32], d_initial: &mut [f32]) {
    if !d_initial.is_empty() {
        d_initial.copy_from_slice(d_states);
    }
}
