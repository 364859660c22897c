//! `lamb`: Adam's direction, in every tensor as long as its weights are (You and others, 2020).
//!
//! ```text
//! moments  m, v                                          elementwise
//! norm     |u|^2, u = c1 m / (sqrt(c2 v) + epsilon)      a sum over a part that the caller fixes
//! step     w = w - rate |w| / |u| * u                    elementwise; u is made anew, for it is cheaper than to keep
//! ```

use super::adam::{Adam, power};
use crate::lanes::{Lanes, fold, sweep};
use crate::on_lanes;

/// `c1 = 1 / (1 - beta_1^step)` and `c2 = 1 / (1 - beta_2^step)`; `step` counts from 1.
pub fn lamb_corrections(settings: &Adam, step: u64) -> (f32, f32) {
    let correction = |beta: f64| (1.0 / (1.0 - power(beta, step))) as f32;
    (correction(settings.beta_1), correction(settings.beta_2))
}

/// `m = m + (g - m)(1 - beta_1)`, `v = v + (g^2 - v)(1 - beta_2)`.
pub fn lamb_moments(settings: &Adam, g: &[f32], m: &mut [f32], v: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [g],
        [m, v],
        #[inline(always)]
        |[g], [m, v]| {
            let m = l.madd(l.sub(g, m), l.splat((1.0 - settings.beta_1) as f32), m);
            [m, l.madd(l.sub(l.mul(g, g), v), l.splat((1.0 - settings.beta_2) as f32), v)]
        },
    ));
}

/// The direction `u` from the moments.
#[inline(always)]
fn direction<L: Lanes>(l: L, (c1, c2): (f32, f32), epsilon: f32, m: L::V, v: L::V) -> L::V {
    l.div(l.mul(m, l.splat(c1)), l.add(l.sqrt(l.mul(v, l.splat(c2))), l.splat(epsilon)))
}

/// The sum of the squares of `u`; one sum in one order.
pub fn lamb_squares(corrections: (f32, f32), epsilon: f32, m: &[f32], v: &[f32]) -> f32 {
    on_lanes!(l => l.total(fold(
        l,
        [m, v],
        [0.0, 1.0],
        l.splat(0.0),
        #[inline(always)]
        |sum, [m, v]| {
            let u = direction(l, corrections, epsilon, m, v);
            l.add(sum, l.mul(u, u))
        },
    )))
}

/// `w = w - rate * u`, where `rate` has the ratio of the norms in it.
pub fn lamb(rate: f32, corrections: (f32, f32), epsilon: f32, w: &mut [f32], m: &[f32], v: &[f32]) {
    on_lanes!(l => sweep(
        l,
        [m, v],
        [w],
        #[inline(always)]
        |[m, v], [w]| [l.sub(w, l.mul(direction(l, corrections, epsilon, m, v), l.splat(rate)))],
    ));
}
