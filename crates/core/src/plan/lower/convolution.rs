//! Convolutions of every kind. A sequence is an image of height 1.

use super::sliding::{Edges, Size, Sliding};
use super::weights::weight;
use super::{Lower, Site};
use crate::error::{Code, Error};
use crate::ops::{self, Op};
use crate::plan::{ParameterId, TensorId};
use crate::spec::Activation;
use crate::spec::layers::{self, Padding};
use tabgrad_kernels::activation::Activation as Kernel;
use tabgrad_kernels::convolution::Convolution;
use tabgrad_kernels::window::Window;

/// The shape of a kernel: its sizes without the height of sequences, and what is done to channels.
fn kernel_shape(it: &Sliding, channels: [usize; 2]) -> Vec<usize> {
    it.size[2 - it.rank..].iter().copied().chain(channels).collect()
}

/// A convolution's op over `window`; `activation` is fused.
fn convolve(
    site: &mut Site<'_>,
    x: TensorId,
    y_shape: &[usize],
    shape: Convolution,
    (kernel, bias): (ParameterId, Option<ParameterId>),
    activation: Kernel,
    is_transposed: bool,
) -> TensorId {
    let y = site.builder.tensor(y_shape);
    site.builder.push(Op::Convolve(ops::Convolve {
        x,
        y,
        kernel,
        bias,
        shape,
        activation,
        is_transposed,
        d_sum: None,
    }));
    y
}

/// `conv1d`, `conv2d`.
macro_rules! convolution {
    ($Layer:ident) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let it = Sliding::kernel(self.kernel_size, self.strides, self.dilation_rate, self.padding);
                let (image, channels) = site.image(inputs[0], it.rank)?;
                site.check_dilation(&it)?;
                site.check_groups(self.groups, channels, "channels that come in")?;
                site.check_groups(self.groups, self.filters, "filters")?;
                let window = site.windows(&it, image, channels)?;
                let shape = kernel_shape(&it, [channels / self.groups, self.filters]);
                let kernel = site.weight("kernel", &shape, weight!(self, kernel))?;
                let bias = site.weight_if(self.use_bias, "bias", &[self.filters], weight!(self, bias))?;
                let y_shape = site.image_shape(it.rank, window.windows, self.filters);
                let shape = Convolution { window, groups: self.groups, filters: self.filters };
                let (own, later) = site.fused(self.activation);
                let y = convolve(site, inputs[0], &y_shape, shape, (kernel, bias), own, false);
                site.finish(y, later, self.activity_regularizer.as_ref())
            }

            fn activation(&self) -> Option<Activation> {
                Some(self.activation)
            }

            fn outputs_argument(&self) -> Option<&'static str> {
                Some("filters")
            }
        }
    };
}
convolution!(Conv1D);
convolution!(Conv2D);

/// The windows over the output of a transposed convolution, one for every pixel of the input; `extra` is its
/// `output_padding`. Sizes as Keras works them out (`backend_utils.py`).
fn transposed_windows(
    site: &Site<'_>,
    it: &Sliding,
    input: [usize; 2],
    channels: usize,
    extra: Option<[usize; 2]>,
) -> Result<Window, Error> {
    let reach = it.reach();
    let (mut image, mut before) = ([0; 2], [0; 2]);
    for axis in 2 - it.rank..2 {
        let (n, stride, reach) = (input[axis], it.strides[axis], reach[axis]);
        let extra = extra.map(|extra| extra[axis]);
        if extra.is_some_and(|extra| extra >= stride) {
            let path = site.path("output_padding");
            let expected = format!("less than the strides, {stride}");
            return Err(Error::new(Code::Mismatch, path, expected, extra.unwrap_or(0).to_string()));
        }
        let spread = (n - 1).saturating_mul(stride);
        (image[axis], before[axis]) = match it.edges {
            Edges::Same => {
                // Of the padding around the spread input, JAX puts the larger half in front.
                let padding = match extra {
                    None => stride + reach - 2,
                    Some(extra) => reach + reach % 2 + extra - 2,
                };
                let front = padding.div_ceil(2).min(reach - 1);
                ((spread + padding + 2).saturating_sub(reach), reach - 1 - front)
            }
            _ => (spread.saturating_add(reach + extra.unwrap_or(stride.max(reach) - reach)), 0),
        };
        if image[axis] == 0 {
            let path = site.path("output_padding");
            return Err(Error::new(Code::Mismatch, path, "an output of at least one pixel", "none"));
        }
    }
    if it.rank == 1 {
        image[0] = 1;
    }
    let Sliding { size, strides: stride, dilation, .. } = *it;
    Ok(Window { image, channels, size, stride, dilation, before, windows: input })
}

