//! Optimizer updates: one pass over flat slices of parameters `w`, gradients `g` and moments, all of one length.
//! Elementwise, so any cut is allowed.
//!
//! Formulas are Keras 3's (`keras/src/optimizers/{sgd,rmsprop,adam,adamw}.py`); in Adam epsilon is added to the root that
//! is not corrected for bias ("epsilon hat" in Kingma and Ba, 2014), and the correction is folded into [`adam_rate`].

use crate::reference;

/// `w = w - rate * g`.
pub fn sgd(rate: f32, w: &mut [f32], g: &[f32]) {
    reference::sgd(rate, w, g);
}

/// `v = momentum * v - rate * g`, then `w = w + v`; with `nesterov`, `w = w + momentum * v - rate * g`.
pub fn sgd_momentum(rate: f32, momentum: f32, nesterov: bool, w: &mut [f32], g: &[f32], v: &mut [f32]) {
    reference::sgd_momentum(rate, momentum, nesterov, w, g, v);
}

/// Arguments of [`rmsprop`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// How much of the mean square is kept; Keras' default is 0.9.
    pub rho: f32,
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
    reference::rmsprop(rate, settings, w, g, velocity, average, momentum);
}

/// Arguments of [`adam`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// How much of the mean gradient is kept.
    pub beta_1: f32,
    /// How much of the mean square is kept.
    pub beta_2: f32,
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
    let correction = |beta: f32| 1.0 - power(f64::from(beta), step);
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
    reference::adam(alpha, settings.beta_1, settings.beta_2, settings.epsilon, w, g, m, v);
}

/// AdamW's decoupled decay, before [`adam`] and only on what should decay: `w = w - factor * w`, with
/// `factor = rate * weight_decay`.
pub fn decay(factor: f32, w: &mut [f32]) {
    reference::decay(factor, w);
}
