//! `y = gamma (x - mean) / sqrt(variance + epsilon) + beta` over the last axis: mean and variance of the batch while
//! training, moving ones otherwise and where the layer is frozen.
//!
//! Steps that a mask leaves out are normalized too, but do not count for mean and variance, as in Keras.
//!
//! With renormalization (Ioffe, "Batch renormalization", 2017) the batch's moments are corrected towards slow averages of them by
//! factors that have no gradient: `hat * r + d` takes the place of `hat`, with `r = deviation / slow deviation` and
//! `d = (mean - slow mean) / slow deviation`, each held within bounds. Outside training nothing differs.
//!
//! The one op that needs all rows of the batch at once: threads meet, make the sums of their own columns, meet again.

use super::Operation;
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::{Frame, Mode};
use std::ops::Range;
use tabgrad_kernels::norm;

#[derive(Clone, Debug)]
pub(crate) struct BatchNormalize {
    pub x: TensorId,
    pub y: TensorId,
    /// 0 for rows that are normalized as the others are, and do not count for mean and variance.
    pub mask: Option<TensorId>,
    pub cols: usize,
    /// Rows of `cols` values that one row of the batch has.
    pub rows_each: usize,
    pub gamma: Option<ParameterId>,
    pub beta: Option<ParameterId>,
    /// In the arena of statistics.
    pub moving_mean: Span,
    pub moving_variance: Span,
    /// Of the batch, in the arena of values.
    pub mean: Span,
    pub variance: Span,
    /// Sums over the batch, in the arena of gradients of values.
    pub d_gamma: Span,
    pub d_beta: Span,
    pub epsilon: f32,
    pub momentum: f32,
    pub renorm: Option<Renorm>,
    /// Frozen: moving statistics even while training, as Keras does.
    pub frozen: bool,
}

/// What renormalization adds.
#[derive(Clone, Debug)]
pub(crate) struct Renorm {
    /// In the arena of statistics: the moving deviation that the moving variance is made of, ...
    pub moving_deviation: Span,
    /// ... and the slow averages.
    pub slow_mean: Span,
    pub slow_deviation: Span,
    /// Of the slow averages.
    pub momentum: f32,
    /// The smallest and the largest `r`, and the largest `d` to either side.
    pub bounds: [f32; 3],
    /// `r` and `d` of this step, and what they make of gamma and beta, in the arena of values.
    pub corrections: [Span; 2],
    pub composed: [Span; 2],
}

impl Renorm {
    /// Corrections of some columns, whose moments are known.
    fn correct(&self, frame: &Frame<'_>, op: &BatchNormalize, columns: &Range<usize>) {
        let own = |span: Span| span.rows(columns, 1);
        let [least, most, furthest] = self.bounds;
        let [r, d] = self.corrections.map(|span| frame.write_value_span(own(span)));
        let [scale, shift] = self.composed.map(|span| frame.write_value_span(own(span)));
        let (mean, variance) = (frame.read_value_span(own(op.mean)), frame.read_value_span(own(op.variance)));
        let slow = [self.slow_mean, self.slow_deviation].map(|span| frame.statistic(own(span)));
        let weight =
            |id: Option<ParameterId>, at: usize| id.map(|id| frame.parameter(id)[columns.start + at]);
        for i in 0..columns.len() {
            let deviation = (variance[i] + op.epsilon).sqrt();
            let slow_deviation = slow[1][i].max(op.epsilon.sqrt());
            r[i] = (deviation / slow_deviation).max(least).min(most);
            d[i] = ((mean[i] - slow[0][i]) / slow_deviation).clamp(-furthest, furthest);
            let gamma = weight(op.gamma, i).unwrap_or(1.0);
            scale[i] = r[i] * gamma;
            shift[i] = d[i] * gamma + weight(op.beta, i).unwrap_or(0.0);
        }
    }

