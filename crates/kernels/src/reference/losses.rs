//! Twins of the losses: the value of each row, and its gradient times `factor`. Targets are numbers for every output;
//! a class is its row of zeros and a one.

use super::{Real, softmax_forward, softplus};
use crate::loss::{Circle, EPSILON, Overlap, Term};

/// A row's targets, where its class is given.
pub fn one_hot<R: Real>(class: &[R], cols: usize) -> Vec<R> {
    class.iter().flat_map(|class| (0..cols).map(|j| R::of(f64::from(class.wide() == j as f64)))).collect()
}

/// `t ln x`, and `x^p`.
fn ln<R: Real>(x: R) -> R {
    x.ln()
}

fn power<R: Real>(x: R, p: f32) -> R {
    R::of(libm::pow(x.wide(), p.into()))
}

fn clamp<R: Real>(x: R, low: f64, high: f64) -> R {
    if x < R::of(low) {
        R::of(low)
    } else if x > R::of(high) {
        R::of(high)
    } else {
        x
    }
}

/// The formulas of [`Term`], and their derivatives.
pub fn term<R: Real>(kind: Term, x: R, t: R) -> (R, R) {
    let (zero, one, two, half) = (R::of(0.0), R::of(1.0), R::of(2.0), R::of(0.5));
    let epsilon = R::of(EPSILON.into());
    let e = x - t;
    match kind {
        Term::Squared => (e * e, two * e),
        Term::Absolute => (e.abs(), e.sign()),
        Term::Percentage => {
            let scale = R::of(100.0) / t.abs().max(epsilon);
            (e.abs() * scale, e.sign() * scale)
        }
        Term::SquaredLogarithmic => {
            let d = ln(one + x.max(epsilon)) - ln(one + t.max(epsilon));
            (d * d, if x < epsilon { zero } else { two * d / (one + x) })
        }
        Term::Huber { delta } => {
            let delta = R::of(delta.into());
            if e.abs() <= delta {
                (half * e * e, e)
            } else {
                (delta * e.abs() - half * delta * delta, delta * e.sign())
            }
        }
        Term::LogCosh => (e + softplus(-(two * e)) - R::of(std::f64::consts::LN_2), e.tanh()),
        Term::Poisson => (x - t * ln(x + epsilon), one - t / (x + epsilon)),
        Term::Divergence => {
            let (kept, t) = (clamp(x, EPSILON.into(), 1.0), clamp(t, EPSILON.into(), 1.0));
            (t * ln(t / kept), if kept == x { -(t / x) } else { zero })
        }
        Term::Hinge | Term::SquaredHinge => {
            let side = if t == zero { -one } else { t };
            let miss = zero.max(one - side * x);
            match kind {
                Term::Hinge => (miss, if miss > zero { -side } else { zero }),
                _ => (miss * miss, -(two * side * miss)),
            }
        }
        Term::BinaryLogits => (softplus(x) - t * x, super::sigmoid(x) - t),
        Term::BinaryProbability { gamma, yes, no } => {
            let p = clamp(x, EPSILON.into(), (1.0 - EPSILON).into());
            let entropy = -(t * ln(p) + (one - t) * ln(one - p));
            let slope = if p == x { (one - t) / (one - p) - t / p } else { zero };
            let weight = t * R::of(yes.into()) + (one - t) * R::of(no.into());
            let u = (t * (one - x) + (one - t) * x).max(R::of(1e-30));
            let focus = R::of(gamma.into()) * power(u, gamma - 1.0) * (one - two * t);
            (weight * power(u, gamma) * entropy, weight * (focus * entropy + power(u, gamma) * slope))
        }
    }
}

/// Mean (or sum) of [`term`] over each row.
pub fn mean_of_terms<R: Real>(
    kind: Term,
    (rows, cols): (usize, usize),
    x: &[R],
    target: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    let n = R::of(if kind == Term::Divergence { 1.0 } else { cols as f64 });
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        row_loss[i] = row.clone().map(|at| term(kind, x[at], target[at]).0).sum::<R>() / n;
        for at in row {
            d_x[at] = factor * term(kind, x[at], target[at]).1 / n;
        }
    }
}

/// On logits: `- sum of t ln softmax(x)`; `d_x = softmax(x) sum(t) - t`.
pub fn crossentropy<R: Real>(
    (rows, cols): (usize, usize),
    x: &[R],
    t: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    softmax_forward(rows, cols, x, d_x);
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let largest = x[row.clone()].iter().copied().fold(R::of(f64::NEG_INFINITY), R::max);
        let log_total = x[row.clone()].iter().map(|&v| (v - largest).exp()).sum::<R>().ln() + largest;
        row_loss[i] = row.clone().map(|at| t[at] * (log_total - x[at])).sum();
        let weight: R = t[row.clone()].iter().copied().sum();
        for at in row {
            d_x[at] = factor * (d_x[at] * weight - t[at]);
        }
    }
}

