//! A recurrent layer: the input's product for all steps at once, then the cell step by step, own rows of the batch; the
//! gradients of the kernels are products over all rows and steps again. The cells are in `tabgrad_kernels::recurrent`.

use super::Operation;
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::{Frame, Mode};
use std::ops::Range;
use tabgrad_kernels::activation::needs_input;
use tabgrad_kernels::dropout;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Form, Mat};
use tabgrad_kernels::recurrent::{
    self, Gates, GruTrace, GruWeights, LstmTrace, Outputs, Sequence, SimpleTrace,
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
    /// `(steps)`: 0 for steps that are left out.
    pub mask: Option<TensorId>,
    /// `(inputs, sums units)`
    pub kernel: ParameterId,
    /// `(units, sums units)`
    pub recurrent: ParameterId,
    /// `(sums units)`; `(2, sums units)` for a GRU with `reset_after`.
    pub bias: Option<ParameterId>,
    pub cell: Cell,
    pub inputs: usize,
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
    /// ... and as they enter the product.
    dropped: Span,
    /// `steps units`: an LSTM's cells in front of every step; what a GRU's reset gate meets.
    inner: Span,
    /// `steps units`: an LSTM's cells after their activation.
    active: Span,
    /// `units`: factors of the recurrent dropout.
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
            Cell::Simple => needs_input(self.gates.activation),
            _ => self.gates.needs_sums(),
        }
    }

    fn drops(&self, frame: &Frame<'_>) -> bool {
        self.recurrent_dropout > 0.0 && matches!(frame.mode, Mode::Training { .. })
    }

    fn sequence<'a>(&self, frame: &Frame<'a>) -> Sequence<'a> {
        let factors = self.room.factors;
        Sequence {
            rows: frame.rows.len(),
            steps: self.steps,
            units: self.units,
            go_backwards: self.go_backwards,
            outputs: self.outputs,
            mask: self.mask.map(|mask| frame.value(mask)),
            zero_output_for_mask: self.zero_output_for_mask,
            recurrent_dropout: self
                .drops(frame)
                .then(|| frame.read_value_span(factors.rows(&frame.rows, self.units))),
        }
    }

    /// The factors of this step's recurrent dropout.
    fn draw(&self, frame: &Frame<'_>) {
        let Mode::Training { step } = frame.mode else { return };
        let factors = frame.write_value_span(self.room.factors.rows(&frame.rows, self.units));
        if self.recurrent_dropout >= 1.0 {
            factors.fill(0.0);
            return;
        }
        let ones = &mut frame.scratch()[..factors.len()];
        ones.fill(1.0);
        let stream = Stream::new(frame.plan.seed, Purpose::Dropout, self.lane);
        let row = frame.first_row(step);
        dropout::forward(&stream, row * self.units as u64, self.recurrent_dropout, ones, factors);
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

    /// What entered the recurrent product, all rows of the batch.
    fn entered<'a>(&self, frame: &Frame<'a>) -> &'a [f32] {
        let span = if self.drops(frame) { self.room.dropped } else { self.room.before };
        frame.read_value_span(span.rows(&(0..frame.batch), self.narrow()))
    }

    /// Columns `columns` of the recurrent kernel's gradient, for rows `own`: `entered^T · d_sums`.
    fn recurrent_gradient(
        &self,
        frame: &Frame<'_>,
        own: &Range<usize>,
        entered: &[f32],
        (d_sums, stride): (&[f32], usize),
        columns: Range<usize>,
        d_kernel: &mut [f32],
    ) {
        if own.is_empty() {
            return;
        }
        gemm::tn(
            own.len(),
            columns.len(),
            frame.batch * self.steps,
            Mat { data: &entered[own.start..], stride: self.units },
            Mat { data: d_sums, stride },
            &mut d_kernel[columns.start..],
            self.width(),
            Beta::Zero,
            Epilogue::default(),
            frame.scratch(),
        );
    }
}

