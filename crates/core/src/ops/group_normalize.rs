//! Normalization of groups of channels over all pixels, every row of the batch by itself: see [`tabgrad_kernels::norm`].

use super::Operation;
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::Frame;
use tabgrad_kernels::{norm, reduce};

#[derive(Clone, Debug)]
pub(crate) struct GroupNormalize {
    pub x: TensorId,
    pub y: TensorId,
    pub pixels: usize,
    pub channels: usize,
    /// Divides `channels`.
    pub groups: usize,
    pub gamma: Option<ParameterId>,
    pub beta: Option<ParameterId>,
    pub epsilon: f32,
    /// `channels` values per row of the batch.
    pub mean: Span,
    pub variance: Span,
    /// The row's share of the gradients of gamma and beta, likewise, in the arena of gradients.
    pub d_gamma: Span,
    pub d_beta: Span,
}

impl Operation for GroupNormalize {
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
        self.mean = room.value_rows(self.channels);
        self.variance = room.value_rows(self.channels);
        self.d_gamma = room.gradient_rows(self.channels);
        self.d_beta = room.gradient_rows(self.channels);
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        let own = |span: Span| frame.write_value_span(span.rows(&frame.rows, self.channels));
        let (mean, variance) = (own(self.mean), own(self.variance));
        let [gamma, beta] = [self.gamma, self.beta].map(|it| it.map(|it| frame.parameter(it)));
        let len = self.pixels * self.channels;
        let moments = mean.chunks_exact_mut(self.channels).zip(variance.chunks_exact_mut(self.channels));
        for ((x, y), (mean, variance)) in x.chunks_exact(len).zip(y.chunks_exact_mut(len)).zip(moments) {
            norm::column_moments(self.pixels, self.channels, x, 0..self.channels, mean, variance);
            norm::group_moments(self.groups, mean, variance);
            norm::normalize(self.pixels, self.channels, x, mean, variance, self.epsilon, gamma, beta, y);
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient(self.y) else { return };
        let (x, mut d_x) = (frame.value(self.x), frame.gradient_mut(self.x));
        let (pixels, channels) = (self.pixels, self.channels);
        let len = pixels * channels;
        let gamma = self.gamma.map(|gamma| frame.parameter(gamma));
        let (tilt, rest) = frame.scratch().split_at_mut(channels);
        let level = &mut rest[..channels];
        for (i, row) in frame.rows.clone().enumerate() {
            let (x, d_y) = (&x[i * len..][..len], &d_y[i * len..][..len]);
            let mean = frame.read_value_span(self.mean.rows(&(row..row + 1), channels));
            let variance = frame.read_value_span(self.variance.rows(&(row..row + 1), channels));
            let d_gamma = frame.write_gradient_span(self.d_gamma.rows(&(row..row + 1), channels));
            let d_beta = frame.write_gradient_span(self.d_beta.rows(&(row..row + 1), channels));
            let all = 0..channels;
            norm::column_gradients(
                pixels,
                channels,
                x,
                mean,
                variance,
                self.epsilon,
                d_y,
                all,
                d_gamma,
                d_beta,
            );
            let Some(d_x) = &mut d_x else { continue };
            norm::group_sums(self.groups, gamma, d_gamma, tilt);
            norm::group_sums(self.groups, gamma, d_beta, level);
            norm::backward(
                pixels,
                channels,
                len / self.groups,
                x,
                mean,
                variance,
                self.epsilon,
                gamma,
                tilt,
                level,
                true,
                d_y,
                &mut d_x[i * len..][..len],
            );
        }
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        for (parameter, sums) in [(self.gamma, self.d_gamma), (self.beta, self.d_beta)] {
            if let Some((own, gradient)) = parameter.and_then(|it| frame.parameter_gradient_mut(it)) {
                let rows = frame.read_gradient_span(sums.rows(&(0..frame.batch), self.channels));
                reduce::column_sums(frame.batch, self.channels, rows, own, gradient);
            }
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        8 * plan.tensor(self.y).width as u64
    }

    fn scratch_len(&self, _: &Plan, _: usize) -> usize {
        2 * self.channels
    }
}
