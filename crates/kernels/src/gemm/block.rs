//! The loops around the tiles, and the constants that say where each of them is cut.
//!
//! ```text
//! for columns of C, NC at a time
//!   for k, KC at a time             pack B[kc, nc] into panels
//!     for strips of A, MR rows      stays in the first-level cache
//!       for panels of B             stream from the second-level cache
//!         tile
//! ```
//!
//! A is read where it lies (but see [`STRIP_STEPS`]): a strip's rows are streams of their own, and copying them costs more
//! than it gains. A tile of a later block of k begins with what C holds, so an element stays one chain over all of k.
//! (The loops are those of Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008, without the
//! packing of A.)

use super::tile::{Columns, IN_PLACE, Left, PACKED, Right, Rows, Target, tile};
use super::{Beta, Form, pack};
use crate::lanes::{Lanes, MAX_LANES};

/// Steps of k in a block: a strip of A (12 * KC * 4 bytes) stays in the first-level cache.
const KC: usize = 256;
/// Columns of B in a block: KC * NC * 4 bytes stay in the second-level cache.
const NC: usize = 512;
/// With at most so many rows, B is read where it lies: it would be read once from the panels too.
const IN_PLACE_ROWS: usize = 12;
/// With at least so many steps of k, a strip of a transposed A is copied together first: read where it lies, each step
/// would be on another page of memory, again for every panel of B.
const STRIP_STEPS: usize = 128;
/// No tile has more rows.
const MAX_ROWS: usize = 12;
/// Panels begin at multiples of so many f32, a cache line.
const ALIGN: usize = 16;

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
    // The last panel is filled up to whole vectors, of the widest lanes there are.
    k.min(KC) * (n.min(NC).next_multiple_of(MAX_LANES) + MAX_ROWS) + ALIGN
}

/// Whether B is read where it lies. Transposed, its vectors do not lie side by side.
pub(super) fn in_place(form: Form, m: usize) -> bool {
    m <= IN_PLACE_ROWS && form != Form::Nt
}

/// `0..n` in equal parts of at most `most`: the number of parts, and where part i begins.
#[inline(always)]
fn parts(n: usize, most: usize) -> (usize, impl Fn(usize) -> usize) {
    let count = n.div_ceil(most);
    (count, move |i| n * i / count.max(1))
}

/// Columns `j0 .. j0 + nc` of C and steps `p0 .. p0 + kc` of k.
#[derive(Clone, Copy)]
struct Block {
    j0: usize,
    nc: usize,
    p0: usize,
    kc: usize,
    /// Whether these are the first steps, and whether they are the last.
    first: bool,
    last: bool,
}

/// Computes `job` with tiles of at most `MR` rows and `NV` vectors.
///
/// # Safety
/// The operands must be as large as their sizes say, C apart from the others, and `scratch` of [`scratch_len`] elements.
#[inline(always)]
pub(super) unsafe fn product<L: Lanes, const MR: usize, const NV: usize>(l: L, job: Job) {
    let Job { n, k, .. } = job;
    if in_place(job.form, job.m) {
        let block = Block { j0: 0, nc: n, p0: 0, kc: k, first: true, last: true };
        // SAFETY: as the caller vouches.
        unsafe { tiles::<L, MR, NV, IN_PLACE>(l, job, block, job.b) };
        return;
    }
    let panels = job.scratch.wrapping_add(job.scratch.align_offset(ALIGN * size_of::<f32>()));
    let (column_blocks, column_block) = parts(n, NC);
    // No step at all still sets C.
    let (step_blocks, step_block) = parts(k, KC);
    let step_blocks = step_blocks.max(1);
    for cb in 0..column_blocks {
        for sb in 0..step_blocks {
            let block = Block {
                j0: column_block(cb),
                nc: column_block(cb + 1) - column_block(cb),
                p0: step_block(sb),
                kc: step_block(sb + 1) - step_block(sb),
                first: sb == 0,
                last: sb + 1 == step_blocks,
            };
            // SAFETY: as the caller vouches; the panels are a part of the scratch.
            unsafe {
                l.outlined(
                    #[inline(always)]
                    || pack_block::<L, NV>(l, job, block, panels),
                );
                tiles::<L, MR, NV, PACKED>(l, job, block, panels);
            }
        }
    }
}

