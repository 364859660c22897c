//! Convolutions as products over patches of a few windows at a time: what the windows see is packed side by side, so that
//! a convolution is `patches x kernel`. The patches of a whole image never exist.
//!
//! ```text
//! patches (windows, taps * channels)   kernel (taps * channels, filters)
//! forward          y         = patches(x) kernel            nn
//! backward         d_x      += patches' of d_y kernel^T     nt, each put back where it was seen
//! kernel_gradient  d_kernel  = patches(x)^T d_y             tn, over all windows of the batch
//! ```
//!
//! Images are `(height, width, channels)`, kernels `(height, width, channels / groups, filters)`, as in Keras. A transposed
//! convolution is the same with the roles of x and y exchanged: its forward pass is [`backward`], its backward pass
//! [`forward`].

use crate::elementwise;
use crate::gemm::{self, Beta, Epilogue, Form, Mat};
use crate::lanes::Lanes;
use crate::on_lanes;
use crate::window::Window;
use std::ops::Range;

/// Values of the patches that are packed at a time: they stay in the second-level cache.
const PACKED: usize = 32_768;
/// But at least so many windows, so that what a product packs of the kernel is used often.
const FEWEST: usize = 64;
/// And at most so many.
const MOST: usize = 256;

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

    /// Windows whose patches are packed at a time.
    fn block(&self, windows: usize) -> usize {
        (PACKED / self.patch_len().max(1)).clamp(FEWEST, MOST).min(windows.max(1))
    }

    /// f32 of scratch that the passes over so many images want.
    pub fn scratch_len(&self, images: usize) -> usize {
        let block = self.block(images * self.window.positions());
        let (k, n) = (self.patch_len(), self.filters / self.groups);
        let products = [
            gemm::scratch_len(Form::Nn, block, n, k),
            gemm::scratch_len(Form::Nt, block, k, n),
            gemm::scratch_len(Form::Tn, k, n, block),
        ];
        self.packed_len(block, k) + products.into_iter().max().unwrap_or(0)
    }

    /// Values of so many packed patches of so many columns: none where they are read from the images.
    fn packed_len(&self, windows: usize, columns: usize) -> usize {
        if self.window.is_pointwise() { 0 } else { windows * columns }
    }

    /// All windows of some images in blocks.
    fn blocks(&self, images: usize) -> impl Iterator<Item = Range<usize>> {
        let windows = images * self.window.positions();
        let block = self.block(windows);
        (0..windows).step_by(block).map(move |start| start..(start + block).min(windows))
    }

    /// Where the patches of some windows of one group lie: packed in `to`, or in the images themselves.
    fn patches<'a>(
        &self,
        images: &'a [f32],
        channels: &Range<usize>,
        windows: Range<usize>,
        columns: Range<usize>,
        to: &'a mut [f32],
    ) -> Mat<'a> {
        if self.window.is_pointwise() {
            let first = windows.start * self.window.channels + channels.start + columns.start;
            return Mat { data: &images[first.min(images.len())..], stride: self.window.channels };
        }
        let stride = columns.len();
        pack(&self.window, images, channels, windows, columns, to);
        Mat { data: to, stride }
    }
}

/// Packs columns `columns` of the patches of `windows`, which are counted through all images.
fn pack(
    window: &Window,
    images: &[f32],
    channels: &Range<usize>,
    windows: Range<usize>,
    columns: Range<usize>,
    to: &mut [f32],
) {
    let (positions, width) = (window.positions(), columns.len());
    assert!(
        to.len() >= windows.len() * width
            && images.len() >= windows.end.div_ceil(positions) * window.image_len()
    );
    on_lanes!(l => for (row, at) in to.chunks_exact_mut(width.max(1)).zip(windows) {
        let image = at / positions * window.image_len();
        window.runs(channels, at % positions, #[inline(always)] |place, len, seen| {
            let start = place.max(columns.start);
            let end = (place + len).min(columns.end);
            if start >= end {
                return;
            }
            let part = &mut row[start - columns.start..end - columns.start];
            match seen {
                None => part.fill(0.0),
                Some(seen) => copy(l, &images[image + seen + (start - place)..][..end - start], part),
            }
        });
    });
}

