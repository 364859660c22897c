//! What every optimizer may do before and after its own step: decay, clipping, accumulation and averaging.

use crate::lanes::{Lanes, sweep};
use crate::on_lanes;

/// AdamW's decoupled decay, before [`super::adam()`] and only on what should decay: `w = w - factor * w`, with
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

/// `g = min(max(g, -limit), limit)`.
pub fn clip_values(limit: f32, g: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [],
        [g],
        #[inline(always)]
        |[], [g]| [l.max(l.min(g, l.splat(limit)), l.splat(-limit))],
    ));
}

/// Adds up gradients: `sum = sum + g`. With `mean_of` some, it is the last of so many: `g = (g + sum) / mean_of` and
/// `sum = 0`.
pub fn accumulate(mean_of: Option<f32>, g: &mut [f32], sum: &mut [f32]) {
    on_lanes!(l => match mean_of {
        None => sweep(l, [&*g], [sum], #[inline(always)] |[g], [sum]| [l.add(g, sum)]),
        Some(count) => sweep(l, [], [g, sum], #[inline(always)] |[], [g, sum]| {
            [l.div(l.add(g, sum), l.splat(count)), l.splat(0.0)]
        }),
    });
}

/// A moving average of the weights: `average = momentum * average + (1 - momentum) * w`.
pub fn average(momentum: f64, w: &[f32], average: &mut [f32]) {
    on_lanes!(l => sweep(
        l,
        [w],
        [average],
        #[inline(always)]
        |[w], [average]| {
            let (keep, take) = (l.splat(momentum as f32), l.splat((1.0 - momentum) as f32));
            [l.add(l.mul(average, keep), l.mul(w, take))]
        },
    ));
}
