//! The innermost loop: a tile of C, some rows by [`VECTORS`] vectors, held in registers while k runs.
//!
//! ```text
//!             b0  b1            per step of k: 2 loads of B, a value of A per row, spread
//!       a0    c00 c01           over all lanes, and two multiply-adds with it
//!       a1    c10 c11
//! ```
//!
//! A tile is always whole; what lies at an edge of C goes through a buffer ([`at_edge`]), so that no loop is compiled
//! twice.
//!
//! Browsers' compilers have 15 vector registers on x86-64 and keep the order of loads and sums that they are given. With the
//! fused instruction, 6 x 2 sums, two vectors and one value at a time fill them, if a row's sums come right after its value:
//! LLVM is asked to keep the order of the source (`wasm-pack.toml`), or it would load all values first, and they would be
//! spilled. Where multiplication and addition are two, a product needs a register too, and 4 x 2 it is.

use crate::lanes::{Lanes, MAX_LANES};
use std::mem::MaybeUninit;

/// Rows of a tile.
pub(crate) const ROWS: usize = 4;
/// Rows of a tall one.
pub(crate) const TALL: usize = 6;
/// Vectors of a tile's row.
pub(crate) const VECTORS: usize = 2;

/// A tile's operands: value `i` of A at step `p` of k is `a[i][p * a_step]`, or `a[i][places[p]]` where they are gathered;
/// vector `j` of B is at `b[p * b_step + j * N]`.
#[derive(Clone, Copy)]
pub(super) struct Operands {
    pub(super) k: usize,
    /// Of the tile's rows, and anything beyond them.
    pub(super) a: [*const f32; TALL],
    pub(super) a_step: usize,
    /// Null for none.
    pub(super) places: *const u32,
    pub(super) b: *const f32,
    pub(super) b_step: usize,
}

/// Where a tile's sums begin, and where they go.
#[derive(Clone, Copy)]
pub(super) struct Target {
    /// Row `i` of the sums begins with what is at `start[i * start_row]`.
    pub(super) start: *const f32,
    /// 0 where all rows begin alike.
    pub(super) start_row: usize,
    pub(super) c: *mut f32,
    pub(super) ldc: usize,
    /// One vector of values per vector of a row, added at the end; null where the sums are all there is to do.
    pub(super) bias: *const f32,
    /// Results with a bias are raised to this: 0 for relu, else minus infinity.
    pub(super) floor: f32,
}

/// The vectors of a row.
///
/// # Safety
/// They must be valid for reading at `from`.
#[inline(always)]
unsafe fn load_row<L: Lanes>(l: L, from: *const f32) -> [L::V; VECTORS] {
    std::array::from_fn(
        #[inline(always)]
        // SAFETY: as the caller vouches.
        |j| unsafe { l.load(from.add(j * L::N)) },
    )
}

/// `C = max(start + sum over p in 0..k of A[:,p] B[p,:] + bias, floor)`, each element one chain in ascending p.
///
/// # Safety
/// All that [`Operands`] and [`Target`] name must be valid for whole rows and vectors.
#[inline(always)]
unsafe fn tile<L: Lanes, const R: usize, const GATHERED: bool>(l: L, operands: Operands, target: Target) {
    let Operands { k, a, a_step, mut places, mut b, b_step } = operands;
    let mut a: [*const f32; R] = std::array::from_fn(|i| a[i]);
    // SAFETY: the caller vouches for every row and step; the pointers past the last step are not read.
    unsafe {
        let mut sums: [[L::V; VECTORS]; R] = std::array::from_fn(
            #[inline(always)]
            |i| load_row(l, target.start.add(i * target.start_row)),
        );
        for _ in 0..k {
            let vectors: [L::V; VECTORS] = load_row(l, b);
            let place = if GATHERED { *places as usize } else { 0 };
            for (a, sums) in a.iter_mut().zip(&mut sums) {
                let value = l.splat(*a.wrapping_add(place));
                for (sum, &vector) in sums.iter_mut().zip(&vectors) {
                    *sum = l.madd(value, vector, *sum);
                }
                if !GATHERED {
                    *a = a.wrapping_add(a_step);
                }
            }
            if GATHERED {
                places = places.wrapping_add(1);
            }
            b = b.wrapping_add(b_step);
        }
        if !target.bias.is_null() {
            let floor = l.splat(target.floor);
            let bias: [L::V; VECTORS] = load_row(l, target.bias);
            for sums in &mut sums {
                for (sum, &bias) in sums.iter_mut().zip(&bias) {
                    *sum = l.max(l.add(*sum, bias), floor);
                }
            }
        }
        for (i, sums) in sums.iter().enumerate() {
            for (j, &sum) in sums.iter().enumerate() {
                l.store(sum, target.c.add(i * target.ldc + j * L::N));
            }
        }
    }
}

