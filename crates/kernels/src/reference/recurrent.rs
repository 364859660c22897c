//! Twins of the recurrent cells and of their gradients, which go back through time step by step (Werbos, 1990).

use super::{
    Real, activation, activation_slope, log_softmax, log_softmax_backward, softmax_backward, softmax_forward,
    sparsemax, sparsemax_backward,
};
use crate::recurrent::{Function, Gates, Outputs, Sequence};
use std::ops::Range;

/// Where a step of the walk through a sequence is and goes.
struct Step {
    time: usize,
    is_left_out: bool,
    /// Its place among the outputs, if it has one, and whether a 0 is written there.
    output: Option<(usize, bool)>,
}

fn step(sequence: &Sequence, row: usize, taken: usize) -> Step {
    let time = if sequence.go_backwards { sequence.steps - 1 - taken } else { taken };
    let is_left_out = sequence.mask.is_some_and(|mask| mask[row * sequence.steps + time] == 0.0);
    let place = match sequence.outputs {
        Outputs::Last => (taken + 1 == sequence.steps).then_some(row),
        Outputs::Taken => Some(row * sequence.steps + taken),
        Outputs::Timed => Some(row * sequence.steps + time),
    };
    let is_zero = is_left_out && sequence.zero_output_for_mask;
    Step { time, is_left_out, output: place.map(|place| (place, is_zero)) }
}

/// The states at both ends of a sequence, `(rows, states, units)` each, where a case has any: in front zeros stand for none.
#[derive(Debug, Default)]
pub struct TwinEnds<'a, R> {
    /// In front.
    pub initial: &'a [R],
    /// Behind, to be written.
    pub last: &'a mut [R],
}

/// What goes into the way back at the ends of a sequence, and comes out: as [`TwinEnds`].
#[derive(Debug, Default)]
pub struct TwinEndsBack<'a, R> {
    /// In front.
    pub initial: &'a [R],
    /// The gradients behind.
    pub d_last: &'a [R],
    /// The gradients in front, to be written.
    pub d_initial: &'a mut [R],
}

/// The states of a row among those of all rows; zeros where there are none.
fn states_of<R: Real>(all: &[R], row: usize, states: usize, units: usize) -> Vec<Vec<R>> {
    let state = |state: usize| (row * states + state) * units..(row * states + state + 1) * units;
    (0..states).map(|it| all.get(state(it)).map_or(vec![R::of(0.0); units], <[R]>::to_vec)).collect()
}

/// Writes the states of a row, where there is room for them.
fn put_states<R: Real>(of_row: &[Vec<R>], row: usize, units: usize, all: &mut [R]) {
    for (state, values) in of_row.iter().enumerate() {
        let at = (row * of_row.len() + state) * units;
        if let Some(to) = all.get_mut(at..at + units) {
            to.copy_from_slice(values);
        }
    }
}

/// Goes through the sequences with a cell that makes of row, time and what lies before it (each state's values) new
/// states, the first of which is the output.
fn walk<R: Real>(
    sequence: &Sequence,
    states: usize,
    ends: TwinEnds<R>,
    y: &mut [R],
    cell: impl Fn(usize, usize, &[Vec<R>]) -> Vec<Vec<R>>,
) {
    let units = sequence.units;
    for row in 0..sequence.rows {
        let mut before = states_of(ends.initial, row, states, units);
        for taken in 0..sequence.steps {
            let Step { time, is_left_out, output } = step(sequence, row, taken);
            if !is_left_out {
                before = cell(row, time, &before);
            }
            if let Some((place, is_zero)) = output {
                for unit in 0..units {
                    y[place * units + unit] = if is_zero { R::of(0.0) } else { before[0][unit] };
                }
            }
        }
        put_states(&before, row, units, ends.last);
    }
}

