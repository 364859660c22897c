//! Copies blocks of A and B into the order in which the tiles read them.
//!
//! ```text
//! block of width w:   p=0  x00 x01 ... x0w      values that are needed at one step of k side by side
//!                     p=1  x10 x11 ... x1w
//! ```
//!
//! What is beyond the matrix is anything; it is computed with and not stored.

use crate::lanes::Lanes;

/// A block's sizes.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// Steps of k.
    pub(super) steps: usize,
    /// Rows of A or columns of B that there are, at least one.
    pub(super) count: usize,
    /// How many the block has, at least `count`.
    pub(super) width: usize,
}

/// Where steps lie side by side, and rows `stride` apart (A in nn and nt, B in nt): `to[p * width + i] = from[i * stride +
/// p]`. The width is a multiple of 4.
///
/// # Safety
/// The elements named above must be valid for `i < count`, and `to` for `steps * width` values.
#[inline(always)]
pub(super) unsafe fn transposed<L: Lanes>(l: L, from: *const f32, stride: usize, size: Size, to: *mut f32) {
    let Size { steps, count, width } = size;
    // SAFETY: a row beyond the last is read as the last; i < width and p < steps in every access.
    unsafe {
        for i in (0..width).step_by(4) {
            let rows = [i, i + 1, i + 2, i + 3].map(|i| from.add(i.min(count - 1) * stride));
            let to = to.add(i);
            let mut p = 0;
            while p + 4 <= steps {
                l.transpose4(rows.map(|row| row.add(p)), to.add(p * width), width);
                p += 4;
            }
            for p in p..steps {
                for (i, row) in rows.iter().enumerate() {
                    *to.add(p * width + i) = *row.add(p);
                }
            }
        }
    }
}

/// So many blocks that lie side by side, as [`straight`] makes each of them, block `b` at `to[b * apart]`: values of one step fill
/// whole lines of the cache, and each line is fetched once. The number and the width are constants of the caller.
///
/// # Safety
/// As [`straight`], for each of them; all are whole.
#[inline(always)]
pub(super) unsafe fn side_by_side<L: Lanes>(
    l: L,
    from: *const f32,
    stride: usize,
    (steps, width, blocks): (usize, usize, usize),
    (to, apart): (*mut f32, usize),
) {
    for p in 0..steps {
        for b in 0..blocks {
            let mut i = 0;
            while i < width {
                let count = (width - i).min(L::N);
                // SAFETY: step p has these values, and block b has room for them.
                unsafe {
                    let vector = l.load_first(from.add(p * stride + b * width + i), count, 0.0);
                    l.store_first(vector, to.add(b * apart + p * width + i), count);
                }
                i += count;
            }
        }
    }
}

/// Where the values of one step lie side by side, and steps `stride` apart (A in tn, B in nn and tn):
/// `to[p * width + i] = from[p * stride + i]`.
///
/// # Safety
/// The elements named above must be valid for `i < count`, and `to` for `steps * width + N` values.
#[inline(always)]
pub(super) unsafe fn straight<L: Lanes>(l: L, from: *const f32, stride: usize, size: Size, to: *mut f32) {
    let Size { steps, count, width } = size;
    // SAFETY: i < count and p < steps in every reading access; a vector that ends in the next step's values is written
    // before those are.
    unsafe {
        for p in 0..steps {
            let (from, to) = (from.add(p * stride), to.add(p * width));
            let mut i = 0;
            while i + L::N <= count {
                l.store(l.load(from.add(i)), to.add(i));
                i += L::N;
            }
            if i < count {
                l.store(l.load_first(from.add(i), count - i, 0.0), to.add(i));
            }
        }
    }
}
