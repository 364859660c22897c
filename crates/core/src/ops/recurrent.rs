//! A recurrent layer: the input's product for all steps at once, then the cell step by step, own rows of the batch; the
//! gradients of the kernels are products over all rows and steps again. The cells are in `tabgrad_kernels::recurrent`.

use super::Operation;
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::{Frame, Mode};
use std::ops::Range;
use tabgrad_kernels::dropout;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Form, Mat};
use tabgrad_kernels::recurrent::{
    self, Ends, Gates, GruTrace, GruWeights, LstmTrace, Outputs, Sequence, SimpleTrace,
};
use tabgrad_kernels::reduce;
use tabgrad_kernels::rng::{Purpose, Stream};

/// Which cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Simple,
    Lstm,
    Gru { reset_after: bool },
}

impl Cell {
    /// How many states go from step to step.
    pub fn states(self) -> usize {
        if self == Self::Lstm { 2 } else { 1 }
    }

    /// Sums per unit.
    pub fn sums(self) -> usize {
        match self {
            Self::Simple => 1,
            Self::Lstm => 4,
            Self::Gru { .. } => 3,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Recurrent {
    pub x: TensorId,
    pub y: TensorId,
    /// `(units)` each: the states to begin with, if not zeros, ...
    pub initial: Vec<TensorId>,
    /// ... and those at the end, if they are asked for.
    pub last: Vec<TensorId>,
    /// `(steps)`: 0 for steps that are left out.
    pub mask: Option<TensorId>,
    /// `(inputs, sums units)`
    pub kernel: ParameterId,
    /// `(units, sums units)`
    pub recurrent: ParameterId,
    /// `(sums units)`; `(2, sums units)` for a GRU with `reset_after`.
    pub bias: Option<ParameterId>,
    pub cell: Cell,
    /// Values of a step, of which `x` has as many copies as there are gates where `is_apart`: each thinned out on its own.
    pub inputs: usize,
    pub is_apart: bool,
    pub steps: usize,
    pub units: usize,
    pub gates: Gates,
    pub go_backwards: bool,
    pub outputs: Outputs,
    pub zero_output_for_mask: bool,
    pub recurrent_dropout: f32,
    /// Tells the streams of several dropout layers apart.
    pub lane: u32,
    pub room: RecurrentRoom,
}

/// Memory of a recurrent layer: spans with so many values for each row of the batch.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RecurrentRoom {
    /// `steps sums units`; of no length where not needed, as `dropped`.
    sums: Span,
    /// `steps sums units`
    gates: Span,
    /// `steps units`: the states in front of every step, ...
    before: Span,
    /// ... and, `steps sums units`, as they enter the product of each gate.
    dropped: Span,
    /// `steps units`: an LSTM's cells in front of every step; what a GRU's reset gate meets.
    inner: Span,
    /// `steps units`: an LSTM's cells after their activation.
    active: Span,
    /// `sums units`: factors of the recurrent dropout, for each gate its own.
    factors: Span,
    /// `steps sums units`, in the arena of gradients.
    d_sums: Span,
    /// `steps units`, in the arena of gradients: for a GRU with `reset_after`.
    d_inner: Span,
}

impl Recurrent {
    /// Values of all gates in one row of the batch.
    fn wide(&self) -> usize {
        self.steps * self.width()
    }

    /// Values of all states in one row of the batch.
    fn narrow(&self) -> usize {
        self.steps * self.units
    }

    /// Sums of one step.
    fn width(&self) -> usize {
        self.cell.sums() * self.units
    }

    fn resets_after(&self) -> bool {
        self.cell == Cell::Gru { reset_after: true }
    }

    fn keeps_sums(&self) -> bool {
        match self.cell {
            Cell::Simple => self.gates.activation.needs_input(),
            _ => self.gates.needs_sums(),
        }
    }

    fn drops(&self, frame: &Frame<'_>) -> bool {
        self.recurrent_dropout > 0.0 && matches!(frame.mode, Mode::Training { .. })
    }

    fn sequence<'a>(&self, frame: &Frame<'a>) -> Sequence<'a> {
        let factors = self.room.factors;
        let initial = |state: usize| self.initial.get(state).map_or(&[][..], |&id| frame.value(id));
        Sequence {
            initial: Ends { state: initial(0), cell: initial(1) },
            rows: frame.rows.len(),
            steps: self.steps,
            units: self.units,
            go_backwards: self.go_backwards,
            outputs: self.outputs,
            mask: self.mask.map(|mask| frame.value(mask)),
            zero_output_for_mask: self.zero_output_for_mask,
            recurrent_dropout: self
                .drops(frame)
                .then(|| frame.read_value_span(factors.rows(&frame.rows, self.width()))),
        }
    }

