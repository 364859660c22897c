//! The circle loss: outputs of one class should point the same way, those of different classes should not (Sun et al.,
//! "Circle loss", 2020, as Keras has it).
//!
//! ```text
//! d = max(0, 1 - x_i . x_j)        own class:    a = - gamma (margin + d) (margin - d)
//!                                  other class:  b = gamma max(0, 1 + margin - d) (1 - margin - d)
//! loss_i = ln(1 + e^(ln sum over j of e^a + ln sum over j of e^b))
//! ```
//!
//! Every row is compared with all rows of the batch: the logarithms of the sums are one kernel, the gradient, which
//! needs those of all rows, another.

use crate::math;
use std::ops::Range;

/// The constants of the loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// How steep it is.
    pub gamma: f32,
    /// How far apart the classes shall be.
    pub margin: f32,
    /// Whether a row is not compared with itself.
    pub remove_diagonal: bool,
}

/// All rows of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Crowd<'a> {
    /// Values of a row.
    pub cols: usize,
    /// `(rows, cols)`, each row of length 1 if the loss is to mean anything.
    pub x: &'a [f32],
    /// `(rows)`, class numbers.
    pub class: &'a [f32],
    /// `(rows)`, or empty when every row weighs 1.
    pub weight: &'a [f32],
}

impl Circle {
    /// The exponent of row `i` against row `j` and its slope in `x_i . x_j`, and whether they are of one class; `None`
    /// where they are not compared.
    fn exponent(&self, crowd: &Crowd<'_>, i: usize, j: usize) -> Option<(f32, f32, bool)> {
        if i == j && self.remove_diagonal {
            return None;
        }
        let row = |i: usize| &crowd.x[i * crowd.cols..][..crowd.cols];
        let dot: f64 = row(i).iter().zip(row(j)).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
        let apart = (1.0 - dot as f32).max(0.0);
        let is_one_class = crowd.class[i] == crowd.class[j];
        let (value, slope) = if is_one_class {
            (-(self.margin + apart) * (self.margin - apart), 2.0 * apart)
        } else {
            let weight = (1.0 + self.margin - apart).max(0.0);
            let inner = 1.0 - self.margin - apart;
            (weight * inner, if weight > 0.0 { -inner - weight } else { 0.0 })
        };
        // Where the rows point the same way, d is at its limit.
        let slope = if apart > 0.0 { -self.gamma * slope } else { 0.0 };
        Some((self.gamma * value, slope, is_one_class))
    }

    /// The loss of a row with these sums.
    pub fn loss(&self, sums: [f32; 2]) -> f32 {
        let both = sums[0] + sums[1];
        both.max(0.0) + math::ln_of(1.0 + math::exp_of(-both.abs()))
    }
}

/// `sums[2 i..]` of each of the rows `own`: the logarithms of the sums over its own class and over the others, minus
/// infinity where there is none.
pub fn circle_sums(circle: Circle, crowd: &Crowd<'_>, own: Range<usize>, sums: &mut [f32]) {
    assert!(sums.len() == 2 * own.len() && own.end <= crowd.class.len());
    assert_eq!(crowd.x.len(), crowd.class.len() * crowd.cols);
    for (i, sums) in own.zip(sums.chunks_exact_mut(2)) {
        let (mut largest, mut total) = ([f32::NEG_INFINITY; 2], [0.0f64; 2]);
        for is_last in [false, true] {
            for j in 0..crowd.class.len() {
                let Some((exponent, _, is_own)) = circle.exponent(crowd, i, j) else { continue };
                let side = usize::from(!is_own);
                if is_last {
                    total[side] += f64::from(math::exp_of(exponent - largest[side]));
                } else {
                    largest[side] = largest[side].max(exponent);
                }
            }
        }
        for side in 0..2 {
            sums[side] = if total[side] > 0.0 {
                largest[side] + math::ln_of(total[side] as f32)
            } else {
                f32::NEG_INFINITY
            };
        }
    }
}

/// `d_x` of the rows `own`, as one of a pair and as the other; `sums` are those of all rows.
pub fn circle_gradient(
    circle: Circle,
    crowd: &Crowd<'_>,
    sums: &[f32],
    factor: f32,
    own: Range<usize>,
    d_x: &mut [f32],
) {
    assert!(sums.len() == 2 * crowd.class.len() && d_x.len() == own.len() * crowd.cols);
    // d loss_i / d (x_i . x_j)
    let pull = |i: usize, j: usize| {
        let Some((exponent, slope, is_own)) = circle.exponent(crowd, i, j) else { return 0.0 };
        let both = sums[2 * i] + sums[2 * i + 1];
        if both == f32::NEG_INFINITY {
            return 0.0;
        }
        let sigmoid = 1.0 / (1.0 + math::exp_of(-both));
        let weight = crowd.weight.get(i).copied().unwrap_or(1.0);
        weight * sigmoid * math::exp_of(exponent - sums[2 * i + usize::from(!is_own)]) * slope
    };
    for (i, d_x) in own.zip(d_x.chunks_exact_mut(crowd.cols)) {
        d_x.fill(0.0);
        for j in 0..crowd.class.len() {
            let force = factor * (pull(i, j) + pull(j, i));
            for (d, &x) in d_x.iter_mut().zip(&crowd.x[j * crowd.cols..]) {
                *d += force * x;
            }
        }
    }
}
