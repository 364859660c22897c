//! The loops around the tiles, and the constants that say where each of them is cut.
//!
//! ```text
//! for columns of C, NC at a time
//!   for k, KC at a time             pack B[kc, nc]
//!     for rows of C, MC at a time   pack A[mc, kc]
//!       for panels of B, for panels of A: tile
//! ```
//!
//! (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008.) A tile of a later block of k begins
//! with what C holds, so an element stays one chain over all of k.

use super::tile::{Columns, IN_PLACE, Left, PACKED, Packed, Right, Rows, Target, tile};
use super::{Beta, Form, pack};
use crate::lanes::Lanes;

/// Steps of k in a block: a panel of B (KC * 12 * 4 bytes) stays in the first-level cache.
pub(super) const KC: usize = 256;
/// Rows of A in a block: MC * KC * 4 bytes stay in the second-level cache.
pub(super) const MC: usize = 96;
/// Columns of B in a block.
pub(super) const NC: usize = 1024;
/// With fewer rows than this, B is read where it lies: packing it would cost as much as multiplying.
pub(super) const PACK_ROWS: usize = 12;
/// Panels begin at multiples of so many f32, a cache line.
pub(super) const ALIGN: usize = 16;

/// A product's sizes and operands, as raw parts. See [`super::nn`] for their meaning.
#[derive(Clone, Copy)]
pub(super) struct Job {
    pub(super) form: Form,
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) k: usize,
    pub(super) a: *const f32,
    pub(super) lda: usize,
    pub(super) b: *const f32,
    pub(super) ldb: usize,
    pub(super) c: *mut f32,
    pub(super) ldc: usize,
    pub(super) beta: Beta,
    /// Null for none.
    pub(super) bias: *const f32,
    pub(super) relu: bool,
    pub(super) scratch: *mut f32,
}

/// How many f32 of packed panels a product may need: never less for more rows, columns or steps.
pub(super) fn scratch_len(form: Form, m: usize, n: usize, k: usize) -> usize {
    if in_place(form, m) {
        return 0;
    }
    // A panel of B may be filled up to a whole one of the widest lanes.
    let widest = 48;
    k.min(KC) * (n.min(NC).next_multiple_of(widest) + widest + m.min(MC)) + 2 * ALIGN
}

fn in_place(form: Form, m: usize) -> bool {
    m < PACK_ROWS && form != Form::Nt
}

/// `0..n` in equal parts of at most `most`: the number of parts, and where part i begins.
#[inline(always)]
fn parts(n: usize, most: usize) -> (usize, impl Fn(usize) -> usize) {
    let count = n.div_ceil(most);
    (count, move |i| n * i / count.max(1))
}

/// Computes `job` with tiles of at most `MR` rows and `NV` vectors.
///
/// # Safety
/// The operands must be as large as their sizes say, C apart from the others, and `scratch` of
/// [`scratch_len`] elements.
#[inline(always)]
pub(super) unsafe fn product<L: Lanes, const MR: usize, const NV: usize>(l: L, job: Job) {
    // SAFETY: as the caller vouches.
    unsafe {
        if in_place(job.form, job.m) {
            sweep_in_place::<L, MR, NV>(l, job);
        } else {
            sweep_packed::<L, MR, NV>(l, job);
        }
    }
}

/// # Safety
/// As [`product`].
#[inline(always)]
unsafe fn sweep_in_place<L: Lanes, const MR: usize, const NV: usize>(l: L, job: Job) {
    let Job { m, n, k, .. } = job;
    let vectors = n.div_ceil(L::N);
    let (panels, panel) = parts(vectors, NV);
    let (strips, strip) = parts(m, MR);
    for q in 0..panels {
        let (first, end) = (panel(q), panel(q + 1));
        let (j, columns) = (first * L::N, (end * L::N).min(n) - first * L::N);
        // SAFETY: all offsets are of elements of the operands, for rows i.. < m, columns j.. < n, steps < k.
        unsafe {
            // A whole vector at step p may be read while it ends within B's k rows.
            let beyond = (end * L::N).saturating_sub(n);
            let whole = if beyond == 0 { k } else { k.saturating_sub(beyond.div_ceil(job.ldb.max(1))) };
            let b = Right { data: job.b.add(j), stride: job.ldb, whole };
            for s in 0..strips {
                let (i, rows) = (strip(s), strip(s + 1) - strip(s));
                let target = Target {
                    c: job.c.add(i * job.ldc + j),
                    ldc: job.ldc,
                    columns,
                    beta: job.beta,
                    bias: if job.bias.is_null() { job.bias } else { job.bias.add(j) },
                    relu: job.relu,
                };
                let size = (rows, end - first);
                if job.form == Form::Tn {
                    let a = Columns { data: job.a.add(i), stride: job.lda };
                    any_tile::<L, _, MR, NV, IN_PLACE>(l, size, k, a, b, target);
                } else {
                    let a = Rows { data: job.a.add(i * job.lda), stride: job.lda };
                    any_tile::<L, _, MR, NV, IN_PLACE>(l, size, k, a, b, target);
                }
            }
        }
    }
}

