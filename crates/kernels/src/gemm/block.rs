//! The loops around the tiles, and the constants that say where each of them is cut.
//!
//! ```text
//! for columns of C, NC at a time
//!   for k, KC at a time             pack B[kc, nc] into panels
//!     for strips of A, 6 rows or 4  the strip stays in the first-level cache
//!       for panels of B             stream from the second-level cache
//!         tile
//! ```
//!
//! A tile of a later block of k begins with what C holds, so an element stays one chain over all of k.
//! (The loops are those of Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008.)

use super::pack::{self, Size};
use super::tile::{self, Operands, ROWS, Strip, TALL, Target, VECTORS};
use super::{Beta, Form};
use crate::lanes::{Lanes, MAX_LANES};

/// Steps of k in a block: a strip of A (6 * KC * 4 bytes) stays in the first-level cache.
const KC: usize = 256;
/// Columns of B in a block: KC * NC * 4 bytes stay in the second-level cache.
const NC: usize = 512;
/// With at most so many rows, B is read where it lies: copying it would cost more than it gains.
const IN_PLACE_ROWS: usize = 64;
/// But with more rows than this, not where its rows are a multiple of [`ALIASING`] apart: they would drive each other out
/// of the caches.
const ALIASING_ROWS: usize = 12;
/// In f32.
const ALIASING: usize = 512;
/// With at least so many steps of k, strips of a transposed A are copied together first: read where they lie, each step
/// would be on another page of memory, again for every panel of B.
const STRIP_STEPS: usize = 128;
/// How many of them at once: 48 values of a step are three lines of the cache.
const STRIPS: usize = 8;
/// Panels begin at multiples of so many f32, a cache line.
const ALIGN: usize = 16;
/// What sums begin with, and what is added to them, where nothing else is said.
static ZEROS: [f32; VECTORS * MAX_LANES] = [0.0; VECTORS * MAX_LANES];

/// A product's sizes and operands, as raw parts. See [`super::nn`] for their meaning.
#[derive(Clone, Copy)]
pub(super) struct Job {
    pub(super) form: Form,
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) k: usize,
    pub(super) a: *const f32,
    pub(super) lda: usize,
    /// Where A is gathered, in nn: value `p` of row `i` is `a[rows[i] + steps[p]]`. Else null.
    pub(super) rows: *const u32,
    pub(super) steps: *const u32,
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

/// How many f32 of packed panels a product may need: never less for more columns or steps.
pub(super) fn scratch_len(n: usize, k: usize) -> usize {
    // The last panel is filled up to whole vectors, of the widest lanes there are.
    ALIGN + STRIPS * apart(k) + k.min(KC) * n.min(NC).next_multiple_of(VECTORS * MAX_LANES) + MAX_LANES
}

/// How far apart copied strips of a transposed A lie in a product of so many steps: a line more than they take, or they would
/// drive each other out of the cache.
fn apart(k: usize) -> usize {
    if k < STRIP_STEPS { 0 } else { k.min(KC) * TALL + ALIGN }
}

/// A part of k or of C's columns.
#[derive(Clone, Copy)]
struct Part {
    begin: usize,
    len: usize,
    first: bool,
    last: bool,
}

/// The part of `0..n` from `begin` on, `None` where there are no more: at most `most`, about equal, all but the last a
/// multiple of `unit`; one empty part when `n` is 0. Most products have one, without a division: those of a tiny network
/// would spend more time on divisions than on sums.
#[inline(always)]
fn part(begin: usize, n: usize, most: usize, unit: usize) -> Option<Part> {
    let first = begin == 0;
    if n <= most {
        return first.then_some(Part { begin, len: n, first, last: true });
    }
    let each = n.div_ceil(n.div_ceil(most)).next_multiple_of(unit);
    (begin < n).then(|| Part { begin, len: each.min(n - begin), first, last: begin + each >= n })
}

