//! Convolutions as products over patches: `patches x kernel`. The patches never exist; the product reads the pixels where
//! they lie, by tables ([`band`]).
//!
//! ```text
//! patches (windows, taps * channels)   kernel (taps * channels, filters)
//! forward          y         = patches(x) kernel
//! backward         d_x       = patches(d_y) mirrored kernel   windows one pixel apart
//!                  d_x      += d_y kernel^T                   else, each put back where it was seen ([`scatter`])
//! kernel_gradient  d_kernel  = patches(x)^T d_y               over all windows of the batch
//! ```
//!
//! Windows of 3 x 3 and 5 x 5 pixels go a shorter way, where there are channels enough ([`winograd`]).
//!
//! Images are `(height, width, channels)`, kernels `(height, width, channels / groups, filters)`, as in Keras. A transposed
//! convolution is the same with the roles of x and y exchanged: its forward pass is [`backward`], its backward pass
//! [`forward`].

mod band;
mod scatter;
mod winograd;

use crate::gemm::{self, Beta, Epilogue, Form, Gathered, Mat};
use crate::window::Window;
use std::ops::Range;

/// What a convolution computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convolution {
    /// The windows over one image.
    pub window: Window,
    /// Groups of channels that do not see each other; divides channels and filters.
    pub groups: usize,
    /// Values of each window's result.
    pub filters: usize,
}

impl Convolution {
    /// Values of a patch of one group: rows of the kernel as a matrix.
    pub fn patch_len(&self) -> usize {
        self.window.taps() * (self.window.channels / self.groups)
    }

    /// Channels and filters of a group.
    fn group(&self, g: usize) -> (Range<usize>, Range<usize>) {
        let (channels, filters) = (self.window.channels / self.groups, self.filters / self.groups);
        (g * channels..(g + 1) * channels, g * filters..(g + 1) * filters)
    }

    /// f32 of scratch that the passes over so many images want.
    pub fn scratch_len(&self, images: usize) -> usize {
        let backward = self.mirrored().map_or_else(
            || scatter::scratch_len(self, images),
            |it| self.patch_len() * self.filters + it.own_scratch_len(images),
        );
        self.own_scratch_len(images).max(backward)
    }

    /// Whether the gradient of the kernel is made by [`channel_gradient`], which is faster here; else by [`kernel_gradient`].
    pub fn is_cut_by_channels(&self) -> bool {
        winograd::suits(self)
    }

    /// Channels begin and end at multiples of this where [`Convolution::is_cut_by_channels`].
    pub fn channel_grain(&self) -> usize {
        winograd::grain(self)
    }

    /// What the passes that gather want.
    fn own_scratch_len(&self, images: usize) -> usize {
        let (k, n) = (self.patch_len(), self.filters / self.groups);
        let channels = self.window.channels / self.groups;
        if winograd::suits(self) {
            return winograd::scratch_len(self);
        }
        let k = k.max(band::windows_len(&self.window, images));
        band::scratch_len(&self.window, channels, images) + gemm::scratch_len(Form::Nn, 0, n, k)
    }

    /// The convolution over `d_y` that gives `d_x`, with a kernel that is mirrored: where windows are one pixel apart.
    fn mirrored(&self) -> Option<Self> {
        let Window { image, size, stride, dilation, before, windows, .. } = self.window;
        let last = [0, 1].map(|axis| dilation[axis] * (size[axis] - 1));
        if stride != [1, 1] || before[0] > last[0] || before[1] > last[1] {
            return None;
        }
        let before = [last[0] - before[0], last[1] - before[1]];
        let window = Window { image: windows, channels: self.filters, before, windows: image, ..self.window };
        Some(Self { window, groups: self.groups, filters: self.window.channels })
    }

    /// The kernel of [`Convolution::mirrored`], `(taps * filters / groups, channels)`: taps from last to first, channels and
    /// filters exchanged.
    fn mirror(&self, kernel: &[f32], to: &mut [f32]) {
        let (channels, filters) = (self.window.channels / self.groups, self.filters / self.groups);
        let of_tap = channels * self.filters;
        for (from, to) in kernel.chunks_exact(of_tap).rev().zip(to.chunks_exact_mut(of_tap)) {
            for (f, to) in to.chunks_exact_mut(self.window.channels).enumerate() {
                for (group, to) in to.chunks_exact_mut(channels).enumerate() {
                    let from = from[group * filters + f..].iter().step_by(self.filters);
                    to.iter_mut().zip(from).for_each(|(to, &from)| *to = from);
                }
            }
        }
    }
}

