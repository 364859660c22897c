//! Twins of the optimizer updates, as Keras 3 writes them (`keras/src/optimizers/{sgd,rmsprop,adam,adamw}.py`).

use super::Real;
use crate::optimizer::{Adam, RmsProp};

/// `w = w - rate * g`.
pub fn sgd<R: Real>(rate: R, w: &mut [R], g: &[R]) {
    for (w, &g) in w.iter_mut().zip(g) {
        *w -= rate * g;
    }
}

/// `v = momentum * v - rate * g`, then `w = w + v`, or with `nesterov` `w = w + momentum * v - rate * g`.
pub fn sgd_momentum<R: Real>(rate: R, momentum: R, nesterov: bool, w: &mut [R], g: &[R], v: &mut [R]) {
    for ((w, &g), v) in w.iter_mut().zip(g).zip(v) {
        *v = momentum * *v - rate * g;
        *w += if nesterov { momentum * *v - rate * g } else { *v };
    }
}

/// `v = rho * v + (1 - rho) * g^2`, centered also `a = rho * a + (1 - rho) * g`; the step is
/// `s = rate * g / sqrt(v - a^2 + epsilon)`; with momentum `b = momentum * b + s`, `w = w - b`, else `w = w - s`.
/// `average` and `momentum` may be empty when not used.
pub fn rmsprop<R: Real>(
    rate: R,
    settings: &RmsProp,
    w: &mut [R],
    g: &[R],
    velocity: &mut [R],
    average: &mut [R],
    momentum: &mut [R],
) {
    let [rho, take] = [settings.rho, 1.0 - settings.rho].map(R::of);
    let [mu, epsilon] = [settings.momentum, settings.epsilon].map(|v| R::of(f64::from(v)));
    for i in 0..w.len() {
        velocity[i] = rho * velocity[i] + take * g[i] * g[i];
        let mut denominator = velocity[i] + epsilon;
        if settings.centered {
            average[i] = rho * average[i] + take * g[i];
            denominator -= average[i] * average[i];
        }
        let step = rate * g[i] / denominator.sqrt();
        if settings.momentum > 0.0 {
            momentum[i] = mu * momentum[i] + step;
            w[i] -= momentum[i];
        } else {
            w[i] -= step;
        }
    }
}

/// `m = m + (g - m)(1 - beta_1)`, `v = v + (g^2 - v)(1 - beta_2)`, `w = w - alpha * m / (sqrt(v) + epsilon)`, where
/// `alpha` is `rate * sqrt(1 - beta_2^t) / (1 - beta_1^t)`.
pub fn adam<R: Real>(alpha: R, settings: &Adam, w: &mut [R], g: &[R], m: &mut [R], v: &mut [R]) {
    let [take_1, take_2] = [1.0 - settings.beta_1, 1.0 - settings.beta_2].map(R::of);
    let epsilon = R::of(f64::from(settings.epsilon));
    for i in 0..w.len() {
        m[i] += (g[i] - m[i]) * take_1;
        v[i] += (g[i] * g[i] - v[i]) * take_2;
        w[i] -= alpha * m[i] / (v[i].sqrt() + epsilon);
    }
}

/// AdamW's decay, before the update: `w = w - factor * w` with `factor = rate * weight_decay`.
pub fn decay<R: Real>(factor: R, w: &mut [R]) {
    for w in w {
        *w -= factor * *w;
    }
}
