//! Losses that add up a term for every output: squares, distances, hinges, binary cross-entropies and their kin.
//!
//! Terms and slopes are made together, a block of values at a time, by one loop that all kinds share; the sums over the
//! columns of a row are made in f64, in ascending order.

use super::{EPSILON, Pairs};
use crate::lanes::{Lanes, MAX_LANES, constant, lanes_of};
use crate::math;
use crate::on_lanes;

/// What is added up for an output `x` and its target `t`; `e = x - t`. The mean over the columns, unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Term {
    /// `e^2`
    Squared,
    /// `|e|`
    Absolute,
    /// `100 |e| / max(|t|, epsilon)`
    Percentage,
    /// `(ln(1 + max(x, epsilon)) - ln(1 + max(t, epsilon)))^2`
    SquaredLogarithmic,
    /// `e^2 / 2` where `|e| <= delta`, else `delta |e| - delta^2 / 2`.
    Huber {
        /// Where it goes from squared to straight.
        delta: f32,
    },
    /// `ln(cosh(e))`
    LogCosh,
    /// `x - t ln(x + epsilon)`
    Poisson,
    /// `t ln(t / x)`, both kept within epsilon and 1; the sum over the columns.
    Divergence,
    /// `max(0, 1 - t x)`; targets of 0 mean -1. (Keras has it so in batches of nothing but 0 and 1; here a row's loss does
    /// not hang on the other rows of its batch.)
    Hinge,
    /// The square of [`Term::Hinge`].
    SquaredHinge,
    /// `ln(1 + e^x) - t x`: the cross-entropy of yes or no on logits.
    BinaryLogits,
    /// `w u^gamma (-t ln x - (1 - t) ln(1 - x))` with `u = t (1 - x) + (1 - t) x` and `w = t yes + (1 - t) no`: the
    /// focal cross-entropy on probabilities, and with `gamma = 0` and `yes = no = 1` the plain one.
    BinaryProbability {
        /// How much less what is nearly right counts.
        gamma: f32,
        /// The weight of what is true.
        yes: f32,
        /// The weight of what is not.
        no: f32,
    },
}

/// Values that are taken at once. Their room is cleared once for every call, so it is small.
const BLOCK: usize = 2 * MAX_LANES;

/// Room for one block.
struct Block {
    x: [f32; BLOCK],
    t: [f32; BLOCK],
    term: [f32; BLOCK],
    slope: [f32; BLOCK],
}

/// The losses of [`Term`].
pub fn mean_of_terms(kind: Term, pairs: &Pairs<'_>, row_loss: &mut [f32], d_x: &mut [f32]) {
    pairs.check(row_loss, d_x);
    if pairs.cols == 0 {
        return row_loss.fill(0.0);
    }
    let per_column = if kind == Term::Divergence { 1.0 } else { 1.0 / pairs.cols as f32 };
    let mut block = Block { x: [0.0; BLOCK], t: [0.0; BLOCK], term: [0.0; BLOCK], slope: [0.0; BLOCK] };
    let (mut row, mut column, mut sum) = (0, 0, 0.0);
    for first in (0..pairs.x.len()).step_by(BLOCK) {
        let len = BLOCK.min(pairs.x.len() - first);
        block.x[..len].copy_from_slice(&pairs.x[first..first + len]);
        let (mut r, mut c) = (row, column);
        for t in &mut block.t[..len] {
            *t = pairs.targets(r).at(c);
            c += 1;
            if c == pairs.cols {
                (r, c) = (r + 1, 0);
            }
        }
        block.evaluate(kind, len);
        for at in 0..len {
            // Compared, not multiplied: a row of weight 0 may hold anything.
            let weight = pairs.weight(row);
            let (term, slope) = if weight == 0.0 { (0.0, 0.0) } else { (block.term[at], block.slope[at]) };
            sum += f64::from(term);
            if let Some(d_x) = d_x.get_mut(first + at) {
                *d_x = slope * (pairs.factor * weight * per_column);
            }
            column += 1;
            if column == pairs.cols {
                row_loss[row] = weight * (sum as f32 * per_column);
                (row, column, sum) = (row + 1, 0, 0.0);
            }
        }
    }
}

impl Block {
    /// Terms and slopes of the first `len` values, and of what stands behind them up to a whole vector.
    fn evaluate(&mut self, kind: Term, len: usize) {
        let len = len.min(BLOCK);
        on_lanes!(l => {
            for at in (0..len).step_by(lanes_of(l)) {
                // SAFETY: at < len <= BLOCK, at and BLOCK are multiples of the vector's length, all arrays have BLOCK values.
                unsafe {
                    let (x, t) = (l.load(self.x.as_ptr().add(at)), l.load(self.t.as_ptr().add(at)));
                    let (term, slope) = term_and_slope(l, kind, x, t);
                    l.store(term, self.term.as_mut_ptr().add(at));
                    l.store(slope, self.slope.as_mut_ptr().add(at));
                }
            }
        });
    }
}

