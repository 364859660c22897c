//! `y = activation(patches(x) · kernel + bias)`: see [`tabgrad_kernels::convolution`]. Transposed, `x` and `y` exchange
//! their roles: every pixel of `x` puts a patch into `y`.

use super::Operation;
use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::Frame;
use tabgrad_kernels::activation::Activation;
use tabgrad_kernels::convolution::{self, Convolution};
use tabgrad_kernels::gemm::Epilogue;
use tabgrad_kernels::reduce;

#[derive(Clone, Debug)]
pub(crate) struct Convolve {
    pub x: TensorId,
    pub y: TensorId,
    /// `(height, width, channels / groups, filters)` of `shape`.
    pub kernel: ParameterId,
    /// One value per channel of `y`.
    pub bias: Option<ParameterId>,
    pub shape: Convolution,
    /// `Linear`, or what was fused; transposed, always `Linear`.
    pub activation: Activation,
    pub is_transposed: bool,
    /// Where d loss / d (sum before the activation) goes when one is fused; else it is the gradient of `y` itself.
    pub d_sum: Option<Span>,
}

impl Convolve {
    /// The gradient of the sum before the activation, for all rows of the batch.
    fn d_sum_all<'a>(&self, frame: &Frame<'a>) -> Option<&'a [f32]> {
        match self.d_sum {
            Some(span) => {
                let width = frame.plan.tensor(self.y).width;
                Some(frame.read_gradient_span(span.rows(&(0..frame.batch), width)))
            }
            None => frame.gradient_all(self.y),
        }
    }

    /// Values of a pixel of `y`.
    fn channels(&self) -> usize {
        if self.is_transposed { self.shape.window.channels } else { self.shape.filters }
    }

    /// This thread's channels of the kernel's gradient. They are not its part of the weights: all meet again.
    fn channel_gradients(&self, frame: &Frame<'_>, image: &[f32], of_windows: &[f32]) {
        if !frame.plan.parameters[self.kernel.0].trainable {
            return;
        }
        let (channels, filters) = (self.shape.window.channels, self.shape.filters);
        let own = frame.team.share(channels, self.shape.channel_grain());
        let each = own.len() * filters;
        if each > 0 {
            let (made, scratch) = frame.scratch().split_at_mut(self.shape.window.taps() * each);
            let (it, all) = (&self.shape, frame.batch);
            convolution::channel_gradient(it, all, image, of_windows, own.clone(), made, scratch);
            for (tap, made) in made.chunks_exact(each).enumerate() {
                let offset = (tap * channels + own.start) * filters;
                frame.parameter_gradient_part_mut(self.kernel, offset, each).copy_from_slice(made);
            }
        }
        frame.meet();
    }
}

impl Operation for Convolve {
    fn inputs(&mut self) -> Vec<&mut TensorId> {
        vec![&mut self.x]
    }

    fn outputs(&self) -> Vec<TensorId> {
        vec![self.y]
    }

    fn parameters(&self) -> Vec<ParameterId> {
        [Some(self.kernel), self.bias].into_iter().flatten().collect()
    }

    fn place(&mut self, room: &mut Room<'_>) {
        self.d_sum = room.gradient_of_sum(self.y, self.activation);
    }

    fn forward(&self, frame: &Frame<'_>) {
        let (images, kernel) = (frame.rows.len(), frame.parameter(self.kernel));
        let (x, y, scratch) = (frame.value(self.x), frame.value_mut(self.y), frame.scratch());
        let bias = self.bias.map(|bias| frame.parameter(bias));
        if self.is_transposed {
            convolution::backward(&self.shape, images, kernel, x, bias, y, scratch);
        } else {
            let epilogue = Epilogue { bias, activation: self.activation };
            convolution::forward(&self.shape, images, x, kernel, y, epilogue, scratch);
        }
    }

    fn backward(&self, frame: &Frame<'_>) {
        let Some(d_sum) = frame.gradient_of_sum(self.y, self.d_sum, self.activation) else { return };
        let Some(d_x) = frame.gradient_mut(self.x) else { return };
        let (images, kernel) = (frame.rows.len(), frame.parameter(self.kernel));
        let scratch = frame.scratch();
        if self.is_transposed {
            convolution::forward(&self.shape, images, d_sum, kernel, d_x, Epilogue::default(), scratch);
        } else {
            convolution::backward(&self.shape, images, kernel, d_sum, None, d_x, scratch);
        }
    }

    fn weight_gradients(&self, frame: &Frame<'_>) {
        let Some(d_sum) = self.d_sum_all(frame) else { return };
        let x = frame.value_all(self.x);
        let (image, of_windows) = if self.is_transposed { (d_sum, x) } else { (x, d_sum) };
        if self.shape.is_cut_by_channels() {
            self.channel_gradients(frame, image, of_windows);
        } else if let Some((own, d_kernel)) = frame.parameter_gradient_mut(self.kernel) {
            convolution::kernel_gradient(
                &self.shape,
                frame.batch,
                image,
                of_windows,
                own,
                d_kernel,
                frame.scratch(),
            );
        }
        if let Some((own, d_bias)) = self.bias.and_then(|bias| frame.parameter_gradient_mut(bias)) {
            let channels = self.channels();
            reduce::column_sums(d_sum.len() / channels, channels, d_sum, own, d_bias);
        }
    }

    fn flops(&self, _: &Plan) -> u64 {
        let products = self.shape.window.positions() as u64 * self.shape.patch_len() as u64;
        2 * products * self.shape.filters as u64
    }

    fn backward_factor(&self) -> u64 {
        2
    }

    fn scratch_len(&self, _: &Plan, rows: usize) -> usize {
        let kernel =
            if self.shape.is_cut_by_channels() { self.shape.patch_len() * self.shape.filters } else { 0 };
        kernel + self.shape.scratch_len(rows)
    }
}
