//! Twins of the optimizer updates, as Keras 3 writes them (`keras/src/optimizers/*.py`).

use super::Real;
use crate::optimizer::{Adam, Ftrl, NadamStep, RmsProp};
use std::ops::Range;

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

/// `w = w - rate * sign(beta_1 * m + (1 - beta_1) * g)`, then `m = beta_2 * m + (1 - beta_2) * g`.
pub fn lion<R: Real>(rate: R, beta_1: f64, beta_2: f64, w: &mut [R], g: &[R], m: &mut [R]) {
    for i in 0..w.len() {
        let mix = |keep: f64| R::of(keep) * m[i] + R::of(1.0 - keep) * g[i];
        let after = mix(beta_2);
        w[i] -= rate * mix(beta_1).sign();
        m[i] = after;
    }
}

/// [`adam`] with the largest `v` so far in place of `v`.
pub fn adam_amsgrad<R: Real>(
    alpha: R,
    settings: &Adam,
    w: &mut [R],
    g: &[R],
    m: &mut [R],
    v: &mut [R],
    v_hat: &mut [R],
) {
    lamb_moments(settings, g, m, v);
    for i in 0..w.len() {
        v_hat[i] = v_hat[i].max(v[i]);
        w[i] -= alpha * m[i] / (v_hat[i].sqrt() + R::of(f64::from(settings.epsilon)));
    }
}

/// `m = m + (g - m)(1 - beta_1)`, `u = max(beta_2 * u, |g|)`, `w = w - alpha * m / (u + epsilon)`, where `alpha` is
/// `rate / (1 - beta_1^t)`.
pub fn adamax<R: Real>(alpha: R, settings: &Adam, w: &mut [R], g: &[R], m: &mut [R], u: &mut [R]) {
    for i in 0..w.len() {
        m[i] += (g[i] - m[i]) * R::of(1.0 - settings.beta_1);
        u[i] = (R::of(settings.beta_2) * u[i]).max(g[i].abs());
        w[i] -= alpha * m[i] / (u[i] + R::of(f64::from(settings.epsilon)));
    }
}

/// `m` and `v` as in [`adam`], then `w = w - rate * m_hat / (sqrt(v_hat) + epsilon)` with Nesterov's look ahead in `m_hat`.
pub fn nadam<R: Real>(
    rate: R,
    step: &NadamStep,
    settings: &Adam,
    w: &mut [R],
    g: &[R],
    m: &mut [R],
    v: &mut [R],
) {
    lamb_moments(settings, g, m, v);
    let [of_mean, of_gradient, of_square] =
        [step.of_mean, step.of_gradient, step.of_square].map(|v| R::of(f64::from(v)));
    for i in 0..w.len() {
        let m_hat = of_mean * m[i] + of_gradient * g[i];
        w[i] -= rate * m_hat / ((of_square * v[i]).sqrt() + R::of(f64::from(settings.epsilon)));
    }
}

/// `n = n + g^2`, `w = w - rate * g / sqrt(n + epsilon)`.
pub fn adagrad<R: Real>(rate: R, epsilon: R, w: &mut [R], g: &[R], n: &mut [R]) {
    for i in 0..w.len() {
        n[i] += g[i] * g[i];
        w[i] -= rate * g[i] / (n[i] + epsilon).sqrt();
    }
}

/// `n = rho * n + (1 - rho) * g^2`, `s = g * sqrt(d + epsilon) / sqrt(n + epsilon)`, `d = rho * d + (1 - rho) * s^2`,
/// `w = w - rate * s`.
pub fn adadelta<R: Real>(rate: R, rho: f64, epsilon: R, w: &mut [R], g: &[R], n: &mut [R], d: &mut [R]) {
    let [keep, take] = [rho, 1.0 - rho].map(R::of);
    for i in 0..w.len() {
        n[i] = keep * n[i] + take * g[i] * g[i];
        let step = g[i] * (d[i] + epsilon).sqrt() / (n[i] + epsilon).sqrt();
        d[i] = keep * d[i] + take * step * step;
        w[i] -= rate * step;
    }
}

/// See [`crate::optimizer::ftrl`].
pub fn ftrl<R: Real>(rate: R, settings: &Ftrl, w: &mut [R], g: &[R], n: &mut [R], z: &mut [R]) {
    let [l1, l2, shrinkage, beta] =
        [settings.l1, settings.l2, settings.l2_shrinkage, settings.beta].map(|v| R::of(f64::from(v)));
    let power = |x: R| R::of(libm::pow(x.wide(), f64::from(-settings.learning_rate_power)));
    let two = R::of(2.0);
    for i in 0..w.len() {
        let new_n = n[i] + g[i] * g[i];
        z[i] += g[i] + two * shrinkage * w[i] - (power(new_n) - power(n[i])) / rate * w[i];
        let quadratic = power(new_n) / rate + two * (l2 + beta / (two * rate));
        let clipped = z[i].max(-l1);
        let clipped = if clipped > l1 { l1 } else { clipped };
        w[i] = (clipped - z[i]) / quadratic;
        n[i] = new_n;
    }
}

