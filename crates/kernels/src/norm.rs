//! Normalization of columns: batch normalization, in the passes that a team of threads makes with barriers between, and
//! group normalization, which is the same for every row of the batch by itself.
//!
//! ```text
//! forward   column_moments (by columns) | normalize (by rows)
//! backward  column_gradients (by columns) | backward (by rows)
//! ```
//!
//! `x`, `y` and their gradients are `(rows, cols)`; everything per column is `(cols)`. Source: Ioffe and Szegedy, "Batch
//! normalization", 2015; epsilon inside the root and the biased variance as in Keras 3.

use crate::lanes::{Lanes, columns_of, sweep};
use crate::on_lanes;
use std::ops::Range;

/// Mean and biased variance of each of the given columns, in two passes (the second about the mean); `mean` and
/// `variance` are `(columns.len())`.
pub fn column_moments(
    rows: usize,
    cols: usize,
    x: &[f32],
    columns: Range<usize>,
    mean: &mut [f32],
    variance: &mut [f32],
) {
    assert!(x.len() == rows * cols && columns.end <= cols);
    assert!(mean.len() == columns.len() && variance.len() == columns.len());
    /// # Safety
    /// N columns from column `at` of the range must be within it.
    #[inline(always)]
    unsafe fn block<L: Lanes>(
        l: L,
        at: usize,
        (rows, cols): (usize, usize),
        x: *const f32,
        mean: *mut f32,
        variance: *mut f32,
    ) {
        let share = l.splat(1.0 / rows as f32);
        // SAFETY: the caller vouches for N columns of every row.
        unsafe {
            let row = |i: usize| l.load(x.add(i * cols + at));
            let mut sum = l.splat(0.0);
            for i in 0..rows {
                sum = l.add(sum, row(i));
            }
            let middle = l.mul(sum, share);
            let mut squares = l.splat(0.0);
            for i in 0..rows {
                let off = l.sub(row(i), middle);
                squares = l.add(squares, l.mul(off, off));
            }
            l.store(middle, mean.add(at));
            l.store(l.mul(squares, share), variance.add(at));
        }
    }
    let x = x.as_ptr().wrapping_add(columns.start);
    let (mean, variance) = (mean.as_mut_ptr(), variance.as_mut_ptr());
    // SAFETY: columns_of names whole blocks within the range, and the sizes were checked.
    on_lanes!(l => unsafe { columns_of!(l, columns.len(), block, (rows, cols), x, mean, variance) });
}

/// `moving = momentum * moving + (1 - momentum) * batch`, Keras' moving statistics.
pub fn moving_average(momentum: f32, batch: &[f32], moving: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [batch],
        [moving],
        #[inline(always)]
        |[batch], [moving]| {
            let old = l.mul(l.splat(momentum), moving);
            [l.add(old, l.mul(l.splat(1.0 - momentum), batch))]
        },
    ));
}

/// `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`; an absent `gamma` is 1, an absent `beta` 0.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn normalize(
    rows: usize,
    cols: usize,
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    epsilon: f32,
    gamma: Option<&[f32]>,
    beta: Option<&[f32]>,
    y: &mut [f32],
) {
    assert!(x.len() == rows * cols && y.len() == rows * cols);
    assert!(mean.len() == cols && variance.len() == cols);
    assert!(gamma.is_none_or(|g| g.len() == cols) && beta.is_none_or(|b| b.len() == cols));
    /// # Safety
    /// N columns from column `at` must be within the matrix, and the slices have a value for each.
    #[inline(always)]
    unsafe fn block<L: Lanes>(
        l: L,
        at: usize,
        (rows, cols): (usize, usize),
        x: *const f32,
        columns: &Columns,
        beta: Option<&[f32]>,
        y: *mut f32,
    ) {
        // SAFETY: the caller vouches for N columns of every row.
        unsafe {
            let mean = l.load(columns.mean.as_ptr().add(at));
            let (scale, _) = columns.scale(l, at);
            let shift = beta.map_or(l.splat(0.0), |b| l.load(b.as_ptr().add(at)));
            for i in 0..rows {
                let hat = l.sub(l.load(x.add(i * cols + at)), mean);
                l.store(l.add(l.mul(hat, scale), shift), y.add(i * cols + at));
            }
        }
    }
    let columns = Columns { mean, variance, epsilon, gamma };
    let (x, y) = (x.as_ptr(), y.as_mut_ptr());
    // SAFETY: columns_of names whole blocks within the matrix, and the sizes were checked.
    on_lanes!(l => unsafe { columns_of!(l, cols, block, (rows, cols), x, &columns, beta, y) });
}

