//! Recurrent layers over whole sequences: both directions, every kind of output, masks, dropout of the state, saved sums,
//! states at both ends.

use super::{Case, Entry, Output, around_zero, made, numbers, wide};
use crate::activation::Activation;
use crate::recurrent::{
    self, Ends, Function, GruTrace, GruWeights, LstmTrace, Outputs, Sequence, SimpleTrace,
};
use crate::reference::{self, TwinEnds, TwinEndsBack};
use std::ops::Range;

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("recurrent::simple_forward", || cases(forward(Cell::Simple))),
    ("recurrent::simple_backward", || cases(backward(Cell::Simple))),
    ("recurrent::lstm_forward", || cases(forward(Cell::Lstm))),
    ("recurrent::lstm_backward", || cases(backward(Cell::Lstm))),
    ("recurrent::gru_forward", || grus(forward)),
    ("recurrent::gru_backward", || grus(backward)),
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    Simple,
    Lstm,
    Gru { reset_after: bool },
}

/// A layer to check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub rows: usize,
    pub steps: usize,
    pub units: usize,
    go_backwards: bool,
    outputs: Outputs,
    is_masked: bool,
    zero_output_for_mask: bool,
    has_dropout: bool,
    /// States are given in front, and asked for behind.
    pub has_ends: bool,
    kinds: recurrent::Gates,
}

fn cases(of: impl Fn(Shape) -> Case) -> Vec<Case> {
    shapes().into_iter().map(of).collect()
}

/// Every layer to check.
pub(super) fn shapes() -> Vec<Shape> {
    let usual = recurrent::Gates {
        activation: Activation::Tanh.into(),
        recurrent_activation: Activation::Sigmoid.into(),
    };
    let plain = Shape {
        rows: 3,
        steps: 3,
        units: 2,
        go_backwards: false,
        outputs: Outputs::Taken,
        is_masked: false,
        zero_output_for_mask: false,
        has_dropout: false,
        has_ends: false,
        kinds: usual,
    };
    let mut shapes = vec![plain];
    for (rows, steps, units) in [(0, 2, 3), (1, 1, 1), (13, 2, 5), (2, 4, 7), (17, 1, 1)] {
        shapes.push(Shape { rows, steps, units, ..plain });
    }
    for outputs in [Outputs::Last, Outputs::Taken, Outputs::Timed] {
        for go_backwards in [false, true] {
            let base = Shape { outputs, go_backwards, steps: 4, ..plain };
            shapes.push(base);
            shapes.push(Shape { is_masked: true, has_dropout: go_backwards, ..base });
            shapes.push(Shape { is_masked: true, zero_output_for_mask: true, ..base });
            shapes.push(Shape { has_ends: true, has_dropout: go_backwards, ..base });
            shapes.push(Shape { has_ends: true, is_masked: true, ..base });
        }
    }
    shapes.push(Shape { has_dropout: true, ..plain });
    for (activation, recurrent_activation) in [
        (Activation::Gelu { approximate: true }.into(), Activation::Sigmoid.into()),
        (Activation::Linear.into(), Activation::Silu.into()),
        (Activation::Relu.into(), Activation::Tanh.into()),
        (Function::Softmax, Function::Softmax),
        (Function::LogSoftmax, Function::Sparsemax),
        (Function::Sparsemax, Function::LogSoftmax),
        (Function::Softmax, Activation::Gelu { approximate: false }.into()),
    ] {
        let kinds = recurrent::Gates { activation, recurrent_activation };
        shapes.push(Shape { kinds, ..plain });
        shapes.push(Shape { kinds, is_masked: true, outputs: Outputs::Last, has_dropout: true, ..plain });
    }
    shapes
}

fn grus<F: Fn(Shape) -> Case>(of: impl Fn(Cell) -> F) -> Vec<Case> {
    [true, false].into_iter().flat_map(|reset_after| cases(of(Cell::Gru { reset_after }))).collect()
}

/// What a case is run on.
#[derive(Clone)]
pub(super) struct Data {
    shape: Shape,
    cell: Cell,
    mask: Vec<f32>,
    factors: Vec<f32>,
    pub p: Vec<f32>,
    recurrent: Vec<f32>,
    bias: Vec<f32>,
    d_y: Vec<f32>,
    /// Of each state, in front, and the gradients behind.
    initial: Vec<Vec<f32>>,
    d_last: Vec<Vec<f32>>,
}

/// The results of the way back: of `p`, of what a GRU's reset gate meets, and of each state.
struct Gradients<'a> {
    d_p: &'a mut [f32],
    d_inner: &'a mut [f32],
    d_initial: Vec<&'a mut [f32]>,
}

