//! Brings tiles of images into the planes of their 36 values, and results back from there.
//!
//! ```text
//! lines of the image, or of gradients           planes: value (a, b) of all tiles, all channels
//!   | | | | | |   down: N lines into six         a,b:  tile 0 | tile 1 | tile 2 ...
//!   v v v v v v
//!   six lines  --> across: N pixels into six
//! ```
//!
//! Tiles that lie side by side are done together: the pixels that they share go down once.

use super::points::{Points, SIDE};
use super::{Planes, Tiling};
use crate::lanes::Lanes;
use std::ops::Range;

/// Values of a line of tiles that are done together: six such lines stay in the first-level cache.
const LINE: usize = 1152;
/// Values of a plane that results are made of at a time.
const STRETCH: usize = 256;

/// Tiles side by side.
struct Run {
    image: usize,
    /// The tile's place in the image, down and across.
    tile: [usize; 2],
    count: usize,
}

/// What is cut into tiles: images of `size` pixels, of which `own` channels are taken.
pub(super) struct Source<'a> {
    pub(super) data: &'a [f32],
    pub(super) size: [usize; 2],
    /// Where the first tile begins, lines above the image and pixels left of it.
    pub(super) before: [usize; 2],
    pub(super) channels: usize,
    pub(super) own: Range<usize>,
}

/// f32 that both ways want of scratch, with so many channels at most.
pub(super) fn scratch_len(channels: usize) -> usize {
    let line = LINE.max(SIDE * channels);
    let stretch = STRETCH.max(channels);
    ((SIDE + 1) * line).max(4 * SIDE * stretch + channels)
}

/// The tiles in runs of so many at most.
fn runs(tiling: &Tiling, tiles: Range<usize>, most: usize) -> impl Iterator<Item = Run> {
    let [down, across] = tiling.tiles;
    let mut at = tiles.start;
    std::iter::from_fn(move || {
        let (line, column) = (at / across, at % across);
        let count = most.min(across - column).min(tiles.end - at);
        let run = Run { image: line / down, tile: [line % down, column], count };
        at += count;
        (count > 0).then_some(run)
    })
}

/// Reads `len` values of each of `I` lines, writes as many of each of `O` lines that are `apart`.
///
/// # Safety
/// `len` is a whole number of vectors, and as many values are valid for reading and writing in every line.
#[inline(always)]
unsafe fn lines<L: Lanes, const I: usize, const O: usize>(
    l: L,
    from: [*const f32; I],
    (to, apart): (*mut f32, usize),
    len: usize,
    f: impl Fn([L::V; I]) -> [L::V; O],
) {
    let mut at = 0;
    while at < len {
        // SAFETY: as the caller vouches.
        unsafe {
            let mut values = [l.splat(0.0); I];
            for (value, from) in values.iter_mut().zip(from) {
                *value = l.load(from.wrapping_add(at));
            }
            for (i, value) in f(values).into_iter().enumerate() {
                l.store(value, to.wrapping_add(i * apart + at));
            }
        }
        at += L::N;
    }
}

/// Writes the values of some tiles: `N` pixels of each line become six values by `f`.
#[inline(always)]
pub(super) fn spread<L: Lanes, const N: usize>(
    l: L,
    tiling: &Tiling,
    source: &Source,
    tiles: Range<usize>,
    to: &mut Planes,
    room: &mut [f32],
    f: impl Fn([L::V; N]) -> [L::V; SIDE],
) {
    let (m, width) = (tiling.results, source.own.len());
    let [height, across] = source.size;
    assert!(width.is_multiple_of(L::N) && source.own.end <= source.channels);
    assert!(
        tiles.len() * width <= to.apart
            && to.data.len() >= (SIDE * SIDE - 1) * to.apart + tiles.len() * width
    );
    let most = ((LINE / width).saturating_sub(N - m) / m).max(1);
    let mut place = 0;
    for run in runs(tiling, tiles, most) {
        let columns = m * run.count + N - m;
        let line = columns * width;
        let (zeros, down) = room.split_at_mut(line);
        let down = &mut down[..SIDE * line];
        zeros.fill(0.0);
        // Pixels left of the image, those within it, and those right of it.
        let first = m * run.tile[1];
        let left = source.before[1].saturating_sub(first).min(columns);
        let inside = (across + source.before[1]).saturating_sub(first).min(columns).max(left) - left;
        let mut from = [zeros.as_ptr(); N];
        let mut is_there = [false; N];
        for (i, (from, is_there)) in from.iter_mut().zip(&mut is_there).enumerate() {
            let y = (m * run.tile[0] + i).wrapping_sub(source.before[0]);
            if y < height && inside > 0 {
                let pixel = (run.image * height + y) * across + first + left - source.before[1];
                // The last of the pixels that are read, as a check.
                let end = (pixel + inside - 1) * source.channels + source.own.end;
                *from = source.data[pixel * source.channels + source.own.start..end].as_ptr();
                *is_there = true;
            }
        }
        for down in down.chunks_exact_mut(line) {
            down[..left * width].fill(0.0);
            down[(left + inside) * width..].fill(0.0);
        }
        let start = down.as_mut_ptr().wrapping_add(left * width);
        if width == source.channels {
            // SAFETY: `inside` pixels are in each line, as checked above, and in the room.
            unsafe { lines(l, from, (start, line), inside * width, &f) };
        } else {
            for pixel in 0..inside {
                // SAFETY: as above, pixel by pixel.
                unsafe { lines(l, from, (start.wrapping_add(pixel * width), line), width, &f) };
                for (from, is_there) in from.iter_mut().zip(is_there) {
                    *from = from.wrapping_add(if is_there { source.channels } else { 0 });
                }
            }
        }
        for tile in 0..run.count {
            for (a, down) in down.chunks_exact(line).enumerate() {
                let mut from = [down.as_ptr(); N];
                for (b, from) in from.iter_mut().enumerate() {
                    *from = from.wrapping_add((m * tile + b) * width);
                }
                let to_line = to.data.as_mut_ptr().wrapping_add(a * SIDE * to.apart + (place + tile) * width);
                // SAFETY: N pixels from m * tile on are in the line, and the tile is in the planes, as asserted.
                unsafe { lines(l, from, (to_line, to.apart), width, &f) };
            }
        }
        place += run.count;
    }
}