/// Computes `job`, with a gathered A or not: each is code of its own, because the loops are in the half of the module that
/// is loaded first, and the tiles of convolutions in the other.
///
/// # Safety
/// The operands must be as large as their sizes say, C apart from the others, and `scratch` of [`scratch_len`] elements.
#[inline(always)]
pub(super) unsafe fn product<L: Lanes, const GATHERED: bool>(l: L, job: Job) {
    // A power of two.
    let width = VECTORS * L::N;
    // Where B is transposed, its vectors do not lie side by side.
    let in_place = job.form != Form::Nt
        && (job.m <= ALIASING_ROWS || job.m <= IN_PLACE_ROWS && !job.ldb.is_multiple_of(ALIASING));
    let room = job.scratch.wrapping_add(job.scratch.align_offset(ALIGN * size_of::<f32>()));
    let apart = apart(job.k);
    let panels = room.wrapping_add(STRIPS * apart);
    let mut next_columns = part(0, job.n, NC, width);
    while let Some(columns) = next_columns {
        let mut next_steps = part(0, job.k, KC, 1);
        while let Some(steps) = next_steps {
            // Columns from this one on are in the panels, those before are read where they lie.
            let packed = if in_place { columns.len & !(width - 1) } else { 0 };
            let panel = |j: usize| panels.wrapping_add((j - packed) * steps.len);
            let mut j = packed;
            while j < columns.len {
                let size = Size { steps: steps.len, count: width.min(columns.len - j), width };
                // SAFETY: these columns and steps are of B, and the scratch has room for the panels.
                unsafe {
                    pack(
                        l,
                        job.form == Form::Nt,
                        (job.b, job.ldb),
                        (columns.begin + j, steps.begin),
                        size,
                        panel(j),
                    )
                };
                j += width;
            }
            let is_new = steps.first && job.beta == Beta::Zero;
            let mut copied = Copied { first: 0, rows: 0, height: TALL, room, apart };
            let mut next_row = 0;
            while next_row < job.m {
                let height = tile::height(l, job.m - next_row);
                // Rows that are left over are taken together with some before them, which come out the same once more.
                let i = if is_new && job.m >= height { next_row.min(job.m - height) } else { next_row };
                let rows = height.min(job.m - i);
                // SAFETY: as above.
                let (a, a_step) = unsafe { strip_of::<L, GATHERED>(l, &job, (i, rows), steps, &mut copied) };
                let mut j = 0;
                while j < columns.len {
                    // As many tiles as lie alike: those whose columns are read where they lie, those in the panels, or one
                    // at the edge.
                    let alike = if j < packed { packed } else { columns.len };
                    let tiles = (alike - j) / width;
                    // SAFETY: rows, columns and steps are of the operands.
                    unsafe {
                        let column = columns.begin + j;
                        let (b, b_step, b_tile) = if j < packed {
                            (job.b.add(steps.begin * job.ldb + column), job.ldb, width)
                        } else {
                            (panel(j).cast_const(), width, width * steps.len)
                        };
                        let places = if GATHERED { job.steps.add(steps.begin) } else { job.steps };
                        let operands = Operands { k: steps.len, a, a_step, places, b, b_step };
                        let c = job.c.add(i * job.ldc + column);
                        let (start, start_row, start_tile) =
                            if is_new { (ZEROS.as_ptr(), 0, 0) } else { (c.cast_const(), job.ldc, width) };
                        let is_finished = steps.last && (job.relu || !job.bias.is_null());
                        let (bias, bias_tile) = if !is_finished {
                            (std::ptr::null(), 0)
                        } else if job.bias.is_null() {
                            (ZEROS.as_ptr(), 0)
                        } else {
                            (job.bias.add(column), width)
                        };
                        let floor = if job.relu { 0.0 } else { f32::NEG_INFINITY };
                        let target = Target { start, start_row, c, ldc: job.ldc, bias, floor };
                        if rows == height && tiles > 0 {
                            let strip = Strip { tiles, b: b_tile, start: start_tile, bias: bias_tile };
                            tile::whole::<L, GATHERED>(l, height, operands, target, &strip);
                            j += tiles * width;
                        } else {
                            let there = (rows, width.min(columns.len - j));
                            tile::at_edge::<L, GATHERED>(l, height, operands, target, there);
                            j += width;
                        }
                    }
                }
                next_row += height;
            }
            next_steps = if steps.last { None } else { part(steps.begin + steps.len, job.k, KC, 1) };
        }
        next_columns = if columns.last { None } else { part(columns.begin + columns.len, job.n, NC, width) };
    }
}