/// `conv1d_transpose`, `conv2d_transpose`.
macro_rules! transposed {
    ($Layer:ident) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let it = Sliding::kernel(self.kernel_size, self.strides, self.dilation_rate, self.padding);
                let (image, channels) = site.image(inputs[0], it.rank)?;
                site.check_dilation(&it)?;
                let extra = self.output_padding.map(Size::pair);
                let window = transposed_windows(site, &it, image, self.filters, extra)?;
                let shape = kernel_shape(&it, [self.filters, channels]);
                let kernel = site.weight("kernel", &shape, weight!(self, kernel))?;
                let bias = site.weight_if(self.use_bias, "bias", &[self.filters], weight!(self, bias))?;
                let y_shape = site.image_shape(it.rank, window.image, self.filters);
                let shape = Convolution { window, groups: 1, filters: channels };
                let y = convolve(site, inputs[0], &y_shape, shape, (kernel, bias), Kernel::Linear, true);
                site.finish(y, self.activation, self.activity_regularizer.as_ref())
            }

            fn activation(&self) -> Option<Activation> {
                Some(self.activation)
            }

            fn outputs_argument(&self) -> Option<&'static str> {
                Some("filters")
            }
        }
    };
}
transposed!(Conv1DTranspose);
transposed!(Conv2DTranspose);

/// A depthwise convolution of `x`. With several filters per channel, each channel is repeated for them first: the kernel
/// `(.., channels, multiplier)` then has one filter for each.
fn depthwise(
    site: &mut Site<'_>,
    it: &Sliding,
    x: TensorId,
    multiplier: usize,
    (kernel, bias): (ParameterId, Option<ParameterId>),
) -> Result<TensorId, Error> {
    let (image, channels) = site.image(x, it.rank)?;
    site.check_dilation(it)?;
    let window = site.windows(it, image, channels.saturating_mul(multiplier))?;
    let x = if multiplier == 1 {
        x
    } else {
        let pixels = (0..image[0].saturating_mul(image[1])).map(|pixel| Some(pixel * channels)).collect();
        let repeated = (0..window.channels).map(|channel| Some(channel / multiplier)).collect();
        site.rearrange(x, &[pixels, repeated])
    };
    let y_shape = site.image_shape(it.rank, window.windows, window.channels);
    let y = site.builder.tensor(&y_shape);
    site.builder.push(Op::Depthwise(ops::Depthwise { x, y, kernel, bias, window }));
    Ok(y)
}

/// `depthwise_conv1d`, `depthwise_conv2d`.
macro_rules! depthwise_convolution {
    ($Layer:ident) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let it = Sliding::kernel(self.kernel_size, self.strides, self.dilation_rate, self.padding);
                let (_, channels) = site.image(inputs[0], it.rank)?;
                let shape = kernel_shape(&it, [channels, self.depth_multiplier]);
                let kernel = site.weight("kernel", &shape, weight!(self, depthwise))?;
                let bias = site.weight_if(
                    self.use_bias,
                    "bias",
                    &[channels.saturating_mul(self.depth_multiplier)],
                    weight!(self, bias),
                )?;
                let y = depthwise(site, &it, inputs[0], self.depth_multiplier, (kernel, bias))?;
                site.finish(y, self.activation, self.activity_regularizer.as_ref())
            }

            fn activation(&self) -> Option<Activation> {
                Some(self.activation)
            }
        }
    };
}
depthwise_convolution!(DepthwiseConv1D);
depthwise_convolution!(DepthwiseConv2D);

/// `separable_conv1d`, `separable_conv2d`: depthwise, then a product over the channels of every pixel.
macro_rules! separable_convolution {
    ($Layer:ident) => {
        impl Lower for layers::$Layer {
            fn lower(&self, site: &mut Site<'_>, inputs: &[TensorId]) -> Result<TensorId, Error> {
                let it = Sliding::kernel(self.kernel_size, self.strides, self.dilation_rate, self.padding);
                let (_, channels) = site.image(inputs[0], it.rank)?;
                let between = channels.saturating_mul(self.depth_multiplier);
                let shape = kernel_shape(&it, [channels, self.depth_multiplier]);
                let own = site.weight("depthwise_kernel", &shape, weight!(self, depthwise))?;
                let point = Sliding {
                    size: [1; 2],
                    strides: [1; 2],
                    dilation: [1; 2],
                    edges: Padding::Valid.into(),
                    ..it
                };
                let shape = kernel_shape(&point, [between, self.filters]);
                let kernel = site.weight("pointwise_kernel", &shape, weight!(self, pointwise))?;
                let bias = site.weight_if(self.use_bias, "bias", &[self.filters], weight!(self, bias))?;
                let x = depthwise(site, &it, inputs[0], self.depth_multiplier, (own, None))?;
                let (image, _) = site.image(x, it.rank)?;
                let window = site.windows(&point, image, between)?;
                let y_shape = site.image_shape(it.rank, image, self.filters);
                let shape = Convolution { window, groups: 1, filters: self.filters };
                let y = convolve(site, x, &y_shape, shape, (kernel, bias), Kernel::Linear, false);
                site.finish(y, self.activation, self.activity_regularizer.as_ref())
            }

            fn activation(&self) -> Option<Activation> {
                Some(self.activation)
            }

            fn outputs_argument(&self) -> Option<&'static str> {
                Some("filters")
            }
        }
    };
}
separable_convolution!(SeparableConv1D);
separable_convolution!(SeparableConv2D);