    /// Moves the averages of some columns on.
    fn update(&self, frame: &Frame<'_>, op: &BatchNormalize, columns: &Range<usize>) {
        let own = |span: Span| span.rows(columns, 1);
        let mean = frame.read_value_span(own(op.mean));
        norm::moving_average(self.momentum, mean, frame.statistic_mut(own(self.slow_mean)));
        norm::moving_average(op.momentum, mean, frame.statistic_mut(own(op.moving_mean)));
        let deviations = &mut frame.scratch()[..columns.len()];
        let variance = frame.read_value_span(own(op.variance));
        deviations
            .iter_mut()
            .zip(variance)
            .for_each(|(deviation, variance)| *deviation = (variance + op.epsilon).sqrt());
        norm::moving_average(self.momentum, deviations, frame.statistic_mut(own(self.slow_deviation)));
        let moving = frame.statistic_mut(own(self.moving_deviation));
        norm::moving_average(op.momentum, deviations, moving);
        let variance = frame.statistic_mut(own(op.moving_variance));
        variance
            .iter_mut()
            .zip(moving)
            .for_each(|(variance, it)| *variance = (*it * *it - op.epsilon).max(0.0));
    }
}

impl BatchNormalize {
    /// The scale and the shift of this pass.
    fn weights<'a>(&self, frame: &Frame<'a>) -> (Option<&'a [f32]>, Option<&'a [f32]>) {
        match self.renorm.as_ref().filter(|_| self.uses_batch(frame)) {
            Some(renorm) => {
                let [scale, shift] = renorm.composed.map(|span| frame.read_value_span(span));
                (Some(scale), Some(shift))
            }
            None => {
                (self.gamma.map(|gamma| frame.parameter(gamma)), self.beta.map(|beta| frame.parameter(beta)))
            }
        }
    }

    fn uses_batch(&self, frame: &Frame<'_>) -> bool {
        matches!(frame.mode, Mode::Training { .. }) && !self.frozen
    }

    /// This thread's columns; the same cut as that of the vectors gamma and beta.
    fn columns(&self, frame: &Frame<'_>) -> Range<usize> {
        frame.team.share(self.cols, 16)
    }

    /// Mean and variance that this pass normalizes with.
    fn moments<'a>(&self, frame: &Frame<'a>) -> (&'a [f32], &'a [f32]) {
        if self.uses_batch(frame) {
            (frame.read_value_span(self.mean), frame.read_value_span(self.variance))
        } else {
            (frame.statistic(self.moving_mean), frame.statistic(self.moving_variance))
        }
    }
}

impl Operation for BatchNormalize {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        [Some(&mut self.x), self.mask.as_mut()].into_iter().flatten().collect()
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn parameters(&self) -> Vec<ParameterId> {
        [self.gamma, self.beta].into_iter().flatten().collect()
    }

    fn place(&mut self, room: &mut Room<'_>) {
        self.mean = room.values(self.cols);
        self.variance = room.values(self.cols);
        self.d_gamma = room.gradients(self.cols);
        self.d_beta = room.gradients(self.cols);
        if let Some(renorm) = &mut self.renorm {
            renorm.corrections = [(); 2].map(|()| room.values(self.cols));
            renorm.composed = [(); 2].map(|()| room.values(self.cols));
        }
    }

    fn forward(&self, frame: &Frame<'_>) {
        if self.uses_batch(frame) {
            frame.meet();
            let columns = self.columns(frame);
            let mean = frame.write_value_span(self.mean.rows(&columns, 1));
            let variance = frame.write_value_span(self.variance.rows(&columns, 1));
            let (rows, x) = (frame.batch * self.rows_each, frame.value_all(self.x));
            match self.mask {
                None => norm::column_moments(rows, self.cols, x, columns.clone(), mean, variance),
                Some(mask) => {
                    let mask = frame.value_all(mask);
                    norm::masked_moments(self.cols, x, mask, columns.clone(), mean, variance);
                }
            }
            if let Some(renorm) = &self.renorm {
                renorm.correct(frame, self, &columns);
            }
            frame.meet();
        }
        let (mean, variance) = self.moments(frame);
        let (gamma, beta) = self.weights(frame);
        norm::normalize(
            frame.rows.len() * self.rows_each,
            self.cols,
            frame.value(self.x),
            mean,
            variance,
            self.epsilon,
            gamma,
            beta,
            frame.value_mut(self.y),
        );
    }