/// Goes the way of [`walk`] and then back: `back` makes of row, time, what lay before the cell and the gradients of its new
/// states those of the states before it.
fn walk_back<R: Real>(
    sequence: &Sequence,
    states: usize,
    d_y: &[R],
    ends: TwinEndsBack<R>,
    cell: impl Fn(usize, usize, &[Vec<R>]) -> Vec<Vec<R>>,
    mut back: impl FnMut(usize, usize, &[Vec<R>], &[Vec<R>]) -> Vec<Vec<R>>,
) {
    let units = sequence.units;
    for row in 0..sequence.rows {
        let mut before = vec![states_of(ends.initial, row, states, units)];
        for taken in 0..sequence.steps {
            let Step { time, is_left_out, .. } = step(sequence, row, taken);
            let last = &before[taken];
            before.push(if is_left_out { last.clone() } else { cell(row, time, last) });
        }
        let mut d = states_of(ends.d_last, row, states, units);
        for taken in (0..sequence.steps).rev() {
            let Step { time, is_left_out, output } = step(sequence, row, taken);
            if let Some((place, false)) = output {
                (0..units).for_each(|unit| d[0][unit] += d_y[place * units + unit]);
            }
            if !is_left_out {
                d = back(row, time, &before[taken], &d);
            }
        }
        put_states(&d, row, units, ends.d_initial);
    }
}

/// What recurrent dropout makes of a state of 1 as it enters the product of one of so many gates.
fn dropped<R: Real>(sequence: &Sequence, row: usize, (gate, gates): (usize, usize), unit: usize) -> R {
    let at = (row * gates + gate) * sequence.units + unit;
    R::of(sequence.recurrent_dropout.map_or(1.0, |factors| factors[at].into()))
}