/// Where results go: `max(sum + bias, floor)`.
pub(super) struct Target<'a> {
    pub(super) y: &'a mut [f32],
    /// Windows of an image.
    pub(super) size: [usize; 2],
    /// Values of a window, and which of them these are.
    pub(super) filters: usize,
    pub(super) own: Range<usize>,
    /// One value for each of `own`.
    pub(super) bias: &'a [f32],
    pub(super) floor: f32,
}

/// Makes `M` x `M` results of the values of each of some tiles.
#[inline(always)]
pub(super) fn gather<L: Lanes, const M: usize>(
    l: L,
    tiling: &Tiling,
    from: &Planes,
    tiles: Range<usize>,
    target: &mut Target,
    room: &mut [f32],
) {
    let width = target.own.len();
    let [height, across] = target.size;
    assert!(width.is_multiple_of(L::N) && target.bias.len() == width && target.own.end <= target.filters);
    assert!(from.data.len() >= (SIDE * SIDE - 1) * from.apart + tiles.len() * width);
    let points = Points::new(l);
    let stretch = (STRETCH / width).max(1);
    // What is written beyond the image.
    let (beyond, room) = room.split_at_mut(width);
    let room = &mut room[..M * SIDE * stretch * width];
    let mut place = 0;
    for run in runs(tiling, tiles, stretch) {
        let len = run.count * width;
        for b in 0..SIDE {
            let mut column = [from.data.as_ptr(); SIDE];
            for (a, column) in column.iter_mut().enumerate() {
                *column = column.wrapping_add((a * SIDE + b) * from.apart + place * width);
            }
            let to = room.as_mut_ptr().wrapping_add(b * len);
            // SAFETY: the tiles are in the planes, as asserted, and the room is for a stretch of them.
            unsafe {
                lines(
                    l,
                    column,
                    (to, SIDE * len),
                    len,
                    #[inline(always)]
                    |values| points.results::<M>(l, values),
                );
            }
        }
        for tile in 0..run.count {
            let (row, column) = (M * run.tile[0], M * (run.tile[1] + tile));
            for (j, room) in room.chunks_exact(SIDE * len).take((height - row).min(M)).enumerate() {
                let window = (run.image * height + row + j) * across + column;
                let there = (across - column).min(M);
                // All the windows of the line that there are, as a check.
                let own = &mut target.y[window * target.filters..(window + there) * target.filters];
                let first = own.as_mut_ptr().wrapping_add(target.own.start);
                let mut to = [beyond.as_mut_ptr(); M];
                for (i, to) in to.iter_mut().enumerate().take(there) {
                    *to = first.wrapping_add(i * target.filters);
                }
                let mut line = [room.as_ptr(); SIDE];
                for (b, line) in line.iter_mut().enumerate() {
                    *line = line.wrapping_add(b * len + tile * width);
                }
                for at in (0..width).step_by(L::N) {
                    // SAFETY: `width` values are in every line, at every place and in the bias, a whole number of vectors.
                    unsafe {
                        let mut values = [l.splat(0.0); SIDE];
                        for (value, line) in values.iter_mut().zip(line) {
                            *value = l.load(line.wrapping_add(at));
                        }
                        let bias = l.load(target.bias.as_ptr().add(at));
                        for (sum, to) in points.results::<M>(l, values).into_iter().zip(to) {
                            l.store(l.max(l.add(sum, bias), l.splat(target.floor)), to.wrapping_add(at));
                        }
                    }
                }
            }
        }
        place += run.count;
    }
}