/// Strips of a transposed A that were copied last: rows `first..first + rows`, strip after strip of so many.
struct Copied {
    first: usize,
    rows: usize,
    height: usize,
    room: *mut f32,
    apart: usize,
}

/// Where rows `i..` of A, so many, begin, and how far apart their steps are: where they lie, or copied. What a tile has
/// beyond them are copies of the last.
///
/// # Safety
/// As [`product`]; `copied` must have room for [`STRIPS`] strips.
#[inline(always)]
unsafe fn strip_of<L: Lanes, const GATHERED: bool>(
    l: L,
    job: &Job,
    (i, rows): (usize, usize),
    steps: Part,
    copied: &mut Copied,
) -> ([*const f32; TALL], usize) {
    if GATHERED {
        // SAFETY: the rows are of A; one beyond the last is read as the last.
        return (
            std::array::from_fn(|t| unsafe { job.a.add(*job.rows.add(i + t.min(rows - 1)) as usize) }),
            0,
        );
    }
    // SAFETY: the rows and steps are of A.
    let (first, row, step) = unsafe {
        if job.form != Form::Tn {
            (job.a.add(i * job.lda + steps.begin), job.lda, 1)
        } else if steps.len < STRIP_STEPS {
            (job.a.add(steps.begin * job.lda + i), 1, job.lda)
        } else {
            // The last rows may begin within a strip.
            let at = i - copied.first;
            if at >= copied.rows || !at.is_multiple_of(copied.height) {
                copy_strips(l, job, (i, rows), steps, copied);
            }
            let strip = copied.room.add((i - copied.first) / copied.height * copied.apart);
            (strip.cast_const(), 1, copied.height)
        }
    };
    // SAFETY: a row beyond the last is read as the last.
    (std::array::from_fn(|i| unsafe { first.add(i.min(rows - 1) * row) }), step)
}

/// Copies the strip of rows `i..`, so many, of a transposed A, and those behind it where there are enough.
///
/// # Safety
/// As [`strip_of`].
#[inline(always)]
unsafe fn copy_strips<L: Lanes>(
    l: L,
    job: &Job,
    (i, rows): (usize, usize),
    steps: Part,
    copied: &mut Copied,
) {
    let height = if L::FUSED { TALL } else { ROWS };
    // A few more, so that all of them have this height (see [`tile::height`]).
    let is_many = job.m - i >= STRIPS * height + 3;
    (copied.first, copied.height) = (i, if is_many { height } else { TALL });
    copied.rows = if is_many { STRIPS * height } else { rows };
    // SAFETY: these rows and steps are of A, and there is room for them.
    unsafe {
        if !is_many {
            let size = Size { steps: steps.len, count: rows, width: TALL };
            pack(l, false, (job.a, job.lda), (i, steps.begin), size, copied.room);
            return;
        }
        let from = job.a.add(steps.begin * job.lda + i);
        let to = (copied.room, copied.apart);
        l.outlined(
            #[inline(always)]
            || {
                // By constants: the loops are laid out.
                let height = if L::FUSED { TALL } else { ROWS };
                pack::side_by_side(l, from, job.lda, (steps.len, height, STRIPS), to);
            },
        );
    }
}

/// Copies a block of a matrix, from value `i` and step `p` of k on, in the order of the tiles. `transposed` where the steps
/// of k lie side by side.
///
/// # Safety
/// As [`pack::transposed`] and [`pack::straight`].
#[inline(always)]
unsafe fn pack<L: Lanes>(
    l: L,
    transposed: bool,
    (from, stride): (*const f32, usize),
    (i, p): (usize, usize),
    size: Size,
    to: *mut f32,
) {
    l.outlined(
        #[inline(always)]
        // SAFETY: as the caller vouches.
        || unsafe {
            if transposed {
                pack::transposed(l, from.add(i * stride + p), stride, size, to);
            } else {
                pack::straight(l, from.add(p * stride + i), stride, size, to);
            }
        },
    );
}
