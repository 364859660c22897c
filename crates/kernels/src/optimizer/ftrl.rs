//! `ftrl`: follow the regularized leader, whose L1 penalty makes weights exactly zero (McMahan and others, 2013).

use super::pass::{Before, pass};
use crate::lanes::Lanes;
use crate::on_lanes;

/// Arguments of [`ftrl`], as Keras calls them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ftrl {
    /// At most 0.
    pub learning_rate_power: f32,
    /// `l1_regularization_strength`
    pub l1: f32,
    /// `l2_regularization_strength`
    pub l2: f32,
    /// `l2_shrinkage_regularization_strength`
    pub l2_shrinkage: f32,
    /// Adds to `l2` what is large while the rate is small.
    pub beta: f32,
}

impl Default for Ftrl {
    fn default() -> Self {
        Self { learning_rate_power: -0.5, l1: 0.0, l2: 0.0, l2_shrinkage: 0.0, beta: 0.0 }
    }
}

/// With `p = -learning_rate_power` and `n' = n + g^2`:
///
/// ```text
/// z = z + g + 2 l2_shrinkage w - (n'^p - n^p) / rate * w
/// w = (min(max(z, -l1), l1) - z) / (n'^p / rate + 2 (l2 + beta / (2 rate)))
/// ```
///
/// `rate` must be above 0. Powers other than square roots are rare, and made one by one.
pub fn ftrl(
    rate: f32,
    settings: &Ftrl,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    n: &mut [f32],
    z: &mut [f32],
) -> bool {
    if settings.learning_rate_power != -0.5 {
        let mut is_finite = true;
        for (((w, g), n), z) in w.iter_mut().zip(g).zip(n).zip(z) {
            let old = *w;
            *w -= *w * before.decay;
            any_power(rate, settings, w, *g * before.scale, n, z);
            *g = old;
            is_finite &= [*w, *n, *z].iter().all(|it| it.is_finite());
        }
        return is_finite;
    }
    let &Ftrl { l1, l2, l2_shrinkage, beta, .. } = settings;
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [n, z],
        #[inline(always)]
        |g, w, [n, z]| {
            let new_n = l.add(n, l.mul(g, g));
            let (root, hold_by_l2) = (l.sqrt(new_n), l.splat(2.0 * l2 + beta / rate));
            let pull = l.add(g, l.mul(w, l.splat(2.0 * l2_shrinkage)));
            let hold = l.mul(l.div(l.sub(root, l.sqrt(n)), l.splat(rate)), w);
            let z = l.add(z, l.sub(pull, hold));
            let quadratic = l.add(l.div(root, l.splat(rate)), hold_by_l2);
            let clipped = l.max(l.min(z, l.splat(l1)), l.splat(-l1));
            (l.div(l.sub(clipped, z), quadratic), [new_n, z])
        },
    ))
}

/// [`ftrl`] of one weight, with any power.
fn any_power(rate: f32, settings: &Ftrl, w: &mut f32, g: f32, n: &mut f32, z: &mut f32) {
    let &Ftrl { learning_rate_power, l1, l2, l2_shrinkage, beta } = settings;
    let power = |x: f32| libm::pow(f64::from(x), f64::from(-learning_rate_power)) as f32;
    let new_n = *n + g * g;
    let new_power = power(new_n);
    *z += g + *w * 2.0 * l2_shrinkage - (new_power - power(*n)) / rate * *w;
    let quadratic = new_power / rate + (2.0 * l2 + beta / rate);
    *w = ((*z).min(l1).max(-l1) - *z) / quadratic;
    *n = new_n;
}
