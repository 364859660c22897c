//! What a batch adds to the sums of a metric. Allocates nothing.

use super::Sums;
use crate::plan::{Comparison, LossKernel};
use tabgrad_kernels::loss::{self, Pairs};

/// Rows whose losses are made at once.
const ROWS: usize = 32;

impl Sums {
    pub(super) fn add(&mut self, comparison: &Comparison, pairs: &Pairs<'_>) {
        if let Comparison::Loss { kernel, smoothing, ignored, .. } = comparison {
            return self.add_losses(kernel, *smoothing, *ignored, pairs);
        }
        for row in (0..pairs.rows).filter(|&row| pairs.weight(row) != 0.0) {
            let (x, weight) = (pairs.outputs(row), f64::from(pairs.weight(row)));
            match comparison {
                Comparison::Threshold(threshold) => {
                    for (j, &x) in x.iter().enumerate() {
                        self.right((x > *threshold) == (pairs.target_at(row, j) > 0.5), weight);
                    }
                }
                Comparison::Largest => self.right(largest(x) == class_of(pairs, row), weight),
                Comparison::TopK(k) => {
                    let own = x.get(class_of(pairs, row)).copied().unwrap_or(f32::NEG_INFINITY);
                    let larger = x.iter().filter(|&&other| other > own).count();
                    self.right(own.is_finite() && larger < *k, weight);
                }
                Comparison::R2 { .. } => {
                    for (j, (moments, &x)) in self.moments.iter_mut().zip(x).enumerate() {
                        let (x, t) = (f64::from(x), f64::from(pairs.target_at(row, j)));
                        moments[0] += weight * t;
                        moments[1] += weight * t * t;
                        moments[2] += weight * (x - t) * (x - t);
                    }
                    self.total += 1.0;
                    self.count += weight;
                }
                Comparison::Correlation { is_concordance } => {
                    if let Some(value) = correlation(*is_concordance, pairs, row) {
                        self.total += weight * value;
                        self.count += weight;
                    }
                }
                Comparison::Counts { thresholds, column, top, labels, .. } => {
                    for (j, &value) in x.iter().enumerate().filter(|(j, _)| column.is_none_or(|it| it == *j))
                    {
                        let is_yes = pairs.target_at(row, j) > 0.5;
                        // Of equals, the first are the larger ones.
                        let before = |(i, &other): (usize, &f32)| other > value || other == value && i < j;
                        let is_out = top
                            .is_some_and(|top| x.iter().enumerate().filter(|it| before(*it)).count() >= top);
                        let below = if is_out { 0 } else { thresholds.partition_point(|&it| it < value) };
                        let first = if labels.are_apart { j * (thresholds.len() + 1) } else { 0 };
                        // Of curves apart, the weights are those of their areas.
                        let own = labels.weights.get(j).filter(|_| !labels.are_apart).copied().unwrap_or(1.0);
                        self.moments[first + below][usize::from(!is_yes)] += weight * own;
                        self.count += weight * own;
                    }
                }
                Comparison::Columns { threshold, .. } => {
                    let most = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    for (j, (moments, &x)) in self.moments.iter_mut().zip(x).enumerate() {
                        let predicted = match threshold {
                            Some(threshold) => x > *threshold,
                            None => x >= most && x.abs() > 1e-9,
                        };
                        let is_yes = pairs.target_at(row, j) > 0.5;
                        let facts = [predicted && is_yes, predicted, is_yes];
                        for (sum, _) in moments.iter_mut().zip(facts).filter(|(_, holds)| *holds) {
                            *sum += weight;
                        }
                    }
                    self.count += weight;
                }
                Comparison::Matrix { classes, threshold, ignored, .. } => {
                    let (truth, said) = if x.len() == 1 {
                        (usize::from(pairs.target_at(row, 0) > 0.5), usize::from(x[0] > *threshold))
                    } else {
                        (class_of(pairs, row), largest(x))
                    };
                    if truth < *classes && said < *classes && *ignored != Some(truth) {
                        let cell = truth * classes + said;
                        self.moments[cell / 3][cell % 3] += weight;
                        self.count += weight;
                    }
                }
                Comparison::Calibration { bins } => {
                    let (certainty, is_right) = certainty(pairs, row);
                    if let Some(bin) = self.moments.get_mut(bin_of(certainty, *bins)) {
                        bin[0] += weight;
                        bin[1] += weight * f64::from(certainty);
                        bin[2] += if is_right { weight } else { 0.0 };
                        self.count += weight;
                    }
                }
                Comparison::Loss { .. } | Comparison::OutputLoss => {}
            }
        }
    }

