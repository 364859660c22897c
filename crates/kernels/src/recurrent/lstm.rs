//! The LSTM cell (Hochreiter and Schmidhuber, "Long short-term memory", 1997; gates in Keras' order):
//!
//! ```text
//! i, f, g, o = gates of p[t] + h[t-1] · recurrent_kernel       recurrent_activation, but activation for g
//! c[t] = f c[t-1] + i g
//! h[t] = o activation(c[t])
//! ```

use super::{Ends, Gates, Part, Sequence, begin_back, end_back, product_scratch, sums_for};
use crate::elementwise;
use crate::gemm::{Beta, Mat};
use crate::lanes::{Lanes, sweep};
use crate::on_lanes;

/// What the way forward keeps for the way back. A row of a step has `4 units` values in the first two, `units` in the
/// others.
#[derive(Debug)]
pub struct LstmTrace<S> {
    /// At first `p`; then the gates.
    pub gates: S,
    /// The sums before the activations; empty unless [`Gates::needs_sums`].
    pub sums: S,
    /// The state in front of every step.
    pub before: S,
    /// The same as it enters the product of each gate, `4 units`; empty without recurrent dropout.
    pub dropped: S,
    /// The cell in front of every step.
    pub cell_before: S,
    /// `activation(c)` after every step.
    pub cell_active: S,
}

const ALL: Part = Part { first: 0, count: 4, of: 4 };

/// f32 of scratch for both ways.
pub fn lstm_scratch_len(rows: usize, units: usize) -> usize {
    3 * rows * units + 6 * units + product_scratch(rows, units, 4)
}

/// Goes through the sequences; `recurrent` is `(units, 4 units)`.
pub fn lstm_forward(
    sequence: &Sequence,
    kinds: Gates,
    recurrent: &[f32],
    trace: LstmTrace<&mut [f32]>,
    y: &mut [f32],
    last: Ends<&mut [f32]>,
    scratch: &mut [f32],
) {
    let LstmTrace { gates, sums, before, dropped, cell_before, cell_active } = trace;
    let Sequence { rows, steps, units, .. } = *sequence;
    let width = 4 * units;
    sequence.check(4, y.len(), &[gates.len() / 4, before.len(), cell_before.len(), cell_active.len()]);
    if rows == 0 {
        return;
    }
    let (state, scratch) = scratch.split_at_mut(units);
    let (own, scratch) = scratch.split_at_mut(units);
    sequence.begin(sequence.initial.state, before);
    sequence.begin(sequence.initial.cell, cell_before);
    for taken in 0..steps {
        let time = sequence.time(taken);
        sequence.thin_out(time, 4, before, dropped);
        if taken > 0 || sequence.has_initial() {
            let weights = Mat { data: recurrent, stride: width };
            let out = (&mut gates[time * width..], steps * width);
            sequence.enter(time, ALL, (before, dropped), weights, None, out, Beta::One, scratch);
        }
        for row in 0..rows {
            let at = sequence.at(row, time, width);
            let gates = &mut gates[at.clone()];
            if kinds.needs_sums() {
                sums[at].copy_from_slice(gates);
            }
            kinds.recurrent_activation.forward_in_place(&mut gates[..2 * units], own);
            kinds.activation.forward_in_place(&mut gates[2 * units..3 * units], own);
            kinds.recurrent_activation.forward_in_place(&mut gates[3 * units..], own);
            let (i, rest) = gates.split_at(units);
            let (f, rest) = rest.split_at(units);
            let (g, o) = rest.split_at(units);
            let at = sequence.at(row, time, units);
            let cell = &mut cell_active[at.clone()];
            on_lanes!(l => sweep(
                l,
                [i, f, g, &cell_before[at]],
                [&mut *cell],
                #[inline(always)]
                |[i, f, g, c], _| [l.madd(f, c, l.mul(i, g))],
            ));
            sequence.hand_on(row, taken, cell, cell_before, last.cell);
            kinds.activation.forward_in_place(cell, own);
            elementwise::mul(o, cell, state);
            sequence.give(row, taken, state, before, y);
            sequence.hand_on(row, taken, state, before, last.state);
        }
    }
}

