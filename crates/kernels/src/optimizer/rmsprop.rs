//! `rmsprop`: each gradient divided by a moving root mean square of its past.

use super::pass::{Before, pass};
use crate::lanes::Lanes;
use crate::on_lanes;

/// Arguments of [`rmsprop`]. What is kept is given in f64, because `1 - rho` is taken before it is rounded, as Keras does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// How much of the mean square is kept; Keras' default is 0.9.
    pub rho: f64,
    /// 0 for none.
    pub momentum: f32,
    /// Added under the root; Keras' default is 1e-7.
    pub epsilon: f32,
    /// Whether the mean gradient is taken off the mean square.
    pub centered: bool,
}

impl Default for RmsProp {
    fn default() -> Self {
        Self { rho: 0.9, momentum: 0.0, epsilon: 1e-7, centered: false }
    }
}

/// `v = rho * v + (1 - rho) * g^2`; centered, also `a = rho * a + (1 - rho) * g`. The step is
/// `s = rate * g / sqrt(v - a^2 + epsilon)`; with momentum, `b = momentum * b + s` and `w = w - b`, else `w = w - s`.
///
/// `average` may be empty when not centered, and `momentum` when there is none.
#[expect(clippy::too_many_arguments, reason = "the formula's")]
pub fn rmsprop(
    rate: f32,
    settings: &RmsProp,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    velocity: &mut [f32],
    average: &mut [f32],
    momentum: &mut [f32],
) -> bool {
    let &RmsProp { rho, momentum: mu, epsilon, centered } = settings;
    on_lanes!(l => {
        let keep = l.splat(rho as f32);
        let take = l.splat((1.0 - rho) as f32);
        // The pieces of the formula, which the four cases below put together.
        macro_rules! velocity {
            ($g:ident, $v:ident) => { l.add(l.mul(keep, $v), l.mul(take, l.mul($g, $g))) };
        }
        macro_rules! average {
            ($g:ident, $a:ident) => { l.add(l.mul(keep, $a), l.mul(take, $g)) };
        }
        macro_rules! step {
            ($g:ident, $mean_square:expr) => {
                l.div(l.mul($g, l.splat(rate)), l.sqrt(l.add($mean_square, l.splat(epsilon))))
            };
        }
        match (centered, mu > 0.0) {
            (false, false) => pass(l, before, w, g, [velocity], #[inline(always)] |g, w, [v]| {
                let v = velocity!(g, v);
                (l.sub(w, step!(g, v)), [v])
            }),
            (false, true) => pass(l, before, w, g, [velocity, momentum], #[inline(always)] |g, w, [v, b]| {
                let v = velocity!(g, v);
                let b = l.add(l.mul(b, l.splat(mu)), step!(g, v));
                (l.sub(w, b), [v, b])
            }),
            (true, false) => pass(l, before, w, g, [velocity, average], #[inline(always)] |g, w, [v, a]| {
                let (v, a) = (velocity!(g, v), average!(g, a));
                (l.sub(w, step!(g, l.sub(v, l.mul(a, a)))), [v, a])
            }),
            (true, true) => pass(l, before, w, g, [velocity, average, momentum], #[inline(always)] |g, w, [v, a, b]| {
                let (v, a) = (velocity!(g, v), average!(g, a));
                let b = l.add(l.mul(b, l.splat(mu)), step!(g, l.sub(v, l.mul(a, a))));
                (l.sub(w, b), [v, a, b])
            }),
        }
    })
}
