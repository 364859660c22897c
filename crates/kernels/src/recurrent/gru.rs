//! The GRU cell (Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014; gates in Keras' order):
//!
//! ```text
//! z, r = recurrent_activation(p[t] + h[t-1] · recurrent_kernel + recurrent_bias)
//! n    = activation(p[t] + r (h[t-1] · recurrent_kernel + recurrent_bias))     with reset_after
//! n    = activation(p[t] + (r h[t-1]) · recurrent_kernel)                      without
//! h[t] = z h[t-1] + (1 - z) n
//! ```
//!
//! `inner` is what the reset gate meets: the product in the brackets with `reset_after`, `r h[t-1]` without.

use super::{Ends, Gates, Part, Sequence, begin_back, end_back, product_scratch, sums_for};
use crate::elementwise;
use crate::gemm::{self, Beta, Epilogue, Mat};
use crate::lanes::{Lanes, constant, sweep};
use crate::on_lanes;

/// The recurrent weights of a GRU.
#[derive(Clone, Copy, Debug)]
pub struct GruWeights<'a> {
    /// `(units, 3 units)`
    pub kernel: &'a [f32],
    /// `(3 units)`: only with `reset_after`.
    pub bias: Option<&'a [f32]>,
    /// The reset gate is applied after the product.
    pub reset_after: bool,
}

/// What the way forward keeps for the way back. A row of a step has `3 units` values in the first two, `units` in the
/// others.
#[derive(Debug)]
pub struct GruTrace<S> {
    /// At first `p`; then `z, r, n`.
    pub gates: S,
    /// The sums before the activations; empty unless [`Gates::needs_sums`].
    pub sums: S,
    /// The state in front of every step.
    pub before: S,
    /// The same as it enters the product of each gate, `3 units`; empty without recurrent dropout.
    pub dropped: S,
    /// What the reset gate meets.
    pub inner: S,
}

const DOORS: Part = Part { first: 0, count: 2, of: 3 };
const CANDIDATE: Part = Part { first: 2, count: 1, of: 3 };

/// f32 of scratch for both ways.
pub fn gru_scratch_len(rows: usize, units: usize) -> usize {
    3 * rows * units + 3 * units + product_scratch(rows, units, 2)
}

/// Goes through the sequences.
pub fn gru_forward(
    sequence: &Sequence,
    kinds: Gates,
    weights: GruWeights,
    trace: GruTrace<&mut [f32]>,
    y: &mut [f32],
    last: Ends<&mut [f32]>,
    scratch: &mut [f32],
) {
    let GruTrace { gates, sums, before, dropped, inner } = trace;
    let Sequence { rows, steps, units, .. } = *sequence;
    let width = 3 * units;
    sequence.check(3, y.len(), &[gates.len() / 3, before.len(), inner.len()]);
    if rows == 0 {
        return;
    }
    let (state, scratch) = scratch.split_at_mut(units);
    let (own, scratch) = scratch.split_at_mut(units);
    let (doors, candidate) = weights.parts(units);
    sequence.begin(sequence.initial.state, before);
    for taken in 0..steps {
        let time = sequence.time(taken);
        sequence.thin_out(time, 3, before, dropped);
        let bias = weights.bias.map(|bias| &bias[..2 * units]);
        let out = (&mut gates[time * width..], steps * width);
        sequence.enter(time, DOORS, (before, dropped), doors, bias, out, Beta::One, scratch);
        if weights.reset_after {
            let bias = weights.bias.map(|bias| &bias[2 * units..]);
            let out = (&mut inner[time * units..], steps * units);
            sequence.enter(time, CANDIDATE, (before, dropped), candidate, bias, out, Beta::Zero, scratch);
        }
        let entering = sequence.entering(time, (2, 3), before, dropped);
        for row in 0..rows {
            let at = sequence.at(row, time, width);
            let (doors, n) = gates[at.clone()].split_at_mut(2 * units);
            if kinds.needs_sums() {
                sums[at.start..at.start + 2 * units].copy_from_slice(doors);
            }
            kinds.recurrent_activation.forward_in_place(doors, own);
            let at = sequence.at(row, time, units);
            if weights.reset_after {
                super::add_product(&doors[units..], &inner[at], n);
            } else {
                let from = row * entering.stride;
                elementwise::mul(&doors[units..], &entering.data[from..from + units], &mut inner[at]);
            }
        }
        if !weights.reset_after {
            gemm::nn(
                rows,
                units,
                units,
                Mat { data: &inner[time * units..], stride: steps * units },
                candidate,
                &mut gates[time * width + 2 * units..],
                steps * width,
                Beta::One,
                Epilogue::default(),
                scratch,
            );
        }
        for row in 0..rows {
            let at = sequence.at(row, time, width);
            let (doors, n) = gates[at.clone()].split_at_mut(2 * units);
            if kinds.needs_sums() {
                sums[at.start + 2 * units..at.end].copy_from_slice(n);
            }
            kinds.activation.forward_in_place(n, own);
            on_lanes!(l => sweep(
                l,
                [&doors[..units], &*n, &before[sequence.at(row, time, units)]],
                [&mut *state],
                #[inline(always)]
                |[z, n, h], _| [l.madd(z, l.sub(h, n), n)],
            ));
            sequence.give(row, taken, state, before, y);
            sequence.hand_on(row, taken, state, before, last.state);
        }
    }
}