/// How many rows the next tile has, where so many are left: tall ones, and others where those would be filled worse.
#[inline(always)]
pub(super) fn height<L: Lanes>(_: L, left: usize) -> usize {
    if L::FUSED && left > ROWS && left != 2 * ROWS - 1 && left != 2 * ROWS { TALL } else { ROWS }
}

/// Tiles side by side along a row of C, and how far apart what they are made of lies, in f32.
#[derive(Clone, Copy)]
pub(super) struct Strip {
    /// At least one.
    pub(super) tiles: usize,
    /// Of B.
    pub(super) b: usize,
    /// Of what the sums begin with: 0 where all begin alike.
    pub(super) start: usize,
    /// Of the bias: 0 where there is none.
    pub(super) bias: usize,
}

/// One tile, after which nothing follows.
static ALONE: Strip = Strip { tiles: 1, b: 0, start: 0, bias: 0 };

/// Calls [`tile`] for a strip of tiles, of which the first is given, tall or not, gathered or not, as a function of its own.
///
/// # Safety
/// As [`tile`], for each of them; `height` is one that [`height`] gives.
#[inline(always)]
pub(super) unsafe fn whole<L: Lanes, const GATHERED: bool>(
    l: L,
    height: usize,
    operands: Operands,
    target: Target,
    strip: &Strip,
) {
    // SAFETY: as the caller vouches.
    unsafe {
        if L::FUSED && height == TALL {
            l.outlined(
                #[inline(always)]
                || tiles::<L, TALL, GATHERED>(l, operands, target, strip),
            );
        } else {
            l.outlined(
                #[inline(always)]
                || tiles::<L, ROWS, GATHERED>(l, operands, target, strip),
            );
        }
    }
}

/// A strip of tiles: with a call for each, what leads to it would take a tenth of the time of a tile with few steps.
///
/// # Safety
/// As [`whole`].
#[inline(always)]
unsafe fn tiles<L: Lanes, const R: usize, const GATHERED: bool>(
    l: L,
    mut operands: Operands,
    mut target: Target,
    strip: &Strip,
) {
    let mut left = strip.tiles;
    loop {
        // SAFETY: as the caller vouches.
        unsafe { tile::<L, R, GATHERED>(l, operands, target) };
        left -= 1;
        if left == 0 {
            return;
        }
        operands.b = operands.b.wrapping_add(strip.b);
        target.start = target.start.wrapping_add(strip.start);
        target.c = target.c.wrapping_add(VECTORS * L::N);
        target.bias = target.bias.wrapping_add(strip.bias);
    }
}

/// [`whole`], where C has only so many rows and columns.
///
/// # Safety
/// As [`whole`], but of `start`, C and the bias only those rows and columns need be valid.
#[inline(always)]
pub(super) unsafe fn at_edge<L: Lanes, const GATHERED: bool>(
    l: L,
    height: usize,
    operands: Operands,
    target: Target,
    (rows, columns): (usize, usize),
) {
    let mut buffer = MaybeUninit::<[f32; TALL * VECTORS * MAX_LANES]>::uninit();
    let mut bias = MaybeUninit::<[f32; VECTORS * MAX_LANES]>::uninit();
    let width = VECTORS * L::N;
    let (buffer, bias) = (buffer.as_mut_ptr().cast::<f32>(), bias.as_mut_ptr().cast::<f32>());
    // SAFETY: rows and columns are those the caller vouches for, and the buffers hold a whole tile of the widest lanes. Only
    // what is read of them is filled, with zeros where there is nothing: tiny networks are made of edges.
    unsafe {
        let mut inside = Target { c: buffer, ldc: width, ..target };
        // Rows that begin alike begin with zeros, of which there is a whole tile.
        if target.start_row != 0 {
            for at in (0..height * width).step_by(L::N) {
                l.store(l.splat(0.0), buffer.add(at));
            }
            block(l, target.start, target.start_row, buffer, width, (rows, columns));
            (inside.start, inside.start_row) = (buffer, width);
        }
        if !target.bias.is_null() {
            for at in (0..width).step_by(L::N) {
                let count = columns.saturating_sub(at).min(L::N);
                l.store(l.load_first(target.bias.wrapping_add(at), count, 0.0), bias.add(at));
            }
            inside.bias = bias;
        }
        whole::<L, GATHERED>(l, height, operands, inside, &ALONE);
        block(l, buffer, width, target.c, target.ldc, (rows, columns));
    }
}

/// Copies so many rows and columns.
///
/// # Safety
/// They must be valid for reading and writing.
#[inline(always)]
unsafe fn block<L: Lanes>(
    l: L,
    from: *const f32,
    from_row: usize,
    to: *mut f32,
    to_row: usize,
    (rows, columns): (usize, usize),
) {
    for i in 0..rows {
        for j in (0..columns).step_by(L::N) {
            let count = (columns - j).min(L::N);
            // SAFETY: `count` columns from j on are of the row.
            unsafe {
                let vector = l.load_first(from.add(i * from_row + j), count, 0.0);
                l.store_first(vector, to.add(i * to_row + j), count);
            }
        }
    }
}