/// `d_gamma[l] = sum over rows of d_y * hat` and `d_beta[l] = sum over rows of d_y` for the given columns, where
/// `hat = (x - mean) / sqrt(variance + epsilon)`. `mean` and `variance` are `(cols)`; the results, which [`backward`]
/// needs also where the layer has no gamma or beta, are `(columns.len())`.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn column_gradients(
    rows: usize,
    cols: usize,
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    epsilon: f32,
    d_y: &[f32],
    columns: Range<usize>,
    d_gamma: &mut [f32],
    d_beta: &mut [f32],
) {
    assert!(x.len() == rows * cols && d_y.len() == rows * cols && columns.end <= cols);
    assert!(mean.len() == cols && variance.len() == cols);
    assert!(d_gamma.len() == columns.len() && d_beta.len() == columns.len());
    /// # Safety
    /// N columns from column `at` of the range must be within it, and the slices have a value for each.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
    unsafe fn block<L: Lanes>(
        l: L,
        at: usize,
        (rows, cols): (usize, usize),
        x: *const f32,
        columns: &Columns,
        d_y: *const f32,
        d_gamma: *mut f32,
        d_beta: *mut f32,
    ) {
        // SAFETY: the caller vouches for N columns of every row.
        unsafe {
            let mean = l.load(columns.mean.as_ptr().add(at));
            let (_, inverse) = columns.scale(l, at);
            let (mut with_hat, mut alone) = (l.splat(0.0), l.splat(0.0));
            for i in 0..rows {
                let d = l.load(d_y.add(i * cols + at));
                let off = l.sub(l.load(x.add(i * cols + at)), mean);
                with_hat = l.add(with_hat, l.mul(d, l.mul(off, inverse)));
                alone = l.add(alone, d);
            }
            l.store(with_hat, d_gamma.add(at));
            l.store(alone, d_beta.add(at));
        }
    }
    let part =
        Columns { mean: &mean[columns.clone()], variance: &variance[columns.clone()], epsilon, gamma: None };
    let x = x.as_ptr().wrapping_add(columns.start);
    let d_y = d_y.as_ptr().wrapping_add(columns.start);
    let (d_gamma, d_beta) = (d_gamma.as_mut_ptr(), d_beta.as_mut_ptr());
    // SAFETY: columns_of names whole blocks within the range, and the sizes were checked.
    on_lanes!(l => unsafe {
        columns_of!(l, columns.len(), block, (rows, cols), x, &part, d_y, d_gamma, d_beta)
    });
}

/// `d_x = gamma / sqrt(variance + epsilon) * (d_y - d_beta / n - hat * d_gamma / n)`, where `n` is the number of values
/// that each moment was taken over, of which these may be some. With `are_grouped`, the two sums are those of
/// [`group_sums`], which have gamma in them already.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn backward(
    rows: usize,
    cols: usize,
    n: usize,
    x: &[f32],
    mean: &[f32],
    variance: &[f32],
    epsilon: f32,
    gamma: Option<&[f32]>,
    d_gamma: &[f32],
    d_beta: &[f32],
    are_grouped: bool,
    d_y: &[f32],
    d_x: &mut [f32],
) {
    assert!([x.len(), d_y.len(), d_x.len()] == [rows * cols; 3]);
    assert!([mean.len(), variance.len(), d_gamma.len(), d_beta.len()] == [cols; 4]);
    assert!(gamma.is_none_or(|g| g.len() == cols));
    /// # Safety
    /// N columns from column `at` must be within the matrix, and the slices have a value for each.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
    unsafe fn block<L: Lanes>(
        l: L,
        at: usize,
        (rows, cols): (usize, usize),
        share: f32,
        x: *const f32,
        columns: &Columns,
        (d_gamma, d_beta, are_grouped): (&[f32], &[f32], bool),
        d_y: *const f32,
        d_x: *mut f32,
    ) {
        // SAFETY: the caller vouches for N columns of every row.
        unsafe {
            let mean = l.load(columns.mean.as_ptr().add(at));
            let (scale, inverse) = columns.scale(l, at);
            let share = l.mul(l.splat(share), if are_grouped { inverse } else { scale });
            let tilt = l.mul(l.mul(l.load(d_gamma.as_ptr().add(at)), share), inverse);
            let level = l.mul(l.load(d_beta.as_ptr().add(at)), share);
            for i in 0..rows {
                let off = l.sub(l.load(x.add(i * cols + at)), mean);
                let d = l.mul(scale, l.load(d_y.add(i * cols + at)));
                l.store(l.sub(l.sub(d, level), l.mul(off, tilt)), d_x.add(i * cols + at));
            }
        }
    }
    let columns = Columns { mean, variance, epsilon, gamma };
    let share = 1.0 / n as f32;
    let (x, d_y, d_x) = (x.as_ptr(), d_y.as_ptr(), d_x.as_mut_ptr());
    let sums = (d_gamma, d_beta, are_grouped);
    // SAFETY: columns_of names whole blocks within the matrix, and the sizes were checked.
    on_lanes!(l => unsafe { columns_of!(l, cols, block, (rows, cols), share, x, &columns, sums, d_y, d_x) });
}