/// `d_p`, `(rows, steps, 3 units)`, and with `reset_after` `d_inner`, `(rows, steps, units)`, from `d_y` and the gradient of
/// the last state. The gradient of the initial state where it is asked for.
#[expect(clippy::too_many_arguments, reason = "three results")]
pub fn gru_backward(
    sequence: &Sequence,
    kinds: Gates,
    weights: GruWeights,
    trace: GruTrace<&[f32]>,
    d_y: &[f32],
    d_last: Ends<&[f32]>,
    d_p: &mut [f32],
    d_inner: &mut [f32],
    d_initial: Ends<&mut [f32]>,
    scratch: &mut [f32],
) {
    let Sequence { rows, steps, units, .. } = *sequence;
    let width = 3 * units;
    sequence.check(3, d_y.len(), &[trace.gates.len() / 3, d_p.len() / 3]);
    if rows == 0 {
        return;
    }
    let (d_states, scratch) = scratch.split_at_mut(rows * units);
    let (spare, scratch) = scratch.split_at_mut(rows * units);
    let (d_met, scratch) = scratch.split_at_mut(rows * units);
    let (own, scratch) = scratch.split_at_mut(3 * units);
    let (doors, candidate) = weights.parts(units);
    begin_back(d_last.state, d_states);
    for taken in (0..steps).rev() {
        let time = sequence.time(taken);
        for (row, d_state) in d_states.chunks_exact_mut(units).enumerate() {
            let wide = sequence.at(row, time, width);
            let at = sequence.at(row, time, units);
            let d_p = &mut d_p[wide.clone()];
            if sequence.take(row, taken, d_y, d_state) {
                d_p.fill(0.0);
                if weights.reset_after {
                    d_inner[at].fill(0.0);
                }
                continue;
            }
            let (z, rest) = trace.gates[wide.clone()].split_at(units);
            let (r, n) = rest.split_at(units);
            let (d_z, rest) = own.split_at_mut(units);
            let (d_r, d_n) = rest.split_at_mut(units);
            on_lanes!(l => sweep(
                l,
                [z, n, &trace.before[at.clone()]],
                [&mut *d_state, &mut *d_z, &mut *d_n],
                #[inline(always)]
                |[z, n, h], [d, ..]| {
                    [l.mul(d, z), l.mul(d, l.sub(h, n)), l.mul(d, l.sub(constant!(l, 1.0), z))]
                },
            ));
            let sums = if kinds.needs_sums() { &trace.sums[wide] } else { &[] };
            let x = sums_for(kinds.activation, sums, 2 * units..width);
            kinds.activation.backward(units, x, n, d_n, &mut d_p[2 * units..]);
            let kind = kinds.recurrent_activation;
            let x = sums_for(kind, sums, 0..units);
            kind.backward(units, x, z, d_z, &mut d_p[..units]);
            if weights.reset_after {
                elementwise::mul(&d_p[2 * units..], r, &mut d_inner[at.clone()]);
                elementwise::mul(&d_p[2 * units..], &trace.inner[at], d_r);
                let x = sums_for(kind, sums, units..2 * units);
                kind.backward(units, x, r, d_r, &mut d_p[units..2 * units]);
            }
        }
        if !weights.reset_after {
            meet_reset_gate(sequence, kinds, candidate, &trace, time, d_p, d_states, (d_met, own), scratch);
        }
        if taken > 0 || !d_initial.state.is_empty() {
            if weights.reset_after {
                let d_met = Mat { data: &d_inner[time * units..], stride: steps * units };
                sequence.come_back(CANDIDATE, d_met, candidate, d_states, spare, scratch);
            }
            let d_sums = Mat { data: &d_p[time * width..], stride: steps * width };
            sequence.come_back(DOORS, d_sums, doors, d_states, spare, scratch);
        }
    }
    end_back(d_states, d_initial.state);
}

