//! Many small products of one size, where all is whole tiles: what Winograd's convolutions are made of.
//!
//! ```text
//! nn   C[i] = A[i] B[i]           tn   C[i] += A[i]^T B[i]
//! ```
//!
//! A product of a few thousand sums is over before the loops of [`super::block`] have found out how to cut it: here a tile
//! follows the other in one function.

pub(crate) use super::tile::{ROWS, TALL, VECTORS};
use crate::lanes::Lanes;
use std::ops::Range;

/// The operands of all products, densely packed: value 0 of one is `apart` from value 0 of the next.
#[derive(Clone, Copy)]
pub(crate) struct Operand<'a> {
    pub(crate) data: &'a [f32],
    pub(crate) apart: usize,
}

/// `C[i] = A[i] B[i]`, or, `TRANSPOSED`, `C[i] += A[i]^T B[i]`, where each sum is made by itself and then added: that rounds
/// less than one long chain. A is `(m, k)` or transposed `(k, m)`, B `(k, n)`, C `(m, n)`; `m` is a multiple of [`ROWS`] and
/// `n` of [`VECTORS`] vectors.
#[inline(always)]
pub(crate) fn many<L: Lanes, const TRANSPOSED: bool>(
    l: L,
    count: usize,
    (m, n, k): (usize, usize, usize),
    a: Operand,
    b: Operand,
    (c, c_apart): (&mut [f32], usize),
) {
    assert!(m.is_multiple_of(ROWS) && n.is_multiple_of(VECTORS * L::N) && count > 0);
    let is_there = |len: usize, apart: usize, each: usize| len >= (count - 1) * apart + each;
    assert!(is_there(a.data.len(), a.apart, m * k) && is_there(b.data.len(), b.apart, k * n));
    assert!(is_there(c.len(), c_apart, m * n));
    for i in 0..count {
        let (a, b) = (a.data.as_ptr().wrapping_add(i * a.apart), b.data.as_ptr().wrapping_add(i * b.apart));
        let c = c.as_mut_ptr().wrapping_add(i * c_apart);
        // Tall tiles first, then what they leave: none, or one or two others.
        let tall = if L::FUSED { m / (2 * TALL) * (2 * TALL) } else { 0 };
        // SAFETY: the products were found to lie within their slices.
        unsafe {
            if L::FUSED && tall > 0 {
                l.outlined(
                    #[inline(always)]
                    || rows::<L, TALL, TRANSPOSED>(l, 0..tall, (m, n, k), a, b, c),
                );
            }
            if tall < m {
                l.outlined(
                    #[inline(always)]
                    || rows::<L, ROWS, TRANSPOSED>(l, tall..m, (m, n, k), a, b, c),
                );
            }
        }
    }
}

/// Some rows of one of them, in tiles of `R`.
///
/// # Safety
/// The operands must be valid for as many values as their sizes say, and the rows be whole tiles of C.
#[inline(always)]
unsafe fn rows<L: Lanes, const R: usize, const TRANSPOSED: bool>(
    l: L,
    own: Range<usize>,
    (m, n, k): (usize, usize, usize),
    a: *const f32,
    b: *const f32,
    c: *mut f32,
) {
    for j in (0..n).step_by(VECTORS * L::N) {
        for i in own.clone().step_by(R) {
            // SAFETY: rows i.. and columns j.. are of the matrices, and the caller vouches for those.
            unsafe {
                let mut sums = [[l.splat(0.0); VECTORS]; R];
                let mut b = b.wrapping_add(j);
                let mut rows = [a.wrapping_add(if TRANSPOSED { i } else { i * k }); R];
                for (row, from) in rows.iter_mut().enumerate() {
                    *from = from.wrapping_add(if TRANSPOSED { row } else { row * k });
                }
                for _ in 0..k {
                    let mut vectors = [l.splat(0.0); VECTORS];
                    for (v, vector) in vectors.iter_mut().enumerate() {
                        *vector = l.load(b.wrapping_add(v * L::N));
                    }
                    for (from, sums) in rows.iter_mut().zip(&mut sums) {
                        let value = l.splat(**from);
                        for (sum, &vector) in sums.iter_mut().zip(&vectors) {
                            *sum = l.madd(value, vector, *sum);
                        }
                        *from = from.wrapping_add(if TRANSPOSED { m } else { 1 });
                    }
                    b = b.wrapping_add(n);
                }
                for (row, sums) in sums.into_iter().enumerate() {
                    for (v, sum) in sums.into_iter().enumerate() {
                        let to = c.wrapping_add((i + row) * n + j + v * L::N);
                        l.store(if TRANSPOSED { l.add(l.load(to), sum) } else { sum }, to);
                    }
                }
            }
        }
    }
}
