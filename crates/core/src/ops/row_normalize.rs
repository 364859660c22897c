//! Normalization over the last axes, every row by itself: see [`tabgrad_kernels::row_norm`].

use super::Operation;
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::Frame;
use tabgrad_kernels::{reduce, row_norm};

#[derive(Clone, Debug)]
pub(crate) struct RowNormalize {
    pub x: TensorId,
    pub y: TensorId,
    /// Values that are normalized together.
    pub cols: usize,
    /// Rows of `cols` values that one row of the batch has.
    pub rows_each: usize,
    pub gamma: Option<ParameterId>,
    pub beta: Option<ParameterId>,
    pub is_centred: bool,
    pub epsilon: f32,
    /// `rows_each` values per row of the batch.
    pub mean: Span,
    pub inverse: Span,
}

impl Operation for RowNormalize {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn parameters(&self) -> Vec<ParameterId> {
        [self.gamma, self.beta].into_iter().flatten().collect()
    }

    fn place(&mut self, room: &mut Room<'_>) {
        self.mean = room.value_rows(self.rows_each);
        self.inverse = room.value_rows(self.rows_each);
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        let rows = frame.rows.len() * self.rows_each;
        let mean = frame.write_value_span(self.mean.rows(&frame.rows, self.rows_each));
        let inverse = frame.write_value_span(self.inverse.rows(&frame.rows, self.rows_each));
        row_norm::moments(rows, self.cols, self.is_centred, x, self.epsilon, mean, inverse);
        let [gamma, beta] = [self.gamma, self.beta].map(|it| it.map(|it| frame.parameter(it)));
        row_norm::normalize(rows, self.cols, x, mean, inverse, gamma, beta, y);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        row_norm::backward(
            frame.rows.len() * self.rows_each,
            self.cols,
            self.is_centred,
            frame.value(self.x),
            frame.read_value_span(self.mean.rows(&frame.rows, self.rows_each)),
            frame.read_value_span(self.inverse.rows(&frame.rows, self.rows_each)),
            self.gamma.map(|gamma| frame.parameter(gamma)),
            d_y,
            d_x,
        );
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient_all(self.y) else { return };
        let all = 0..frame.batch;
        let rows = frame.batch * self.rows_each;
        // The weights are one row of `cols` values, whatever their shape says.
        let width = |id: ParameterId| frame.plan.parameters[id.0].cut.width;
        if let Some((id, (own, d_gamma))) =
            self.gamma.and_then(|id| Some((id, frame.parameter_gradient_mut(id)?)))
        {
            let own = own.start * width(id)..own.end * width(id);
            let mean = frame.read_value_span(self.mean.rows(&all, self.rows_each));
            let inverse = frame.read_value_span(self.inverse.rows(&all, self.rows_each));
            let x = frame.value_all(self.x);
            row_norm::column_gradients(rows, self.cols, x, mean, inverse, d_y, own, d_gamma);
        }
        if let Some((id, (own, d_beta))) =
            self.beta.and_then(|id| Some((id, frame.parameter_gradient_mut(id)?)))
        {
            reduce::column_sums(rows, self.cols, d_y, own.start * width(id)..own.end * width(id), d_beta);
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        8 * plan.tensor(self.y).width as u64
    }
}