    fn backward(&self, frame: &Frame<'_>) {
        let rows = frame.batch * self.rows_each;
        let batch_moments = self.uses_batch(frame);
        if batch_moments {
            frame.meet();
            let Some(d_y) = frame.gradient_all(self.y) else { return };
            let columns = self.columns(frame);
            let (mean, variance) = self.moments(frame);
            norm::column_gradients(
                rows,
                self.cols,
                frame.value_all(self.x),
                mean,
                variance,
                self.epsilon,
                d_y,
                columns.clone(),
                frame.write_gradient_span(self.d_gamma.rows(&columns, 1)),
                frame.write_gradient_span(self.d_beta.rows(&columns, 1)),
            );
            frame.meet();
        }
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let (mean, variance) = self.moments(frame);
        let own_rows = frame.rows.len() * self.rows_each;
        let (gamma, _) = self.weights(frame);
        // A frozen layer's moments do not depend on x: its sums are never written and stay the zeros they began as.
        let d_gamma = frame.read_gradient_span(self.d_gamma);
        let d_beta = frame.read_gradient_span(self.d_beta);
        let x = frame.value(self.x);
        let part = |of: Range<usize>, n: usize, d_gamma: &[f32], d_beta: &[f32], d_x: &mut [f32]| {
            let values = of.start * self.cols..of.end * self.cols;
            norm::backward(
                of.len(),
                self.cols,
                n,
                &x[values.clone()],
                mean,
                variance,
                self.epsilon,
                gamma,
                d_gamma,
                d_beta,
                false,
                &d_y[values.clone()],
                &mut d_x[values],
            );
        };
        let Some(mask) = self.mask.filter(|_| batch_moments) else {
            return part(0..own_rows, rows, d_gamma, d_beta, d_x);
        };
        // A row that does not count did not move the moments.
        let n = frame.value_all(mask).iter().filter(|counts| **counts != 0.0).count().max(1);
        let zeros = &mut frame.scratch()[..self.cols];
        zeros.fill(0.0);
        for (i, counts) in frame.value(mask).iter().enumerate() {
            let (d_gamma, d_beta) = if *counts == 0.0 { (&*zeros, &*zeros) } else { (d_gamma, d_beta) };
            part(i..i + 1, n, d_gamma, d_beta, d_x);
        }
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        for (parameter, sums) in [(self.gamma, self.d_gamma), (self.beta, self.d_beta)] {
            if let Some((own, gradient)) = parameter.and_then(|it| frame.parameter_gradient_mut(it)) {
                gradient.copy_from_slice(frame.read_gradient_span(sums.rows(&own, 1)));
                if let Some(renorm) =
                    self.renorm.as_ref().filter(|_| sums == self.d_gamma && self.uses_batch(frame))
                {
                    let [r, d] = renorm.corrections.map(|span| frame.read_value_span(span.rows(&own, 1)));
                    let alone = frame.read_gradient_span(self.d_beta.rows(&own, 1));
                    let corrected = r.iter().zip(d).zip(alone);
                    gradient
                        .iter_mut()
                        .zip(corrected)
                        .for_each(|(g, ((r, d), alone))| *g = *g * r + d * alone);
                }
            }
        }
    }

    fn update_statistics(&self, frame: &Frame<'_>) {
        if !self.uses_batch(frame) {
            return;
        }
        let columns = self.columns(frame);
        if let Some(renorm) = &self.renorm {
            return renorm.update(frame, self, &columns);
        }
        for (batch, moving) in [(self.mean, self.moving_mean), (self.variance, self.moving_variance)] {
            let batch = frame.read_value_span(batch.rows(&columns, 1));
            norm::moving_average(self.momentum, batch, frame.statistic_mut(moving.rows(&columns, 1)));
        }
    }

    fn scratch_len(&self, _: &Plan, _: usize) -> usize {
        if self.mask.is_some() || self.renorm.is_some() { self.cols } else { 0 }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        8 * plan.tensor(self.y).width as u64
    }
}
