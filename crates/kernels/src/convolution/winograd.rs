//! Convolutions of 3 x 3 pixels by Winograd's minimal filtering: results in tiles of 2 x 2, each from 4 x 4 pixels, with 16
//! multiplications per channel and filter where the sums by themselves take 36.
//!
//! ```text
//! y        = A^T [ (G k G^T) * (B^T x B) ] A       * is a product over channels, for each of the 16 values
//! d_kernel = G^T [ (B^T x B)^T * (A d_y A^T) ] G   the same backwards: a product over tiles
//! ```
//!
//! (Winograd, 1980; Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016, whose F(2x2, 3x3) this is.)
//! Its factors are 1 and 1/2, so that it rounds about as the plain sums do, unlike larger tiles.

use super::Convolution;
use crate::activation::{self, Activation};
use crate::gemm::{self, Beta, Epilogue, Form, Mat};
use crate::lanes::{Lanes, MAX_LANES, lanes_of};
use crate::on_lanes;
use crate::window::Window;
use std::ops::Range;

/// Values of a transformed tile.
const VALUES: usize = 16;
/// f32 of transformed tiles that are held at a time: they stay in the second-level cache.
const HELD: usize = 131_072;
/// Tiles of a block at most, and at least.
const TILES: [usize; 2] = [16, 64];
/// Between the planes of one value and the next: planes a power of two apart would drive each other out of the cache.
const GAP: usize = 16;

/// Whether a convolution is one of these: enough channels that the products outweigh the transforms, and whole vectors of
/// them.
pub(super) fn suits(it: &Convolution) -> bool {
    let window = &it.window;
    let is_whole = |n: usize| n >= MAX_LANES && n.is_multiple_of(MAX_LANES);
    window.size == [3, 3]
        && window.stride == [1, 1]
        && window.dilation == [1, 1]
        && window.positions() > 1
        && it.groups == 1
        && is_whole(window.channels)
        && is_whole(it.filters)
}

/// Tiles of an image, down and across.
fn tiles_of(window: &Window) -> [usize; 2] {
    window.windows.map(|windows| windows.div_ceil(2))
}

/// Tiles of some images in blocks.
fn blocks(it: &Convolution, images: usize) -> impl Iterator<Item = Range<usize>> {
    let [down, across] = tiles_of(&it.window);
    let (all, block) = (images * down * across, block(it));
    (0..all).step_by(block).map(move |start| start..(start + block).min(all))
}

fn block(it: &Convolution) -> usize {
    let [fewest, most] = TILES;
    (HELD / (VALUES * (it.window.channels + it.filters))).clamp(fewest, most)
}

/// f32 of a plane of a block, so many values for each tile.
fn plane(it: &Convolution, values: usize) -> usize {
    block(it) * values + GAP
}

/// f32 of scratch for both passes.
pub(super) fn scratch_len(it: &Convolution) -> usize {
    let (channels, filters) = (it.window.channels, it.filters);
    let planes = plane(it, channels) + plane(it, filters) + channels * filters;
    let products = gemm::scratch_len(Form::Nn, 0, filters, channels.max(block(it)));
    channels.max(filters) + VALUES * planes + products
}

/// See [`super::forward`].
pub(super) fn forward(
    it: &Convolution,
    images: usize,
    x: &[f32],
    kernel: &[f32],
    y: &mut [f32],
    epilogue: Epilogue,
    scratch: &mut [f32],
) {
    let (channels, filters) = (it.window.channels, it.filters);
    let each = channels * filters;
    let (x_plane, y_plane) = (plane(it, channels), plane(it, filters));
    let (zeros, scratch) = scratch.split_at_mut(channels.max(filters));
    let (kernels, scratch) = scratch.split_at_mut(VALUES * each);
    let (inputs, scratch) = scratch.split_at_mut(VALUES * x_plane);
    let (outputs, scratch) = scratch.split_at_mut(VALUES * y_plane);
    zeros.fill(0.0);
    let bias = epilogue.bias.unwrap_or(&zeros[..filters]);
    on_lanes!(l => transform(
        l,
        grid(#[inline(always)] |a, b| &kernel[(a * 3 + b) * each..][..each]),
        (kernels, each, 0),
        #[inline(always)] |[a, b, c]| {
            let half = l.splat(0.5);
            let (ends, middle) = (l.mul(half, l.add(a, c)), l.mul(half, b));
            [a, l.add(ends, middle), l.sub(ends, middle), c]
        },
    ));
    for tiles in blocks(it, images) {
        transform_images(it, x, 0..channels, &tiles, zeros, (inputs, x_plane));
        for value in 0..VALUES {
            gemm::nn(
                tiles.len(),
                filters,
                channels,
                Mat { data: &inputs[value * x_plane..], stride: channels },
                Mat { data: &kernels[value * each..], stride: filters },
                &mut outputs[value * y_plane..],
                filters,
                Beta::Zero,
                Epilogue::default(),
                scratch,
            );
        }
        let floor = if epilogue.activation == Activation::Relu { 0.0 } else { f32::NEG_INFINITY };
        finish(it, &tiles, (outputs, y_plane), bias, floor, y);
    }
    if !matches!(epilogue.activation, Activation::Linear | Activation::Relu) {
        activation::forward_in_place(epilogue.activation, y);
    }
}

