//! Dice's and Tversky's loss: how little two sets overlap, over rows that belong together (Keras' `axis`).
//!
//! ```text
//! I = sum of t x   T = sum of t   X = sum of x       loss = 1 - I / D,   D = I + alpha (T - I) + beta (X - I) + epsilon
//! ```
//!
//! The rows' sums are one kernel, the gradient another: between them the caller adds up what belongs together. That may be
//! whole rows, or a column of each.

use super::{EPSILON, Pairs, row_of};

/// How the parts that do not overlap count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// What was true and is not predicted.
    pub alpha: f32,
    /// What was predicted and is not true.
    pub beta: f32,
    /// Keeps the divisor from 0.
    pub epsilon: f32,
}

impl Overlap {
    /// Dice's: `1 - 2 I / (T + X + epsilon)`.
    pub const DICE: Self = Self { alpha: 0.5, beta: 0.5, epsilon: 0.5 * EPSILON };

    /// The divisor.
    fn union(self, [both, target, x]: [f64; 3]) -> f64 {
        let (alpha, beta) = (f64::from(self.alpha), f64::from(self.beta));
        both + alpha * (target - both) + beta * (x - both) + f64::from(self.epsilon)
    }
}

/// `sums[3 i..]` of each row: `I`, `T`, `X`; or those of every output by itself, `by_column`.
pub fn overlap_sums(by_column: bool, pairs: &Pairs<'_>, sums: &mut [f32]) {
    pairs.check(&pairs.x[..pairs.rows.min(pairs.x.len())], &[]);
    assert_eq!(sums.len(), 3 * pairs.rows * if by_column { pairs.cols } else { 1 });
    for i in 0..pairs.rows {
        let target = pairs.targets(i);
        let mut row = [0.0f64; 3];
        for (j, &x) in pairs.outputs(i).iter().enumerate() {
            let t = target.at(j);
            if by_column {
                sums[3 * (i * pairs.cols + j)..][..3].copy_from_slice(&[t * x, t, x]);
            } else {
                row[0] += f64::from(t) * f64::from(x);
                row[1] += f64::from(t);
                row[2] += f64::from(x);
            }
        }
        if !by_column {
            sums[3 * i..][..3].copy_from_slice(&row.map(|sum| sum as f32));
        }
    }
}

/// The loss of rows that have these sums together.
pub fn overlap_value(overlap: Overlap, sums: [f64; 3]) -> f64 {
    1.0 - sums[0] / overlap.union(sums)
}

/// `d_x[j] = - factor (t[j] D - I (t[j] (1 - alpha - beta) + beta)) / D^2` for rows that have these sums together, or for one
/// `column` of them; the pairs' weights are the caller's to put into `factor`.
pub fn overlap_gradient(
    overlap: Overlap,
    sums: [f64; 3],
    column: Option<usize>,
    pairs: &Pairs<'_>,
    d_x: &mut [f32],
) {
    assert_eq!(d_x.len(), pairs.rows * pairs.cols);
    let union = overlap.union(sums);
    let scale = -f64::from(pairs.factor) / (union * union);
    // d D / d x = t (1 - alpha - beta) + beta
    let (by_target, by_x) =
        (1.0 - f64::from(overlap.alpha) - f64::from(overlap.beta), f64::from(overlap.beta));
    let (of_target, rest) = (scale * (union - sums[0] * by_target), scale * -sums[0] * by_x);
    let columns = column.map_or(0..pairs.cols, |column| column..column + 1);
    for i in 0..pairs.rows {
        let target = pairs.targets(i);
        let d_x = &mut row_of(d_x, i, pairs.cols)[columns.clone()];
        for (j, d) in columns.clone().zip(d_x) {
            *d = (of_target * f64::from(target.at(j)) + rest) as f32;
        }
    }
}
