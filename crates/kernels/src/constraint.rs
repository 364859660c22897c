//! Constraints: what weights are brought back to after an update. Formulas are Keras 3's
//! (`keras/src/constraints/constraints.py`).

use crate::lanes::{Lanes, sweep};
use crate::on_lanes;

/// Keras' `backend.epsilon()`.
const EPSILON: f64 = 1e-7;

/// Columns whose sums are made side by side.
const BLOCK: usize = 8;

/// The norm that is wanted in place of `n`: `rate * min(max(n, low), high) + (1 - rate) * n`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormBounds {
    /// The smallest norm.
    pub low: f32,
    /// The largest norm.
    pub high: f32,
    /// 1: at once; below, a share of the way.
    pub rate: f32,
}

impl NormBounds {
    /// What a vector whose squares add up to `squares` is multiplied with.
    fn factor(&self, squares: f64) -> f64 {
        let [low, high, rate] = [self.low, self.high, self.rate].map(f64::from);
        let norm = squares.sqrt();
        (rate * norm.max(low).min(high) + (1.0 - rate) * norm) / (EPSILON + norm)
    }
}

/// Every vector along the middle axis of `w`, `(outer, axis, inner)`, gets a norm within bounds:
/// `w = w * wanted(n) / (1e-7 + n)`. Vectors are independent of each other; `outer` may be cut.
pub fn bound_norms(bounds: &NormBounds, axis: usize, inner: usize, w: &mut [f32]) {
    for matrix in w.chunks_exact_mut((axis * inner).max(1)) {
        for first in (0..inner).step_by(BLOCK) {
            let block = first..inner.min(first + BLOCK);
            let mut factors = [0.0f64; BLOCK];
            for row in matrix.chunks_exact(inner) {
                for (sum, &w) in factors.iter_mut().zip(&row[block.clone()]) {
                    *sum += f64::from(w) * f64::from(w);
                }
            }
            factors.iter_mut().for_each(|factor| *factor = bounds.factor(*factor));
            for row in matrix.chunks_exact_mut(inner) {
                for (&factor, w) in factors.iter().zip(&mut row[block.clone()]) {
                    *w *= factor as f32;
                }
            }
        }
    }
}

/// The same for vectors whose values lie apart: one begins at each of `starts`, and its values stand `steps` behind.
pub fn bound_norms_apart(bounds: &NormBounds, starts: &[u32], steps: &[u32], w: &mut [f32]) {
    for &start in starts {
        let at = |step: &u32| (start + step) as usize;
        let squares = steps.iter().map(|step| f64::from(w[at(step)]) * f64::from(w[at(step)])).sum();
        let factor = bounds.factor(squares) as f32;
        steps.iter().for_each(|step| w[at(step)] *= factor);
    }
}

/// `w = max(w, 0)`.
pub fn non_negative(w: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [],
        [w],
        #[inline(always)]
        |[], [w]| [l.max(w, l.splat(0.0))],
    ));
}
