//! Optimizer updates: one pass over flat slices of parameters `w`, gradients `g` and moments, all of one length.
//! Elementwise, so any cut is allowed.
//!
//! Formulas are Keras 3's (`keras/src/optimizers/{sgd,rmsprop,adam,adamw}.py`); in Adam epsilon is added to the root that
//! is not corrected for bias ("epsilon hat" in Kingma and Ba, 2014), and the correction is folded into [`adam_rate`].

use crate::lanes::{Lanes, sweep};
use crate::on_lanes;

/// `w = w - rate * g`.
pub fn sgd(rate: f32, w: &mut [f32], g: &[f32]) {
    on_lanes!(l => sweep(
        l,
        [g],
        [w],
        #[inline(always)]
        |[g], [w]| [l.madd(g, l.splat(-rate), w)],
    ));
}

/// `v = momentum * v - rate * g`, then `w = w + v`; with `nesterov`, `w = w + momentum * v - rate * g`.
pub fn sgd_momentum(rate: f32, momentum: f32, nesterov: bool, w: &mut [f32], g: &[f32], v: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [g],
        [w, v],
        #[inline(always)]
        |[g], [w, v]| {
            let step = l.mul(g, l.splat(rate));
            let v = l.sub(l.mul(v, l.splat(momentum)), step);
            let ahead = if nesterov { l.sub(l.mul(v, l.splat(momentum)), step) } else { v };
            [l.add(w, ahead), v]
        },
    ));
}

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
pub fn rmsprop(
    rate: f32,
    settings: &RmsProp,
    w: &mut [f32],
    g: &[f32],
    velocity: &mut [f32],
    average: &mut [f32],
    momentum: &mut [f32],
) {
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
            (false, false) => sweep(l, [g], [w, velocity], #[inline(always)] |[g], [w, v]| {
                let v = velocity!(g, v);
                [l.sub(w, step!(g, v)), v]
            }),
            (false, true) => sweep(l, [g], [w, velocity, momentum], #[inline(always)] |[g], [w, v, b]| {
                let v = velocity!(g, v);
                let b = l.add(l.mul(b, l.splat(mu)), step!(g, v));
                [l.sub(w, b), v, b]
            }),
            (true, false) => sweep(l, [g], [w, velocity, average], #[inline(always)] |[g], [w, v, a]| {
                let (v, a) = (velocity!(g, v), average!(g, a));
                [l.sub(w, step!(g, l.sub(v, l.mul(a, a)))), v, a]
            }),
            (true, true) => sweep(l, [g], [w, velocity, average, momentum], #[inline(always)] |[g], [w, v, a, b]| {
                let (v, a) = (velocity!(g, v), average!(g, a));
                let b = l.add(l.mul(b, l.splat(mu)), step!(g, l.sub(v, l.mul(a, a))));
                [l.sub(w, b), v, a, b]
            }),
        }
    });
}

/// Arguments of [`adam`]. What is kept is given in f64, because `1 - beta` is taken before it is rounded, as Keras does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// How much of the mean gradient is kept.
    pub beta_1: f64,
    /// How much of the mean square is kept.
    pub beta_2: f64,
    /// Added to the root.
    pub epsilon: f32,
}

impl Default for Adam {
    fn default() -> Self {
        Self { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }
}

/// `rate * sqrt(1 - beta_2^step) / (1 - beta_1^step)`, the rate with Adam's bias correction; `step` counts from 1.
pub fn adam_rate(rate: f32, settings: &Adam, step: u64) -> f32 {
    let correction = |beta: f64| 1.0 - power(beta, step);
    (f64::from(rate) * correction(settings.beta_2).sqrt() / correction(settings.beta_1)) as f32
}

/// By squaring, so that it rounds the same way everywhere.
fn power(mut base: f64, mut exponent: u64) -> f64 {
    let mut result = 1.0;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= base;
        }
        base *= base;
        exponent >>= 1;
    }
    result
}

/// `m = m + (g - m)(1 - beta_1)`, `v = v + (g^2 - v)(1 - beta_2)`, `w = w - alpha * m / (sqrt(v) + epsilon)`, with `alpha`
/// from [`adam_rate`].
pub fn adam(alpha: f32, settings: &Adam, w: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [g],
        [w, m, v],
        #[inline(always)]
        |[g], [w, m, v]| {
            let m = l.madd(l.sub(g, m), l.splat((1.0 - settings.beta_1) as f32), m);
            let v = l.madd(l.sub(l.mul(g, g), v), l.splat((1.0 - settings.beta_2) as f32), v);
            let step = l.div(l.mul(m, l.splat(alpha)), l.add(l.sqrt(v), l.splat(settings.epsilon)));
            [l.sub(w, step), m, v]
        },
    ));
}

/// AdamW's decoupled decay, before [`adam`] and only on what should decay: `w = w - factor * w`, with
/// `factor = rate * weight_decay`.
pub fn decay(factor: f32, w: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [],
        [w],
        #[inline(always)]
        |[], [w]| [l.sub(w, l.mul(w, l.splat(factor)))],
    ));
}