/// `y = epilogue(patches(x) kernel)`; `x` is `(images, height, width, channels)`, `kernel`
/// `(taps * channels / groups, filters)`, `y` `(images, windows, filters)`. `scratch` has at least
/// [`Convolution::scratch_len`] elements; its values do not matter.
pub fn forward(
    it: &Convolution,
    images: usize,
    x: &[f32],
    kernel: &[f32],
    y: &mut [f32],
    epilogue: Epilogue,
    scratch: &mut [f32],
) {
    let (window, k, n) = (&it.window, it.patch_len(), it.filters / it.groups);
    assert!(x.len() == images * window.image_len() && kernel.len() == k * it.filters);
    assert!(y.len() == images * window.positions() * it.filters);
    if images == 0 {
        return;
    }
    if winograd::suits(it) {
        return winograd::forward(it, images, x, kernel, y, epilogue, scratch);
    }
    let of_group = |g: usize| {
        let (channels, filters) = it.group(g);
        let kernel = Mat { data: &kernel[filters.start..], stride: it.filters };
        (
            channels,
            filters.start,
            kernel,
            Epilogue { bias: epilogue.bias.map(|bias| &bias[filters]), ..epilogue },
        )
    };
    if window.is_pointwise() {
        for g in 0..it.groups {
            let (channels, first, kernel, epilogue) = of_group(g);
            let x = Mat { data: &x[channels.start..], stride: window.channels };
            let (pixels, y) = (images * window.pixels(), &mut y[first..]);
            gemm::nn(pixels, n, k, x, kernel, y, it.filters, Beta::Zero, epilogue, scratch);
        }
        return;
    }
    for band in band::bands(window, images) {
        let (patches, scratch) = band.patches(window, window.channels / it.groups, x, scratch);
        for g in 0..it.groups {
            let (channels, first, kernel, epilogue) = of_group(g);
            let patches = Gathered { data: &patches.data[channels.start..], ..patches };
            let y = &mut y[band.first(window) * it.filters + first..];
            gemm::gathered(n, patches, kernel, y, it.filters, Beta::Zero, epilogue, scratch);
        }
    }
}

/// `d_x = start + what the windows of d_y give back to the pixels that they saw`: `d_y kernel^T`, summed over all windows
/// that saw the pixel. `start` is a value per channel, or 0. Shapes and scratch as in [`forward`].
pub fn backward(
    it: &Convolution,
    images: usize,
    kernel: &[f32],
    d_y: &[f32],
    start: Option<&[f32]>,
    d_x: &mut [f32],
    scratch: &mut [f32],
) {
    let k = it.patch_len();
    assert!(d_x.len() == images * it.window.image_len() && kernel.len() == k * it.filters);
    assert!(d_y.len() == images * it.window.positions() * it.filters);
    match it.mirrored() {
        Some(mirrored) => {
            let (turned, scratch) = scratch.split_at_mut(k * it.filters);
            it.mirror(kernel, turned);
            let epilogue = Epilogue { bias: start, ..Epilogue::default() };
            forward(&mirrored, images, d_y, turned, d_x, epilogue, scratch);
        }
        None => scatter::backward(it, images, kernel, d_y, start, d_x, scratch),
    }
}

/// `d_kernel = patches(x)^T d_y` over all windows of all images, in their order, for some rows of the kernel as a matrix
/// `(taps * channels / groups, filters)`; `d_kernel` is `(rows.len(), filters)`. Shapes and scratch as in [`forward`].
pub fn kernel_gradient(
    it: &Convolution,
    images: usize,
    x: &[f32],
    d_y: &[f32],
    rows: Range<usize>,
    d_kernel: &mut [f32],
    scratch: &mut [f32],
) {
    let window = &it.window;
    assert!(x.len() == images * window.image_len() && rows.end <= it.patch_len());
    assert!(d_y.len() == images * window.positions() * it.filters);
    assert!(d_kernel.len() == rows.len() * it.filters);
    d_kernel.fill(0.0);
    if rows.is_empty() {
        return;
    }
    let plain = Epilogue::default();
    for band in band::bands(window, images) {
        let (patches, scratch) = band.patches(window, window.channels / it.groups, x, scratch);
        let transposed = Gathered { data: &[], rows: &patches.steps[rows.clone()], steps: patches.rows };
        for g in 0..it.groups {
            let (channels, filters) = it.group(g);
            let patches = Gathered { data: &patches.data[channels.start..], ..transposed };
            let d_y =
                Mat { data: &d_y[band.first(window) * it.filters + filters.start..], stride: it.filters };
            let to = &mut d_kernel[filters.start..];
            gemm::gathered(filters.len(), patches, d_y, to, it.filters, Beta::One, plain, scratch);
        }
    }
}

/// The gradient of some channels of the kernel, `(taps, channels.len(), filters)`, over all windows of all images: what
/// [`kernel_gradient`] gives, where [`Convolution::is_cut_by_channels`]. Channels begin and end at multiples of
/// [`Convolution::channel_grain`]. Scratch as in [`forward`].
pub fn channel_gradient(
    it: &Convolution,
    images: usize,
    x: &[f32],
    d_y: &[f32],
    channels: Range<usize>,
    d_kernel: &mut [f32],
    scratch: &mut [f32],
) {
    let window = &it.window;
    assert!(x.len() == images * window.image_len() && channels.end <= window.channels);
    assert!(d_y.len() == images * window.positions() * it.filters && winograd::suits(it));
    assert!(d_kernel.len() == window.taps() * channels.len() * it.filters);
    winograd::kernel_gradient(it, images, x, d_y, channels, d_kernel, scratch);
}
