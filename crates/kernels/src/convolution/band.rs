//! Where the patches of some windows lie: in the images, or, where windows reach into the padding, in a copy with zeros
//! around. A patch is never copied by itself: the product reads it by two tables of places.
//!
//! ```text
//! value (a, b, c) of the patch of window (i, j)  =  data[rows[i, j] + steps[a, b, c]]
//! rows[i, j] = i stride line + j stride channels,  steps[a, b, c] = a dilation line + b dilation channels + c
//! ```

use crate::gemm::Gathered;
use crate::lanes::Lanes;
use crate::on_lanes;
use crate::window::Window;
use std::ops::Range;

/// Windows of a band at least, if there are so many: what a product packs of the kernel is used as often.
const FEWEST: usize = 256;
/// And at most, but whole lines of them: images with zeros around stay in the second-level cache.
const MOST: usize = 1024;

/// Some lines of windows of one image, or all lines of several.
#[derive(Clone, Debug)]
pub(super) struct Band {
    pub(super) images: Range<usize>,
    pub(super) lines: Range<usize>,
}

/// All windows of some images in bands.
pub(super) fn bands(window: &Window, images: usize) -> impl Iterator<Item = Band> {
    let (each, lines) = sizes(window, images);
    let all = window.windows[0];
    (0..images).step_by(each).flat_map(move |first| {
        (0..all).step_by(lines).map(move |line| Band {
            images: first..(first + each).min(images),
            lines: line..(line + lines).min(all),
        })
    })
}

/// Images and lines of a band.
fn sizes(window: &Window, images: usize) -> (usize, usize) {
    let [lines, width] = window.windows;
    if lines * width > MOST {
        (1, (MOST / width).max(1))
    } else {
        (FEWEST.div_ceil((lines * width).max(1)).min(images.max(1)), lines.max(1))
    }
}

/// f32 of scratch for the patches of a band.
pub(super) fn scratch_len(window: &Window, channels: usize, images: usize) -> usize {
    let (each, lines) = sizes(window, images);
    let copy = if is_inside(window) { 0 } else { each * seen(window, lines).into_iter().product::<usize>() };
    copy * window.channels + windows_len(window, images) + window.taps() * channels
}

/// Windows of a band at most.
pub(super) fn windows_len(window: &Window, images: usize) -> usize {
    let (each, lines) = sizes(window, images);
    each * lines * window.windows[1]
}

/// Pixels that so many lines of windows see, down and across.
fn seen(window: &Window, lines: usize) -> [usize; 2] {
    let along = |axis: usize, windows: usize| {
        windows.saturating_sub(1) * window.stride[axis] + (window.size[axis] - 1) * window.dilation[axis] + 1
    };
    [along(0, lines), along(1, window.windows[1])]
}

/// Whether no window sees padding.
fn is_inside(window: &Window) -> bool {
    let [down, across] = seen(window, window.windows[0]);
    window.before == [0, 0] && down <= window.image[0] && across <= window.image[1]
}

impl Band {
    /// Windows of the band.
    pub(super) fn windows(&self, window: &Window) -> usize {
        self.images.len() * self.lines.len() * window.windows[1]
    }

    /// The number of the first of them, counted through all images.
    pub(super) fn first(&self, window: &Window) -> usize {
        self.images.start * window.positions() + self.lines.start * window.windows[1]
    }

    /// The patches of the band, of so many channels of a group, in `room` of [`scratch_len`]; and what is left of the room.
    /// Channels begin at 0: those of a later group are as many values further on in the data.
    pub(super) fn patches<'a>(
        &self,
        window: &Window,
        channels: usize,
        images: &'a [f32],
        room: &'a mut [f32],
    ) -> (Gathered<'a>, &'a mut [f32]) {
        let [height, width] = seen(window, self.lines.len());
        let is_inside = is_inside(window);
        let copied = if is_inside { 0 } else { self.images.len() * height * width * window.channels };
        let (copy, room) = room.split_at_mut(copied);
        let (rows, room) = room.split_at_mut(self.windows(window));
        let (steps, room) = room.split_at_mut(window.taps() * channels);
        let (line, image, data) = if is_inside {
            let line = window.image[1] * window.channels;
            let start = self.images.start * window.image_len() + self.lines.start * window.stride[0] * line;
            (line, window.image_len(), &images[start.min(images.len())..])
        } else {
            let line = width * window.channels;
            for (image, to) in self.images.clone().zip(copy.chunks_exact_mut((height * line).max(1))) {
                self.pad(window, &images[image * window.image_len()..][..window.image_len()], line, to);
            }
            (line, height * line, &*copy)
        };
        let (rows, steps) = (as_places(rows), as_places(steps));
        let down = window.stride[0] * line;
        let across = window.stride[1] * window.channels;
        let mut at = rows.iter_mut();
        for start in (0..self.images.len()).map(|i| i * image) {
            for start in (0..self.lines.len()).map(|i| start + i * down) {
                let places = (0..window.windows[1]).map(|j| (start + j * across) as u32);
                at.by_ref().zip(places).for_each(|(at, place)| *at = place);
            }
        }
        let mut at = steps.iter_mut();
        for start in (0..window.size[0]).map(|a| a * window.dilation[0] * line) {
            for start in (0..window.size[1]).map(|b| start + b * window.dilation[1] * window.channels) {
                at.by_ref().zip(start..start + channels).for_each(|(at, place)| *at = place as u32);
            }
        }
        (Gathered { data, rows, steps }, room)
    }

    /// Copies what the band sees of an image, lines of so many values, with zeros for the padding.
    fn pad(&self, window: &Window, image: &[f32], line: usize, to: &mut [f32]) {
        let from_line = window.image[1] * window.channels;
        let left = (window.before[1] * window.channels).min(line);
        let middle = from_line.min(line - left);
        let above = self.lines.start * window.stride[0];
        on_lanes!(l => for (row, to) in to.chunks_exact_mut(line).enumerate() {
            let row = (above + row).wrapping_sub(window.before[0]);
            if row >= window.image[0] {
                to.fill(0.0);
                continue;
            }
            to[..left].fill(0.0);
            copy(l, &image[row * from_line..][..middle], &mut to[left..left + middle]);
            to[left + middle..].fill(0.0);
        });
    }
}

/// The same memory as places.
fn as_places(room: &mut [f32]) -> &mut [u32] {
    // SAFETY: the two types have one size and one alignment, and all bits are a value of both.
    unsafe { std::slice::from_raw_parts_mut(room.as_mut_ptr().cast(), room.len()) }
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
