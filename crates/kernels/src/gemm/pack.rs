//! Copies blocks of B into panels that the tiles read from front to back.
//!
//! ```text
//! panel of w = NV * N columns:   p=0  b00 b01 ... b0w
//!                                p=1  b10 b11 ... b1w
//! ```
//!
//! Columns beyond the matrix are zeros; they are computed with and not stored.

use crate::lanes::Lanes;

/// Packs a panel whose steps of k lie side by side in memory with the panel's other index `stride` apart (form nt): `to[p * width + i] = from[i * stride + p]` for `i < count`, 0 for the other `i < width`.
///
/// # Safety
/// The elements named above must be valid for reading and writing.
#[inline(always)]
pub(super) unsafe fn transposed<L: Lanes>(
    l: L,
    from: *const f32,
    stride: usize,
    (k, count, width): (usize, usize, usize),
    to: *mut f32,
) {
    // SAFETY: i < count <= width and p < k in every access.
    unsafe {
        let mut i = 0;
        while i + 4 <= count {
            let mut p = 0;
            while p + 4 <= k {
                l.transpose4(from.add(i * stride + p), stride, to.add(p * width + i), width);
                p += 4;
            }
            for p in p..k {
                for i in i..i + 4 {
                    *to.add(p * width + i) = *from.add(i * stride + p);
                }
            }
            i += 4;
        }
        for i in i..count {
            for p in 0..k {
                *to.add(p * width + i) = *from.add(i * stride + p);
            }
        }
        for i in count..width {
            for p in 0..k {
                *to.add(p * width + i) = 0.0;
            }
        }
    }
}

/// Packs a panel whose steps of k are rows, `stride` apart (forms nn and tn):
/// `to[p * width + i] = from[p * stride + i]` for `i < count`, 0 for the other `i < width`.
///
/// # Safety
/// The elements named above must be valid for reading and writing.
#[inline(always)]
pub(super) unsafe fn straight<L: Lanes>(
    l: L,
    from: *const f32,
    stride: usize,
    (k, count, width): (usize, usize, usize),
    to: *mut f32,
) {
    // SAFETY: i < count <= width and p < k in every access.
    unsafe {
        for p in 0..k {
            let (from, to) = (from.add(p * stride), to.add(p * width));
            let mut i = 0;
            while i + L::N <= count {
                l.store(l.load(from.add(i)), to.add(i));
                i += L::N;
            }
            for i in i..count {
                *to.add(i) = *from.add(i);
            }
            for i in count..width {
                *to.add(i) = 0.0;
            }
        }
    }
}
