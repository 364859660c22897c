//! The mean over the steps of a sequence that its mask lets count: `y = sum of mask * x / sum of mask`; 0 where none does.

use super::Operation;
use crate::plan::{Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::elementwise;

#[derive(Clone, Debug)]
pub(crate) struct MaskedMean {
    /// `(steps, channels)`
    pub x: TensorId,
    /// `(steps)`, 0 or 1.
    pub mask: TensorId,
    /// `(channels)`
    pub y: TensorId,
    pub steps: usize,
    pub channels: usize,
}

/// What each step of a row counts for.
fn shares(mask: &[f32]) -> impl Iterator<Item = f32> {
    let count: f32 = mask.iter().sum();
    mask.iter().map(move |&mask| if mask == 0.0 { 0.0 } else { mask / count })
}

impl Operation for MaskedMean {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x, &mut self.mask]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        let rows = frame.value(self.mask).chunks_exact(self.steps);
        y.fill(0.0);
        for (row, mask) in rows.enumerate() {
            let y = &mut y[row * self.channels..][..self.channels];
            for (step, share) in shares(mask).enumerate() {
                let at = (row * self.steps + step) * self.channels;
                elementwise::axpy(share, &x[at..][..self.channels], y);
            }
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let rows = frame.value(self.mask).chunks_exact(self.steps);
        d_x.fill(0.0);
        for (row, mask) in rows.enumerate() {
            let d_y = &d_y[row * self.channels..][..self.channels];
            for (step, share) in shares(mask).enumerate() {
                let at = (row * self.steps + step) * self.channels;
                elementwise::axpy(share, d_y, &mut d_x[at..][..self.channels]);
            }
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        2 * (self.steps * self.channels) as u64
    }
}