/// The natural logarithm as a call: four kinds use it, and each would hold its code.
#[inline(always)]
fn ln<L: Lanes>(l: L, x: L::V) -> L::V {
    l.outlined(
        #[inline(always)]
        || math::ln(l, x),
    )
}

/// The same for `ln(1 + e^x)`.
#[inline(always)]
fn softplus<L: Lanes>(l: L, x: L::V) -> L::V {
    l.outlined(
        #[inline(always)]
        || math::softplus(l, x),
    )
}

/// -1, 0 or 1.
#[inline(always)]
fn sign<L: Lanes>(l: L, e: L::V) -> L::V {
    let zero = l.splat(0.0);
    l.select(l.lt(zero, e), constant!(l, 1.0), l.select(l.lt(e, zero), constant!(l, -1.0), zero))
}

/// The term of `x` and `t`, and its derivative with respect to `x`.
#[inline(always)]
fn term_and_slope<L: Lanes>(l: L, kind: Term, x: L::V, t: L::V) -> (L::V, L::V) {
    let (zero, one, two, epsilon) =
        (l.splat(0.0), constant!(l, 1.0), constant!(l, 2.0), constant!(l, EPSILON));
    let e = l.sub(x, t);
    // Where `clipped` is still `v`, the slope goes through; elsewhere it is 0.
    macro_rules! where_kept {
        ($clipped:expr, $v:expr, $slope:expr) => {
            l.select(l.eq($clipped, $v), $slope, zero)
        };
    }
    match kind {
        Term::Squared => (l.mul(e, e), l.add(e, e)),
        Term::Absolute => (l.abs(e), sign(l, e)),
        Term::Percentage => {
            let scale = l.div(constant!(l, 100.0), l.max(l.abs(t), epsilon));
            (l.mul(l.abs(e), scale), l.mul(sign(l, e), scale))
        }
        Term::SquaredLogarithmic => {
            let (kept, t) = (l.max(x, epsilon), l.max(t, epsilon));
            let above = l.add(kept, one);
            let d = l.sub(ln(l, above), ln(l, l.add(t, one)));
            (l.mul(d, d), where_kept!(kept, x, l.div(l.add(d, d), above)))
        }
        Term::Huber { delta } => {
            // With c = min(|e|, delta): c |e| - c^2 / 2 is both branches.
            let (size, delta) = (l.abs(e), l.splat(delta));
            let c = l.min(size, delta);
            let value = l.mul(c, l.sub(size, l.mul(constant!(l, 0.5), c)));
            (value, l.max(l.min(e, delta), l.sub(zero, delta)))
        }
        Term::LogCosh => {
            let size = l.abs(e);
            let value = l.sub(
                l.add(size, softplus(l, l.mul(size, constant!(l, -2.0)))),
                constant!(l, std::f32::consts::LN_2),
            );
            (value, math::tanh(l, e))
        }
        Term::Poisson => {
            let above = l.add(x, epsilon);
            (l.sub(x, l.mul(t, ln(l, above))), l.sub(one, l.div(t, above)))
        }
        Term::Divergence => {
            let (kept, t) = (l.min(l.max(x, epsilon), one), l.min(l.max(t, epsilon), one));
            (l.mul(t, ln(l, l.div(t, kept))), where_kept!(kept, x, l.sub(zero, l.div(t, kept))))
        }
        Term::Hinge | Term::SquaredHinge => {
            let side = l.select(l.eq(t, zero), constant!(l, -1.0), t);
            let miss = l.sub(one, l.mul(side, x));
            let is_missed = l.lt(zero, miss);
            let miss = l.select(is_missed, miss, zero);
            if kind == Term::Hinge {
                (miss, l.select(is_missed, l.sub(zero, side), zero))
            } else {
                (l.mul(miss, miss), l.mul(l.mul(miss, constant!(l, -2.0)), side))
            }
        }
        Term::BinaryLogits => (l.sub(softplus(l, x), l.mul(t, x)), l.sub(math::sigmoid(l, x), t)),
        Term::BinaryProbability { gamma, yes, no } => {
            let p = l.min(l.max(x, epsilon), constant!(l, 1.0 - EPSILON));
            let (q, f) = (l.sub(one, p), l.sub(one, t));
            let entropy = l.sub(zero, l.add(l.mul(t, ln(l, p)), l.mul(f, ln(l, q))));
            let slope = where_kept!(p, x, l.sub(l.div(f, q), l.div(t, p)));
            let weight = l.add(l.mul(t, l.splat(yes)), l.mul(f, l.splat(no)));
            // 0^0 is 1, and 0^(gamma - 1) finite.
            let u = l.add(l.mul(t, l.sub(one, x)), l.mul(f, x));
            let u = l.max(u, constant!(l, 1e-30));
            let gamma = l.splat(gamma);
            let power = math::exp(l, l.mul(gamma, ln(l, u)));
            let d_power = l.mul(l.mul(gamma, l.div(power, u)), l.sub(one, l.mul(two, t)));
            let d = l.add(l.mul(d_power, entropy), l.mul(power, slope));
            (l.mul(weight, l.mul(power, entropy)), l.mul(weight, d))
        }
    }
}
