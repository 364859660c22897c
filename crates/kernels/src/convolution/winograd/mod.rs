//! Convolutions of 3 x 3 and 5 x 5 pixels by Winograd's minimal filtering: results in tiles of 4 x 4 or 2 x 2, each from 6 x 6
//! pixels, with 36 multiplications per channel and filter where the sums by themselves take 144 or 100.
//!
//! ```text
//! y        = A^T [ (G k G^T) * (B^T x B) ] A       * is a product over channels, for each of the 36 values
//! d_kernel = G^T [ (B^T x B)^T * (A d_y A^T) ] G   the same backwards: a product over tiles
//! ```
//!
//! (Winograd, 1980; Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016: F(4x4, 3x3) and F(2x2, 5x5).)
//! [`points`] has the three matrices, chosen so that it rounds about as the plain sums do; [`tiles`] brings images into the
//! 36 planes and results out of them.

mod points;
mod tiles;

use super::Convolution;
use crate::activation::{self, Activation};
use crate::gemm::Epilogue;
use crate::gemm::many::{Operand, ROWS, TALL, VECTORS, many};
use crate::lanes::{Lanes, MAX_LANES, Portable};
use crate::on_lanes;
use crate::window::Window;
use points::{Matrix, Points, SIDE, kernel_rows};
use std::ops::Range;
use tiles::{Source, Target};

/// Values of a transformed tile.
const VALUES: usize = SIDE * SIDE;
/// f32 of transformed tiles that are held at a time: they stay in the second-level cache.
const HELD: usize = 131_072;
/// Tiles of a block at most, and at least.
const TILES: [usize; 2] = [24, 72];
/// Pairs of a channel and a filter whose kernels are held transformed, about.
const PAIRS: usize = 8192;
/// Fewer pairs do not outweigh the transforms.
const FEWEST_PAIRS: usize = 128;
/// Channels and filters come in whole tiles of products, in the browsers' lanes.
const GRAIN: usize = VECTORS * Portable::N;
/// Or in the widest.
const WIDE_GRAIN: usize = VECTORS * MAX_LANES;
/// Between the planes of one value and the next: planes a power of two apart would drive each other out of the cache.
const GAP: usize = 16;

/// How windows are cut into tiles.
struct Tiling {
    /// Results of a tile along an axis.
    results: usize,
    /// Tiles of an image, down and across.
    tiles: [usize; 2],
}

impl Tiling {
    fn of(window: &Window) -> Self {
        let results = SIDE + 1 - window.size[0];
        Self { results, tiles: window.windows.map(|windows| windows.div_ceil(results)) }
    }

    /// Tiles of an image.
    fn count(&self) -> usize {
        self.tiles[0] * self.tiles[1]
    }
}

/// The 36 values of some tiles.
struct Planes<'a> {
    data: &'a mut [f32],
    /// From a plane to the next.
    apart: usize,
}

impl Planes<'_> {
    fn operand(&self) -> Operand<'_> {
        Operand { data: self.data, apart: self.apart }
    }
}

/// Whether a convolution is one of these: enough channels that the products outweigh the transforms, whole tiles of
/// them, and half the multiplications of the plain sums or fewer, though tiles reach beyond the image.
pub(super) fn suits(it: &Convolution) -> bool {
    let window = &it.window;
    matches!(window.size, [3, 3] | [5, 5])
        && window.stride == [1, 1]
        && window.dilation == [1, 1]
        && it.groups == 1
        && window.channels.is_multiple_of(GRAIN)
        && it.filters.is_multiple_of(GRAIN)
        && window.channels * it.filters >= FEWEST_PAIRS
        && 2 * VALUES * Tiling::of(window).count() <= window.taps() * window.positions()
}

/// Channels that are not cut apart when gradients are made: a vector of all lanes, or of the browsers' where there are no
/// whole tiles of wider ones. A tile of a gradient has its channels as rows, so one vector is enough.
pub(super) fn grain(it: &Convolution) -> usize {
    if is_wide(it) { MAX_LANES } else { Portable::N }
}