/// The state as it enters the product of one of so many gates.
fn entering<R: Real>(sequence: &Sequence, row: usize, (gate, gates): (usize, usize), state: &[R]) -> Vec<R> {
    state.iter().enumerate().map(|(unit, &h)| h * dropped(sequence, row, (gate, gates), unit)).collect()
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

/// The gradient of the state through [`products`], of those of their sums.
fn products_back<R: Real>(
    sequence: &Sequence,
    row: usize,
    d_sums: &[R],
    weights: &[R],
    (some, gates): (Range<usize>, usize),
) -> Vec<R> {
    let units = sequence.units;
    let through = |u: usize, gate: usize| {
        let columns = gate * units..(gate + 1) * units;
        let sum: R = columns.map(|j| d_sums[j - some.start * units] * weights[u * gates * units + j]).sum();
        sum * dropped(sequence, row, (gate, gates), u)
    };
    (0..units).map(|u| some.clone().map(|gate| through(u, gate)).sum()).collect()
}

/// A function of the sums of one gate.
fn function<R: Real>(kind: Function, sums: &[R]) -> Vec<R> {
    let mut y = vec![R::of(0.0); sums.len()];
    match kind {
        Function::Each(kind) => return sums.iter().map(|&sum| activation(kind, sum)).collect(),
        Function::Softmax => softmax_forward(1, sums.len(), sums, &mut y),
        Function::LogSoftmax => log_softmax(1, sums.len(), sums, &mut y),
        Function::Sparsemax => sparsemax(1, sums.len(), sums, &mut y),
    }
    y
}

/// The gradient of the sums of one gate, of that of the function's values.
fn function_back<R: Real>(kind: Function, sums: &[R], d: &[R]) -> Vec<R> {
    let (units, y, mut d_sums) = (sums.len(), function(kind, sums), vec![R::of(0.0); sums.len()]);
    match kind {
        Function::Each(kind) => {
            return d.iter().zip(sums).map(|(&d, &sum)| d * activation_slope(kind, sum)).collect();
        }
        Function::Softmax => softmax_backward(1, units, &y, d, &mut d_sums),
        Function::LogSoftmax => log_softmax_backward(1, units, &y, d, &mut d_sums),
        Function::Sparsemax => sparsemax_backward(1, units, &y, d, &mut d_sums),
    }
    d_sums
}

/// `h[t] = activation(p[t] + h[t-1] · recurrent)`.
pub fn simple_rnn<R: Real>(
    sequence: &Sequence,
    kind: Function,
    p: &[R],
    recurrent: &[R],
    ends: TwinEnds<R>,
    y: &mut [R],
) {
    walk(sequence, 1, ends, y, |row, time, before| {
        let sums = simple_sums(sequence, p, recurrent, (row, time), before);
        vec![function(kind, &sums)]
    });
}

fn simple_sums<R: Real>(
    sequence: &Sequence,
    p: &[R],
    recurrent: &[R],
    (row, time): (usize, usize),
    before: &[Vec<R>],
) -> Vec<R> {
    let at = (row * sequence.steps + time) * sequence.units;
    let inner = products(sequence, row, &before[0], recurrent, (0..1, 1));
    inner.iter().zip(&p[at..]).map(|(&inner, &p)| p + inner).collect()
}

/// The gradient of [`simple_rnn`] with respect to `p` and to the initial states.
pub fn simple_rnn_backward<R: Real>(
    sequence: &Sequence,
    kind: Function,
    p: &[R],
    recurrent: &[R],
    d_y: &[R],
    ends: TwinEndsBack<R>,
    d_p: &mut [R],
) {
    d_p.fill(R::of(0.0));
    let sums = |row, time, before: &[Vec<R>]| simple_sums(sequence, p, recurrent, (row, time), before);
    let cell = |row, time, before: &[Vec<R>]| vec![function(kind, &sums(row, time, before))];
    walk_back(sequence, 1, d_y, ends, cell, |row, time, before, d| {
        let sums = sums(row, time, before);
        let d_sums = function_back(kind, &sums, &d[0]);
        let at = (row * sequence.steps + time) * sequence.units;
        d_p[at..at + sequence.units].copy_from_slice(&d_sums);
        vec![products_back(sequence, row, &d_sums, recurrent, (0..1, 1))]
    });
}

/// The sums of the LSTM's gates, `(4 units)`: input, forget, candidate, output.
fn lstm_sums<R: Real>(
    sequence: &Sequence,
    p: &[R],
    recurrent: &[R],
    (row, time): (usize, usize),
    before: &[Vec<R>],
) -> Vec<R> {
    let at = (row * sequence.steps + time) * 4 * sequence.units;
    let inner = products(sequence, row, &before[0], recurrent, (0..4, 4));
    inner.iter().zip(&p[at..]).map(|(&inner, &p)| p + inner).collect()
}

fn lstm_gate(kinds: Gates, which: usize) -> Function {
    if which == 2 { kinds.activation } else { kinds.recurrent_activation }
}

/// The values of its gates.
fn lstm_gates<R: Real>(units: usize, kinds: Gates, sums: &[R]) -> Vec<Vec<R>> {
    sums.chunks(units).enumerate().map(|(which, sums)| function(lstm_gate(kinds, which), sums)).collect()
}

/// The LSTM's formulas, as at the head of `recurrent::lstm`: the new output and cell of the gates' sums.
fn lstm_cell<R: Real>(units: usize, kinds: Gates, sums: &[R], before: &[Vec<R>]) -> Vec<Vec<R>> {
    let gate = lstm_gates(units, kinds, sums);
    let cell: Vec<R> = (0..units).map(|u| gate[1][u] * before[1][u] + gate[0][u] * gate[2][u]).collect();
    let active = function(kinds.activation, &cell);
    let state = (0..units).map(|u| gate[3][u] * active[u]).collect();
    vec![state, cell]
}

/// The LSTM over whole sequences.
pub fn lstm<R: Real>(
    sequence: &Sequence,
    kinds: Gates,
    p: &[R],
    recurrent: &[R],
    ends: TwinEnds<R>,
    y: &mut [R],
) {
    walk(sequence, 2, ends, y, |row, time, before| {
        let sums = lstm_sums(sequence, p, recurrent, (row, time), before);
        lstm_cell(sequence.units, kinds, &sums, before)
    });
}

/// The gradient of [`lstm`] with respect to `p` and to the initial states.
pub fn lstm_backward<R: Real>(
    sequence: &Sequence,
    kinds: Gates,
    p: &[R],
    recurrent: &[R],
    d_y: &[R],
    ends: TwinEndsBack<R>,
    d_p: &mut [R],
) {
    let units = sequence.units;
    d_p.fill(R::of(0.0));
    let sums = |row, time, before: &[Vec<R>]| lstm_sums(sequence, p, recurrent, (row, time), before);
    let cell = |row, time, before: &[Vec<R>]| lstm_cell(units, kinds, &sums(row, time, before), before);
    walk_back(sequence, 2, d_y, ends, cell, |row, time, before, d| {
        let sums = sums(row, time, before);
        let cell = &lstm_cell(units, kinds, &sums, before)[1];
        let (gate, active) = (lstm_gates(units, kinds, &sums), function(kinds.activation, cell));
        let d_active: Vec<R> = (0..units).map(|u| d[0][u] * gate[3][u]).collect();
        let through = function_back(kinds.activation, cell, &d_active);
        let d_cell: Vec<R> = (0..units).map(|u| d[1][u] + through[u]).collect();
        let d_gate = |which: usize, u: usize| match which {
            0 => d_cell[u] * gate[2][u],
            1 => d_cell[u] * before[1][u],
            2 => d_cell[u] * gate[0][u],
            _ => d[0][u] * active[u],
        };
        let d_sums: Vec<R> = (0..4)
            .flat_map(|which| {
                let d_gate: Vec<R> = (0..units).map(|u| d_gate(which, u)).collect();
                function_back(lstm_gate(kinds, which), &sums[which * units..(which + 1) * units], &d_gate)
            })
            .collect();
        let at = (row * sequence.steps + time) * 4 * units;
        d_p[at..at + 4 * units].copy_from_slice(&d_sums);
        let d_state = products_back(sequence, row, &d_sums, recurrent, (0..4, 4));
        vec![d_state, (0..units).map(|u| d_cell[u] * gate[1][u]).collect()]
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

/// What is inside of a GRU's cell, `(units)` each.
struct GruInside<R> {
    /// Sums and values of update gate and reset gate.
    doors: Vec<R>,
    z: Vec<R>,
    r: Vec<R>,
    /// What the reset gate meets: the product, or the state on its way into it.
    met: Vec<R>,
    /// Sum and value of the candidate.
    sum: Vec<R>,
    n: Vec<R>,
}

/// The GRU's formulas, as at the head of `recurrent::gru`.
fn gru_inside<R: Real>(
    sequence: &Sequence,
    kinds: Gates,
    p: &[R],
    weights: Gru<R>,
    (row, time): (usize, usize),
    before: &[Vec<R>],
) -> GruInside<R> {
    let units = sequence.units;
    let width = 3 * units;
    let at = (row * sequence.steps + time) * width;
    let bias = |j: usize| weights.bias.map_or(R::of(0.0), |bias| bias[j]);
    let products = |some| products(sequence, row, &before[0], weights.kernel, (some, 3));
    let doors: Vec<R> =
        products(0..2).iter().enumerate().map(|(j, &sum)| p[at + j] + sum + bias(j)).collect();
    let open = |door: usize| function(kinds.recurrent_activation, &doors[door * units..(door + 1) * units]);
    let (z, r) = (open(0), open(1));
    let (met, inner): (Vec<R>, Vec<R>) = if weights.reset_after {
        let nudge = &weights.nudge[(row * sequence.steps + time) * units..];
        let product = products(2..3);
        (0..units).map(|u| product[u] + bias(2 * units + u) + nudge[u]).map(|met| (met, met)).unzip()
    } else {
        let met = entering(sequence, row, (2, 3), &before[0]);
        let reset: Vec<R> = (0..units).map(|u| r[u] * met[u]).collect();
        (met, product(&reset, weights.kernel, width, 2 * units..width))
    };
    let factor = |u: usize| if weights.reset_after { r[u] } else { R::of(1.0) };
    let sum: Vec<R> = (0..units).map(|u| p[at + 2 * units + u] + factor(u) * inner[u]).collect();
    let n = function(kinds.activation, &sum);
    GruInside { doors, z, r, met, sum, n }
}

fn gru_cell<R: Real>(inside: &GruInside<R>, before: &[Vec<R>]) -> Vec<Vec<R>> {
    let (z, n) = (&inside.z, &inside.n);
    vec![(0..z.len()).map(|u| z[u] * before[0][u] + (R::of(1.0) - z[u]) * n[u]).collect()]
}

/// The GRU over whole sequences.
pub fn gru<R: Real>(
    sequence: &Sequence,
    kinds: Gates,
    p: &[R],
    weights: Gru<R>,
    ends: TwinEnds<R>,
    y: &mut [R],
) {
    walk(sequence, 1, ends, y, |row, time, before| {
        gru_cell(&gru_inside(sequence, kinds, p, weights, (row, time), before), before)
    });
}

/// The gradients of [`gru`] with respect to `p`, to the initial states and, where the reset gate comes after the product, to
/// the nudge.
#[expect(clippy::too_many_arguments, reason = "operands and results of one formula")]
pub fn gru_backward<R: Real>(
    sequence: &Sequence,
    kinds: Gates,
    p: &[R],
    weights: Gru<R>,
    d_y: &[R],
    ends: TwinEndsBack<R>,
    d_p: &mut [R],
    d_nudge: &mut [R],
) {
    let units = sequence.units;
    let width = 3 * units;
    d_p.fill(R::of(0.0));
    d_nudge.fill(R::of(0.0));
    let inside = |row, time, before: &[Vec<R>]| gru_inside(sequence, kinds, p, weights, (row, time), before);
    let cell = |row, time, before: &[Vec<R>]| gru_cell(&inside(row, time, before), before);
    walk_back(sequence, 1, d_y, ends, cell, |row, time, before, d| {
        let GruInside { doors, z, r, met, sum, n } = inside(row, time, before);
        let (h, d) = (&before[0], &d[0]);
        let d_n: Vec<R> = (0..units).map(|u| d[u] * (R::of(1.0) - z[u])).collect();
        let d_sum = function_back(kinds.activation, &sum, &d_n);
        let mut d_h: Vec<R> = (0..units).map(|u| d[u] * z[u]).collect();
        let d_r: Vec<R> = if weights.reset_after {
            let d_met: Vec<R> = (0..units).map(|u| d_sum[u] * r[u]).collect();
            let at = (row * sequence.steps + time) * units;
            d_nudge[at..at + units].copy_from_slice(&d_met);
            let through = products_back(sequence, row, &d_met, weights.kernel, (2..3, 3));
            (0..units).for_each(|u| d_h[u] += through[u]);
            (0..units).map(|u| d_sum[u] * met[u]).collect()
        } else {
            let into = |u: usize| -> R {
                (0..units).map(|j| d_sum[j] * weights.kernel[u * width + 2 * units + j]).sum()
            };
            (0..units).for_each(|u| d_h[u] += into(u) * r[u] * dropped(sequence, row, (2, 3), u));
            (0..units).map(|u| into(u) * met[u]).collect()
        };
        let d_z: Vec<R> = (0..units).map(|u| d[u] * (h[u] - n[u])).collect();
        let back = |sums: &[R], d: &[R]| function_back(kinds.recurrent_activation, sums, d);
        let d_doors = [back(&doors[..units], &d_z), back(&doors[units..], &d_r)].concat();
        let through = products_back(sequence, row, &d_doors, weights.kernel, (0..2, 3));
        (0..units).for_each(|u| d_h[u] += through[u]);
        let at = (row * sequence.steps + time) * width;
        d_p[at..at + 2 * units].copy_from_slice(&d_doors);
        d_p[at + 2 * units..at + width].copy_from_slice(&d_sum);
        vec![d_h]
    });
}
