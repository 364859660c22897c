//! The innermost loops: a tile of C, `MR` rows by `NV` vectors, held in registers while k runs.
//!
//! ```text
//!             b0  b1  b2        per step of k: NV loads of B, MR values of A spread
//!       a0    c00 c01 c02       over all lanes, MR * NV multiply-adds
//!       a1    c10 c11 c12
//! ```

use super::Beta;
use crate::lanes::Lanes;

/// Where a tile's values of A come from: row `i` of the tile, step `p` of k.
pub(super) trait Left: Copy {
    /// # Safety
    /// The element must be one of the matrix.
    unsafe fn at(self, i: usize, p: usize) -> f32;
}

/// Rows of A, `stride` apart (forms nn and nt).
#[derive(Clone, Copy)]
pub(super) struct Rows {
    pub(super) data: *const f32,
    pub(super) stride: usize,
}

impl Left for Rows {
    #[inline(always)]
    unsafe fn at(self, i: usize, p: usize) -> f32 {
        // SAFETY: the caller vouches for the element.
        unsafe { *self.data.add(i * self.stride + p) }
    }
}

/// Columns of A, whose rows are `stride` apart (form tn).
#[derive(Clone, Copy)]
pub(super) struct Columns {
    pub(super) data: *const f32,
    pub(super) stride: usize,
}

impl Left for Columns {
    #[inline(always)]
    unsafe fn at(self, i: usize, p: usize) -> f32 {
        // SAFETY: the caller vouches for the element.
        unsafe { *self.data.add(p * self.stride + i) }
    }
}

/// Where a tile's vectors of B come from: steps of k are `stride` apart. In a packed panel that is the panel's width.
#[derive(Clone, Copy)]
pub(super) struct Right {
    pub(super) data: *const f32,
    pub(super) stride: usize,
    /// So many steps of k may be read in whole vectors; in the others only the tile's own columns exist.
    pub(super) whole: usize,
}

/// Where a tile's results go and what is done to them.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) c: *mut f32,
    pub(super) ldc: usize,
    /// Columns of C in this tile, at most `NV * N`.
    pub(super) columns: usize,
    pub(super) beta: Beta,
    /// The bias of the tile's first column, or null.
    pub(super) bias: *const f32,
    pub(super) relu: bool,
}

/// Steps of k per turn of the loop.
const UNROLL: usize = 4;

/// Tells the compiler that a packed panel's stride is its width.
pub(super) const PACKED: bool = true;
/// Leaves B's stride to run time.
pub(super) const IN_PLACE: bool = false;

/// A row of `columns` values in `NV` vectors.
///
/// # Safety
/// `columns` values must be valid for reading at `from`.
#[inline(always)]
unsafe fn load_row<L: Lanes, const NV: usize>(l: L, from: *const f32, columns: usize) -> [L::V; NV] {
    std::array::from_fn(
        #[inline(always)]
        |j| {
            let left = columns - j * L::N;
            // SAFETY: vector j begins at column j * N, and `left` columns are left from there.
            unsafe {
                let at = from.add(j * L::N);
                if left >= L::N { l.load(at) } else { l.load_first(at, left, 0.0) }
            }
        },
    )
}

/// One step of k: `sums[i] += a(i, p) * row`.
///
/// # Safety
/// Step p must be one of the matrix.
#[inline(always)]
unsafe fn step<L: Lanes, A: Left, const MR: usize, const NV: usize>(
    l: L,
    a: A,
    p: usize,
    row: [L::V; NV],
    sums: &mut [[L::V; NV]; MR],
) {
    for (i, sums) in sums.iter_mut().enumerate() {
        // SAFETY: the caller vouches for the step.
        let value = l.splat(unsafe { a.at(i, p) });
        for j in 0..NV {
            sums[j] = l.madd(value, row[j], sums[j]);
        }
    }
}

/// `C = relu(bias + beta C + sum over p in 0..k of A[:,p] B[p,:])`, each element one chain in ascending p.
///
/// # Safety
/// `MR` rows and `target.columns` columns must be valid for writing at `target.c` (and reading, when beta is one), `k`
/// steps for reading at `a` and `b`, and `target.columns` values at `target.bias` unless it is null.
#[inline(always)]
pub(super) unsafe fn tile<L: Lanes, A: Left, const MR: usize, const NV: usize, const IS_PACKED: bool>(
    l: L,
    k: usize,
    a: A,
    b: Right,
    target: Target,
) {
    let columns = target.columns;
    let stride = if IS_PACKED { NV * L::N } else { b.stride };
    // SAFETY: all offsets below stay within what the caller vouches for.
    unsafe {
        let mut sums = match target.beta {
            Beta::Zero => [[l.splat(0.0); NV]; MR],
            Beta::One => std::array::from_fn(
                #[inline(always)]
                |i| load_row(l, target.c.add(i * target.ldc), columns),
            ),
        };
        let whole = if IS_PACKED { k } else { k.min(b.whole) };
        let mut p = 0;
        while p + UNROLL <= whole {
            for u in 0..UNROLL {
                let row = load_row(l, b.data.add((p + u) * stride), NV * L::N);
                step(l, a, p + u, row, &mut sums);
            }
            p += UNROLL;
        }
        while p < whole {
            step(l, a, p, load_row(l, b.data.add(p * stride), NV * L::N), &mut sums);
            p += 1;
        }
        while p < k {
            step(l, a, p, load_row(l, b.data.add(p * stride), columns), &mut sums);
            p += 1;
        }
        if !target.bias.is_null() {
            let bias: [L::V; NV] = load_row(l, target.bias, columns);
            for row in &mut sums {
                for (sum, &bias) in row.iter_mut().zip(&bias) {
                    *sum = l.add(*sum, bias);
                }
            }
        }
        if target.relu {
            for sum in sums.as_flattened_mut() {
                *sum = l.max(*sum, l.splat(0.0));
            }
        }
        for (i, row) in sums.iter().enumerate() {
            let to = target.c.add(i * target.ldc);
            for (j, &sum) in row.iter().enumerate() {
                let left = columns - j * L::N;
                if left >= L::N {
                    l.store(sum, to.add(j * L::N));
                } else {
                    l.store_first(sum, to.add(j * L::N), left);
                }
            }
        }
    }
}
