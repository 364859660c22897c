//! `adafactor`: the mean squares of a matrix kept as one value per row and one per column (Shazeer and Stern, 2018).
//!
//! ```text
//! r[i] = beta r[i] + (1 - beta) mean over j (g[i,j]^2 + epsilon)      own rows
//! c[j] = beta c[j] + (1 - beta) mean over i (g[i,j]^2 + epsilon)      own columns
//! u[i,j] = g[i,j] / sqrt(r[i] / mean(r) * c[j])
//! w = w - alpha u / max(1, rms(u) / clip_threshold)
//! ```
//!
//! `alpha`, the mean of `r` and `rms(u)` are the caller's, who knows the whole tensor. Vectors keep a value for every
//! weight in place of `c`, and no `r`.

use crate::lanes::{Lanes, fold, sweep};
use crate::on_lanes;
use std::ops::Range;

/// `r` for each of `r.len()` rows of `g`.
pub fn adafactor_rows(beta: f32, epsilon: f32, g: &[f32], r: &mut [f32]) {
    let cols = g.len() / r.len().max(1);
    assert!(g.len() == r.len() * cols);
    for (r, g) in r.iter_mut().zip(g.chunks_exact(cols.max(1))) {
        let squares = on_lanes!(l => l.total(fold(
            l,
            [g],
            [0.0],
            l.splat(0.0),
            #[inline(always)]
            |sum, [g]| l.add(sum, l.mul(g, g)),
        )));
        *r = beta * *r + (1.0 - beta) * (squares / cols as f32 + epsilon);
    }
}

/// `c` for columns `columns` of `g`, which is `(rows, cols)`; `c` has a value for each of `columns`.
pub fn adafactor_columns(
    beta: f32,
    epsilon: f32,
    cols: usize,
    g: &[f32],
    columns: Range<usize>,
    c: &mut [f32],
) {
    assert!(columns.end <= cols && c.len() == columns.len() && g.len().is_multiple_of(cols));
    let share = (1.0 - beta) / (g.len() / cols) as f32;
    c.iter_mut().for_each(|c| *c *= beta);
    for row in g.chunks_exact(cols) {
        for (c, &g) in c.iter_mut().zip(&row[columns.clone()]) {
            *c += share * (g * g + epsilon);
        }
    }
}

/// Of a vector: `c = beta * c + (1 - beta) * (g^2 + epsilon)`.
pub fn adafactor_vector(beta: f32, epsilon: f32, g: &[f32], c: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [g],
        [c],
        #[inline(always)]
        |[g], [c]| {
            let square = l.add(l.mul(g, g), l.splat(epsilon));
            [l.add(l.mul(c, l.splat(beta)), l.mul(square, l.splat(1.0 - beta)))]
        },
    ));
}

/// The sum of `g^2 / c` of one row, which is that of `u^2` times `r / mean(r)`; one sum in one order.
pub fn adafactor_squares(g: &[f32], c: &[f32]) -> f32 {
    on_lanes!(l => l.total(fold(
        l,
        [g, c],
        [0.0, 1.0],
        l.splat(0.0),
        #[inline(always)]
        |sum, [g, c]| l.add(sum, l.div(l.mul(g, g), c)),
    )))
}

/// `w = w - decay * w - rate * g / sqrt(c)` for one row, where `rate` has all of the row's factors in it; `g` becomes what `w` was.
pub fn adafactor(rate: f32, decay: f32, w: &mut [f32], g: &mut [f32], c: &[f32]) {
    on_lanes!(l => sweep(
        l,
        [c],
        [w, g],
        #[inline(always)]
        |[c], [w, g]| {
            let rest = l.sub(w, l.mul(w, l.splat(decay)));
            [l.sub(rest, l.div(l.mul(g, l.splat(rate)), l.sqrt(c))), w]
        },
    ));
}
