//! Pooling: the largest value or the mean of what a window sees, each channel by itself. Padding is not seen. Images are
//! independent, so any cut by images is allowed.
//!
//! `x` is `(images, height, width, channels)`, `y` `(images, windows, channels)`; every window must see a pixel.

use crate::lanes::{Lanes, sweep};
use crate::on_lanes;
use crate::window::Window;

/// `y = the largest x of each window`; of NaN among numbers, the last decides.
pub fn max(window: &Window, images: usize, x: &[f32], y: &mut [f32]) {
    let channels = window.channels;
    check(window, images, x, y);
    y.fill(f32::NEG_INFINITY);
    on_lanes!(l => for image in 0..images {
        let x = &x[image * window.image_len()..];
        let y = &mut y[image * window.positions() * channels..];
        window.each_tap(#[inline(always)] |at, _, pixel, _| sweep(
            l,
            [&x[pixel * channels..][..channels]],
            [&mut y[at * channels..][..channels]],
            #[inline(always)]
            |[x], [y]| [l.max(x, y)],
        ));
    });
}

/// `d_x = sum of d_y over the windows whose largest value it is`, the first of equals. `scratch` has at least `channels`
/// elements; its values do not matter.
pub fn max_backward(
    window: &Window,
    images: usize,
    x: &[f32],
    y: &[f32],
    d_y: &[f32],
    d_x: &mut [f32],
    scratch: &mut [f32],
) {
    let channels = window.channels;
    check(window, images, x, y);
    assert!(d_x.len() == x.len() && d_y.len() == y.len());
    d_x.fill(0.0);
    let left = &mut scratch[..channels];
    on_lanes!(l => for image in 0..images {
        let (x, d_x) = (&x[image * window.image_len()..], &mut d_x[image * window.image_len()..]);
        let start = image * window.positions() * channels;
        let (y, d_y) = (&y[start..], &d_y[start..]);
        // What of a window's gradient has not found its pixel yet.
        let mut current = usize::MAX;
        window.each_tap(#[inline(always)] |at, _, pixel, _| {
            if current != at {
                current = at;
                left.copy_from_slice(&d_y[at * channels..][..channels]);
            }
            sweep(
                l,
                [&x[pixel * channels..][..channels], &y[at * channels..][..channels]],
                [&mut *left, &mut d_x[pixel * channels..][..channels]],
                #[inline(always)]
                |[x, y], [left, d_x]| {
                    let (here, zero) = (l.eq(x, y), l.splat(0.0));
                    [l.select(here, zero, left), l.add(d_x, l.select(here, left, zero))]
                },
            );
        });
    });
}

/// `y = the mean x of each window`.
pub fn average(window: &Window, images: usize, x: &[f32], y: &mut [f32]) {
    let channels = window.channels;
    check(window, images, x, y);
    y.fill(0.0);
    on_lanes!(l => for image in 0..images {
        let x = &x[image * window.image_len()..];
        let y = &mut y[image * window.positions() * channels..];
        window.each_tap(#[inline(always)] |at, _, pixel, seen| {
            let share = 1.0 / seen as f32;
            add_share(l, share, &x[pixel * channels..][..channels], &mut y[at * channels..][..channels]);
        });
    });
}

/// `d_x = sum over the windows that see it of d_y / how many pixels they see`.
pub fn average_backward(window: &Window, images: usize, d_y: &[f32], d_x: &mut [f32]) {
    let channels = window.channels;
    check(window, images, d_x, d_y);
    d_x.fill(0.0);
    on_lanes!(l => for image in 0..images {
        let d_x = &mut d_x[image * window.image_len()..];
        let d_y = &d_y[image * window.positions() * channels..];
        window.each_tap(#[inline(always)] |at, _, pixel, seen| {
            let share = 1.0 / seen as f32;
            add_share(l, share, &d_y[at * channels..][..channels], &mut d_x[pixel * channels..][..channels]);
        });
    });
}

/// `sum += share * x`
#[inline(always)]
fn add_share<L: Lanes>(l: L, share: f32, x: &[f32], sum: &mut [f32]) {
    sweep(
        l,
        [x],
        [sum],
        #[inline(always)]
        |[x], [sum]| [l.madd(x, l.splat(share), sum)],
    );
}

fn check(window: &Window, images: usize, x: &[f32], y: &[f32]) {
    assert!(x.len() == images * window.image_len());
    assert!(y.len() == images * window.positions() * window.channels);
}