/// On probabilities: with `p = x / sum(x)`, clipped, `- sum of alpha t (1 - p)^gamma ln p`, with one `alpha` for all columns or
/// one for each.
#[expect(clippy::too_many_arguments, reason = "constants, sizes, operands and results of one formula")]
pub fn focal_crossentropy<R: Real>(
    alpha: &[f32],
    gamma: f32,
    (rows, cols): (usize, usize),
    x: &[R],
    t: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    let one = R::of(1.0);
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let (x, t, d_x) = (&x[row.clone()], &t[row.clone()], &mut d_x[row]);
        let total: R = x.iter().copied().sum();
        let mut slopes = vec![R::of(0.0); cols];
        row_loss[i] = R::of(0.0);
        for j in 0..cols {
            let alpha = R::of(alpha[j % alpha.len()].into());
            let p = x[j] / total;
            let kept = clamp(p, EPSILON.into(), (1.0 - EPSILON).into());
            row_loss[i] += -(t[j] * alpha * power(one - kept, gamma) * ln(kept));
            if p == kept {
                let focus = R::of(gamma.into()) * power(one - p, gamma - 1.0) * ln(p);
                slopes[j] = t[j] * alpha * (focus - power(one - p, gamma) / p);
            }
        }
        let drawn = (0..cols).map(|j| slopes[j] * x[j]).sum::<R>() / (total * total);
        for j in 0..cols {
            d_x[j] = factor * (slopes[j] / total - drawn);
        }
    }
}

/// `(1 - p^q) / q`, `p = sum of t x`.
pub fn generalized_crossentropy<R: Real>(
    q: f32,
    (rows, cols): (usize, usize),
    x: &[R],
    t: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let p: R = row.clone().map(|at| t[at] * x[at]).sum();
        let p = p.max(R::of(EPSILON.into()));
        row_loss[i] = (R::of(1.0) - power(p, q)) / R::of(q.into());
        for at in row {
            d_x[at] = -(factor * t[at] * power(p, q - 1.0));
        }
    }
}

/// `- sum of t x / (|t| |x|)`.
pub fn cosine_similarity<R: Real>(
    (rows, cols): (usize, usize),
    x: &[R],
    t: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    let limit = 1.0 / f64::from(EPSILON);
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let product = |a: &[R], b: &[R]| row.clone().map(|at| a[at] * b[at]).sum::<R>();
        let inverse = |squares: R| R::of((1.0 / squares.wide().sqrt()).min(limit));
        let (a, b) = (inverse(product(x, x)), inverse(product(t, t)));
        let cosine = product(x, t) * a * b;
        row_loss[i] = -cosine;
        let turn = if a.wide() < limit { cosine * a * a } else { R::of(0.0) };
        for at in row.clone() {
            d_x[at] = factor * (turn * x[at] - t[at] * a * b);
        }
    }
}

/// `max(0, 1 + max of (1 - t) x - sum of t x)`.
pub fn categorical_hinge<R: Real>(
    (rows, cols): (usize, usize),
    x: &[R],
    t: &[R],
    factor: R,
    row_loss: &mut [R],
    d_x: &mut [R],
) {
    let (zero, one) = (R::of(0.0), R::of(1.0));
    for i in 0..rows {
        let row = i * cols..(i + 1) * cols;
        let wrong = |at: usize| (one - t[at]) * x[at];
        let worst = row.clone().rev().max_by(|&a, &b| wrong(a).wide().total_cmp(&wrong(b).wide()));
        let Some(worst) = worst else { continue };
        let miss = one + wrong(worst) - row.clone().map(|at| t[at] * x[at]).sum::<R>();
        row_loss[i] = zero.max(miss);
        for at in row {
            let d = if at == worst { one - t[at] - t[at] } else { -t[at] };
            d_x[at] = if miss > zero { factor * d } else { zero };
        }
    }
}

/// `1 - I / (I + alpha (T - I) + beta (X - I) + epsilon)` over all of `x` and `t`, and its gradient.
pub fn overlap<R: Real>(overlap: Overlap, x: &[R], t: &[R], factor: R, d_x: &mut [R]) -> R {
    let one = R::of(1.0);
    let (alpha, beta) = (R::of(overlap.alpha.into()), R::of(overlap.beta.into()));
    let both: R = x.iter().zip(t).map(|(&x, &t)| x * t).sum();
    let missed: R = x.iter().zip(t).map(|(&x, &t)| (one - x) * t).sum();
    let false_alarms: R = x.iter().zip(t).map(|(&x, &t)| x * (one - t)).sum();
    let union = both + alpha * missed + beta * false_alarms + R::of(overlap.epsilon.into());
    for ((d, &x_t), _) in d_x.iter_mut().zip(t).zip(x) {
        let d_union = x_t - alpha * x_t + beta * (one - x_t);
        *d = factor * (both * d_union / (union * union) - x_t / union);
    }
    one - both / union
}

