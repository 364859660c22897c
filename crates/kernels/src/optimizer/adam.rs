//! `adam` and its relatives: a moving mean of the gradients over a moving measure of their size.
//!
//! In Adam epsilon is added to the root that is not corrected for bias ("epsilon hat" in Kingma and Ba, 2014), and the
//! correction is folded into [`adam_rate`].

use super::pass::{Before, pass};
use crate::lanes::Lanes;
use crate::on_lanes;

/// Arguments of [`adam`], [`adamax`], [`nadam`] and [`super::lamb()`].
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

/// `base^exponent` by squaring, so that it rounds the same way everywhere.
pub(super) fn power(mut base: f64, mut exponent: u64) -> f64 {
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
pub fn adam(
    alpha: f32,
    settings: &Adam,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    m: &mut [f32],
    v: &mut [f32],
) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [m, v],
        #[inline(always)]
        |g, w, [m, v]| {
            let m = l.madd(l.sub(g, m), l.splat((1.0 - settings.beta_1) as f32), m);
            let v = l.madd(l.sub(l.mul(g, g), v), l.splat((1.0 - settings.beta_2) as f32), v);
            let step = l.div(l.mul(m, l.splat(alpha)), l.add(l.sqrt(v), l.splat(settings.epsilon)));
            (l.sub(w, step), [m, v])
        },
    ))
}

/// [`adam`] with the largest `v` so far in place of `v` (AMSGrad: Reddi, Kale and Kumar, 2018).
#[expect(clippy::too_many_arguments, reason = "the formula's")]
pub fn adam_amsgrad(
    alpha: f32,
    settings: &Adam,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    m: &mut [f32],
    v: &mut [f32],
    v_hat: &mut [f32],
) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [m, v, v_hat],
        #[inline(always)]
        |g, w, [m, v, v_hat]| {
            let m = l.madd(l.sub(g, m), l.splat((1.0 - settings.beta_1) as f32), m);
            let v = l.madd(l.sub(l.mul(g, g), v), l.splat((1.0 - settings.beta_2) as f32), v);
            let v_hat = l.max(v_hat, v);
            let step = l.div(l.mul(m, l.splat(alpha)), l.add(l.sqrt(v_hat), l.splat(settings.epsilon)));
            (l.sub(w, step), [m, v, v_hat])
        },
    ))
}

/// `rate / (1 - beta_1^step)`, the rate of [`adamax`]; `step` counts from 1.
pub fn adamax_rate(rate: f32, settings: &Adam, step: u64) -> f32 {
    (f64::from(rate) / (1.0 - power(settings.beta_1, step))) as f32
}

/// `m = m + (g - m)(1 - beta_1)`, `u = max(beta_2 * u, |g|)`, `w = w - alpha * m / (u + epsilon)`, with `alpha` from
/// [`adamax_rate`].
pub fn adamax(
    alpha: f32,
    settings: &Adam,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    m: &mut [f32],
    u: &mut [f32],
) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [m, u],
        #[inline(always)]
        |g, w, [m, u]| {
            let m = l.madd(l.sub(g, m), l.splat((1.0 - settings.beta_1) as f32), m);
            let u = l.max(l.mul(u, l.splat(settings.beta_2 as f32)), l.abs(g));
            let step = l.div(l.mul(m, l.splat(alpha)), l.add(u, l.splat(settings.epsilon)));
            (l.sub(w, step), [m, u])
        },
    ))
}

/// What [`nadam`] multiplies with in one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NadamStep {
    /// Of the mean gradient: `u(t+1) / (1 - u(1) ... u(t+1))`.
    pub of_mean: f32,
    /// Of the gradient: `(1 - u(t)) / (1 - u(1) ... u(t))`.
    pub of_gradient: f32,
    /// Of the mean square: `1 / (1 - beta_2^t)`.
    pub of_square: f32,
}

/// The factors of step `t`, which counts from 1, with `u(t) = beta_1 * (1 - 0.96^t / 2)` (Dozat, 2016).
pub fn nadam_step(settings: &Adam, t: u64) -> NadamStep {
    /// From here on `0.96^t / 2` no longer changes `1 - 0.96^t / 2`.
    const SETTLED: u64 = 920;
    let u = |decay: f64| settings.beta_1 * (1.0 - 0.5 * decay);
    let (mut product, mut decay) = (1.0, 1.0);
    for _ in 0..t.min(SETTLED) {
        decay *= 0.96;
        product *= u(decay);
        if product < 1e-20 {
            // Taken off 1, it no longer counts.
            break;
        }
    }
    product *= power(settings.beta_1, t.saturating_sub(SETTLED));
    let (now, next) = (u(power(0.96, t)), u(power(0.96, t + 1)));
    NadamStep {
        of_mean: (next / (1.0 - product * next)) as f32,
        of_gradient: ((1.0 - now) / (1.0 - product)) as f32,
        of_square: (1.0 / (1.0 - power(settings.beta_2, t))) as f32,
    }
}

/// `m` and `v` as in [`adam`]; `w = w - rate * (of_mean * m + of_gradient * g) / (sqrt(of_square * v) + epsilon)`.
#[expect(clippy::too_many_arguments, reason = "the formula's")]
pub fn nadam(
    rate: f32,
    step: &NadamStep,
    settings: &Adam,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    m: &mut [f32],
    v: &mut [f32],
) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [m, v],
        #[inline(always)]
        |g, w, [m, v]| {
            let m = l.madd(l.sub(g, m), l.splat((1.0 - settings.beta_1) as f32), m);
            let v = l.madd(l.sub(l.mul(g, g), v), l.splat((1.0 - settings.beta_2) as f32), v);
            let mean = l.add(l.mul(m, l.splat(step.of_mean)), l.mul(g, l.splat(step.of_gradient)));
            let root = l.sqrt(l.mul(v, l.splat(step.of_square)));
            let step = l.div(l.mul(mean, l.splat(rate)), l.add(root, l.splat(settings.epsilon)));
            (l.sub(w, step), [m, v])
        },
    ))
}
