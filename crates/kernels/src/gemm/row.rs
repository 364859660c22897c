//! Products whose C is one row: a prediction of one row, mostly. They take as long as B takes to come from memory, which is
//! fastest line by line: every turn adds some whole rows of B to all of C, which stays in the first-level cache.
//!
//! ```text
//! c += a0 b0 + a1 b1 + a2 b2 + a3 b3        one after the other, as in a tile: the bits are the same
//! ```

use super::block::Job;
use super::{Beta, Form};
use crate::lanes::{Lanes, sweep};

/// Rows of B that a turn adds: C is read and written once for all of them.
const ROWS: usize = 4;
/// Columns that are done before others are begun: what C takes of the first-level cache.
const COLUMNS: usize = 4096;

/// Computes `job`, in nn or tn, with one row.
///
/// # Safety
/// The operands must be as large as their sizes say, and C apart from the others.
#[inline(always)]
pub(super) unsafe fn product<L: Lanes>(l: L, job: &Job) {
    let a_step = if job.form == Form::Tn { job.lda } else { 1 };
    for first in (0..job.n).step_by(COLUMNS) {
        let n = COLUMNS.min(job.n - first);
        // SAFETY: columns first.. of C and B, and the values of A, as the caller vouches.
        unsafe {
            let c = std::slice::from_raw_parts_mut(job.c.add(first), n);
            if job.beta == Beta::Zero {
                c.fill(0.0);
            }
            let mut p = 0;
            while p + ROWS <= job.k {
                add::<L, ROWS>(l, job.a.add(p * a_step), a_step, job.b.add(p * job.ldb + first), job.ldb, c);
                p += ROWS;
            }
            while p < job.k {
                add::<L, 1>(l, job.a.add(p * a_step), a_step, job.b.add(p * job.ldb + first), job.ldb, c);
                p += 1;
            }
            let floor = l.splat(if job.relu { 0.0 } else { f32::NEG_INFINITY });
            if !job.bias.is_null() {
                let bias = std::slice::from_raw_parts(job.bias.add(first), n);
                sweep(
                    l,
                    [bias],
                    [c],
                    #[inline(always)]
                    |[bias], [c]| [l.max(l.add(c, bias), floor)],
                );
            } else if job.relu {
                sweep(
                    l,
                    [],
                    [c],
                    #[inline(always)]
                    |[], [c]| [l.max(l.add(c, l.splat(0.0)), floor)],
                );
            }
        }
    }
}

/// `c += a[0] b[0] + ... + a[R - 1] b[R - 1]`, where rows of B are `ldb` apart.
///
/// # Safety
/// `R` values must be valid for reading at `a`, and `R` rows as long as C at `b`.
#[inline(always)]
unsafe fn add<L: Lanes, const R: usize>(
    l: L,
    a: *const f32,
    a_step: usize,
    b: *const f32,
    ldb: usize,
    c: &mut [f32],
) {
    let n = c.len();
    let mut values = [l.splat(0.0); R];
    let mut rows: [&[f32]; R] = [&[]; R];
    for (i, (value, row)) in values.iter_mut().zip(&mut rows).enumerate() {
        // SAFETY: as the caller vouches.
        unsafe {
            *value = l.splat(*a.add(i * a_step));
            *row = std::slice::from_raw_parts(b.add(i * ldb), n);
        }
    }
    sweep(
        l,
        rows,
        [c],
        #[inline(always)]
        |rows, [mut sum]| {
            for (&value, row) in values.iter().zip(rows) {
                sum = l.madd(value, row, sum);
            }
            [sum]
        },
    );
}
