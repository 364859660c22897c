//! Twins of convolutions and pooling: every window, every tap, with the pixel's place worked out anew.

use super::Real;
use crate::convolution::Convolution;
use crate::window::Window;

/// For every window of every image and every tap within the image: the places of the window, the tap and the pixel, counted
/// through all images.
fn taps(window: &Window, images: usize) -> Vec<(usize, usize, usize)> {
    let mut all = Vec::new();
    for image in 0..images {
        for i in 0..window.windows[0] {
            for j in 0..window.windows[1] {
                for a in 0..window.size[0] {
                    for b in 0..window.size[1] {
                        let row = (i * window.stride[0] + a * window.dilation[0]) as isize
                            - window.before[0] as isize;
                        let column = (j * window.stride[1] + b * window.dilation[1]) as isize
                            - window.before[1] as isize;
                        let inside = 0 <= row && row < window.image[0] as isize;
                        if inside && 0 <= column && column < window.image[1] as isize {
                            let pixel = row as usize * window.image[1] + column as usize;
                            all.push((
                                image * window.positions() + i * window.windows[1] + j,
                                a * window.size[1] + b,
                                image * window.pixels() + pixel,
                            ));
                        }
                    }
                }
            }
        }
    }
    all
}

/// Every product of a convolution: calls `each(place in x, place in the kernel, place in y)`.
fn products(it: &Convolution, images: usize, mut each: impl FnMut(usize, usize, usize)) {
    let channels = it.window.channels / it.groups;
    for (at, tap, pixel) in taps(&it.window, images) {
        for f in 0..it.filters {
            let group = f / (it.filters / it.groups);
            for c in 0..channels {
                each(
                    pixel * it.window.channels + group * channels + c,
                    (tap * channels + c) * it.filters + f,
                    at * it.filters + f,
                );
            }
        }
    }
}

/// `y[w,f] = bias[f] + sum over taps and channels of x * kernel`.
pub fn convolution<R: Real>(
    it: &Convolution,
    images: usize,
    x: &[R],
    kernel: &[R],
    bias: Option<&[R]>,
    y: &mut [R],
) {
    for (i, y) in y.iter_mut().enumerate() {
        *y = bias.map_or(R::of(0.0), |bias| bias[i % it.filters]);
    }
    products(it, images, |x_at, k_at, y_at| y[y_at] += x[x_at] * kernel[k_at]);
}

/// `d_x = start + sum of d_y * kernel`.
pub fn convolution_backward<R: Real>(
    it: &Convolution,
    images: usize,
    kernel: &[R],
    d_y: &[R],
    start: Option<&[R]>,
    d_x: &mut [R],
) {
    for (i, d_x) in d_x.iter_mut().enumerate() {
        *d_x = start.map_or(R::of(0.0), |start| start[i % it.window.channels]);
    }
    products(it, images, |x_at, k_at, y_at| d_x[x_at] += d_y[y_at] * kernel[k_at]);
}

/// `d_kernel = sum of x * d_y`.
pub fn convolution_kernel_gradient<R: Real>(
    it: &Convolution,
    images: usize,
    x: &[R],
    d_y: &[R],
    d_kernel: &mut [R],
) {
    d_kernel.fill(R::of(0.0));
    products(it, images, |x_at, k_at, y_at| d_kernel[k_at] += x[x_at] * d_y[y_at]);
}

/// The largest value that each window sees.
pub fn max_pool<R: Real>(window: &Window, images: usize, x: &[R], y: &mut [R]) {
    y.fill(R::of(f64::NEG_INFINITY));
    for (at, _, pixel) in taps(window, images) {
        for c in 0..window.channels {
            let y = &mut y[at * window.channels + c];
            *y = y.max(x[pixel * window.channels + c]);
        }
    }
}

/// The gradient goes to the first pixel that has the largest value.
pub fn max_pool_backward<R: Real>(
    window: &Window,
    images: usize,
    x: &[R],
    y: &[R],
    d_y: &[R],
    d_x: &mut [R],
) {
    d_x.fill(R::of(0.0));
    let mut found = vec![false; y.len()];
    for (at, _, pixel) in taps(window, images) {
        for c in 0..window.channels {
            let (at, pixel) = (at * window.channels + c, pixel * window.channels + c);
            if x[pixel] == y[at] && !found[at] {
                found[at] = true;
                d_x[pixel] += d_y[at];
            }
        }
    }
}

/// How many pixels each window sees.
fn seen(window: &Window, images: usize) -> Vec<f64> {
    let mut counts = vec![0.0; images * window.positions()];
    taps(window, images).iter().for_each(|&(at, ..)| counts[at] += 1.0);
    counts
}

/// The mean of what each window sees.
pub fn average_pool<R: Real>(window: &Window, images: usize, x: &[R], y: &mut [R]) {
    let seen = seen(window, images);
    y.fill(R::of(0.0));
    for (at, _, pixel) in taps(window, images) {
        for c in 0..window.channels {
            y[at * window.channels + c] += x[pixel * window.channels + c] / R::of(seen[at]);
        }
    }
}

/// Every pixel that a window sees gets its share.
pub fn average_pool_backward<R: Real>(window: &Window, images: usize, d_y: &[R], d_x: &mut [R]) {
    let seen = seen(window, images);
    d_x.fill(R::of(0.0));
    for (at, _, pixel) in taps(window, images) {
        for c in 0..window.channels {
            d_x[pixel * window.channels + c] += d_y[at * window.channels + c] / R::of(seen[at]);
        }
    }
}