/// What row `i` makes of row `j` in the circle loss: the exponent and its slope in `x_i . x_j`.
fn exponent<R: Real>(circle: Circle, cols: usize, x: &[R], is_one_class: bool, i: usize, j: usize) -> (R, R) {
    let (one, two, zero) = (R::of(1.0), R::of(2.0), R::of(0.0));
    let (gamma, margin) = (R::of(circle.gamma.into()), R::of(circle.margin.into()));
    let row = |i: usize| &x[i * cols..(i + 1) * cols];
    let dot: R = row(i).iter().zip(row(j)).map(|(&a, &b)| a * b).sum();
    let d = zero.max(one - dot);
    let (value, slope) = if is_one_class {
        (-(gamma * zero.max(margin + d) * (margin - d)), gamma * two * d)
    } else {
        let weight = zero.max(one + margin - d);
        let slope = if weight > zero { gamma * two * (d - one) } else { zero };
        (gamma * weight * (one - margin - d), slope)
    };
    (value, if d > zero { -slope } else { zero })
}

/// The circle loss of every row; `(rows, cols)`. With it the logarithms of its two sums.
pub fn circle<R: Real>(circle: Circle, cols: usize, x: &[R], class: &[R]) -> Vec<(R, [R; 2])> {
    let of_row = |i: usize| {
        let mut sums = [R::of(0.0); 2];
        for j in 0..class.len() {
            if i == j && circle.remove_diagonal {
                continue;
            }
            let is_one_class = class[i] == class[j];
            sums[usize::from(!is_one_class)] += exponent(circle, cols, x, is_one_class, i, j).0.exp();
        }
        let logs = sums.map(R::ln);
        (softplus(logs[0] + logs[1]), logs)
    };
    (0..class.len()).map(of_row).collect()
}

/// The gradient of the sum of [`circle`]'s losses, each times its weight: `sigmoid(sum of the logarithms)` times the share of
/// each pair in its sum, through both rows of the pair.
pub fn circle_gradient<R: Real>(it: Circle, cols: usize, x: &[R], class: &[R], weight: &[R], d_x: &mut [R]) {
    d_x.fill(R::of(0.0));
    for (i, (_, logs)) in circle(it, cols, x, class).into_iter().enumerate() {
        for j in 0..class.len() {
            if i == j && it.remove_diagonal {
                continue;
            }
            let is_one_class = class[i] == class[j];
            let (value, slope) = exponent(it, cols, x, is_one_class, i, j);
            let share = (value - logs[usize::from(!is_one_class)]).exp();
            let pull = weight[i] * super::sigmoid(logs[0] + logs[1]) * share * slope;
            for k in 0..cols {
                d_x[i * cols + k] += pull * x[j * cols + k];
                d_x[j * cols + k] += pull * x[i * cols + k];
            }
        }
    }
}

/// Calls `each` with all ways through `(steps, classes)` that read `labels` when repetitions and then blanks (class 0) are
/// left out, and with their probabilities.
fn ways<R: Real>(classes: usize, p: &[R], labels: &[R], mut each: impl FnMut(&[usize], R)) {
    let steps = p.len() / classes;
    for way in 0..classes.pow(steps as u32) {
        let path: Vec<usize> = (0..steps).map(|step| way / classes.pow(step as u32) % classes).collect();
        let mut read = path.clone();
        read.dedup();
        read.retain(|&class| class != 0);
        if read.iter().map(|&class| class as f64).eq(labels.iter().map(|label| label.wide())) {
            let of_steps = path.iter().enumerate().map(|(step, &class)| p[step * classes + class]);
            each(&path, of_steps.fold(R::of(1.0), |product, p| product * p));
        }
    }
}

/// Minus ln of the summed probability of all ways through `(steps, classes)` logits that read `labels`: every way is tried.
pub fn ctc<R: Real>(classes: usize, logits: &[R], labels: &[R]) -> R {
    let mut p = vec![R::of(0.0); logits.len()];
    softmax_forward(logits.len() / classes, classes, logits, &mut p);
    let mut total = R::of(0.0);
    ways(classes, &p, labels, |_, way| total += way);
    -total.ln()
}

/// The gradient of [`ctc`]: `softmax(logits)` less the share of the ways that are at each class in each step.
pub fn ctc_gradient<R: Real>(classes: usize, logits: &[R], labels: &[R], d_logits: &mut [R]) {
    softmax_forward(logits.len() / classes, classes, logits, d_logits);
    let p = d_logits.to_vec();
    let mut total = R::of(0.0);
    ways(classes, &p, labels, |_, way| total += way);
    ways(classes, &p, labels, |path, way| {
        for (step, class) in path.iter().enumerate() {
            d_logits[step * classes + class] += -(way / total);
        }
    });
}
