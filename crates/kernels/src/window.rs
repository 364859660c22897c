//! Windows that slide over images: which pixels each of them sees. Convolutions and pooling share it.
//!
//! ```text
//! image, height 1, width 5      . 0 1 2 3 4 .       before = 1
//! window 0, size 3, dilation 1  ^ ^ ^               window 0 begins in the padding
//! window 1, stride 2                ^ ^ ^
//! ```
//!
//! An image is `(height, width, channels)`, row-major; a sequence is an image of height 1.

use std::ops::Range;

/// The geometry of a sliding window. Pairs are height and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Pixels of the image.
    pub image: [usize; 2],
    /// Values of a pixel.
    pub channels: usize,
    /// Pixels that a window sees, called its taps.
    pub size: [usize; 2],
    /// Pixels from one window to the next.
    pub stride: [usize; 2],
    /// Pixels from one tap to the next.
    pub dilation: [usize; 2],
    /// Rows above the image and columns left of it, where the first window begins.
    pub before: [usize; 2],
    /// How many windows there are.
    pub windows: [usize; 2],
}

impl Window {
    /// Pixels of an image.
    pub fn pixels(&self) -> usize {
        self.image[0] * self.image[1]
    }

    /// Values of an image.
    pub fn image_len(&self) -> usize {
        self.pixels() * self.channels
    }

    /// Windows of an image.
    pub fn positions(&self) -> usize {
        self.windows[0] * self.windows[1]
    }

    /// Taps of a window.
    pub fn taps(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// Whether every window is the pixel of its own number.
    pub fn is_pointwise(&self) -> bool {
        self.size == [1, 1] && self.windows == self.image && self.before == [0, 0] && self.stride == [1, 1]
    }

    /// Whether every pixel is seen by one window, and by one alone.
    pub(crate) fn is_tiled(&self) -> bool {
        (0..2).all(|axis| {
            self.dilation[axis] == 1
                && self.stride[axis] == self.size[axis]
                && self.image[axis] + self.before[axis] <= self.windows[axis] * self.stride[axis]
        })
    }

    /// The taps of a window that lie within the image, along one axis.
    #[inline]
    fn inside(&self, axis: usize, window: usize) -> Range<usize> {
        let (start, size) = (window * self.stride[axis], self.size[axis]);
        // Divisions take longer than all else that is done for a small window.
        let taps = |pixels: usize| match self.dilation[axis] {
            1 => pixels.min(size),
            dilation => pixels.div_ceil(dilation).min(size),
        };
        let first = taps(self.before[axis].saturating_sub(start));
        let end = taps((self.image[axis] + self.before[axis]).saturating_sub(start));
        first..end.max(first)
    }

    /// The pixel of a tap that [`Window::inside`] names, along one axis.
    #[inline]
    fn pixel(&self, axis: usize, window: usize, tap: usize) -> usize {
        window * self.stride[axis] + tap * self.dilation[axis] - self.before[axis]
    }

    /// For every window of an image in order, and each of its taps within the image in order:
    /// `visit(window, tap, pixel, how many taps of the window lie within the image)`.
    #[inline(always)]
    pub(crate) fn each_tap(&self, mut visit: impl FnMut(usize, usize, usize, usize)) {
        for i in 0..self.windows[0] {
            let rows = self.inside(0, i);
            for j in 0..self.windows[1] {
                let columns = self.inside(1, j);
                let seen = rows.len() * columns.len();
                for a in rows.clone() {
                    let row = self.pixel(0, i, a) * self.image[1];
                    for b in columns.clone() {
                        visit(i * self.windows[1] + j, a * self.size[1] + b, row + self.pixel(1, j, b), seen);
                    }
                }
            }
        }
    }

    /// For every window of an image in order: `visit(window, the first pixel that it sees, how many it sees down and
    /// across)`. From one to the next it is as far as [`Window::apart`] says.
    #[inline(always)]
    pub(crate) fn each(&self, mut visit: impl FnMut(usize, usize, [usize; 2])) {
        for i in 0..self.windows[0] {
            let rows = self.inside(0, i);
            for j in 0..self.windows[1] {
                let columns = self.inside(1, j);
                let seen = [rows.len(), columns.len()];
                // A window that sees nothing has no first pixel.
                let first = if seen.contains(&0) {
                    0
                } else {
                    self.pixel(0, i, rows.start) * self.image[1] + self.pixel(1, j, columns.start)
                };
                visit(i * self.windows[1] + j, first, seen);
            }
        }
    }

    /// Values from one tap to the next, down and across.
    pub(crate) fn apart(&self) -> [usize; 2] {
        [self.dilation[0] * self.image[1] * self.channels, self.dilation[1] * self.channels]
    }

    /// What one window sees of some channels, tap by tap, as runs of values that lie side by side:
    /// `visit(place in the patch, length, place in the image)`, with no place in the image where the padding is seen.
    #[inline(always)]
    pub(crate) fn runs(
        &self,
        channels: &Range<usize>,
        window: usize,
        mut visit: impl FnMut(usize, usize, Option<usize>),
    ) {
        let (i, j) = (window / self.windows[1], window % self.windows[1]);
        let (rows, columns) = (self.inside(0, i), self.inside(1, j));
        let width = channels.len();
        let line = self.size[1] * width;
        // Taps side by side in the image, all channels of them, are one run.
        let is_one_run = self.dilation[1] == 1 && width == self.channels;
        for a in 0..self.size[0] {
            let at = a * line;
            if !rows.contains(&a) || columns.is_empty() {
                visit(at, line, None);
                continue;
            }
            let place = |b: usize| {
                let pixel = self.pixel(0, i, a) * self.image[1] + self.pixel(1, j, b);
                pixel * self.channels + channels.start
            };
            visit(at, columns.start * width, None);
            if is_one_run {
                visit(at + columns.start * width, columns.len() * width, Some(place(columns.start)));
            } else {
                for b in columns.clone() {
                    visit(at + b * width, width, Some(place(b)));
                }
            }
            visit(at + columns.end * width, line - columns.end * width, None);
        }
    }
}