/// `m = m + (g - m)(1 - beta_1)`, `v = v + (g^2 - v)(1 - beta_2)`.
pub fn lamb_moments<R: Real>(settings: &Adam, g: &[R], m: &mut [R], v: &mut [R]) {
    for i in 0..g.len() {
        m[i] += (g[i] - m[i]) * R::of(1.0 - settings.beta_1);
        v[i] += (g[i] * g[i] - v[i]) * R::of(1.0 - settings.beta_2);
    }
}

/// The direction of LAMB: `c1 m / (sqrt(c2 v) + epsilon)`.
fn lamb_direction<R: Real>((c1, c2): (R, R), epsilon: R, m: R, v: R) -> R {
    c1 * m / ((c2 * v).sqrt() + epsilon)
}

/// The sum of the squares of the direction.
pub fn lamb_squares<R: Real>(corrections: (R, R), epsilon: R, m: &[R], v: &[R]) -> R {
    let direction = |(&m, &v): (&R, &R)| lamb_direction(corrections, epsilon, m, v);
    m.iter().zip(v).map(direction).map(|u| u * u).sum()
}

/// `w = w - rate * direction`.
pub fn lamb<R: Real>(rate: R, corrections: (R, R), epsilon: R, w: &mut [R], m: &[R], v: &[R]) {
    for i in 0..w.len() {
        w[i] -= rate * lamb_direction(corrections, epsilon, m[i], v[i]);
    }
}

/// `m = g + momentum * m`, and `x = g + momentum * m` with `nesterov`, else `x = m`.
pub fn muon_momentum<R: Real>(momentum: R, nesterov: bool, g: &[R], m: &mut [R], x: &mut [R]) {
    for i in 0..g.len() {
        m[i] = g[i] + momentum * m[i];
        x[i] = if nesterov { g[i] + momentum * m[i] } else { m[i] };
    }
}

/// `r[i] = beta * r[i] + (1 - beta) * mean over j of (g[i,j]^2 + epsilon)`.
pub fn adafactor_rows<R: Real>(beta: R, epsilon: R, g: &[R], r: &mut [R]) {
    let cols = g.len() / r.len().max(1);
    for i in 0..r.len() {
        let sum: R = g[i * cols..(i + 1) * cols].iter().map(|&g| g * g + epsilon).sum();
        r[i] = beta * r[i] + (R::of(1.0) - beta) * sum / R::of(cols as f64);
    }
}

/// `c[j] = beta * c[j] + (1 - beta) * mean over i of (g[i,j]^2 + epsilon)`, for the given columns.
pub fn adafactor_columns<R: Real>(
    beta: R,
    epsilon: R,
    cols: usize,
    g: &[R],
    columns: Range<usize>,
    c: &mut [R],
) {
    let rows = g.len() / cols;
    for (c, j) in c.iter_mut().zip(columns) {
        let sum: R = (0..rows).map(|i| g[i * cols + j]).map(|g| g * g + epsilon).sum();
        *c = beta * *c + (R::of(1.0) - beta) * sum / R::of(rows as f64);
    }
}

/// `c = beta * c + (1 - beta) * (g^2 + epsilon)`.
pub fn adafactor_vector<R: Real>(beta: R, epsilon: R, g: &[R], c: &mut [R]) {
    for i in 0..g.len() {
        c[i] = beta * c[i] + (R::of(1.0) - beta) * (g[i] * g[i] + epsilon);
    }
}

/// The sum of `g^2 / c`.
pub fn adafactor_squares<R: Real>(g: &[R], c: &[R]) -> R {
    g.iter().zip(c).map(|(&g, &c)| g * g / c).sum()
}

/// `w = w - rate * g / sqrt(c)`.
pub fn adafactor<R: Real>(rate: R, w: &mut [R], g: &[R], c: &[R]) {
    for i in 0..w.len() {
        w[i] -= rate * g[i] / c[i].sqrt();
    }
}

/// `g` within `-limit..=limit`.
pub fn clip_values<R: Real>(limit: R, g: &mut [R]) {
    for g in g {
        let above = g.max(-limit);
        *g = if above > limit { limit } else { above };
    }
}

/// `sum = sum + g`, or with `mean_of` some, `g = (g + sum) / mean_of` and `sum = 0`.
pub fn accumulate<R: Real>(mean_of: Option<R>, g: &mut [R], sum: &mut [R]) {
    for i in 0..g.len() {
        match mean_of {
            None => sum[i] += g[i],
            Some(count) => {
                g[i] = (g[i] + sum[i]) / count;
                sum[i] = R::of(0.0);
            }
        }
    }
}

/// `average = momentum * average + (1 - momentum) * w`.
pub fn average<R: Real>(momentum: f64, w: &[R], average: &mut [R]) {
    for i in 0..w.len() {
        average[i] = R::of(momentum) * average[i] + R::of(1.0 - momentum) * w[i];
    }
}