/// Without `reset_after`: from the candidate's gradient through `(r h) · kernel` to `r` and to `h`. Of the
/// spare room the first is `(rows, units)`, the second `(2 units)`.
#[expect(clippy::too_many_arguments, reason = "what a step depends on")]
fn meet_reset_gate(
    sequence: &Sequence,
    kinds: Gates,
    candidate: Mat<'_>,
    trace: &GruTrace<&[f32]>,
    time: usize,
    d_p: &mut [f32],
    d_states: &mut [f32],
    (d_met, own): (&mut [f32], &mut [f32]),
    scratch: &mut [f32],
) {
    let Sequence { rows, steps, units, .. } = *sequence;
    let width = 3 * units;
    let d_n = Mat { data: &d_p[time * width + 2 * units..], stride: steps * width };
    gemm::nt(rows, units, units, d_n, candidate, d_met, units, Beta::Zero, Epilogue::default(), scratch);
    let entered = sequence.entering(time, (2, 3), trace.before, trace.dropped);
    for (row, d_state) in d_states.chunks_exact_mut(units).enumerate() {
        if sequence.is_left_out(row, time) {
            continue;
        }
        let wide = sequence.at(row, time, width);
        let d_met = &d_met[row * units..][..units];
        let r = &trace.gates[wide.start + units..wide.start + 2 * units];
        let (d_r, rest) = own.split_at_mut(units);
        elementwise::mul(d_met, &entered.data[row * entered.stride..][..units], d_r);
        let kind = kinds.recurrent_activation;
        let sums = if kinds.needs_sums() { &trace.sums[wide.clone()] } else { &[] };
        let x = sums_for(kind, sums, units..2 * units);
        kind.backward(units, x, r, d_r, &mut d_p[wide.start + units..wide.start + 2 * units]);
        let d_h = &mut rest[..units];
        elementwise::mul(d_met, r, d_h);
        match sequence.recurrent_dropout {
            Some(factors) => super::add_product(d_h, &factors[(3 * row + 2) * units..][..units], d_state),
            None => elementwise::axpy(1.0, d_h, d_state),
        }
    }
}

impl<'a> GruWeights<'a> {
    /// The columns of the kernel that make `z` and `r`, and those that make `n`.
    fn parts(&self, units: usize) -> (Mat<'a>, Mat<'a>) {
        let stride = 3 * units;
        (Mat { data: self.kernel, stride }, Mat { data: &self.kernel[2 * units..], stride })
    }
}