/// [`column_moments`] over those rows alone whose `mask` is not 0; of none, both are 0.
pub fn masked_moments(
    cols: usize,
    x: &[f32],
    mask: &[f32],
    columns: Range<usize>,
    mean: &mut [f32],
    variance: &mut [f32],
) {
    assert!(x.len() == mask.len() * cols && columns.end <= cols);
    assert!(mean.len() == columns.len() && variance.len() == columns.len());
    let rows = || x.chunks_exact(cols).zip(mask).filter(|(_, counts)| **counts != 0.0);
    let share = 1.0 / rows().count().max(1) as f32;
    mean.fill(0.0);
    for (row, _) in rows() {
        mean.iter_mut().zip(&row[columns.clone()]).for_each(|(mean, x)| *mean += x);
    }
    mean.iter_mut().for_each(|mean| *mean *= share);
    variance.fill(0.0);
    for (row, _) in rows() {
        for ((variance, x), mean) in variance.iter_mut().zip(&row[columns.clone()]).zip(&*mean) {
            *variance += (x - mean) * (x - mean);
        }
    }
    variance.iter_mut().for_each(|variance| *variance *= share);
}

/// Makes of the moments of every column those of every group of columns side by side, each in the places of its columns:
/// group normalization is then [`normalize`] for one row of the batch (Wu and He, "Group normalization", 2018).
pub fn group_moments(groups: usize, mean: &mut [f32], variance: &mut [f32]) {
    assert!(mean.len() == variance.len() && mean.len().is_multiple_of(groups));
    let cols = mean.len() / groups;
    for (mean, variance) in mean.chunks_exact_mut(cols).zip(variance.chunks_exact_mut(cols)) {
        let share = 1.0 / cols as f32;
        let middle = share * mean.iter().sum::<f32>();
        let between: f32 = mean.iter().map(|m| (m - middle) * (m - middle)).sum();
        let within: f32 = variance.iter().sum();
        mean.fill(middle);
        variance.fill(share * (within + between));
    }
}

/// `out = sum of gamma * sums` over each group of columns side by side, in the places of its columns; an absent `gamma` is 1.
/// Of the results of [`column_gradients`] it makes what [`backward`] takes for groups.
pub fn group_sums(groups: usize, gamma: Option<&[f32]>, sums: &[f32], out: &mut [f32]) {
    assert!(sums.len() == out.len() && sums.len().is_multiple_of(groups));
    assert!(gamma.is_none_or(|gamma| gamma.len() == sums.len()));
    let cols = sums.len() / groups;
    for (g, out) in out.chunks_exact_mut(cols).enumerate() {
        let total = (g * cols..(g + 1) * cols).map(|c| gamma.map_or(1.0, |gamma| gamma[c]) * sums[c]).sum();
        out.fill(total);
    }
}

/// What every pass knows of the columns.
struct Columns<'a> {
    mean: &'a [f32],
    variance: &'a [f32],
    epsilon: f32,
    gamma: Option<&'a [f32]>,
}

impl Columns<'_> {
    /// `gamma / sqrt(variance + epsilon)` and `1 / sqrt(variance + epsilon)` of N columns from `at`.
    ///
    /// # Safety
    /// The slices must have N values from `at`.
    #[inline(always)]
    unsafe fn scale<L: Lanes>(&self, l: L, at: usize) -> (L::V, L::V) {
        // SAFETY: the caller vouches for the values.
        unsafe {
            let deviation = l.sqrt(l.add(l.load(self.variance.as_ptr().add(at)), l.splat(self.epsilon)));
            let inverse = l.div(l.splat(1.0), deviation);
            let scale = match self.gamma {
                Some(gamma) => l.mul(l.load(gamma.as_ptr().add(at)), inverse),
                None => inverse,
            };
            (scale, inverse)
        }
    }
}
