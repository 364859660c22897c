//! Steps along the gradient, with momentum (`sgd`), or along its sign (`lion`).

use super::pass::{Before, pass};
use crate::lanes::Lanes;
use crate::on_lanes;

/// `w = w - rate * g`.
pub fn sgd(rate: f32, before: Before, w: &mut [f32], g: &mut [f32]) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [],
        #[inline(always)]
        |g, w, []| (l.madd(g, l.splat(-rate), w), []),
    ))
}

/// `v = momentum * v - rate * g`, then `w = w + v`; with `nesterov`, `w = w + momentum * v - rate * g`.
pub fn sgd_momentum(
    rate: f32,
    momentum: f32,
    nesterov: bool,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    v: &mut [f32],
) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [v],
        #[inline(always)]
        |g, w, [v]| {
            let step = l.mul(g, l.splat(rate));
            let v = l.sub(l.mul(v, l.splat(momentum)), step);
            let ahead = if nesterov { l.sub(l.mul(v, l.splat(momentum)), step) } else { v };
            (l.add(w, ahead), [v])
        },
    ))
}

/// `w = w - rate * sign(beta_1 * m + (1 - beta_1) * g)`, then `m = beta_2 * m + (1 - beta_2) * g`.
pub fn lion(
    rate: f32,
    beta_1: f64,
    beta_2: f64,
    before: Before,
    w: &mut [f32],
    g: &mut [f32],
    m: &mut [f32],
) -> bool {
    on_lanes!(l => pass(
        l,
        before,
        w,
        g,
        [m],
        #[inline(always)]
        |g, w, [m]| {
            let mix = |keep: f64| {
                l.add(l.mul(m, l.splat(keep as f32)), l.mul(g, l.splat((1.0 - keep) as f32)))
            };
            let (direction, zero) = (mix(beta_1), l.splat(0.0));
            let down = l.select(l.lt(direction, zero), l.splat(-rate), zero);
            let step = l.select(l.lt(zero, direction), l.splat(rate), down);
            (l.sub(w, step), [mix(beta_2)])
        },
    ))
}