fn is_wide(it: &Convolution) -> bool {
    !cfg!(target_arch = "wasm32")
        && it.window.channels.is_multiple_of(WIDE_GRAIN)
        && it.filters.is_multiple_of(WIDE_GRAIN)
}

/// `on_lanes!`, or in the browsers' lanes where channels and filters are no whole tiles of wider ones.
macro_rules! on_lanes_of {
    ($it:expr, $l:ident => $work:expr) => {{
        #[cfg(not(target_arch = "wasm32"))]
        if is_wide($it) {
            on_lanes!($l => $work)
        } else {
            let $l = $crate::lanes::Portable::new();
            $work
        }
        #[cfg(target_arch = "wasm32")]
        on_lanes!($l => $work)
    }};
}

/// A range in parts of so many.
fn parts(range: Range<usize>, each: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(each).map(move |start| start..(start + each).min(end))
}

/// How many channels go with so many filters at a time, or filters with channels.
fn cut(whole: usize) -> usize {
    (PAIRS / whole / WIDE_GRAIN * WIDE_GRAIN).max(WIDE_GRAIN)
}

/// Tiles of a block, with so many values each.
fn block(values: usize) -> usize {
    let [fewest, most] = TILES;
    (HELD / (VALUES * values)).clamp(fewest, most) / (2 * TALL) * (2 * TALL)
}

