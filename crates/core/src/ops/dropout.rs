//! While training `y = x / (1 - rate)` or 0, by the counter-based stream of this layer; otherwise `y = x`. What is
//! dropped may be the same at several places of a row: at all steps of a sequence, at all pixels of a channel.

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
    /// Places of a row that share their fate; 1 when every value has its own.
    pub shared_over: usize,
    /// Tells the streams of several dropout layers apart.
    pub lane: u32,
}

impl Dropout {
    /// Forward and backward alike, for this thread's rows. Every step has its own stretch of the stream.
    fn drop(&self, frame: &Frame<'_>, x: &[f32], y: &mut [f32]) {
        let Mode::Training { step } = frame.mode else { return y.copy_from_slice(x) };
        if self.rate >= 1.0 {
            return y.fill(0.0);
        }
        if self.rate <= 0.0 {
            return y.copy_from_slice(x);
        }
        let width = frame.plan.tensor(self.y).width;
        let own = width / self.shared_over;
        let stream = Stream::new(frame.plan.seed, Purpose::Dropout, self.lane);
        let row = frame.first_row(step);
        let offset = row * own as u64;
        if self.shared_over == 1 {
            return dropout::forward(&stream, offset, self.rate, x, y);
        }
        let (ones, rest) = frame.scratch().split_at_mut(own);
        let factors = &mut rest[..own];
        ones.fill(1.0);
        for (i, (x, y)) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)).enumerate() {
            dropout::forward(&stream, offset + (i * own) as u64, self.rate, ones, factors);
            for (x, y) in x.chunks_exact(own).zip(y.chunks_exact_mut(own)) {
                elementwise::mul(x, factors, y);
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
        self.drop(frame, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        self.drop(frame, d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }

    fn scratch_len(&self, plan: &Plan, _: usize) -> usize {
        if self.shared_over == 1 { 0 } else { 2 * plan.tensor(self.y).width / self.shared_over }
    }
}
