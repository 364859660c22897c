//! The gradient of the images where windows are more than a pixel apart: what each window gives back to its patch is a
//! product, some windows at a time, and is then added to the pixels that the window saw, in the order of the windows.

use super::Convolution;
use crate::elementwise;
use crate::gemm::{self, Beta, Epilogue, Form, Mat};
use std::ops::Range;

/// Values of the patches that are held at a time: they stay in the second-level cache.
const HELD: usize = 32_768;
/// But at least so many windows, so that what a product packs of the kernel is used often.
const FEWEST: usize = 64;
/// And at most so many.
const MOST: usize = 256;

/// Windows whose patches are held at a time.
fn block(it: &Convolution, windows: usize) -> usize {
    (HELD / it.patch_len().max(1)).clamp(FEWEST, MOST).min(windows.max(1))
}

/// f32 of scratch.
pub(super) fn scratch_len(it: &Convolution, images: usize) -> usize {
    let block = block(it, images * it.window.positions());
    let (k, n) = (it.patch_len(), it.filters / it.groups);
    block * k + gemm::scratch_len(Form::Nt, block, k, n)
}

/// All windows of some images in blocks.
fn blocks(it: &Convolution, images: usize) -> impl Iterator<Item = Range<usize>> {
    let windows = images * it.window.positions();
    let block = block(it, windows);
    (0..windows).step_by(block).map(move |start| start..(start + block).min(windows))
}

/// See [`super::backward`].
pub(super) fn backward(
    it: &Convolution,
    images: usize,
    kernel: &[f32],
    d_y: &[f32],
    start: Option<&[f32]>,
    d_x: &mut [f32],
    scratch: &mut [f32],
) {
    let (window, k, n) = (&it.window, it.patch_len(), it.filters / it.groups);
    match start {
        None => d_x.fill(0.0),
        Some(start) => d_x.chunks_exact_mut(window.channels).for_each(|pixel| pixel.copy_from_slice(start)),
    }
    for windows in blocks(it, images) {
        let (held, scratch) = scratch.split_at_mut(windows.len() * k);
        for g in 0..it.groups {
            let (channels, filters) = it.group(g);
            let d_y = Mat { data: &d_y[windows.start * it.filters + filters.start..], stride: it.filters };
            let kernel = Mat { data: &kernel[filters.start..], stride: it.filters };
            gemm::nt(windows.len(), k, n, d_y, kernel, held, k, Beta::Zero, Epilogue::default(), scratch);
            for (patch, at) in held.chunks_exact(k).zip(windows.clone()) {
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