/// The gradient of some channels of the kernel, `(taps, channels.len(), filters)`, over all images. Channels begin and end
/// at multiples of [`MAX_LANES`].
pub(super) fn kernel_gradient(
    it: &Convolution,
    images: usize,
    x: &[f32],
    d_y: &[f32],
    channels: Range<usize>,
    d_kernel: &mut [f32],
    scratch: &mut [f32],
) {
    let (width, filters) = (channels.len(), it.filters);
    let each = width * filters;
    let (x_plane, y_plane) = (plane(it, width), plane(it, filters));
    let (zeros, scratch) = scratch.split_at_mut(width.max(filters));
    let (sums, scratch) = scratch.split_at_mut(VALUES * each);
    let (inputs, scratch) = scratch.split_at_mut(VALUES * x_plane);
    let (gradients, scratch) = scratch.split_at_mut(VALUES * y_plane);
    zeros.fill(0.0);
    sums.fill(0.0);
    for tiles in blocks(it, images) {
        transform_images(it, x, channels.clone(), &tiles, zeros, (inputs, x_plane));
        transform_gradients(it, d_y, &tiles, zeros, (gradients, y_plane));
        for value in 0..VALUES {
            gemm::tn(
                width,
                filters,
                tiles.len(),
                Mat { data: &inputs[value * x_plane..], stride: width },
                Mat { data: &gradients[value * y_plane..], stride: filters },
                &mut sums[value * each..],
                filters,
                Beta::One,
                Epilogue::default(),
                scratch,
            );
        }
    }
    on_lanes!(l => transform(
        l,
        grid(#[inline(always)] |a, b| &sums[(a * 4 + b) * each..][..each]),
        (d_kernel, each, 0),
        #[inline(always)] |[a, b, c, d]| {
            let half = l.splat(0.5);
            let middle = l.mul(half, l.add(b, c));
            [l.add(a, middle), l.mul(half, l.sub(b, c)), l.add(middle, d)]
        },
    ));
}

/// The image of a tile, and the first of its windows, down and across.
fn place(window: &Window, tile: usize) -> (usize, [usize; 2]) {
    let [down, across] = tiles_of(window);
    let within = tile % (down * across);
    (tile / (down * across), [2 * (within / across), 2 * (within % across)])
}

/// `B^T x B` for some channels of some tiles.
fn transform_images(
    it: &Convolution,
    x: &[f32],
    channels: Range<usize>,
    tiles: &Range<usize>,
    zeros: &[f32],
    (to, plane): (&mut [f32], usize),
) {
    let (window, width) = (&it.window, channels.len());
    let [height, across] = window.image;
    on_lanes!(l => for (i, tile) in tiles.clone().enumerate() {
        let (image, [row, column]) = place(window, tile);
        let pixel = |a: usize, b: usize| {
            let (y, x_at) = ((row + a).wrapping_sub(window.before[0]), (column + b).wrapping_sub(window.before[1]));
            if y >= height || x_at >= across {
                return &zeros[..width];
            }
            &x[((image * height + y) * across + x_at) * window.channels + channels.start..][..width]
        };
        transform(l, grid(pixel), (to, plane, i * width), #[inline(always)] |[a, b, c, d]| {
            [l.sub(a, c), l.add(b, c), l.sub(c, b), l.sub(b, d)]
        });
    });
}

/// `A d_y A^T` for some tiles.
fn transform_gradients(
    it: &Convolution,
    d_y: &[f32],
    tiles: &Range<usize>,
    zeros: &[f32],
    (to, plane): (&mut [f32], usize),
) {
    let (window, filters) = (&it.window, it.filters);
    on_lanes!(l => for (i, tile) in tiles.clone().enumerate() {
        let of_window = |a: usize, b: usize| match result(window, tile, a, b) {
            Some(at) => &d_y[at * filters..][..filters],
            None => &zeros[..filters],
        };
        transform(l, grid(of_window), (to, plane, i * filters), #[inline(always)] |[a, b]| {
            [a, l.add(a, b), l.sub(a, b), l.sub(l.splat(0.0), b)]
        });
    });
}