/// The state and the cell of a list of both, of one or of none.
fn ends<S: Default>(states: impl IntoIterator<Item = S>) -> Ends<S> {
    let mut states = states.into_iter();
    Ends { state: states.next().unwrap_or_default(), cell: states.next().unwrap_or_default() }
}

impl Data {
    pub fn new(shape: Shape, cell: Cell) -> Self {
        let Shape { rows, steps, units, .. } = shape;
        // Left out in turn: the first, a middle, the last, all.
        let left_out = |row: usize, time: usize| match row % 4 {
            0 => time == 0,
            1 => time == 1 || time + 1 == steps,
            2 => true,
            _ => false,
        };
        let places = (0..rows).flat_map(|row| (0..steps).map(move |time| (row, time)));
        let width = cell.width() * units;
        let outputs = if shape.outputs == Outputs::Last { rows * units } else { rows * steps * units };
        Self {
            shape,
            cell,
            mask: places.map(|(row, time)| if left_out(row, time) { 0.0 } else { 1.0 }).collect(),
            factors: numbers(8, rows * width, 0.0, 2.0)
                .iter()
                .map(|f| if *f < 0.7 { 0.0 } else { *f })
                .collect(),
            p: around_zero(1, rows * steps * width),
            recurrent: numbers(2, units * width, -0.8, 0.8),
            bias: around_zero(3, width),
            d_y: around_zero(4, outputs),
            initial: (0..shape.states(cell)).map(|k| around_zero(5 + k as u32, rows * units)).collect(),
            d_last: (0..shape.states(cell)).map(|k| around_zero(10 + k as u32, rows * units)).collect(),
        }
    }