impl Operation for Recurrent {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        [Some(&mut self.x), self.mask.as_mut()].into_iter().flatten().collect()
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
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
            own.dropped = room.value_rows(narrow);
            own.factors = room.value_rows(self.units);
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
        gemm::nn(
            frame.rows.len() * self.steps,
            width,
            self.inputs,
            Mat { data: frame.value(self.x), stride: self.inputs },
            Mat { data: frame.parameter(self.kernel), stride: width },
            gates,
            width,
            Beta::Zero,
            Epilogue { bias: self.bias.map(|bias| &frame.parameter(bias)[..width]), ..Epilogue::default() },
            frame.scratch(),
        );
        let sequence = self.sequence(frame);
        let weights = frame.parameter(self.recurrent);
        let sums = self.saved_mut(frame, room.sums, wide);
        let before = self.saved_mut(frame, room.before, narrow);
        let dropped = self.saved_mut(frame, room.dropped, narrow);
        let inner = self.saved_mut(frame, room.inner, narrow);
        let (y, scratch) = (frame.value_mut(self.y), frame.scratch());
        match self.cell {
            Cell::Simple => {
                let trace = SimpleTrace { states: gates, sums, before, dropped };
                recurrent::simple_forward(&sequence, self.gates.activation, weights, trace, y, scratch);
            }
            Cell::Lstm => {
                let cell_active = self.saved_mut(frame, room.active, narrow);
                let trace = LstmTrace { gates, sums, before, dropped, cell_before: inner, cell_active };
                recurrent::lstm_forward(&sequence, self.gates, weights, trace, y, scratch);
            }
            Cell::Gru { .. } => {
                let trace = GruTrace { gates, sums, before, dropped, inner };
                recurrent::gru_forward(&sequence, self.gates, self.gru_weights(frame), trace, y, scratch);
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
        let dropped = self.saved(frame, room.dropped, narrow);
        let inner = self.saved(frame, room.inner, narrow);
        let d_sums = frame.write_gradient_span(room.d_sums.rows(&frame.rows, wide));
        let scratch = frame.scratch();
        match self.cell {
            Cell::Simple => {
                let trace = SimpleTrace { states: gates, sums, before, dropped };
                recurrent::simple_backward(
                    &sequence,
                    self.gates.activation,
                    weights,
                    trace,
                    d_y,
                    d_sums,
                    scratch,
                );
            }
            Cell::Lstm => {
                let cell_active = self.saved(frame, room.active, narrow);
                let trace = LstmTrace { gates, sums, before, dropped, cell_before: inner, cell_active };
                recurrent::lstm_backward(&sequence, self.gates, weights, trace, d_y, d_sums, scratch);
            }
            Cell::Gru { .. } => {
                let trace = GruTrace { gates, sums, before, dropped, inner };
                let d_inner: &mut [f32] = match self.resets_after() {
                    true => frame.write_gradient_span(room.d_inner.rows(&frame.rows, narrow)),
                    false => &mut [],
                };
                let weights = self.gru_weights(frame);
                recurrent::gru_backward(&sequence, self.gates, weights, trace, d_y, d_sums, d_inner, scratch);
            }
        }
        let Some(d_x) = frame.gradient_mut(self.x) else { return };
        gemm::nt(
            frame.rows.len() * self.steps,
            self.inputs,
            width,
            Mat { data: d_sums, stride: width },
            Mat { data: frame.parameter(self.kernel), stride: width },
            d_x,
            self.inputs,
            Beta::Zero,
            Epilogue::default(),
            frame.scratch(),
        );
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
            let x = frame.value_all(self.x);
            gemm::tn(
                own.len(),
                width,
                rows,
                Mat { data: &x[own.start.min(x.len())..], stride: self.inputs },
                Mat { data: d_sums, stride: width },
                d_kernel,
                width,
                Beta::Zero,
                Epilogue::default(),
                frame.scratch(),
            );
        }
        if let Some((own, d_kernel)) = frame.parameter_gradient_mut(self.recurrent) {
            let entered = self.entered(frame);
            // A GRU's candidate has another gradient, or another input, than its gates.
            let gates = if let Cell::Gru { .. } = self.cell { 2 * units } else { width };
            self.recurrent_gradient(frame, &own, entered, (d_sums, width), 0..gates, d_kernel);
            if let Some(d_inner) = d_inner {
                self.recurrent_gradient(frame, &own, entered, (d_inner, units), gates..width, d_kernel);
            } else if gates < width {
                let met = frame.read_value_span(self.room.inner.rows(&all, self.narrow()));
                self.recurrent_gradient(frame, &own, met, (&d_sums[gates..], width), gates..width, d_kernel);
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
        forward.max(backward).max(weights).max(cell).max(rows * units)
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
