//! Losses that look at all outputs of a row together: cross-entropies of several classes, angles, the largest of the
//! wrong ones.

use super::{EPSILON, Pairs, Targets, row_of};
use crate::lanes::{Lanes, sweep};
use crate::math;
use crate::on_lanes;
use crate::softmax;

/// Cross-entropy on logits: `- sum of t ln softmax(x)`, `d_x = softmax(x) * sum(t) - t`.
pub fn crossentropy(pairs: &Pairs<'_>, row_loss: &mut [f32], d_x: &mut [f32]) {
    pairs.check(row_loss, d_x);
    on_lanes!(l => for (i, loss) in row_loss.iter_mut().enumerate() {
        let (x, target, weight) = (pairs.outputs(i), pairs.targets(i), pairs.weight(i));
        let d_x = row_of(d_x, i, pairs.cols);
        if weight == 0.0 || x.is_empty() {
            *loss = 0.0;
            d_x.fill(0.0);
            continue;
        }
        let (largest, total) = if d_x.is_empty() {
            softmax::largest_and_total(l, x)
        } else {
            softmax::exponentials(l, x, d_x)
        };
        let log_total = math::ln_of(total);
        let (mut sum, mut mass) = (0.0, 0.0);
        for j in target.support() {
            let t = target.at(j);
            sum += f64::from(t) * f64::from(log_total + (largest - x[j]));
            mass += f64::from(t);
        }
        *loss = weight * sum as f32;
        if !d_x.is_empty() {
            let factor = weight * pairs.factor;
            let share = l.splat(factor * mass as f32 / total);
            sweep(l, [], [&mut *d_x], #[inline(always)] |[], [e]| [l.mul(e, share)]);
            for j in target.support() {
                d_x[j] -= factor * target.at(j);
            }
        }
    });
}

/// The loss of a row of outputs and targets; writes its gradient, if one is wanted.
type RowLoss<'a> = &'a dyn Fn(&[f32], Targets<'_>, &mut [f32]) -> f64;

/// The loop of the losses below: `row` makes the loss of one row and writes its gradient, if one is wanted, without
/// weight and factor.
fn each_row(pairs: &Pairs<'_>, row_loss: &mut [f32], d_x: &mut [f32], row: RowLoss<'_>) {
    pairs.check(row_loss, d_x);
    for (i, loss) in row_loss.iter_mut().enumerate() {
        let weight = pairs.weight(i);
        let d_x = row_of(d_x, i, pairs.cols);
        d_x.fill(0.0);
        *loss = 0.0;
        if weight != 0.0 {
            *loss = weight * row(pairs.outputs(i), pairs.targets(i), d_x) as f32;
            let scale = weight * pairs.factor;
            d_x.iter_mut().for_each(|d| *d *= scale);
        }
    }
}

/// Cross-entropy on probabilities, focal where `gamma` is not 0: with `p = x / sum(x)`, kept epsilon away from 0 and 1,
/// `- sum of alpha t (1 - p)^gamma ln p`, with one `alpha` for all columns or one for each.
pub fn focal_crossentropy(
    alpha: &[f32],
    gamma: f32,
    pairs: &Pairs<'_>,
    row_loss: &mut [f32],
    d_x: &mut [f32],
) {
    let first = alpha.first().copied().unwrap_or(1.0);
    each_row(pairs, row_loss, d_x, &|x, target, d_x| {
        let total = sum(x.iter().copied()) as f32;
        // Outputs of nothing but zeros are no probabilities: they count as epsilon each.
        let share = if total == 0.0 { 1.0 } else { 1.0 / total };
        let (mut loss, mut drawn) = (0.0, 0.0);
        for j in target.support() {
            let t = target.at(j);
            if t == 0.0 {
                continue;
            }
            let alpha = alpha.get(j).copied().unwrap_or(first);
            let p = x[j] * share;
            let kept = p.clamp(EPSILON, 1.0 - EPSILON);
            let (log, rest) = (math::ln_of(kept), 1.0 - kept);
            let power = math::exp_of(gamma * math::ln_of(rest));
            loss -= f64::from(t * alpha * power * log);
            if p == kept && !d_x.is_empty() {
                let slope = t * alpha * (gamma * power / rest * log - power / kept);
                d_x[j] = slope * share;
                drawn += f64::from(slope * p);
            }
        }
        let drawn = drawn as f32 * share;
        d_x.iter_mut().for_each(|d| *d -= drawn);
        loss
    });
}

/// `(1 - p^q) / q` with p the probability given to the true class.
pub fn generalized_crossentropy(q: f32, pairs: &Pairs<'_>, row_loss: &mut [f32], d_x: &mut [f32]) {
    each_row(pairs, row_loss, d_x, &|x, target, d_x| {
        let p = sum(target.support().map(|j| target.at(j) * x[j])) as f32;
        // At 0 the slope would be infinite.
        let p = p.max(EPSILON);
        let power = math::exp_of(q * math::ln_of(p));
        if !d_x.is_empty() {
            target.support().for_each(|j| d_x[j] = -target.at(j) * power / p);
        }
        f64::from((1.0 - power) / q)
    });
}

/// Minus the cosine of the angle between outputs and targets; rows of nothing but zeros have one of 0.
pub fn cosine_similarity(pairs: &Pairs<'_>, row_loss: &mut [f32], d_x: &mut [f32]) {
    each_row(pairs, row_loss, d_x, &|x, target, d_x| {
        let limit = 1.0 / f64::from(EPSILON);
        let inverse = |squares: f64| (1.0 / squares.sqrt()).min(limit);
        let all = || x.iter().enumerate();
        let x_inverse = inverse(sum_of(x.iter().map(|&x| (x, x))));
        let t_inverse = inverse(sum_of(target.support().map(|j| (target.at(j), target.at(j)))));
        let cosine = sum_of(all().map(|(j, &x)| (x, target.at(j)))) * x_inverse * t_inverse;
        // Where the limit holds, the length of x is none of its own.
        let turn = if x_inverse < limit { cosine * x_inverse * x_inverse } else { 0.0 };
        for (j, d) in d_x.iter_mut().enumerate() {
            *d = (turn * f64::from(x[j]) - f64::from(target.at(j)) * x_inverse * t_inverse) as f32;
        }
        -cosine
    });
}

/// `max(0, 1 + max of (1 - t) x - sum of t x)`.
pub fn categorical_hinge(pairs: &Pairs<'_>, row_loss: &mut [f32], d_x: &mut [f32]) {
    each_row(pairs, row_loss, d_x, &|x, target, d_x| {
        let (mut right, mut wrong, mut worst) = (0.0, f32::NEG_INFINITY, 0);
        for (j, &x) in x.iter().enumerate() {
            let t = target.at(j);
            right += f64::from(t * x);
            if (1.0 - t) * x > wrong {
                (wrong, worst) = ((1.0 - t) * x, j);
            }
        }
        let miss = f64::from(wrong) - right + 1.0;
        if miss <= 0.0 {
            return 0.0;
        }
        for (j, d) in d_x.iter_mut().enumerate() {
            let t = target.at(j);
            *d = if j == worst { 1.0 - t - t } else { -t };
        }
        miss
    });
}

/// The sum in f64, in order.
fn sum(values: impl Iterator<Item = f32>) -> f64 {
    values.map(f64::from).sum()
}

/// The sum of products in f64, in order.
fn sum_of(pairs: impl Iterator<Item = (f32, f32)>) -> f64 {
    pairs.map(|(a, b)| f64::from(a) * f64::from(b)).sum()
}
