//! While training `y = x / (1 - rate)` or 0, by the counter-based stream of this layer; otherwise `y = x`. What is
//! dropped may be the same at several places of a row (at all steps of a sequence, at all pixels of a channel) or in all rows.
//! Alpha dropout has another number than 0 for what is dropped, so that mean and variance stay: see
//! [`tabgrad_kernels::dropout`].

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::{Frame, Mode};
use tabgrad_kernels::rng::{Purpose, Stream};
use tabgrad_kernels::{dropout, elementwise};

#[derive(Clone, Debug)]
pub(crate) struct Dropout {
    pub x: TensorId,
    pub y: TensorId,
    pub rate: f32,
    pub is_alpha: bool,
    /// Where what is dropped is the same at several places; otherwise every value has a fate of its own.
    pub shared: Option<SharedFate>,
    /// Tells the streams of several dropout layers apart.
    pub lane: u32,
}

/// Values that are drawn for a row, and which value of the row takes which.
#[derive(Clone, Debug)]
pub(crate) struct SharedFate {
    /// How many are drawn.
    pub len: usize,
    /// For every run of `run` values of a row, the first of as many that were drawn.
    pub starts: Vec<u32>,
    pub run: usize,
    /// All rows of the batch take the same.
    pub by_all_rows: bool,
}

impl Dropout {
    /// Forward or backward for some values, whose fates stand in the stream from `offset`.
    fn draw(&self, frame: &Frame<'_>, offset: u64, is_backward: bool, x: &[f32], y: &mut [f32]) {
        let stream = Stream::new(frame.plan.seed, Purpose::Dropout, self.lane);
        match (self.is_alpha, is_backward) {
            (false, _) => dropout::forward(&stream, offset, self.rate, x, y),
            (true, false) => dropout::alpha(&stream, offset, self.rate, x, y),
            (true, true) => dropout::alpha_backward(&stream, offset, self.rate, x, y),
        }
    }

    /// `y` from `x`, or `d_x` from `d_y`, for this thread's rows. Every step has its own stretch of the stream.
    fn drop(&self, frame: &Frame<'_>, is_backward: bool, x: &[f32], y: &mut [f32]) {
        let Mode::Training { step } = frame.mode else { return y.copy_from_slice(x) };
        if self.rate >= 1.0 {
            return y.fill(0.0);
        }
        if self.rate <= 0.0 {
            return y.copy_from_slice(x);
        }
        let width = frame.plan.tensor(self.y).width;
        let Some(shared) = &self.shared else {
            return self.draw(frame, frame.first_row(step) * width as u64, is_backward, x, y);
        };
        // Dropout is a product and a sum: what it makes of one and of zero says both.
        let (ones, rest) = frame.scratch().split_at_mut(shared.len);
        let (factors, rest) = rest.split_at_mut(shared.len);
        let shifts = &mut rest[..if self.is_alpha { shared.len } else { 0 }];
        for (i, (x, y)) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)).enumerate() {
            let row = if shared.by_all_rows { step } else { frame.first_row(step) + i as u64 };
            let offset = row * shared.len as u64;
            ones.fill(1.0);
            self.draw(frame, offset, true, ones, factors);
            if self.is_alpha && !is_backward {
                ones.fill(0.0);
                self.draw(frame, offset, false, ones, shifts);
            }
            let runs = x.chunks_exact(shared.run).zip(y.chunks_exact_mut(shared.run));
            for ((x, y), &start) in runs.zip(&shared.starts) {
                let own = start as usize..start as usize + shared.run;
                elementwise::mul(x, &factors[own.clone()], y);
                if self.is_alpha && !is_backward {
                    elementwise::axpy(1.0, &shifts[own], y);
                }
            }
        }
    }
}

impl Operation for Dropout {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        self.drop(frame, false, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        self.drop(frame, true, d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }

    fn scratch_len(&self, _: &Plan, _: usize) -> usize {
        self.shared.as_ref().map_or(0, |shared| 3 * shared.len)
    }
}
