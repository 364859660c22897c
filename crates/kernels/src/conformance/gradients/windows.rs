//! Convolutions and pooling.

use super::{Check, inputs, made, times};
use crate::conformance::windows::windows;
use crate::convolution::Convolution;
use crate::reference;

const IMAGES: usize = 2;

pub(super) fn convolutions(check: &mut Check) {
    for window in windows(4) {
        for (groups, filters) in [(1, 3), (2, 4), (4, 8)] {
            of_convolution(check, Convolution { window, groups, filters });
        }
    }
}

/// In groups of one channel, each with one filter.
pub(super) fn depthwise(check: &mut Check) {
    for window in windows(3) {
        of_convolution(check, Convolution { window, groups: 3, filters: 3 });
    }
}

fn of_convolution(check: &mut Check, it: Convolution) {
    let x = inputs(1, IMAGES * it.window.image_len());
    let kernel = inputs(2, it.patch_len() * it.filters);
    let d_y = inputs(3, IMAGES * it.window.positions() * it.filters);
    let forward = |x: &[f64], kernel: &[f64]| {
        times(&made(d_y.len(), |y| reference::convolution(&it, IMAGES, x, kernel, None, y)), &d_y)
    };
    let d_x = made(x.len(), |d| reference::convolution_backward(&it, IMAGES, &kernel, &d_y, None, d));
    let d_kernel = made(kernel.len(), |d| reference::convolution_kernel_gradient(&it, IMAGES, &x, &d_y, d));
    check.agree(&format!("x of {it:?}"), &x, &d_x, |x| forward(x, &kernel));
    check.agree(&format!("kernel of {it:?}"), &kernel, &d_kernel, |kernel| forward(&x, kernel));
}

pub(super) fn largest(check: &mut Check) {
    for window in windows(3).into_iter().filter(|it| it.dilation == [1, 1]) {
        let x = inputs(1, IMAGES * window.image_len());
        let d_y = inputs(2, IMAGES * window.positions() * 3);
        let y = made(d_y.len(), |y| reference::max_pool(&window, IMAGES, &x, y));
        let d_x = made(x.len(), |d| reference::max_pool_backward(&window, IMAGES, &x, &y, &d_y, d));
        check.agree(&format!("{window:?}"), &x, &d_x, |x| {
            times(&made(y.len(), |y| reference::max_pool(&window, IMAGES, x, y)), &d_y)
        });
    }
}

pub(super) fn average(check: &mut Check) {
    for window in windows(3).into_iter().filter(|it| it.dilation == [1, 1]) {
        let x = inputs(1, IMAGES * window.image_len());
        let d_y = inputs(2, IMAGES * window.positions() * 3);
        let d_x = made(x.len(), |d| reference::average_pool_backward(&window, IMAGES, &d_y, d));
        check.agree(&format!("{window:?}"), &x, &d_x, |x| {
            times(&made(d_y.len(), |y| reference::average_pool(&window, IMAGES, x, y)), &d_y)
        });
    }
}