/// Copies a few values: too few for a call of the memory's own copy to be worth it.
#[inline(always)]
fn copy<L: Lanes>(l: L, from: &[f32], to: &mut [f32]) {
    let n = to.len();
    assert!(from.len() == n);
    let (from, to) = (from.as_ptr(), to.as_mut_ptr());
    // SAFETY: every place is below n, the length of both; they are different slices.
    unsafe {
        if n < L::N {
            for i in 0..n {
                *to.add(i) = *from.add(i);
            }
            return;
        }
        for i in (0..n - L::N).step_by(L::N) {
            l.store(l.load(from.add(i)), to.add(i));
        }
        // The last two may overlap.
        l.store(l.load(from.add(n - L::N)), to.add(n - L::N));
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
    let (k, n) = (it.patch_len(), it.filters / it.groups);
    assert!(x.len() == images * it.window.image_len() && kernel.len() == k * it.filters);
    assert!(y.len() == images * it.window.positions() * it.filters);
    for windows in it.blocks(images) {
        let (packed, scratch) = scratch.split_at_mut(it.packed_len(windows.len(), k));
        for g in 0..it.groups {
            let (channels, filters) = it.group(g);
            let patches = it.patches(x, &channels, windows.clone(), 0..k, packed);
            gemm::nn(
                windows.len(),
                n,
                k,
                patches,
                Mat { data: &kernel[filters.start..], stride: it.filters },
                &mut y[windows.start * it.filters + filters.start..],
                it.filters,
                Beta::Zero,
                Epilogue { bias: epilogue.bias.map(|bias| &bias[filters]), ..epilogue },
                scratch,
            );
        }
    }
}

/// `d_x = start + what the windows of d_y give back to the pixels that they saw`: `d_y kernel^T`, summed over all windows
/// that saw the pixel, in their order. `start` is a value per channel, or 0. Shapes and scratch as in [`forward`].
pub fn backward(
    it: &Convolution,
    images: usize,
    kernel: &[f32],
    d_y: &[f32],
    start: Option<&[f32]>,
    d_x: &mut [f32],
    scratch: &mut [f32],
) {
    let (window, k, n) = (&it.window, it.patch_len(), it.filters / it.groups);
    assert!(d_x.len() == images * window.image_len() && kernel.len() == k * it.filters);
    assert!(d_y.len() == images * window.positions() * it.filters);
    match start {
        None => d_x.fill(0.0),
        Some(start) => d_x.chunks_exact_mut(window.channels).for_each(|pixel| pixel.copy_from_slice(start)),
    }
    let is_pointwise = window.is_pointwise();
    for windows in it.blocks(images) {
        let (packed, scratch) = scratch.split_at_mut(it.packed_len(windows.len(), k));
        for g in 0..it.groups {
            let (channels, filters) = it.group(g);
            let d_y = Mat { data: &d_y[windows.start * it.filters + filters.start..], stride: it.filters };
            let kernel = Mat { data: &kernel[filters.start..], stride: it.filters };
            let (to, stride, beta) = if is_pointwise {
                (&mut d_x[windows.start * window.channels + channels.start..], window.channels, Beta::One)
            } else {
                (&mut *packed, k, Beta::Zero)
            };
            gemm::nt(windows.len(), k, n, d_y, kernel, to, stride, beta, Epilogue::default(), scratch);
            if !is_pointwise {
                for (patch, at) in packed.chunks_exact(k).zip(windows.clone()) {
                    let image = at / window.positions() * window.image_len();
                    window.runs(&channels, at % window.positions(), |place, len, seen| {
                        if let Some(seen) = seen {
                            elementwise::axpy(1.0, &patch[place..][..len], &mut d_x[image + seen..][..len]);
                        }
                    });
                }
            }
        }
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
    assert!(x.len() == images * it.window.image_len() && rows.end <= it.patch_len());
    assert!(d_y.len() == images * it.window.positions() * it.filters);
    assert!(d_kernel.len() == rows.len() * it.filters);
    d_kernel.fill(0.0);
    if rows.is_empty() {
        return;
    }
    for windows in it.blocks(images) {
        let (packed, scratch) = scratch.split_at_mut(it.packed_len(windows.len(), rows.len()));
        for g in 0..it.groups {
            let (channels, filters) = it.group(g);
            let d_y = Mat { data: &d_y[windows.start * it.filters + filters.start..], stride: it.filters };
            let patches = it.patches(x, &channels, windows.clone(), rows.clone(), packed);
            gemm::tn(
                rows.len(),
                filters.len(),
                windows.len(),
                patches,
                d_y,
                &mut d_kernel[filters.start..],
                it.filters,
                Beta::One,
                Epilogue::default(),
                scratch,
            );
        }
    }
}
