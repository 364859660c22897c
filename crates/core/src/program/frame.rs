//! What an op sees of a pass over one batch: the plan, the memory, this thread's rows.
//!
//! What leads to slices is inlined by force: this crate is compiled for size, and a step of a tiny network would spend more
//! time on these calls than on its arithmetic.

use super::{Memory, ROW_GRAIN};
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, TensorId};
use std::ops::Range;
use tabgrad_kernels::activation::{self, Activation};
use tabgrad_kernels::elementwise;
use tabgrad_kernels::par::Team;

/// Why a pass is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Dropout drops, normalization takes the batch; `step` counts all steps since the start.
    Training { step: u64 },
    /// Predicting and scoring.
    Inference,
}

/// One pass over one batch, as one thread sees it.
pub(crate) struct Frame<'a> {
    pub plan: &'a Plan,
    pub memory: &'a Memory,
    pub team: &'a Team<'a>,
    /// Rows that this batch really has.
    pub batch: usize,
    /// This thread's rows of them.
    pub rows: Range<usize>,
    pub mode: Mode,
    /// How many of these rows are one of the data's: more than 1 in layers that go through the steps of a sequence.
    times: usize,
}

impl<'a> Frame<'a> {
    pub fn new(plan: &'a Plan, memory: &'a Memory, team: &'a Team<'a>, batch: usize, mode: Mode) -> Self {
        Self { plan, memory, team, batch, rows: team.share(batch, ROW_GRAIN), mode, times: 1 }
    }

    /// The same pass with `times` rows for each.
    pub fn repeated(&self, times: usize) -> Self {
        let Self { plan, memory, team, mode, .. } = *self;
        let rows = self.rows.start * times..self.rows.end * times;
        Self { plan, memory, team, batch: self.batch * times, rows, mode, times: self.times * times }
    }

    /// Rows of the data in this batch.
    pub fn data_rows(&self) -> usize {
        self.batch / self.times
    }

    /// A number for this thread's first row that no row of another step has, for what is drawn at random.
    pub fn first_row(&self, step: u64) -> u64 {
        step * (self.plan.batch * self.times) as u64 + self.rows.start as u64
    }

    /// All threads meet; each then sees what all have written.
    pub fn meet(&self) {
        self.team.barrier();
        #[cfg(debug_assertions)]
        {
            if self.team.index() == 0 {
                self.memory.forget();
            }
            self.team.barrier();
        }
    }

    #[inline(always)]
    fn thread(&self) -> usize {
        self.team.index()
    }

