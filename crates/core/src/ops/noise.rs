//! Noise while training, by the counter-based stream of this layer; otherwise `y = x`.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::{Frame, Mode};
use tabgrad_kernels::noise;
use tabgrad_kernels::rng::{Purpose, Stream};

/// What kind of noise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoiseKind {
    /// Normal numbers of a deviation, added.
    Sum,
    /// Normal numbers about 1 with the variance of dropout of a rate, as factors.
    Factor,
}

#[derive(Clone, Debug)]
pub(crate) struct Noise {
    pub x: TensorId,
    pub y: TensorId,
    pub kind: NoiseKind,
    /// Deviation, or the rate of the dropout that it is like.
    pub amount: f32,
    /// Tells the streams of several such layers apart.
    pub lane: u32,
}

impl Noise {
    /// `y` from `x`, or `d_x` from `d_y`, for this thread's rows. Every step has its own stretch of the stream.
    fn run(&self, frame: &Frame<'_>, is_backward: bool, x: &[f32], y: &mut [f32]) {
        let Mode::Training { step } = frame.mode else { return y.copy_from_slice(x) };
        let width = frame.plan.tensor(self.y).width as u64;
        let offset = frame.first_row(step) * width;
        let stream = Stream::new(frame.plan.seed, Purpose::Dropout, self.lane);
        match (self.kind, is_backward) {
            _ if self.amount == 0.0 => y.copy_from_slice(x),
            (NoiseKind::Sum, false) => noise::normal(&stream, offset, self.amount, false, x, y),
            (NoiseKind::Sum, true) => y.copy_from_slice(x),
            (NoiseKind::Factor, _) => {
                let deviation = (self.amount / (1.0 - self.amount)).sqrt();
                noise::normal(&stream, offset, deviation, true, x, y);
            }
        }
    }
}

impl Operation for Noise {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        self.run(frame, false, frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        self.run(frame, true, d_y, d_x);
    }

    fn flops(&self, plan: &Plan) -> u64 {
        20 * plan.tensor(self.y).width as u64
    }
}
