//! Twins of the recurrent cells, forward only: their gradients are taken by central differences, in f64.

use super::{Real, activation};
use crate::recurrent::{Gates, Outputs, Sequence};
use std::ops::Range;

/// Goes through the sequences with a cell that makes of row, time and what lies before it (each state's values) new
/// states, the first of which is the output.
fn walk<R: Real>(
    sequence: &Sequence,
    states: usize,
    y: &mut [R],
    cell: impl Fn(usize, usize, &[Vec<R>]) -> Vec<Vec<R>>,
) {
    let units = sequence.units;
    for row in 0..sequence.rows {
        let mut before = vec![vec![R::of(0.0); units]; states];
        for taken in 0..sequence.steps {
            let time = if sequence.go_backwards { sequence.steps - 1 - taken } else { taken };
            let is_left_out = sequence.mask.is_some_and(|mask| mask[row * sequence.steps + time] == 0.0);
            if !is_left_out {
                before = cell(row, time, &before);
            }
            let place = match sequence.outputs {
                Outputs::Last if taken + 1 < sequence.steps => continue,
                Outputs::Last => row,
                Outputs::Taken => row * sequence.steps + taken,
                Outputs::Timed => row * sequence.steps + time,
            };
            for unit in 0..units {
                let is_zero = is_left_out && sequence.zero_output_for_mask;
                y[place * units + unit] = if is_zero { R::of(0.0) } else { before[0][unit] };
            }
        }
    }
}

/// The state as it enters the product of one of so many gates.
fn entering<R: Real>(sequence: &Sequence, row: usize, (gate, gates): (usize, usize), state: &[R]) -> Vec<R> {
    let units = sequence.units;
    let factor = |unit: usize| {
        let at = (row * gates + gate) * units + unit;
        sequence.recurrent_dropout.map_or(1.0, |factors| factors[at].into())
    };
    state.iter().enumerate().map(|(unit, &h)| h * R::of(factor(unit))).collect()
}

/// `sum over u of state[u] * weights[u, column]`, for a matrix of `width` columns.
fn product<R: Real>(state: &[R], weights: &[R], width: usize, columns: Range<usize>) -> Vec<R> {
    columns.map(|j| state.iter().enumerate().map(|(u, &h)| h * weights[u * width + j]).sum()).collect()
}

/// The products of some gates, each with the state as it enters there; `weights` has `gates` times as many columns as rows.
fn products<R: Real>(
    sequence: &Sequence,
    row: usize,
    state: &[R],
    weights: &[R],
    (some, gates): (Range<usize>, usize),
) -> Vec<R> {
    let units = sequence.units;
    some.flat_map(|gate| {
        let columns = gate * units..(gate + 1) * units;
        product(&entering(sequence, row, (gate, gates), state), weights, gates * units, columns)
    })
    .collect()
}

/// `h[t] = activation(p[t] + h[t-1] · recurrent)`.
pub fn simple_rnn<R: Real>(
    sequence: &Sequence,
    kind: crate::activation::Activation,
    p: &[R],
    recurrent: &[R],
    y: &mut [R],
) {
    let units = sequence.units;
    walk(sequence, 1, y, |row, time, before| {
        let inner = products(sequence, row, &before[0], recurrent, (0..1, 1));
        let at = (row * sequence.steps + time) * units;
        vec![(0..units).map(|u| activation(kind, p[at + u] + inner[u])).collect()]
    });
}

/// The LSTM's formulas, as at the head of `recurrent::lstm`.
pub fn lstm<R: Real>(sequence: &Sequence, kinds: Gates, p: &[R], recurrent: &[R], y: &mut [R]) {
    let units = sequence.units;
    walk(sequence, 2, y, |row, time, before| {
        let inner = products(sequence, row, &before[0], recurrent, (0..4, 4));
        let at = (row * sequence.steps + time) * 4 * units;
        let gate = |which: usize, unit: usize, kind| {
            let j = which * units + unit;
            activation(kind, p[at + j] + inner[j])
        };
        let cell: Vec<R> = (0..units)
            .map(|u| {
                let (i, f) = (gate(0, u, kinds.recurrent_activation), gate(1, u, kinds.recurrent_activation));
                f * before[1][u] + i * gate(2, u, kinds.activation)
            })
            .collect();
        let state = (0..units)
            .map(|u| gate(3, u, kinds.recurrent_activation) * activation(kinds.activation, cell[u]));
        vec![state.collect(), cell]
    });
}

/// The recurrent weights of the GRU's twin.
#[derive(Clone, Copy, Debug)]
pub struct Gru<'a, R> {
    /// `(units, 3 units)`
    pub kernel: &'a [R],
    /// `(3 units)`
    pub bias: Option<&'a [R]>,
    /// The reset gate is applied after the product.
    pub reset_after: bool,
    /// `(rows, steps, units)`: added to what the reset gate meets, so that a gradient for it can be taken.
    pub nudge: &'a [R],
}

/// The GRU's formulas, as at the head of `recurrent::gru`.
pub fn gru<R: Real>(sequence: &Sequence, kinds: Gates, p: &[R], weights: Gru<R>, y: &mut [R]) {
    let units = sequence.units;
    let width = 3 * units;
    walk(sequence, 1, y, |row, time, before| {
        let at = (row * sequence.steps + time) * width;
        let bias = |j: usize| weights.bias.map_or(R::of(0.0), |bias| bias[j]);
        let doors = products(sequence, row, &before[0], weights.kernel, (0..2, 3));
        let door = |j: usize| activation(kinds.recurrent_activation, p[at + j] + doors[j] + bias(j));
        let z: Vec<R> = (0..units).map(door).collect();
        let r: Vec<R> = (units..2 * units).map(door).collect();
        let inner: Vec<R> = if weights.reset_after {
            let product = products(sequence, row, &before[0], weights.kernel, (2..3, 3));
            let nudge = &weights.nudge[(row * sequence.steps + time) * units..];
            (0..units).map(|u| r[u] * (product[u] + bias(2 * units + u) + nudge[u])).collect()
        } else {
            let h = entering(sequence, row, (2, 3), &before[0]);
            let met: Vec<R> = (0..units).map(|u| r[u] * h[u]).collect();
            product(&met, weights.kernel, width, 2 * units..width)
        };
        let n = |u: usize| activation(kinds.activation, p[at + 2 * units + u] + inner[u]);
        vec![(0..units).map(|u| z[u] * before[0][u] + (R::of(1.0) - z[u]) * n(u)).collect()]
    });
}