/// `max(A^T y A + bias, floor)`, written to the windows of some tiles.
fn finish(
    it: &Convolution,
    tiles: &Range<usize>,
    (from, plane): (&[f32], usize),
    bias: &[f32],
    floor: f32,
    y: &mut [f32],
) {
    let filters = it.filters;
    on_lanes!(l => for (i, tile) in tiles.clone().enumerate() {
        let values = grid(#[inline(always)] |a, b| &from[(a * 4 + b) * plane + i * filters..][..filters]);
        let places: [[_; 2]; 2] = grid(#[inline(always)] |a, b| result(&it.window, tile, a, b));
        for at in (0..filters).step_by(lanes_of(l)) {
            let sums = twice(load(l, &values, at), #[inline(always)] |[a, b, c, d]| {
                let (middle, rest) = (l.add(b, c), l.sub(b, c));
                [l.add(a, middle), l.sub(rest, d)]
            });
            // SAFETY: `filters` is a whole number of vectors, and as many values are in the bias and at every place.
            unsafe {
                let bias = l.load(bias[at..].as_ptr());
                for (&sum, place) in sums.iter().flatten().zip(places.iter().flatten()) {
                    if let Some(place) = place {
                        let to = &mut y[place * filters + at..][..lanes_of(l)];
                        l.store(l.max(l.add(sum, bias), l.splat(floor)), to.as_mut_ptr());
                    }
                }
            }
        }
    });
}

/// The number of window (a, b) of a tile, counted through all images, if the image has it.
#[inline(always)]
fn result(window: &Window, tile: usize, a: usize, b: usize) -> Option<usize> {
    let (image, [row, column]) = place(window, tile);
    let [height, across] = window.windows;
    (row + a < height && column + b < across).then(|| (image * height + row + a) * across + column + b)
}

/// What `f` gives for every place of a square.
#[inline(always)]
fn grid<T, const N: usize>(f: impl Fn(usize, usize) -> T) -> [[T; N]; N] {
    std::array::from_fn(
        #[inline(always)]
        |a| {
            std::array::from_fn(
                #[inline(always)]
                |b| f(a, b),
            )
        },
    )
}

/// A vector of each.
#[inline(always)]
fn load<L: Lanes, const I: usize>(l: L, from: &[[&[f32]; I]; I], at: usize) -> [[L::V; I]; I] {
    let mut values = [[l.splat(0.0); I]; I];
    for (values, from) in values.iter_mut().zip(from) {
        for (value, x) in values.iter_mut().zip(from) {
            // SAFETY: N values, as the slice says.
            *value = unsafe { l.load(x[at..][..L::N].as_ptr()) };
        }
    }
    values
}

/// `F x F^T`, where `f` gives `F x` for a column.
#[inline(always)]
fn twice<V: Copy, const I: usize, const O: usize>(
    x: [[V; I]; I],
    f: impl Fn([V; I]) -> [V; O],
) -> [[V; O]; O] {
    let mut columns = [[x[0][0]; O]; I];
    for (b, column) in columns.iter_mut().enumerate() {
        *column = f(x.map(
            #[inline(always)]
            |row| row[b],
        ));
    }
    let mut result = [[x[0][0]; O]; O];
    for (a, row) in result.iter_mut().enumerate() {
        *row = f(columns.map(
            #[inline(always)]
            |column| column[a],
        ));
    }
    result
}

/// [`twice`] for each of some squares of values that lie side by side, as many as are at every place of `from` and whole
/// vectors of them. Value (a, b) of the result goes to `to[(a O + b) plane + start..]`.
#[inline(always)]
fn transform<L: Lanes, const I: usize, const O: usize>(
    l: L,
    from: [[&[f32]; I]; I],
    (to, plane, start): (&mut [f32], usize, usize),
    f: impl Fn([L::V; I]) -> [L::V; O],
) {
    let n = from[0][0].len();
    assert!(n.is_multiple_of(L::N) && from.iter().flatten().all(|x| x.len() == n));
    assert!(to.len() >= (O * O - 1) * plane + start + n);
    for at in (0..n).step_by(L::N) {
        let values = twice(load(l, &from, at), &f);
        for (i, &value) in values.iter().flatten().enumerate() {
            // SAFETY: at + N <= n, and n values are within `to` at each of the places, as asserted.
            unsafe { l.store(value, to.as_mut_ptr().add(i * plane + start + at)) };
        }
    }
}
