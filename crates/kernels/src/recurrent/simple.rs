//! The simple cell: `h[t] = activation(p[t] + h[t-1] · recurrent_kernel)` (Elman, "Finding structure in time", 1990).

use super::{Ends, Function, Part, Sequence, begin_back, end_back, product_scratch, sums_for};
use crate::gemm::{Beta, Mat};

/// What the way forward keeps for the way back, each `(rows, steps, units)`.
#[derive(Debug)]
pub struct SimpleTrace<S> {
    /// At first `p`; then the states after every step, before masking.
    pub states: S,
    /// The sums before the activation; empty when its slope does not need them.
    pub sums: S,
    /// The state in front of every step.
    pub before: S,
    /// The same as it enters the product; empty without recurrent dropout.
    pub dropped: S,
}

const ALL: Part = Part { first: 0, count: 1, of: 1 };

/// f32 of scratch for both ways.
pub fn simple_scratch_len(rows: usize, units: usize) -> usize {
    2 * rows * units + product_scratch(rows, units, 1)
}

/// Goes through the sequences; `recurrent` is `(units, units)`.
pub fn simple_forward(
    sequence: &Sequence,
    kind: Function,
    recurrent: &[f32],
    trace: SimpleTrace<&mut [f32]>,
    y: &mut [f32],
    last: Ends<&mut [f32]>,
    scratch: &mut [f32],
) {
    let SimpleTrace { states, sums, before, dropped } = trace;
    let Sequence { rows, steps, units, .. } = *sequence;
    sequence.check(1, y.len(), &[states.len(), before.len()]);
    if rows == 0 {
        return;
    }
    let (own, scratch) = scratch.split_at_mut(units);
    sequence.begin(sequence.initial.state, before);
    for taken in 0..steps {
        let time = sequence.time(taken);
        sequence.thin_out(time, 1, before, dropped);
        if taken > 0 || sequence.has_initial() {
            let weights = Mat { data: recurrent, stride: units };
            let out = (&mut states[time * units..], steps * units);
            sequence.enter(time, ALL, (before, dropped), weights, None, out, Beta::One, scratch);
        }
        for row in 0..rows {
            let at = sequence.at(row, time, units);
            let state = &mut states[at.clone()];
            if kind.needs_input() {
                sums[at].copy_from_slice(state);
            }
            kind.forward_in_place(state, own);
            sequence.give(row, taken, state, before, y);
            sequence.hand_on(row, taken, state, before, last.state);
        }
    }
}

/// `d_p` from `d_y` and the gradient of the last state; `d_p` is `(rows, steps, units)`. The gradient of the initial state
/// where it is asked for.
#[expect(clippy::too_many_arguments, reason = "what a sequence depends on")]
pub fn simple_backward(
    sequence: &Sequence,
    kind: Function,
    recurrent: &[f32],
    trace: SimpleTrace<&[f32]>,
    d_y: &[f32],
    d_last: Ends<&[f32]>,
    d_p: &mut [f32],
    d_initial: Ends<&mut [f32]>,
    scratch: &mut [f32],
) {
    let Sequence { rows, steps, units, .. } = *sequence;
    sequence.check(1, d_y.len(), &[trace.states.len(), d_p.len()]);
    if rows == 0 {
        return;
    }
    let (d_states, scratch) = scratch.split_at_mut(rows * units);
    let (spare, scratch) = scratch.split_at_mut(rows * units);
    begin_back(d_last.state, d_states);
    for taken in (0..steps).rev() {
        let time = sequence.time(taken);
        for (row, d_state) in d_states.chunks_exact_mut(units).enumerate() {
            let at = sequence.at(row, time, units);
            if sequence.take(row, taken, d_y, d_state) {
                d_p[at].fill(0.0);
                continue;
            }
            let x = sums_for(kind, trace.sums, at.clone());
            kind.backward(units, x, &trace.states[at.clone()], d_state, &mut d_p[at]);
            d_state.fill(0.0);
        }
        if taken > 0 || !d_initial.state.is_empty() {
            let weights = Mat { data: recurrent, stride: units };
            let d_sums = Mat { data: &d_p[time * units..], stride: steps * units };
            sequence.come_back(ALL, d_sums, weights, d_states, spare, scratch);
        }
    }
    end_back(d_states, d_initial.state);
}