    /// The factors of this step's recurrent dropout.
    fn draw(&self, frame: &Frame<'_>) {
        let Mode::Training { step } = frame.mode else { return };
        let factors = frame.write_value_span(self.room.factors.rows(&frame.rows, self.width()));
        if self.recurrent_dropout >= 1.0 {
            factors.fill(0.0);
            return;
        }
        let ones = &mut frame.scratch()[..factors.len()];
        ones.fill(1.0);
        let stream = Stream::new(frame.plan.seed, Purpose::Dropout, self.lane);
        let row = frame.first_row(step);
        dropout::forward(&stream, row * self.width() as u64, self.recurrent_dropout, ones, factors);
    }

    fn gru_weights<'a>(&self, frame: &Frame<'a>) -> GruWeights<'a> {
        let bias = self.bias.filter(|_| self.resets_after());
        GruWeights {
            kernel: frame.parameter(self.recurrent),
            bias: bias.map(|bias| &frame.parameter(bias)[self.width()..]),
            reset_after: self.resets_after(),
        }
    }

    /// Own rows of what the way forward saved.
    fn saved<'a>(&self, frame: &Frame<'a>, span: Span, width: usize) -> &'a [f32] {
        if span.len == 0 { &[] } else { frame.read_value_span(span.rows(&frame.rows, width)) }
    }

    /// The same, to be written.
    fn saved_mut<'a>(&self, frame: &Frame<'a>, span: Span, width: usize) -> &'a mut [f32] {
        if span.len == 0 { &mut [] } else { frame.write_value_span(span.rows(&frame.rows, width)) }
    }

    /// The values of one gate in every step of the input.
    fn inputs_of<'a>(&self, x: &'a [f32], gate: usize) -> Mat<'a> {
        match self.is_apart {
            true => {
                Mat { data: &x[(gate * self.inputs).min(x.len())..], stride: self.cell.sums() * self.inputs }
            }
            false => Mat { data: x, stride: self.inputs },
        }
    }

    /// The first gate and the width of each product that takes some gates: of all together, or where each has an operand
    /// of its own, one by one.
    fn products(&self, gates: Range<usize>, is_apart: bool) -> impl Iterator<Item = (usize, usize)> {
        let (count, units) = (if is_apart { 1 } else { gates.len() }, self.units);
        gates.step_by(count.max(1)).map(move |gate| (gate, count * units))
    }

    /// The columns of some gates in the recurrent kernel's gradient, for rows `own`: `entered^T · d_sums`; `d_sums` begins at
    /// the first of them.
    fn recurrent_gradient(
        &self,
        frame: &Frame<'_>,
        own: &Range<usize>,
        gates: Range<usize>,
        (d_sums, stride): (&[f32], usize),
        d_kernel: &mut [f32],
    ) {
        let (all, units, drops) = (0..frame.batch, self.units, self.drops(frame));
        let (entered, each) = match drops {
            true => (frame.read_value_span(self.room.dropped.rows(&all, self.wide())), self.width()),
            false => (frame.read_value_span(self.room.before.rows(&all, self.narrow())), units),
        };
        for (gate, width) in self.products(gates.clone(), drops) {
            let first = if drops { gate * units } else { 0 };
            let entered = Mat { data: &entered[first..], stride: each };
            let d_sums = Mat { data: &d_sums[(gate - gates.start) * units..], stride };
            self.kernel_columns(frame, own, entered, d_sums, (gate * units, width), d_kernel);
        }
    }

    /// So many columns of a kernel's gradient from the first on: `x^T · d_sums` over all rows and steps.
    fn kernel_columns(
        &self,
        frame: &Frame<'_>,
        own: &Range<usize>,
        x: Mat<'_>,
        d_sums: Mat<'_>,
        (first, width): (usize, usize),
        d_kernel: &mut [f32],
    ) {
        if own.is_empty() {
            return;
        }
        gemm::tn(
            own.len(),
            width,
            frame.batch * self.steps,
            Mat { data: &x.data[own.start..], ..x },
            d_sums,
            &mut d_kernel[first..],
            self.width(),
            Beta::Zero,
            Epilogue::default(),
            frame.scratch(),
        );
    }
}

