//! Steps of their own size for every weight, from all squares so far (`adagrad`) or a moving mean of them (`adadelta`).

use super::pass::{Before, pass};
use crate::lanes::Lanes;
use crate::on_lanes;

/// `n = n + g^2`, `w = w - rate * g / sqrt(n + epsilon)`.
pub fn adagrad(rate: f32, epsilon: f32, before: Before, w: &mut [f32], g: &mut [f32], n: &mut [f32]) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [n],
        #[inline(always)]
        |g, w, [n]| {
            let n = l.add(n, l.mul(g, g));
            let step = l.div(l.mul(g, l.splat(rate)), l.sqrt(l.add(n, l.splat(epsilon))));
            (l.sub(w, step), [n])
        },
    ))
}

/// `n = rho * n + (1 - rho) * g^2`, `s = g * sqrt(d + epsilon) / sqrt(n + epsilon)`, `d = rho * d + (1 - rho) * s^2`,
/// `w = w - rate * s`.
#[expect(clippy::too_many_arguments, reason = "the formula's")]
pub fn adadelta(
    rate: f32,
    rho: f64,
    epsilon: f32,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    n: &mut [f32],
    d: &mut [f32],
) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [n, d],
        #[inline(always)]
        |g, w, [n, d]| {
            let (keep, take) = (l.splat(rho as f32), l.splat((1.0 - rho) as f32));
            let mean = |old, x| l.add(l.mul(keep, old), l.mul(take, l.mul(x, x)));
            let root = |x| l.sqrt(l.add(x, l.splat(epsilon)));
            let n = mean(n, g);
            let step = l.div(l.mul(root(d), g), root(n));
            (l.sub(w, l.mul(step, l.splat(rate))), [n, mean(d, step)])
        },
    ))
}