    fn right(&mut self, is_right: bool, weight: f64) {
        self.total += if is_right { weight } else { 0.0 };
        self.count += weight;
    }

    /// The losses of all rows but those of a class, a few at a time.
    fn add_losses(&mut self, kernel: &LossKernel, smoothing: f32, ignored: Option<f32>, pairs: &Pairs<'_>) {
        let mut losses = [0.0; ROWS];
        let is_each = matches!(kernel, LossKernel::Terms(_));
        let add = smoothing * if is_each { 0.5 } else { 1.0 / pairs.cols as f32 };
        for first in (0..pairs.rows).step_by(ROWS) {
            let rows = first..pairs.rows.min(first + ROWS);
            let own = Pairs { keep: 1.0 - smoothing, add, ..pairs.part(rows.clone()) };
            let losses = &mut losses[..rows.len()];
            match kernel {
                LossKernel::Terms(term) => loss::mean_of_terms(*term, &own, losses, &mut []),
                LossKernel::Focal { alpha, gamma } => {
                    loss::focal_crossentropy(alpha, *gamma, &own, losses, &mut []);
                }
                LossKernel::Crossentropy => loss::crossentropy(&own, losses, &mut []),
                LossKernel::Cosine => loss::cosine_similarity(&own, losses, &mut []),
                _ => loss::categorical_hinge(&own, losses, &mut []),
            }
            let counts = |row: &usize| !pairs.is_class || ignored != Some(pairs.target[*row]);
            let of_row = |row: usize| f64::from(losses[row - first]);
            self.total += rows.clone().filter(counts).map(of_row).sum::<f64>();
            self.count += rows.filter(counts).map(|row| f64::from(pairs.weight(row))).sum::<f64>();
        }
    }
}

/// The class of a row's target.
pub(super) fn class_of(pairs: &Pairs<'_>, row: usize) -> usize {
    if pairs.is_class {
        pairs.target[row] as usize
    } else {
        largest(&pairs.target[row * pairs.cols..][..pairs.cols])
    }
}

/// The index of the largest value, the first of equals.
pub(crate) fn largest(row: &[f32]) -> usize {
    let mut best = 0;
    for (i, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = i;
        }
    }
    best
}

/// The probability given to the answer, and whether it is right.
pub(crate) fn certainty(pairs: &Pairs<'_>, row: usize) -> (f32, bool) {
    let x = pairs.outputs(row);
    if let [x] = x {
        return (x.max(1.0 - x), (*x > 0.5) == (pairs.target_at(row, 0) > 0.5));
    }
    let said = largest(x);
    (x.get(said).copied().unwrap_or(0.0), said == class_of(pairs, row))
}

/// The bin of a certainty: `(0, 1/n]`, `(1/n, 2/n]` and so on.
pub(crate) fn bin_of(certainty: f32, bins: usize) -> usize {
    let at = (f64::from(certainty) * bins as f64).ceil() as usize;
    at.clamp(1, bins) - 1
}

/// Keras' correlations of one row; `None` where a side does not vary.
fn correlation(is_concordance: bool, pairs: &Pairs<'_>, row: usize) -> Option<f64> {
    let n = pairs.cols as f64;
    let both = || {
        pairs
            .outputs(row)
            .iter()
            .enumerate()
            .map(|(j, &x)| (f64::from(x), f64::from(pairs.target_at(row, j))))
    };
    let mean = |of: fn((f64, f64)) -> f64| both().map(of).sum::<f64>() / n;
    let (x_mean, t_mean) = (mean(|it| it.0), mean(|it| it.1));
    let spread =
        |f: &dyn Fn(f64, f64) -> f64| both().map(|(x, t)| f(x - x_mean, t - t_mean)).sum::<f64>() / n;
    let (x_var, t_var, covariance) = (spread(&|x, _| x * x), spread(&|_, t| t * t), spread(&|x, t| x * t));
    let divisor = if is_concordance {
        // Twice the covariance over what would be twice the variance if both were one.
        0.5 * (x_var + t_var + (x_mean - t_mean).powi(2) + 1e-7)
    } else {
        (x_var * t_var).sqrt()
    };
    (divisor > 0.0).then(|| covariance / divisor)
}