impl Operation for Recurrent {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        [Some(&mut self.x), self.mask.as_mut()].into_iter().flatten().chain(&mut self.initial).collect()
    }

    fn outputs(&self) -> Vec<TensorId> {
        [&[self.y][..], &self.last].concat()
    }

    fn parameters(&self) -> Vec<ParameterId> {
        [Some(self.kernel), Some(self.recurrent), self.bias].into_iter().flatten().collect()
    }

    fn place(&mut self, room: &mut Room<'_>) {
        let (wide, narrow) = (self.wide(), self.narrow());
        let mut own = RecurrentRoom {
            gates: room.value_rows(wide),
            before: room.value_rows(narrow),
            ..RecurrentRoom::default()
        };
        if self.keeps_sums() {
            own.sums = room.value_rows(wide);
        }
        if self.recurrent_dropout > 0.0 {
            own.dropped = room.value_rows(wide);
            own.factors = room.value_rows(self.width());
        }
        if self.cell != Cell::Simple {
            own.inner = room.value_rows(narrow);
        }
        if self.cell == Cell::Lstm {
            own.active = room.value_rows(narrow);
        }
        if room.has_gradient(self.y) {
            own.d_sums = room.gradient_rows(wide);
            if self.resets_after() {
                own.d_inner = room.gradient_rows(narrow);
            }
        }
        self.room = own;
    }

    fn forward(&self, frame: &Frame<'_>) {
        if self.recurrent_dropout > 0.0 {
            self.draw(frame);
        }
        let room = self.room;
        let (wide, narrow, width) = (self.wide(), self.narrow(), self.width());
        let gates = self.saved_mut(frame, room.gates, wide);
        for (gate, part) in self.products(0..self.cell.sums(), self.is_apart) {
            let columns = gate * self.units..gate * self.units + part;
            let bias = self.bias.map(|bias| &frame.parameter(bias)[columns.clone()]);
            let first = columns.start.min(gates.len());
            gemm::nn(
                frame.rows.len() * self.steps,
                part,
                self.inputs,
                self.inputs_of(frame.value(self.x), gate),
                Mat { data: &frame.parameter(self.kernel)[columns.start..], stride: width },
                &mut gates[first..],
                width,
                Beta::Zero,
                Epilogue { bias, ..Epilogue::default() },
                frame.scratch(),
            );
        }
        let sequence = self.sequence(frame);
        let weights = frame.parameter(self.recurrent);
        let sums = self.saved_mut(frame, room.sums, wide);
        let before = self.saved_mut(frame, room.before, narrow);
        let dropped = self.saved_mut(frame, room.dropped, wide);
        let inner = self.saved_mut(frame, room.inner, narrow);
        let (y, scratch) = (frame.value_mut(self.y), frame.scratch());
        let last = |state: usize| self.last.get(state).map(|&id| frame.value_mut(id)).unwrap_or_default();
        let last = Ends { state: last(0), cell: last(1) };
        match self.cell {
            Cell::Simple => {
                let trace = SimpleTrace { states: gates, sums, before, dropped };
                recurrent::simple_forward(&sequence, self.gates.activation, weights, trace, y, last, scratch);
            }
            Cell::Lstm => {
                let cell_active = self.saved_mut(frame, room.active, narrow);
                let trace = LstmTrace { gates, sums, before, dropped, cell_before: inner, cell_active };
                recurrent::lstm_forward(&sequence, self.gates, weights, trace, y, last, scratch);
            }
            Cell::Gru { .. } => {
                let trace = GruTrace { gates, sums, before, dropped, inner };
                recurrent::gru_forward(
                    &sequence,
                    self.gates,
                    self.gru_weights(frame),
                    trace,
                    y,
                    last,
                    scratch,
                );
            }
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient(self.y) else { return };
        let room = self.room;
        let (wide, narrow, width) = (self.wide(), self.narrow(), self.width());
        let sequence = self.sequence(frame);
        let weights = frame.parameter(self.recurrent);
        let gates = self.saved(frame, room.gates, wide);
        let sums = self.saved(frame, room.sums, wide);
        let before = self.saved(frame, room.before, narrow);
        let dropped = self.saved(frame, room.dropped, wide);
        let inner = self.saved(frame, room.inner, narrow);
        let d_sums = frame.write_gradient_span(room.d_sums.rows(&frame.rows, wide));
        let scratch = frame.scratch();
        let d_last =
            |state: usize| self.last.get(state).and_then(|&id| frame.gradient(id)).unwrap_or_default();
        let d_last = Ends { state: d_last(0), cell: d_last(1) };
        let d_initial =
            |state: usize| self.initial.get(state).and_then(|&id| frame.gradient_mut(id)).unwrap_or_default();
        let d_initial = Ends { state: d_initial(0), cell: d_initial(1) };
        match self.cell {
            Cell::Simple => {
                let trace = SimpleTrace { states: gates, sums, before, dropped };
                recurrent::simple_backward(
                    &sequence,
                    self.gates.activation,
                    weights,
                    trace,
                    d_y,
                    d_last,
                    d_sums,
                    d_initial,
                    scratch,
                );
            }
            Cell::Lstm => {
                let cell_active = self.saved(frame, room.active, narrow);
                let trace = LstmTrace { gates, sums, before, dropped, cell_before: inner, cell_active };
                recurrent::lstm_backward(
                    &sequence, self.gates, weights, trace, d_y, d_last, d_sums, d_initial, scratch,
                );
            }
            Cell::Gru { .. } => {
                let trace = GruTrace { gates, sums, before, dropped, inner };
                let d_inner: &mut [f32] = match self.resets_after() {
                    true => frame.write_gradient_span(room.d_inner.rows(&frame.rows, narrow)),
                    false => &mut [],
                };
                let weights = self.gru_weights(frame);
                recurrent::gru_backward(
                    &sequence, self.gates, weights, trace, d_y, d_last, d_sums, d_inner, d_initial, scratch,
                );
            }
        }
        let Some(d_x) = frame.gradient_mut(self.x) else { return };
        for (gate, part) in self.products(0..self.cell.sums(), self.is_apart) {
            let (first, copy) = (gate * self.units, gate * self.inputs);
            let copy = copy.min(d_x.len());
            gemm::nt(
                frame.rows.len() * self.steps,
                self.inputs,
                part,
                Mat { data: &d_sums[first.min(d_sums.len())..], stride: width },
                Mat { data: &frame.parameter(self.kernel)[first..], stride: width },
                &mut d_x[copy..],
                self.inputs_of(&[], 0).stride,
                Beta::Zero,
                Epilogue::default(),
                frame.scratch(),
            );
        }
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        if frame.gradient(self.y).is_none() {
            return;
        }
        let all = 0..frame.batch;
        let (width, units, rows) = (self.width(), self.units, frame.batch * self.steps);
        let d_sums = frame.read_gradient_span(self.room.d_sums.rows(&all, self.wide()));
        let d_inner = self
            .resets_after()
            .then(|| frame.read_gradient_span(self.room.d_inner.rows(&all, self.narrow())));
        if let Some((own, d_kernel)) = frame.parameter_gradient_mut(self.kernel) {
            for (gate, part) in self.products(0..self.cell.sums(), self.is_apart) {
                let x = self.inputs_of(frame.value_all(self.x), gate);
                let first = gate * units;
                let d_sums = Mat { data: &d_sums[first..], stride: width };
                self.kernel_columns(frame, &own, x, d_sums, (first, part), d_kernel);
            }
        }
        if let Some((own, d_kernel)) = frame.parameter_gradient_mut(self.recurrent) {
            let sums = self.cell.sums();
            // A GRU's candidate has another gradient, or another input, than its gates.
            let gates = if let Cell::Gru { .. } = self.cell { 2 } else { sums };
            self.recurrent_gradient(frame, &own, 0..gates, (d_sums, width), d_kernel);
            if let Some(d_inner) = d_inner {
                self.recurrent_gradient(frame, &own, gates..sums, (d_inner, units), d_kernel);
            } else if gates < sums {
                let met = frame.read_value_span(self.room.inner.rows(&all, self.narrow()));
                let (met, first) = (Mat { data: met, stride: units }, gates * units);
                let d_n = Mat { data: &d_sums[first..], stride: width };
                self.kernel_columns(frame, &own, met, d_n, (first, units), d_kernel);
            }
        }
        if let Some((own, d_bias)) = self.bias.and_then(|bias| frame.parameter_gradient_mut(bias)) {
            self.bias_gradient(rows, d_sums, d_inner, own, d_bias);
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        let products = 2 * (self.inputs + self.units) as u64 * self.width() as u64;
        self.steps as u64 * (products + 20 * self.width() as u64)
    }

    fn backward_factor(&self) -> u64 {
        2
    }

    fn input_flops(&self, _: &Plan) -> u64 {
        // The states' product comes back through time in any case.
        2 * (self.steps * self.inputs * self.width()) as u64
    }

    fn scratch_len(&self, _: &Plan, rows: usize) -> usize {
        let (width, units, inputs) = (self.width(), self.units, self.inputs);
        let all = rows * self.steps;
        let forward = gemm::scratch_len(Form::Nn, all, width, inputs);
        let backward = gemm::scratch_len(Form::Nt, all, inputs, width);
        let weights = gemm::scratch_len(Form::Tn, inputs.max(units), width, all);
        let cell = match self.cell {
            Cell::Simple => recurrent::simple_scratch_len(rows, units),
            Cell::Lstm => recurrent::lstm_scratch_len(rows, units),
            Cell::Gru { .. } => recurrent::gru_scratch_len(rows, units),
        };
        forward.max(backward).max(weights).max(cell).max(rows * width)
    }
}

impl Recurrent {
    /// Sums over all rows and steps. A bias in two rows has one for the input's product and one for that of the state.
    fn bias_gradient(
        &self,
        rows: usize,
        d_sums: &[f32],
        d_inner: Option<&[f32]>,
        own: Range<usize>,
        d_bias: &mut [f32],
    ) {
        let (width, gates) = (self.width(), 2 * self.units);
        let Some(d_inner) = d_inner else {
            return reduce::column_sums(rows, width, d_sums, own, d_bias);
        };
        for (row, d_bias) in own.zip(d_bias.chunks_exact_mut(width)) {
            if row == 0 {
                reduce::column_sums(rows, width, d_sums, 0..width, d_bias);
            } else {
                let (of_gates, of_candidate) = d_bias.split_at_mut(gates);
                reduce::column_sums(rows, width, d_sums, 0..gates, of_gates);
                reduce::column_sums(rows, self.units, d_inner, 0..self.units, of_candidate);
            }
        }
    }
}