/// f32 of scratch for both passes.
pub(super) fn scratch_len(it: &Convolution) -> usize {
    let (channels, filters) = (it.window.channels, it.filters);
    let held = |whole: usize, cut: usize| {
        let cut = cut.min(self::cut(whole));
        let tiles = block(whole + cut);
        let planes = tiles * (whole + cut) + 2 * GAP + whole * cut;
        VALUES * planes
    };
    held(channels, filters).max(held(filters, channels)) + tiles::scratch_len(channels.max(filters)) + filters
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
    let (window, channels) = (&it.window, it.window.channels);
    let tiling = Tiling::of(window);
    let rows = kernel_rows(window.size[0]);
    let (no_bias, scratch) = scratch.split_at_mut(it.filters);
    no_bias.fill(0.0);
    let bias = epilogue.bias.unwrap_or(no_bias);
    let floor = if epilogue.activation == Activation::Relu { 0.0 } else { f32::NEG_INFINITY };
    let (room, scratch) = scratch.split_at_mut(tiles::scratch_len(channels.max(it.filters)));
    let source = Source { data: x, size: window.image, before: window.before, channels, own: 0..channels };
    let most = block(channels + cut(channels).min(it.filters));
    for filters in parts(0..it.filters, cut(channels)) {
        let width = filters.len();
        let each = channels * width;
        let (kernels, scratch) = scratch.split_at_mut(VALUES * each);
        let (mut inputs, scratch) = planes(scratch, most * channels);
        let (outputs, _) = planes(scratch, most * width);
        on_lanes_of!(it, l => for c in 0..channels {
            let from = (&kernel[c * it.filters + filters.start..], channels * it.filters);
            square(l, &rows, (window.size[0], SIDE), from, (&mut kernels[c * width..], each), width);
        });
        let mut target = Target {
            y: &mut *y,
            size: window.windows,
            filters: it.filters,
            own: filters.clone(),
            bias: &bias[filters],
            floor,
        };
        for tiles in parts(0..images * tiling.count(), most) {
            on_lanes_of!(it, l => {
                let points = Points::new(l);
                tiles::spread(l, &tiling, &source, tiles.clone(), &mut inputs, room, #[inline(always)] |x| points.of_pixels(l, x));
            });
            // A tile of rows more is anything: it is not read.
            let size = (tiles.len().next_multiple_of(ROWS), width, channels);
            let (a, b) = (inputs.operand(), Operand { data: kernels, apart: each });
            on_lanes_of!(it, l => many::<_, false>(l, VALUES, size, a, b, (outputs.data, outputs.apart)));
            on_lanes_of!(it, l => match tiling.results {
                4 => tiles::gather::<_, 4>(l, &tiling, &outputs, tiles, &mut target, room),
                _ => tiles::gather::<_, 2>(l, &tiling, &outputs, tiles, &mut target, room),
            });
        }
    }
    if !matches!(epilogue.activation, Activation::Linear | Activation::Relu) {
        activation::forward_in_place(epilogue.activation, y);
    }
}

/// The gradient of some channels of the kernel, `(taps, channels.len(), filters)`, over all images. Channels begin and end
/// at multiples of [`grain`].
pub(super) fn kernel_gradient(
    it: &Convolution,
    images: usize,
    x: &[f32],
    d_y: &[f32],
    channels: Range<usize>,
    d_kernel: &mut [f32],
    scratch: &mut [f32],
) {
    let (window, filters) = (&it.window, it.filters);
    let tiling = Tiling::of(window);
    let rows = transposed(&kernel_rows(window.size[0]));
    let own = channels.len();
    let (room, scratch) = scratch.split_at_mut(tiles::scratch_len(window.channels.max(filters)));
    let results =
        Source { data: d_y, size: window.windows, before: [0, 0], channels: filters, own: 0..filters };
    let most = block(filters + cut(filters).min(window.channels));
    for part in parts(channels.clone(), cut(filters)) {
        let width = part.len();
        let each = width * filters;
        let (sums, scratch) = scratch.split_at_mut(VALUES * each);
        let (mut inputs, scratch) = planes(scratch, most * width);
        let (mut gradients, _) = planes(scratch, most * filters);
        sums.fill(0.0);
        let first = part.start - channels.start;
        let images_of_part = Source {
            data: x,
            size: window.image,
            before: window.before,
            channels: window.channels,
            own: part,
        };
        for tiles in parts(0..images * tiling.count(), most) {
            let count = tiles.len();
            on_lanes_of!(it, l => {
                let points = Points::new(l);
                tiles::spread(l, &tiling, &images_of_part, tiles.clone(), &mut inputs, room, #[inline(always)] |x| points.of_pixels(l, x));
                match tiling.results {
                    4 => tiles::spread(l, &tiling, &results, tiles, &mut gradients, room, #[inline(always)] |x| points.of_gradients::<4>(l, x)),
                    _ => tiles::spread(l, &tiling, &results, tiles, &mut gradients, room, #[inline(always)] |x| points.of_gradients::<2>(l, x)),
                }
            });
            let size = (width, filters, count);
            let (a, b) = (inputs.operand(), gradients.operand());
            on_lanes_of!(it, l => many::<_, true>(l, VALUES, size, a, b, (sums, each)));
        }
        let to = (&mut d_kernel[first * filters..], own * filters);
        on_lanes_of!(it, l => square(l, &rows, (SIDE, window.size[0]), (&*sums, each), to, each));
    }
}

/// Planes of so many values each, and what is left of the scratch.
fn planes(scratch: &mut [f32], values: usize) -> (Planes<'_>, &mut [f32]) {
    let apart = values + GAP;
    let (data, scratch) = scratch.split_at_mut(VALUES * apart);
    (Planes { data, apart }, scratch)
}

/// Columns as rows.
fn transposed(rows: &Matrix) -> Matrix {
    let mut columns = Matrix::default();
    for (i, row) in rows.iter().enumerate() {
        for (j, &value) in row.iter().enumerate() {
            columns[j][i] = value;
        }
    }
    columns
}

/// `F x F^T` for squares of values that lie side by side, `len` of them, a whole number of vectors: value (a, b) of `inputs`
/// squared is at `x[(a * inputs + b) * apart..]`, and the results likewise.
#[inline(always)]
fn square<L: Lanes>(
    l: L,
    f: &Matrix,
    (inputs, outputs): (usize, usize),
    (x, x_apart): (&[f32], usize),
    (y, y_apart): (&mut [f32], usize),
    len: usize,
) {
    assert!(len.is_multiple_of(L::N));
    for at in (0..len).step_by(L::N) {
        let mut columns = [[l.splat(0.0); SIDE]; SIDE];
        for (b, column) in columns[..inputs].iter_mut().enumerate() {
            for (sum, factors) in column[..outputs].iter_mut().zip(f) {
                for (a, &factor) in factors[..inputs].iter().enumerate() {
                    let from = &x[(a * inputs + b) * x_apart + at..][..L::N];
                    // SAFETY: N values.
                    *sum = l.madd(l.splat(factor), unsafe { l.load(from.as_ptr()) }, *sum);
                }
            }
        }
        for a in 0..outputs {
            for (b, factors) in f[..outputs].iter().enumerate() {
                let mut sum = l.splat(0.0);
                for (&factor, column) in factors.iter().zip(&columns[..inputs]) {
                    sum = l.madd(l.splat(factor), column[a], sum);
                }
                let to = &mut y[(a * outputs + b) * y_apart + at..][..L::N];
                // SAFETY: N values.
                unsafe { l.store(sum, to.as_mut_ptr()) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::rng::{Purpose, Stream};

    const IMAGES: usize = 2;

    fn numbers(lane: u32, n: usize) -> Vec<f32> {
        let stream = Stream::new(3, Purpose::Synthetic, lane);
        (0..n as u64).map(|i| stream.uniform(i) - 0.5).collect()
    }

    fn wide(x: &[f32]) -> Vec<f64> {
        x.iter().copied().map(f64::from).collect()
    }

    /// The root of the mean square.
    fn error(got: &[f32], wanted: &[f64]) -> f64 {
        let squares = got.iter().zip(wanted).map(|(&got, wanted)| (f64::from(got) - wanted).powi(2));
        (squares.sum::<f64>() / got.len() as f64).sqrt()
    }

    fn of(size: usize) -> Convolution {
        let window = Window {
            image: [16, 16],
            channels: 32,
            size: [size, size],
            stride: [1, 1],
            dilation: [1, 1],
            before: [size / 2, size / 2],
            windows: [16, 16],
        };
        Convolution { window, groups: 1, filters: 32 }
    }

    #[test]
    fn results_round_at_most_three_times_as_coarsely_as_plain_sums() {
        for it in [of(3), of(5)] {
            let x = numbers(0, IMAGES * it.window.image_len());
            let kernel = numbers(1, it.patch_len() * it.filters);
            let n = IMAGES * it.window.positions() * it.filters;
            let (mut wanted, mut plain, mut y) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
            reference::convolution(&it, IMAGES, &wide(&x), &wide(&kernel), None, &mut wanted);
            reference::convolution(&it, IMAGES, &x, &kernel, None, &mut plain);
            let mut scratch = vec![f32::NAN; scratch_len(&it)];
            forward(&it, IMAGES, &x, &kernel, &mut y, Epilogue::default(), &mut scratch);
            let (plain, y) = (error(&plain, &wanted), error(&y, &wanted));
            assert!(y < 3.0 * plain, "{it:?}: {y:e}, plain sums {plain:e}");
        }
    }

    #[test]
    fn gradients_round_at_most_three_times_as_coarsely_as_plain_sums() {
        for it in [of(3), of(5)] {
            let x = numbers(0, IMAGES * it.window.image_len());
            let d_y = numbers(1, IMAGES * it.window.positions() * it.filters);
            let n = it.patch_len() * it.filters;
            let (mut wanted, mut plain, mut d_kernel) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
            reference::convolution_kernel_gradient(&it, IMAGES, &wide(&x), &wide(&d_y), &mut wanted);
            reference::convolution_kernel_gradient(&it, IMAGES, &x, &d_y, &mut plain);
            let mut scratch = vec![f32::NAN; scratch_len(&it)];
            kernel_gradient(&it, IMAGES, &x, &d_y, 0..32, &mut d_kernel, &mut scratch);
            let (plain, made) = (error(&plain, &wanted), error(&d_kernel, &wanted));
            assert!(made < 3.0 * plain, "{it:?}: {made:e}, plain sums {plain:e}");
        }
    }
}
