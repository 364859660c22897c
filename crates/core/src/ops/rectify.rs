//! `y = x` where `x > 0`, else `alpha * x`, with alpha learned: see [`tabgrad_kernels::prelu`].

use super::Operation;
use crate::plan::{ParameterId, Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::prelu;

#[derive(Clone, Debug)]
pub(crate) struct Rectify {
    pub x: TensorId,
    pub y: TensorId,
    /// `cols` values, which all rows of so many share.
    pub alpha: ParameterId,
    pub cols: usize,
}

impl Operation for Rectify {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn parameters(&self) -> Vec<ParameterId> {
        vec![self.alpha]
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        prelu::forward(x.len() / self.cols, self.cols, x, frame.parameter(self.alpha), y);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        let x = frame.value(self.x);
        prelu::backward(x.len() / self.cols, self.cols, x, frame.parameter(self.alpha), d_y, d_x);
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient_all(self.y) else { return };
        if let Some((own, d_alpha)) = frame.parameter_gradient_mut(self.alpha) {
            let width = frame.plan.parameters[self.alpha.0].cut.width;
            let (x, own) = (frame.value_all(self.x), own.start * width..own.end * width);
            prelu::alpha_gradient(x.len() / self.cols, self.cols, x, d_y, own, d_alpha);
        }
    }

    fn flops(&self, plan: &Plan) -> u64 {
        2 * plan.tensor(self.y).width as u64
    }
}