/// `d_p` from `d_y` and the gradients of the last states; `d_p` is `(rows, steps, 4 units)`. The gradients of the initial
/// states where they are asked for, both.
#[expect(clippy::too_many_arguments, reason = "what a sequence depends on")]
pub fn lstm_backward(
    sequence: &Sequence,
    kinds: Gates,
    recurrent: &[f32],
    trace: LstmTrace<&[f32]>,
    d_y: &[f32],
    d_last: Ends<&[f32]>,
    d_p: &mut [f32],
    d_initial: Ends<&mut [f32]>,
    scratch: &mut [f32],
) {
    let Sequence { rows, steps, units, .. } = *sequence;
    let width = 4 * units;
    sequence.check(4, d_y.len(), &[trace.gates.len() / 4, d_p.len() / 4]);
    if rows == 0 {
        return;
    }
    let (d_states, scratch) = scratch.split_at_mut(rows * units);
    let (d_cells, scratch) = scratch.split_at_mut(rows * units);
    let (spare, scratch) = scratch.split_at_mut(rows * units);
    let (own, scratch) = scratch.split_at_mut(6 * units);
    begin_back(d_last.state, d_states);
    begin_back(d_last.cell, d_cells);
    for taken in (0..steps).rev() {
        let time = sequence.time(taken);
        let carries = d_states.chunks_exact_mut(units).zip(d_cells.chunks_exact_mut(units));
        for (row, (d_state, d_cell)) in carries.enumerate() {
            let d_p = &mut d_p[sequence.at(row, time, width)];
            if sequence.take(row, taken, d_y, d_state) {
                d_p.fill(0.0);
                continue;
            }
            step_back(sequence, kinds, &trace, (row, time), d_state, d_cell, d_p, own);
            d_state.fill(0.0);
        }
        if taken > 0 || !d_initial.state.is_empty() {
            let weights = Mat { data: recurrent, stride: width };
            let d_sums = Mat { data: &d_p[time * width..], stride: steps * width };
            sequence.come_back(ALL, d_sums, weights, d_states, spare, scratch);
        }
    }
    end_back(d_states, d_initial.state);
    end_back(d_cells, d_initial.cell);
}

/// One step of one row: the gradient of its sums and, in `d_cell`, of the cell in front of it. `own` is `6 units`.
#[expect(clippy::too_many_arguments, reason = "what a step depends on")]
fn step_back(
    sequence: &Sequence,
    kinds: Gates,
    trace: &LstmTrace<&[f32]>,
    (row, time): (usize, usize),
    d_state: &[f32],
    d_cell: &mut [f32],
    d_p: &mut [f32],
    own: &mut [f32],
) {
    let units = sequence.units;
    let wide = sequence.at(row, time, 4 * units);
    let at = sequence.at(row, time, units);
    let (i, rest) = trace.gates[wide.clone()].split_at(units);
    let (f, rest) = rest.split_at(units);
    let (g, o) = rest.split_at(units);
    let (before, active) = (&trace.cell_before[at.clone()], &trace.cell_active[at]);
    let (d_gates, rest) = own.split_at_mut(4 * units);
    let (cell, d_active) = rest.split_at_mut(units);
    {
        let (d_rest, d_o) = d_gates.split_at_mut(3 * units);
        elementwise::mul(d_state, active, d_o);
        // Through o * activation(c), whose slope may need c itself; d_rest is free until the sums below.
        elementwise::mul(d_state, o, &mut d_rest[..units]);
        if kinds.activation.needs_input() {
            elementwise::mul(i, g, cell);
            super::add_product(f, before, cell);
        }
        let c = sums_for(kinds.activation, cell, 0..units);
        kinds.activation.backward(units, c, active, &d_rest[..units], d_active);
        let (d_i, rest) = d_rest.split_at_mut(units);
        let (d_f, d_g) = rest.split_at_mut(units);
        on_lanes!(l => sweep(
            l,
            [i, f, g, before, d_active],
            [d_cell, d_i, d_f, d_g],
            #[inline(always)]
            |[i, f, g, before, d_active], [d_cell, ..]| {
                let d = l.add(d_cell, d_active);
                [l.mul(d, f), l.mul(d, g), l.mul(d, before), l.mul(d, i)]
            },
        ));
    }
    let sums = if kinds.needs_sums() { &trace.sums[wide.clone()] } else { &[] };
    let gates = &trace.gates[wide];
    let thirds = [
        (0..2 * units, kinds.recurrent_activation),
        (2 * units..3 * units, kinds.activation),
        (3 * units..4 * units, kinds.recurrent_activation),
    ];
    for (part, kind) in thirds {
        let x = sums_for(kind, sums, part.clone());
        kind.backward(units, x, &gates[part.clone()], &d_gates[part.clone()], &mut d_p[part]);
    }
}