    /// Values of a tensor, own rows.
    #[inline(always)]
    pub fn value(&self, id: TensorId) -> &'a [f32] {
        let tensor = self.plan.tensor(id);
        self.read_value_span(tensor.value.rows(&self.rows, tensor.width))
    }

    /// Values of a tensor, own rows, to be written.
    #[inline(always)]
    pub fn value_mut(&self, id: TensorId) -> &'a mut [f32] {
        let tensor = self.plan.tensor(id);
        self.write_value_span(tensor.value.rows(&self.rows, tensor.width))
    }

    /// Values of a tensor, all rows of the batch: after a meeting.
    #[inline(always)]
    pub fn value_all(&self, id: TensorId) -> &'a [f32] {
        let tensor = self.plan.tensor(id);
        self.read_value_span(tensor.value.rows(&(0..self.batch), tensor.width))
    }

    #[inline(always)]
    pub fn read_value_span(&self, span: Span) -> &'a [f32] {
        self.memory.values.read(self.thread(), span)
    }

    #[inline(always)]
    pub fn write_value_span(&self, span: Span) -> &'a mut [f32] {
        self.memory.values.write(self.thread(), span)
    }

    /// Gradient of a tensor, own rows, if it has one.
    #[inline(always)]
    pub fn gradient(&self, id: TensorId) -> Option<&'a [f32]> {
        let tensor = self.plan.tensor(id);
        tensor.gradient.map(|span| self.read_gradient_span(span.rows(&self.rows, tensor.width)))
    }

    /// Gradient of the sum before a fused activation, made here from that of `y`, own rows; where `d_sum` says, which may be
    /// where the gradient of `y` is. That itself where nothing is fused.
    pub fn gradient_of_sum(
        &self,
        y: TensorId,
        d_sum: Option<Span>,
        activation: Activation,
    ) -> Option<&'a [f32]> {
        let tensor = self.plan.tensor(y);
        let (gradient, Some(d_sum)) = (tensor.gradient?, d_sum) else { return self.gradient(y) };
        let own = self.write_gradient_span(d_sum.rows(&self.rows, tensor.width));
        if gradient.start != d_sum.start {
            own.copy_from_slice(self.gradient(y)?);
        }
        activation::backward_in_place(activation, &[], self.value(y), own);
        Some(own)
    }

    /// Gradient of a tensor, own rows, to be written.
    #[inline(always)]
    pub fn gradient_mut(&self, id: TensorId) -> Option<&'a mut [f32]> {
        let tensor = self.plan.tensor(id);
        tensor.gradient.map(|span| self.write_gradient_span(span.rows(&self.rows, tensor.width)))
    }

    /// Gradient of a tensor, all rows of the batch: after a meeting.
    #[inline(always)]
    pub fn gradient_all(&self, id: TensorId) -> Option<&'a [f32]> {
        let tensor = self.plan.tensor(id);
        tensor.gradient.map(|span| self.read_gradient_span(span.rows(&(0..self.batch), tensor.width)))
    }

    #[inline(always)]
    pub fn read_gradient_span(&self, span: Span) -> &'a [f32] {
        self.memory.gradients.read(self.thread(), span)
    }

    #[inline(always)]
    pub fn write_gradient_span(&self, span: Span) -> &'a mut [f32] {
        self.memory.gradients.write(self.thread(), span)
    }

    /// All values of a weight.
    #[inline(always)]
    pub fn parameter(&self, id: ParameterId) -> &'a [f32] {
        self.memory.parameters.read(self.thread(), self.plan.parameters[id.0].span)
    }

    /// This thread's part of a weight: the rows of its cut, and where they lie in the arenas of weights.
    #[inline(always)]
    pub fn own_part(&self, index: usize) -> (Range<usize>, Span) {
        let parameter = &self.plan.parameters[index];
        let cut = parameter.cut;
        let own = self.team.share(cut.rows, cut.grain);
        let span = parameter.span.rows(&own, cut.width);
        (own, span)
    }

    /// This thread's part of a weight's gradient with the rows that it is; `None` for weights that are not trained.
    pub fn parameter_gradient_mut(&self, id: ParameterId) -> Option<(Range<usize>, &'a mut [f32])> {
        if !self.plan.parameters[id.0].trainable {
            return None;
        }
        let (own, span) = self.own_part(id.0);
        let gradient = match id.1 {
            None => self.memory.parameter_gradients.write(self.thread(), span),
            Some(twin) => self.twin_gradient(twin).1,
        };
        Some((own, gradient))
    }

    /// `len` values of a weight's gradient from `offset` on, whosever part they are: all must meet before they are read.
    pub fn parameter_gradient_part_mut(&self, id: ParameterId, offset: usize, len: usize) -> &'a mut [f32] {
        match id.1 {
            None => {
                let span = self.plan.parameters[id.0].span.part(offset, len);
                self.memory.parameter_gradients.write(self.thread(), span)
            }
            Some(twin) => self.write_gradient_span(self.plan.twins[twin].gradient.part(offset, len)),
        }
    }

    /// This thread's part of a weight's gradient at a further place, to be written or added up, and where that part lies
    /// in the arenas of weights.
    fn twin_gradient(&self, twin: usize) -> (Span, &'a mut [f32]) {
        let twin = self.plan.twins[twin];
        let parameter = &self.plan.parameters[twin.of];
        let (_, own) = self.own_part(twin.of);
        let part = twin.gradient.part(own.start - parameter.span.start, own.len);
        (own, self.write_gradient_span(part))
    }

    /// Adds the gradients at further places to those of the weights themselves, this thread's part of each.
    pub fn add_twins(&self) {
        for (i, twin) in self.plan.twins.iter().enumerate() {
            if self.plan.parameters[twin.of].trainable {
                let (own, more) = self.twin_gradient(i);
                let gradient = self.memory.parameter_gradients.write(self.thread(), own);
                elementwise::axpy(1.0, more, gradient);
            }
        }
    }

    /// Whoever does not write all of its gradient would take the old weights for it: here it takes what is not a number.
    #[cfg(debug_assertions)]
    pub fn poison_gradients(&self) {
        for (i, _) in self.plan.parameters.iter().enumerate().filter(|(_, it)| it.trainable) {
            self.memory.parameter_gradients.write(self.thread(), self.own_part(i).1).fill(f32::NAN);
        }
        self.meet();
    }

    pub fn statistic(&self, span: Span) -> &'a [f32] {
        self.memory.statistics.read(self.thread(), span)
    }

    pub fn statistic_mut(&self, span: Span) -> &'a mut [f32] {
        self.memory.statistics.write(self.thread(), span)
    }

    /// This thread's scratch.
    pub fn scratch(&self) -> &'a mut [f32] {
        let len = self.plan.scratch_len;
        self.memory.scratch.write(self.thread(), Span::new(self.thread() * len, len))
    }
}
