//! While training `y = x / (1 - rate)` or 0, by the counter-based stream of this layer; otherwise `y = x`.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::{Frame, Mode};
use tabgrad_kernels::dropout;
use tabgrad_kernels::rng::{Purpose, Stream};

#[derive(Clone, Debug)]
pub(crate) struct Dropout {
    pub x: TensorId,
    pub y: TensorId,
    pub rate: f32,
    /// Tells the streams of several dropout layers apart.
    pub lane: u32,
}

impl Dropout {
    /// The stream and the index in it of this thread's first value. Every step has its own stretch of the stream.
    fn place(&self, frame: &Frame<'_>, step: u64) -> (Stream, u64) {
        let width = frame.plan.tensor(self.y).width as u64;
        let row = step * frame.plan.batch as u64 + frame.rows.start as u64;
        (Stream::new(frame.plan.seed, Purpose::Dropout, self.lane), row * width)
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
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        match frame.mode {
            Mode::Training { .. } if self.rate >= 1.0 => y.fill(0.0),
            Mode::Training { step } if self.rate > 0.0 => {
                let (stream, offset) = self.place(frame, step);
                dropout::forward(&stream, offset, self.rate, x, y);
            }
            _ => y.copy_from_slice(x),
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        match frame.mode {
            Mode::Training { .. } if self.rate >= 1.0 => d_x.fill(0.0),
            Mode::Training { step } if self.rate > 0.0 => {
                let (stream, offset) = self.place(frame, step);
                dropout::backward(&stream, offset, self.rate, d_y, d_x);
            }
            _ => d_x.copy_from_slice(d_y),
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        plan.tensor(self.y).width as u64
    }
}
