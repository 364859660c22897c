//! Pooling: the largest value or the mean of what a window sees, each channel by itself. Padding is not seen. Images are
//! independent, so any cut by images is allowed.
//!
//! The mean is of LeCun et al., "Gradient-based learning applied to document recognition", 1998, there with a weight; the
//! largest of Ranzato et al., "Unsupervised learning of invariant feature hierarchies", 2007. A mean is over the pixels that
//! are seen and not over the padding, as in Keras; a gradient goes to the first of equal pixels.
//!
//! `x` is `(images, height, width, channels)`, `y` `(images, windows, channels)`; every window must see a pixel.
//!
//! A window's taps are gone through for a vector of channels at a time, so that what becomes of them stays in a register.

use crate::lanes::{Lanes, constant};
use crate::on_lanes;
use crate::window::Window;

/// `y = the largest x of each window`; of NaN among numbers, the last decides.
pub fn max(window: &Window, images: usize, x: &[f32], y: &mut [f32]) {
    check(window, images, x, y);
    on_lanes!(l => each(
        l,
        window,
        images,
        #[inline(always)]
        // SAFETY: the window sees pixels of x and is one of y, whose sizes were checked.
        |seen| unsafe {
            let mut largest = constant!(l, f32::NEG_INFINITY);
            seen.each_tap(
                #[inline(always)]
                |at| largest = l.max(seen.load(l, x, at), largest),
            );
            seen.store(l, largest, y, seen.at);
        },
    ));
}

/// `d_x = sum of d_y over the windows whose largest value it is`, the first of equals.
pub fn max_backward(window: &Window, images: usize, x: &[f32], y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    check(window, images, x, y);
    check(window, images, d_x, d_y);
    // Where every pixel is in one window, nothing is added up: d_x is written once and not read.
    let is_tiled = window.is_tiled();
    if !is_tiled {
        d_x.fill(0.0);
    }
    on_lanes!(l => each(
        l,
        window,
        images,
        #[inline(always)]
        // SAFETY: as in `max`.
        |seen| unsafe {
            let (largest, zero) = (seen.load(l, y, seen.at), l.splat(0.0));
            // What has not found its pixel yet.
            let mut left = seen.load(l, d_y, seen.at);
            seen.each_tap(
                #[inline(always)]
                |at| {
                    let here = l.eq(seen.load(l, x, at), largest);
                    let sum = if is_tiled { zero } else { seen.load(l, d_x, at) };
                    seen.store(l, l.add(sum, l.select(here, left, zero)), d_x, at);
                    left = l.select(here, zero, left);
                },
            );
        },
    ));
}

/// `y = the mean x of each window`.
pub fn average(window: &Window, images: usize, x: &[f32], y: &mut [f32]) {
    check(window, images, x, y);
    on_lanes!(l => each(
        l,
        window,
        images,
        #[inline(always)]
        // SAFETY: as in `max`.
        |seen| unsafe {
            let (share, mut sum) = (l.splat(seen.share()), l.splat(0.0));
            seen.each_tap(
                #[inline(always)]
                |at| sum = l.madd(seen.load(l, x, at), share, sum),
            );
            seen.store(l, sum, y, seen.at);
        },
    ));
}

/// `d_x = sum over the windows that see it of d_y / how many pixels they see`.
pub fn average_backward(window: &Window, images: usize, d_y: &[f32], d_x: &mut [f32]) {
    check(window, images, d_x, d_y);
    d_x.fill(0.0);
    on_lanes!(l => each(
        l,
        window,
        images,
        #[inline(always)]
        // SAFETY: as in `max`.
        |seen| unsafe {
            let (share, d_y) = (l.splat(seen.share()), seen.load(l, d_y, seen.at));
            seen.each_tap(
                #[inline(always)]
                |at| seen.store(l, l.madd(d_y, share, seen.load(l, d_x, at)), d_x, at),
            );
        },
    ));
}

/// What a window sees of a few channels.
#[derive(Clone, Copy)]
struct Seen {
    /// Their place in `y`.
    at: usize,
    /// The place of its first tap in `x`.
    first: usize,
    /// How many taps, down and across, and how far apart they are.
    taps: [usize; 2],
    apart: [usize; 2],
    /// How many channels: a vector, or what is left.
    channels: usize,
}

impl Seen {
    /// Places in `x`.
    #[inline(always)]
    fn each_tap(&self, mut visit: impl FnMut(usize)) {
        for a in 0..self.taps[0] {
            for b in 0..self.taps[1] {
                visit(self.first + a * self.apart[0] + b * self.apart[1]);
            }
        }
    }

    #[inline(always)]
    fn share(&self) -> f32 {
        1.0 / (self.taps[0] * self.taps[1]) as f32
    }

    /// # Safety
    /// `at` must be a place of so many values of the slice: one that this type names, in images or results of its window.
    #[inline(always)]
    unsafe fn load<L: Lanes>(&self, l: L, from: &[f32], at: usize) -> L::V {
        debug_assert!(at + self.channels <= from.len());
        let from = from.as_ptr().wrapping_add(at);
        // SAFETY: as the caller vouches.
        unsafe { if self.channels == L::N { l.load(from) } else { l.load_first(from, self.channels, 0.0) } }
    }

    /// # Safety
    /// As [`Seen::load`].
    #[inline(always)]
    unsafe fn store<L: Lanes>(&self, l: L, v: L::V, to: &mut [f32], at: usize) {
        debug_assert!(at + self.channels <= to.len());
        let to = to.as_mut_ptr().wrapping_add(at);
        // SAFETY: as the caller vouches.
        unsafe { if self.channels == L::N { l.store(v, to) } else { l.store_first(v, to, self.channels) } }
    }
}

/// Every window of every image, a vector of channels at a time.
#[inline(always)]
fn each<L: Lanes>(_: L, window: &Window, images: usize, mut visit: impl FnMut(Seen)) {
    let (channels, apart) = (window.channels, window.apart());
    for image in 0..images {
        let (x, y) = (image * window.image_len(), image * window.positions() * channels);
        window.each(
            #[inline(always)]
            |at, first, taps| {
                for channel in (0..channels).step_by(L::N) {
                    let (at, first) = (y + at * channels + channel, x + first * channels + channel);
                    visit(Seen { at, first, taps, apart, channels: L::N.min(channels - channel) });
                }
            },
        );
    }
}

fn check(window: &Window, images: usize, x: &[f32], y: &[f32]) {
    assert!(x.len() == images * window.image_len());
    assert!(y.len() == images * window.positions() * window.channels);
}