    fn sequence(&self, rows: &Range<usize>) -> Sequence<'_> {
        let Shape { steps, units, go_backwards, outputs, zero_output_for_mask, .. } = self.shape;
        let mask = &self.mask[rows.start * steps..rows.end * steps];
        let width = self.cell.width() * units;
        let factors = &self.factors[rows.start * width..rows.end * width];
        Sequence {
            rows: rows.len(),
            steps,
            units,
            go_backwards,
            outputs,
            mask: self.shape.is_masked.then_some(mask),
            zero_output_for_mask,
            recurrent_dropout: self.shape.has_dropout.then_some(factors),
            initial: ends(self.initial.iter().map(|it| self.some(it, rows))),
        }
    }

    /// Rows `rows` of a matrix `(rows, units)`.
    fn some<'a>(&self, x: &'a [f32], rows: &Range<usize>) -> &'a [f32] {
        &x[rows.start * self.shape.units..rows.end * self.shape.units]
    }

    /// The initial states side by side in each row, as the twin takes them.
    pub fn initial_rows(&self) -> Vec<f64> {
        self.rows_of(&self.initial)
    }

    /// States, each `(rows, units)`, side by side in each row.
    fn rows_of(&self, states: &[Vec<f32>]) -> Vec<f64> {
        let Shape { rows, units, .. } = self.shape;
        let row = |row: usize| states.iter().flat_map(move |it| &it[row * units..(row + 1) * units]);
        (0..rows).flat_map(row).map(|it| f64::from(*it)).collect()
    }

    /// What the twin gives for these sums and initial states: `y` and the last states; `nudge` is added to what a GRU's reset
    /// gate meets.
    fn twin(&self, p: &[f64], nudge: &[f64], initial: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let sequence = self.sequence(&(0..self.shape.rows));
        let (kinds, recurrent, bias) = (self.shape.kinds, wide(&self.recurrent), wide(&self.bias));
        let mut last = vec![f64::NAN; initial.len()];
        let y = made(self.d_y.len(), |y| {
            let ends = TwinEnds { initial, last: &mut last };
            match self.cell {
                Cell::Simple => reference::simple_rnn(&sequence, kinds.activation, p, &recurrent, ends, y),
                Cell::Lstm => reference::lstm(&sequence, kinds, p, &recurrent, ends, y),
                Cell::Gru { reset_after } => {
                    let bias = reset_after.then_some(&bias[..]);
                    let weights = reference::Gru { kernel: &recurrent, bias, reset_after, nudge };
                    reference::gru(&sequence, kinds, p, weights, ends, y);
                }
            }
        });
        (y, last)
    }

    /// One of the states of rows in which they lie side by side.
    fn state_of(&self, rows: &[f64], state: usize) -> Vec<f64> {
        let (units, states) = (self.shape.units, self.initial.len());
        rows.chunks(states * units).flat_map(|row| row[state * units..][..units].to_vec()).collect()
    }

    /// The terms of a sum over all outputs and last states, each times its gradient.
    #[cfg(test)]
    pub fn terms(&self, p: &[f64], nudge: &[f64], initial: &[f64]) -> Vec<f64> {
        let (y, last) = self.twin(p, nudge, initial);
        let d = wide(&self.d_y).into_iter().chain(self.rows_of(&self.d_last));
        y.into_iter().chain(last).zip(d).map(|(y, d)| y * d).collect()
    }

    /// What the twin gives for the gradients of the sums, of the nudge and of the initial states.
    pub fn twin_backward(&self, p: &[f64], nudge: &[f64], initial: &[f64]) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let sequence = self.sequence(&(0..self.shape.rows));
        let (kinds, recurrent, bias) = (self.shape.kinds, wide(&self.recurrent), wide(&self.bias));
        let (d_y, d_last) = (wide(&self.d_y), self.rows_of(&self.d_last));
        let (mut d_nudge, mut d_initial) = (vec![0.0; nudge.len()], vec![f64::NAN; initial.len()]);
        let d_p = made(p.len(), |d_p| {
            let ends = TwinEndsBack { initial, d_last: &d_last, d_initial: &mut d_initial };
            match self.cell {
                Cell::Simple => {
                    reference::simple_rnn_backward(
                        &sequence,
                        kinds.activation,
                        p,
                        &recurrent,
                        &d_y,
                        ends,
                        d_p,
                    );
                }
                Cell::Lstm => reference::lstm_backward(&sequence, kinds, p, &recurrent, &d_y, ends, d_p),
                Cell::Gru { reset_after } => {
                    let bias = reset_after.then_some(&bias[..]);
                    let weights = reference::Gru { kernel: &recurrent, bias, reset_after, nudge };
                    reference::gru_backward(&sequence, kinds, p, weights, &d_y, ends, d_p, &mut d_nudge);
                }
            }
        });
        (d_p, d_nudge, d_initial)
    }

    /// Forward, and backward if gradients are asked for, from `d_y`.
    fn run(
        &self,
        rows: &Range<usize>,
        y: &mut [f32],
        last: Vec<&mut [f32]>,
        d: Option<(&[f32], Gradients<'_>)>,
    ) {
        let d_last = ends(self.d_last.iter().map(|it| self.some(it, rows)));
        let last = ends(last);
        let sequence = self.sequence(rows);
        let kinds = self.shape.kinds;
        let Shape { steps, units, .. } = self.shape;
        let each = steps * units;
        let width = self.cell.width();
        let mut gates = self.p[rows.start * each * width..rows.end * each * width].to_vec();
        let mut room = vec![f32::NAN; (3 + width) * rows.len() * each];
        let (before, rest) = room.split_at_mut(rows.len() * each);
        let (dropped, rest) = rest.split_at_mut(rows.len() * each * width);
        let (third, rest) = rest.split_at_mut(rows.len() * each);
        let (fourth, _) = rest.split_at_mut(rows.len() * each);
        let keeps_sums = match self.cell {
            Cell::Simple => kinds.activation.needs_input(),
            _ => kinds.needs_sums(),
        };
        let mut sums = vec![f32::NAN; if keeps_sums { gates.len() } else { 0 }];
        let dropped = if self.shape.has_dropout { dropped } else { &mut [] };
        let scratch = |len| vec![f32::NAN; len];
        match self.cell {
            Cell::Simple => {
                let mut scratch = scratch(recurrent::simple_scratch_len(rows.len(), units));
                let (kind, weights) = (kinds.activation, &self.recurrent);
                let trace = SimpleTrace { states: &mut gates[..], sums: &mut sums[..], before, dropped };
                recurrent::simple_forward(&sequence, kind, weights, trace, y, last, &mut scratch);
                let trace =
                    SimpleTrace { states: &gates[..], sums: &sums[..], before: &[][..], dropped: &[] };
                if let Some((d_y, Gradients { d_p, d_initial, .. })) = d {
                    let d_initial = ends(d_initial);
                    recurrent::simple_backward(
                        &sequence,
                        kind,
                        weights,
                        trace,
                        d_y,
                        d_last,
                        d_p,
                        d_initial,
                        &mut scratch,
                    );
                }
            }
            Cell::Lstm => {
                let mut scratch = scratch(recurrent::lstm_scratch_len(rows.len(), units));
                let weights = &self.recurrent;
                let trace = LstmTrace {
                    gates: &mut gates[..],
                    sums: &mut sums[..],
                    before: &mut *before,
                    dropped: &mut *dropped,
                    cell_before: &mut *third,
                    cell_active: &mut *fourth,
                };
                recurrent::lstm_forward(&sequence, kinds, weights, trace, y, last, &mut scratch);
                let trace = LstmTrace {
                    gates: &gates[..],
                    sums: &sums[..],
                    before: &*before,
                    dropped: &*dropped,
                    cell_before: &*third,
                    cell_active: &*fourth,
                };
                if let Some((d_y, Gradients { d_p, d_initial, .. })) = d {
                    let d_initial = ends(d_initial);
                    recurrent::lstm_backward(
                        &sequence,
                        kinds,
                        weights,
                        trace,
                        d_y,
                        d_last,
                        d_p,
                        d_initial,
                        &mut scratch,
                    );
                }
            }
            Cell::Gru { reset_after } => {
                let mut scratch = scratch(recurrent::gru_scratch_len(rows.len(), units));
                let bias = reset_after.then_some(&self.bias[..]);
                let weights = GruWeights { kernel: &self.recurrent, bias, reset_after };
                let trace = GruTrace {
                    gates: &mut gates[..],
                    sums: &mut sums[..],
                    before: &mut *before,
                    dropped: &mut *dropped,
                    inner: &mut *third,
                };
                recurrent::gru_forward(&sequence, kinds, weights, trace, y, last, &mut scratch);
                let trace = GruTrace {
                    gates: &gates[..],
                    sums: &sums[..],
                    before: &*before,
                    dropped: &*dropped,
                    inner: &*third,
                };
                if let Some((d_y, Gradients { d_p, d_inner, d_initial })) = d {
                    let d_initial = ends(d_initial);
                    recurrent::gru_backward(
                        &sequence,
                        kinds,
                        weights,
                        trace,
                        d_y,
                        d_last,
                        d_p,
                        d_inner,
                        d_initial,
                        &mut scratch,
                    );
                }
            }
        }
    }
}

