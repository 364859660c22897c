//! Normalization of rows: layer normalization (Ba, Kiros and Hinton, 2016) and, without centring, root mean square
//! normalization (Zhang and Sennrich, 2019); epsilon inside the root as in Keras 3.
//!
//! ```text
//! hat = (x - mean) * inverse     inverse = 1 / sqrt(mean of (x - mean)^2 + epsilon), mean = 0 where not centred
//! y   = gamma * hat + beta
//! d_x = inverse * (g - mean of g - hat * mean of (g * hat)) with g = gamma * d_y; without `mean of g` where not centred
//! ```
//!
//! `x`, `y` and their gradients are `(rows, cols)`, `mean` and `inverse` `(rows)`, `gamma` and `beta` `(cols)`. Rows are
//! independent; the sums of [`column_gradients`] may be cut by columns, the gradient of beta is
//! [`crate::reduce::column_sums`].

use crate::lanes::{Lanes, columns_of, fold, sweep};
use crate::on_lanes;
use std::ops::Range;

/// Mean and inverse deviation of each row, in two passes; where `is_centred` is false, the mean is 0.
pub fn moments(
    rows: usize,
    cols: usize,
    is_centred: bool,
    x: &[f32],
    epsilon: f32,
    mean: &mut [f32],
    inverse: &mut [f32],
) {
    assert!(x.len() == rows * cols && mean.len() == rows && inverse.len() == rows);
    on_lanes!(l => for i in 0..rows {
        let row = &x[i * cols..][..cols];
        let zero = l.splat(0.0);
        mean[i] = if is_centred {
            l.total(fold(l, [row], [0.0], zero, #[inline(always)] |sum, [x]| l.add(sum, x))) / cols as f32
        } else {
            0.0
        };
        let middle = l.splat(mean[i]);
        let squares = fold(l, [row], [mean[i]], zero, #[inline(always)] |sum, [x]| {
            let off = l.sub(x, middle);
            l.madd(off, off, sum)
        });
        inverse[i] = 1.0 / (l.total(squares) / cols as f32 + epsilon).sqrt();
    });
}

/// `y = gamma * (x - mean) * inverse + beta`; an absent `gamma` is 1, an absent `beta` 0.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn normalize(
    rows: usize,
    cols: usize,
    x: &[f32],
    mean: &[f32],
    inverse: &[f32],
    gamma: Option<&[f32]>,
    beta: Option<&[f32]>,
    y: &mut [f32],
) {
    assert!(x.len() == rows * cols && y.len() == rows * cols);
    on_lanes!(l => for i in 0..rows {
        let y = &mut y[i * cols..][..cols];
        let (mean, inverse) = (l.splat(mean[i]), l.splat(inverse[i]));
        let x = &x[i * cols..][..cols];
        sweep(l, [x], [&mut *y], #[inline(always)] |[x], _| [l.mul(l.sub(x, mean), inverse)]);
        if let Some(gamma) = gamma {
            sweep(l, [gamma], [&mut *y], #[inline(always)] |[gamma], [y]| [l.mul(gamma, y)]);
        }
        if let Some(beta) = beta {
            sweep(l, [beta], [y], #[inline(always)] |[beta], [y]| [l.add(beta, y)]);
        }
    });
}

/// The gradient with respect to `x`.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn backward(
    rows: usize,
    cols: usize,
    is_centred: bool,
    x: &[f32],
    mean: &[f32],
    inverse: &[f32],
    gamma: Option<&[f32]>,
    d_y: &[f32],
    d_x: &mut [f32],
) {
    assert!([x.len(), d_y.len(), d_x.len()] == [rows * cols; 3]);
    d_x.copy_from_slice(d_y);
    on_lanes!(l => for i in 0..rows {
        let at = i * cols..(i + 1) * cols;
        let (x, d_x) = (&x[at.clone()], &mut d_x[at]);
        let zero = l.splat(0.0);
        if let Some(gamma) = gamma {
            sweep(l, [gamma], [&mut *d_x], #[inline(always)] |[gamma], [d]| [l.mul(gamma, d)]);
        }
        let (middle, scale) = (l.splat(mean[i]), l.splat(inverse[i]));
        let share = 1.0 / cols as f32;
        let level = if is_centred {
            share * l.total(fold(l, [&*d_x], [0.0], zero, #[inline(always)] |sum, [d]| l.add(sum, d)))
        } else {
            0.0
        };
        let dot = fold(l, [x, &*d_x], [0.0; 2], zero, #[inline(always)] |sum, [x, d]| {
            l.madd(l.mul(l.sub(x, middle), scale), d, sum)
        });
        let (level, tilt) = (l.splat(level), l.splat(share * l.total(dot) * inverse[i]));
        sweep(l, [x], [d_x], #[inline(always)] |[x], [d]| {
            [l.mul(scale, l.sub(l.sub(d, level), l.mul(l.sub(x, middle), tilt)))]
        });
    });
}

/// `d_gamma[l] = sum over rows of d_y * (x - mean) * inverse` for the given columns.
#[expect(clippy::too_many_arguments, reason = "a formula of this many terms")]
pub fn column_gradients(
    rows: usize,
    cols: usize,
    x: &[f32],
    mean: &[f32],
    inverse: &[f32],
    d_y: &[f32],
    columns: Range<usize>,
    d_gamma: &mut [f32],
) {
    assert!(x.len() == rows * cols && d_y.len() == rows * cols && columns.end <= cols);
    assert!(mean.len() == rows && inverse.len() == rows && d_gamma.len() == columns.len());
    /// # Safety
    /// N columns from column `at` of the range must be within it.
    #[inline(always)]
    unsafe fn block<L: Lanes>(
        l: L,
        at: usize,
        cols: usize,
        (mean, inverse): (&[f32], &[f32]),
        (x, d_y): (*const f32, *const f32),
        d_gamma: *mut f32,
    ) {
        let mut sum = l.splat(0.0);
        // SAFETY: the caller vouches for N columns of every row.
        unsafe {
            for (i, (&mean, &inverse)) in mean.iter().zip(inverse).enumerate() {
                let off = l.sub(l.load(x.add(i * cols + at)), l.splat(mean));
                let hat = l.mul(off, l.splat(inverse));
                sum = l.add(sum, l.mul(l.load(d_y.add(i * cols + at)), hat));
            }
            l.store(sum, d_gamma.add(at));
        }
    }
    let from = (x.as_ptr().wrapping_add(columns.start), d_y.as_ptr().wrapping_add(columns.start));
    let to = d_gamma.as_mut_ptr();
    // SAFETY: columns_of names whole blocks within the range, and the sizes were checked.
    on_lanes!(l => unsafe { columns_of!(l, columns.len(), block, cols, (mean, inverse), from, to) });
}
