//! Depthwise convolution with one filter per channel: each channel by itself, all channels of a pixel in lanes.
//!
//! ```text
//! forward          y[window]   = bias + sum over taps of x[pixel] * kernel[tap]
//! backward         d_x[pixel]  = sum over windows and taps that see it of d_y[window] * kernel[tap]
//! kernel_gradient  d_kernel[tap] = sum over windows of x[pixel] * d_y[window]
//! ```
//!
//! Images are `(height, width, channels)`, kernels `(height, width, channels)`. With more filters per channel it is a
//! [`crate::convolution`] in groups of one channel.

use crate::lanes::{Lanes, sweep};
use crate::on_lanes;
use crate::window::Window;
use std::ops::Range;

/// `sum += a * b`
#[inline(always)]
fn add_product<L: Lanes>(l: L, a: &[f32], b: &[f32], sum: &mut [f32]) {
    sweep(
        l,
        [a, b],
        [sum],
        #[inline(always)]
        |[a, b], [sum]| [l.madd(a, b, sum)],
    );
}

/// `x` is `(images, height, width, channels)`, `y` `(images, windows, channels)`.
pub fn forward(
    window: &Window,
    images: usize,
    x: &[f32],
    kernel: &[f32],
    bias: Option<&[f32]>,
    y: &mut [f32],
) {
    let channels = window.channels;
    check(window, images, x, kernel, y);
    match bias {
        None => y.fill(0.0),
        Some(bias) => y.chunks_exact_mut(channels).for_each(|result| result.copy_from_slice(bias)),
    }
    on_lanes!(l => for image in 0..images {
        let x = &x[image * window.image_len()..];
        let y = &mut y[image * window.positions() * channels..];
        window.each_tap(#[inline(always)] |at, tap, pixel, _| {
            let (x, w) = (&x[pixel * channels..][..channels], &kernel[tap * channels..][..channels]);
            add_product(l, x, w, &mut y[at * channels..][..channels]);
        });
    });
}

/// The gradient of [`forward`] with respect to `x`.
pub fn backward(window: &Window, images: usize, kernel: &[f32], d_y: &[f32], d_x: &mut [f32]) {
    let channels = window.channels;
    check(window, images, d_x, kernel, d_y);
    d_x.fill(0.0);
    on_lanes!(l => for image in 0..images {
        let d_x = &mut d_x[image * window.image_len()..];
        let d_y = &d_y[image * window.positions() * channels..];
        window.each_tap(#[inline(always)] |at, tap, pixel, _| {
            let (d_y, w) = (&d_y[at * channels..][..channels], &kernel[tap * channels..][..channels]);
            add_product(l, d_y, w, &mut d_x[pixel * channels..][..channels]);
        });
    });
}

/// The gradient with respect to some rows of the kernel as a column of `taps * channels`; `d_kernel` is `(rows.len())`.
pub fn kernel_gradient(
    window: &Window,
    images: usize,
    x: &[f32],
    d_y: &[f32],
    rows: Range<usize>,
    d_kernel: &mut [f32],
) {
    let channels = window.channels;
    assert!(x.len() == images * window.image_len() && d_y.len() == images * window.positions() * channels);
    assert!(d_kernel.len() == rows.len() && rows.end <= window.taps() * channels);
    d_kernel.fill(0.0);
    on_lanes!(l => for image in 0..images {
        let x = &x[image * window.image_len()..];
        let d_y = &d_y[image * window.positions() * channels..];
        window.each_tap(#[inline(always)] |at, tap, pixel, _| {
            let first = rows.start.max(tap * channels);
            let end = rows.end.min((tap + 1) * channels);
            if first < end {
                let own = first - tap * channels..end - tap * channels;
                let (x, d_y) = (&x[pixel * channels..][own.clone()], &d_y[at * channels..][own]);
                add_product(l, x, d_y, &mut d_kernel[first - rows.start..end - rows.start]);
            }
        });
    });
}

fn check(window: &Window, images: usize, x: &[f32], kernel: &[f32], y: &[f32]) {
    assert!(x.len() == images * window.image_len());
    assert!(kernel.len() == window.taps() * window.channels);
    assert!(y.len() == images * window.positions() * window.channels);
}