impl Shape {
    /// How many states there are at both ends.
    fn states(&self, cell: Cell) -> usize {
        match (self.has_ends, cell) {
            (false, _) => 0,
            (true, Cell::Lstm) => 2,
            (true, _) => 1,
        }
    }
}

impl Cell {
    /// Sums per unit.
    fn width(self) -> usize {
        match self {
            Self::Simple => 1,
            Self::Lstm => 4,
            Self::Gru { .. } => 3,
        }
    }
}

fn forward(cell: Cell) -> impl Fn(Shape) -> Case {
    move |shape| {
        let data = Data::new(shape, cell);
        let nudge = vec![0.0; shape.rows * shape.steps * shape.units];
        let (y, last) = data.twin(&wide(&data.p), &nudge, &data.initial_rows());
        let per_row = if shape.outputs == Outputs::Last { 1 } else { shape.steps } * shape.units;
        let mut outputs = vec![Output::poisoned(y, per_row)];
        outputs
            .extend((0..shape.states(cell)).map(|k| Output::poisoned(data.state_of(&last, k), shape.units)));
        Case {
            label: format!("{cell:?} {shape:?}"),
            cuts: shape.rows,
            outputs,
            run: Box::new(move |rows, out| {
                let (y, last) = out.split_first_mut().expect("an output");
                data.run(&rows, y, last.iter_mut().map(|it| &mut **it).collect(), None);
            }),
            tolerance: 2e-5,
        }
    }
}

fn backward(cell: Cell) -> impl Fn(Shape) -> Case {
    move |shape| {
        let data = Data::new(shape, cell);
        let Shape { rows, steps, units, .. } = shape;
        let (p, initial) = (wide(&data.p), data.initial_rows());
        let nudge = vec![0.0; rows * steps * units];
        let (d_p, d_inner, d_initial) = data.twin_backward(&p, &nudge, &initial);
        let mut outputs = vec![Output::poisoned(d_p, steps * units * cell.width())];
        let has_inner = cell == (Cell::Gru { reset_after: true });
        if has_inner {
            outputs.push(Output::poisoned(d_inner, steps * units));
        }
        let d_states = (0..shape.states(cell)).map(|k| data.state_of(&d_initial, k));
        outputs.extend(d_states.map(|d| Output::poisoned(d, units)));
        let per_row = if shape.outputs == Outputs::Last { 1 } else { steps } * units;
        Case {
            label: format!("{cell:?} {shape:?}"),
            cuts: rows,
            outputs,
            run: Box::new(move |rows, out| {
                let d_y = &data.d_y[rows.start * per_row..rows.end * per_row];
                let mut y = vec![f32::NAN; d_y.len()];
                let mut out = out.iter_mut().map(|it| &mut **it);
                let d_p = out.next().expect("the gradient of p");
                let d_inner = if has_inner { out.next() } else { None }.unwrap_or_default();
                let gradients = Gradients { d_p, d_inner, d_initial: out.collect() };
                let mut last = vec![vec![f32::NAN; rows.len() * units]; shape.states(cell)];
                let last = last.iter_mut().map(|it| &mut it[..]).collect();
                data.run(&rows, &mut y, last, Some((d_y, gradients)));
            }),
            tolerance: 5e-5,
        }
    }
}
