//! The largest value or the mean of what each window sees: see [`tabgrad_kernels::pooling`].

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::pooling;
use tabgrad_kernels::window::Window;

#[derive(Clone, Debug)]
pub(crate) struct Pool {
    pub x: TensorId,
    pub y: TensorId,
    pub window: Window,
    /// The largest value; else the mean.
    pub largest: bool,
}

impl Operation for Pool {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let run = if self.largest { pooling::max } else { pooling::average };
        run(&self.window, frame.rows.len(), frame.value(self.x), frame.value_mut(self.y));
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let images = frame.rows.len();
        if self.largest {
            let (x, y) = (frame.value(self.x), frame.value(self.y));
            pooling::max_backward(&self.window, images, x, y, d_y, d_x);
        } else {
            pooling::average_backward(&self.window, images, d_y, d_x);
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        (self.window.positions() * self.window.taps() * self.window.channels) as u64
    }
}
