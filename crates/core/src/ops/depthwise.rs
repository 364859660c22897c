//! A convolution of every channel by itself: see [`tabgrad_kernels::depthwise`].

use super::Operation;
use crate::plan::{ParameterId, Plan, TensorId};
use crate::program::Frame;
use tabgrad_kernels::window::Window;
use tabgrad_kernels::{depthwise, reduce};

#[derive(Clone, Debug)]
pub(crate) struct Depthwise {
    pub x: TensorId,
    pub y: TensorId,
    /// `taps * channels` values, whatever its shape says.
    pub kernel: ParameterId,
    /// `(channels)`
    pub bias: Option<ParameterId>,
    pub window: Window,
}

impl Operation for Depthwise {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn parameters(&self) -> Vec<ParameterId> {
        [Some(self.kernel), self.bias].into_iter().flatten().collect()
    }

    fn forward(&self, frame: &Frame<'_>) {
        let bias = self.bias.map(|bias| frame.parameter(bias));
        let (x, y) = (frame.value(self.x), frame.value_mut(self.y));
        depthwise::forward(&self.window, frame.rows.len(), x, frame.parameter(self.kernel), bias, y);
    }

    fn backward(&self, frame: &Frame<'_>) {
        let (Some(d_y), Some(d_x)) = (frame.gradient(self.y), frame.gradient_mut(self.x)) else { return };
        depthwise::backward(&self.window, frame.rows.len(), frame.parameter(self.kernel), d_y, d_x);
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        let Some(d_y) = frame.gradient_all(self.y) else { return };
        if let Some((own, d_kernel)) = frame.parameter_gradient_mut(self.kernel) {
            // A row of the kernel are the filters of one channel at one tap.
            let filters = frame.plan.parameters[self.kernel.0].cut.width;
            let own = own.start * filters..own.end * filters;
            depthwise::kernel_gradient(
                &self.window,
                frame.batch,
                frame.value_all(self.x),
                d_y,
                own,
                d_kernel,
            );
        }
        if let Some((own, d_bias)) = self.bias.and_then(|bias| frame.parameter_gradient_mut(bias)) {
            let channels = self.window.channels;
            reduce::column_sums(d_y.len() / channels, channels, d_y, own, d_bias);
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        2 * self.window.positions() as u64 * self.window.taps() as u64 * self.window.channels as u64
    }

    fn backward_factor(&self) -> u64 {
        2
    }
}