/// Packs a block of B into panels of at most `NV` vectors.
///
/// # Safety
/// As [`product`]; `to` must have room for the block in whole vectors.
#[inline(always)]
unsafe fn pack_block<L: Lanes, const NV: usize>(l: L, job: Job, block: Block, to: *mut f32) {
    let Block { j0, nc, p0, kc, .. } = block;
    let (panels, panel) = parts(nc.div_ceil(L::N), NV);
    for q in 0..panels {
        let (j, width) = (panel(q) * L::N, (panel(q + 1) - panel(q)) * L::N);
        let size = (kc, width.min(nc - j), width);
        // SAFETY: columns j0 + j .. of steps p0 .. are elements of B, and the panels lie side by side.
        unsafe {
            let to = to.add(j * kc);
            if job.form == Form::Nt {
                pack::transposed(l, job.b.add((j0 + j) * job.ldb + p0), job.ldb, size, to);
            } else {
                pack::straight(l, job.b.add(p0 * job.ldb + j0 + j), job.ldb, size, to);
            }
        }
    }
}

/// Computes a block of C, tile by tile, from `b`: its panels (in the scratch), or B where it lies.
///
/// # Safety
/// As [`product`].
#[inline(always)]
unsafe fn tiles<L: Lanes, const MR: usize, const NV: usize, const IS_PACKED: bool>(
    l: L,
    job: Job,
    block: Block,
    b: *const f32,
) {
    let Block { j0, nc, p0, kc, .. } = block;
    let (strips, strip) = parts(job.m, MR);
    let (panels, panel) = parts(nc.div_ceil(L::N), NV);
    for s in 0..strips {
        let (i, rows) = (strip(s), strip(s + 1) - strip(s));
        // SAFETY: rows i.. and steps p0.. are of A; the strip's place in the scratch is behind the panels.
        let columns_of_a = unsafe {
            let lying = Columns { data: job.a.wrapping_add(p0 * job.lda + i), stride: job.lda };
            if IS_PACKED && job.form == Form::Tn && kc >= STRIP_STEPS {
                let to = b.cast_mut().add(panel(panels) * L::N * kc);
                l.outlined(
                    #[inline(always)]
                    || pack::straight(l, lying.data, lying.stride, (kc, rows, rows), to),
                );
                Columns { data: to, stride: rows }
            } else {
                lying
            }
        };
        for q in 0..panels {
            let (j, vectors) = (panel(q) * L::N, panel(q + 1) - panel(q));
            let width = vectors * L::N;
            let columns = width.min(nc - j);
            // A whole vector at a step of k may be read while it ends within B's rows.
            let beyond = (width - columns).div_ceil(job.ldb.max(1));
            // SAFETY: rows i.., columns j0 + j.. and steps p0.. are of the operands.
            unsafe {
                let right = if IS_PACKED {
                    Right { data: b.add(j * kc), stride: width, whole: kc }
                } else {
                    Right { data: b.add(j), stride: job.ldb, whole: kc.saturating_sub(beyond) }
                };
                let target = Target {
                    c: job.c.add(i * job.ldc + j0 + j),
                    ldc: job.ldc,
                    columns,
                    beta: if block.first { job.beta } else { Beta::One },
                    bias: if block.last && !job.bias.is_null() {
                        job.bias.add(j0 + j)
                    } else {
                        std::ptr::null()
                    },
                    relu: block.last && job.relu,
                };
                let size = (rows, vectors);
                if job.form == Form::Tn {
                    tile_of::<L, _, MR, NV, IS_PACKED>(l, size, kc, columns_of_a, right, target);
                } else {
                    let left = Rows { data: job.a.add(i * job.lda + p0), stride: job.lda };
                    tile_of::<L, _, MR, NV, IS_PACKED>(l, size, kc, left, right, target);
                }
            }
        }
    }
}

/// Calls [`tile`] with its size as constants, each as a function of its own.
///
/// # Safety
/// As [`tile`], with `size` rows and vectors, at most `MR` and `NV`.
#[inline(always)]
unsafe fn tile_of<L: Lanes, A: Left, const MR: usize, const NV: usize, const IS_PACKED: bool>(
    l: L,
    size: (usize, usize),
    k: usize,
    a: A,
    b: Right,
    target: Target,
) {
    macro_rules! choose {
        ($($vectors:literal: $($rows:literal)*;)*) => {
            match size {
                $($(($rows, $vectors) if $rows <= MR && $vectors <= NV => l.outlined(
                    #[inline(always)]
                    // SAFETY: as the caller vouches.
                    || unsafe { tile::<L, A, $rows, $vectors, IS_PACKED>(l, k, a, b, target) },
                ),)*)*
                _ => unreachable!("a tile larger than the largest"),
            }
        };
    }
    choose!(
        1: 1 2 3 4 5 6 7 8 9 10 11 12;
        2: 1 2 3 4 5 6 7 8;
        3: 1 2 3 4 5 6 7 8;
        4: 1 2 3;
        5: 1;
        6: 1;
        7: 1;
        8: 1;
    );
}