/// # Safety
/// As [`product`].
#[inline(always)]
unsafe fn sweep_packed<L: Lanes, const MR: usize, const NV: usize>(l: L, job: Job) {
    let Job { m, n, k, .. } = job;
    let b_panels = aligned(job.scratch);
    let (column_blocks, column_block) = parts(n, NC);
    // No step at all still sets C.
    let (step_blocks, step_block) = parts(k, KC);
    let step_blocks = step_blocks.max(1);
    let (row_blocks, row_block) = parts(m, MC);
    for cb in 0..column_blocks {
        let (j0, nc) = (column_block(cb), column_block(cb + 1) - column_block(cb));
        let (panels, panel) = parts(nc.div_ceil(L::N), NV);
        for sb in 0..step_blocks {
            let (p0, kc) = (step_block(sb), step_block(sb + 1) - step_block(sb));
            let last = sb + 1 == step_blocks;
            // SAFETY: all offsets are of elements of the operands, or of the scratch within its length.
            unsafe {
                for q in 0..panels {
                    let (first, end) = (panel(q), panel(q + 1));
                    let width = (end - first) * L::N;
                    let j = first * L::N;
                    let size = (kc, width.min(nc - j), width);
                    let to = b_panels.add(j * kc);
                    l.outlined(
                        #[inline(always)]
                        || {
                            if job.form == Form::Nt {
                                pack::transposed(l, job.b.add((j0 + j) * job.ldb + p0), job.ldb, size, to);
                            } else {
                                pack::straight(l, job.b.add(p0 * job.ldb + j0 + j), job.ldb, size, to);
                            }
                        },
                    );
                }
                let a_panels = aligned(b_panels.add(panel(panels) * L::N * kc));
                for rb in 0..row_blocks {
                    let (i0, mc) = (row_block(rb), row_block(rb + 1) - row_block(rb));
                    let (strips, strip) = parts(mc, MR);
                    for s in 0..strips {
                        let (i, rows) = (strip(s), strip(s + 1) - strip(s));
                        let to = a_panels.add(i * kc);
                        l.outlined(
                            #[inline(always)]
                            || {
                                if job.form == Form::Tn {
                                    let from = job.a.add(p0 * job.lda + i0 + i);
                                    pack::straight(l, from, job.lda, (kc, rows, rows), to);
                                } else {
                                    let from = job.a.add((i0 + i) * job.lda + p0);
                                    pack::transposed(l, from, job.lda, (kc, rows, rows), to);
                                }
                            },
                        );
                    }
                    for q in 0..panels {
                        let (first, end) = (panel(q), panel(q + 1));
                        let j = first * L::N;
                        let columns = ((end - first) * L::N).min(nc - j);
                        let b = Right { data: b_panels.add(j * kc), stride: 0, whole: kc };
                        for s in 0..strips {
                            let (i, rows) = (strip(s), strip(s + 1) - strip(s));
                            let target = Target {
                                c: job.c.add((i0 + i) * job.ldc + j0 + j),
                                ldc: job.ldc,
                                columns,
                                beta: if sb == 0 { job.beta } else { Beta::One },
                                bias: if last && !job.bias.is_null() {
                                    job.bias.add(j0 + j)
                                } else {
                                    std::ptr::null()
                                },
                                relu: job.relu && last,
                            };
                            let a = a_panels.add(i * kc);
                            packed_tile::<L, MR, NV>(l, (rows, end - first), kc, a, b, target);
                        }
                    }
                }
            }
        }
    }
}

/// The first cache line at or behind `at`.
fn aligned(at: *mut f32) -> *mut f32 {
    at.wrapping_add(at.align_offset(ALIGN * size_of::<f32>()))
}

/// Calls the tile of this size, each a function of its own.
macro_rules! choose {
    ($size:expr, $most:expr, $call:ident: $(($rows:literal, $vectors:literal))*) => {
        match $size {
            $(($rows, $vectors) if $rows <= $most.0 && $vectors <= $most.1 => $call!($rows, $vectors),)*
            _ => unreachable!("a tile larger than the largest"),
        }
    };
}

/// # Safety
/// As [`tile`], with `size` rows and vectors.
#[inline(always)]
unsafe fn any_tile<L: Lanes, A: Left, const MR: usize, const NV: usize, const IS_PACKED: bool>(
    l: L,
    size: (usize, usize),
    k: usize,
    a: A,
    b: Right,
    target: Target,
) {
    macro_rules! call {
        ($rows:literal, $vectors:literal) => {
            l.outlined(
                #[inline(always)]
                // SAFETY: as the caller vouches.
                || unsafe { tile::<L, A, $rows, $vectors, IS_PACKED>(l, k, a, b, target) },
            )
        };
    }
    choose!(size, (MR, NV), call: (1, 1) (1, 2) (1, 3) (2, 1) (2, 2) (2, 3) (3, 1) (3, 2) (3, 3) (4, 1) (4, 2) (4, 3)
        (5, 1) (5, 2) (5, 3) (6, 1) (6, 2) (6, 3) (7, 1) (7, 2) (7, 3) (8, 1) (8, 2) (8, 3));
}

/// # Safety
/// As [`tile`], with `size` rows and vectors, and `a` a packed panel of as many rows.
#[inline(always)]
unsafe fn packed_tile<L: Lanes, const MR: usize, const NV: usize>(
    l: L,
    size: (usize, usize),
    k: usize,
    a: *const f32,
    b: Right,
    target: Target,
) {
    macro_rules! call {
        ($rows:literal, $vectors:literal) => {
            l.outlined(
                #[inline(always)]
                // SAFETY: as the caller vouches.
                || unsafe { tile::<L, _, $rows, $vectors, PACKED>(l, k, Packed::<$rows>(a), b, target) },
            )
        };
    }
    choose!(size, (MR, NV), call: (1, 1) (1, 2) (1, 3) (2, 1) (2, 2) (2, 3) (3, 1) (3, 2) (3, 3) (4, 1) (4, 2) (4, 3)
        (5, 1) (5, 2) (5, 3) (6, 1) (6, 2) (6, 3) (7, 1) (7, 2) (7, 3) (8, 1) (8, 2) (8, 3));
}
