//! What is made of the sums of a metric. Where a share is of nothing, Keras' answer is 0; where a score means nothing, such
//! as the area under a curve without a single yes, there is none.

use super::Sums;
use crate::plan::{Comparison, CountAnswer, Labels, MatrixAnswer, Rate};
use crate::spec::metrics::{Aggregation, Average, Curve, Summation};

/// Keras' `backend.epsilon()`.
const EPSILON: f64 = 1e-7;

/// How many are right and wrong at one threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Counted {
    pub true_positives: f64,
    pub false_positives: f64,
    pub true_negatives: f64,
    pub false_negatives: f64,
}

/// `a / b`, or 0.
fn share(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}

impl Counted {
    /// Of what is predicted, the share that is true.
    pub fn precision(self) -> f64 {
        share(self.true_positives, self.true_positives + self.false_positives)
    }

    /// Of what is true, the share that is predicted.
    pub fn recall(self) -> f64 {
        share(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// Of what is not true, the share that is not predicted.
    fn specificity(self) -> f64 {
        share(self.true_negatives, self.true_negatives + self.false_positives)
    }

    /// Of recall and precision, the gain over always saying yes (Flach and Kull, "Precision-recall-gain curves", 2015), held
    /// as Keras holds them where nothing is found.
    fn gains(self) -> (f64, f64) {
        let Self { true_positives, false_positives, true_negatives, false_negatives } = self;
        if true_positives == 0.0 {
            return (0.0, 1.0);
        }
        let odds = share(true_positives + false_negatives, true_negatives + false_positives);
        let gain = |wrong: f64| 1.0 - odds * wrong / true_positives;
        (gain(false_negatives).max(0.0), gain(false_positives))
    }

    fn rate(self, rate: Rate) -> f64 {
        match rate {
            Rate::Precision => self.precision(),
            Rate::Recall => self.recall(),
            Rate::Specificity => self.specificity(),
        }
    }
}

/// The counts at threshold `i`, of outputs counted by how many thresholds they are above.
pub(crate) fn counted(below: &[[f64; 3]], i: usize) -> Counted {
    let sum = |part: &[[f64; 3]], side: usize| part.iter().map(|moments| moments[side]).sum::<f64>();
    let (under, over) = below.split_at(i + 1);
    Counted {
        true_positives: sum(over, 0),
        false_positives: sum(over, 1),
        true_negatives: sum(under, 1),
        false_negatives: sum(under, 0),
    }
}

impl Sums {
    /// One answer, or one for each class or threshold.
    pub(super) fn answers(&self, comparison: &Comparison) -> Vec<Option<f64>> {
        if self.count == 0.0 {
            return vec![None];
        }
        let mean = self.total / self.count;
        match comparison {
            Comparison::Loss { sign, is_root, .. } => {
                let mean = sign * mean;
                vec![Some(if *is_root { mean.sqrt() } else { mean })]
            }
            Comparison::Threshold(_) | Comparison::Largest | Comparison::TopK(_) => vec![Some(mean)],
            Comparison::Correlation { .. } | Comparison::OutputLoss => vec![Some(mean)],
            Comparison::R2 { aggregation: None, regressors } => {
                let each = self.moments.iter();
                each.map(|it| self.r2(std::slice::from_ref(it), false, *regressors)).collect()
            }
            Comparison::R2 { aggregation: Some(aggregation), regressors } => {
                vec![self.r2(&self.moments, *aggregation == Aggregation::Variance, *regressors)]
            }
            Comparison::Counts { thresholds, labels, answer, .. } => {
                self.count_answers(thresholds.len(), labels, *answer)
            }
            Comparison::Columns { beta, average, .. } => {
                f_scores(&self.moments, *beta, *average).into_iter().map(Some).collect()
            }
            Comparison::Matrix { classes, answer, .. } => {
                let cell = |truth: usize, said: usize| {
                    let cell = truth * classes + said;
                    self.moments[cell / 3][cell % 3]
                };
                vec![matrix_answer(*classes, &cell, answer)]
            }
            Comparison::Calibration { .. } => {
                let off = |bin: &[f64; 3]| (bin[1] - bin[2]).abs();
                vec![Some(self.moments.iter().map(off).sum::<f64>() / self.count)]
            }
        }
    }

    /// Keras' `R2Score` of these outputs; absent where a target does not vary.
    fn r2(&self, outputs: &[[f64; 3]], is_weighted: bool, regressors: usize) -> Option<f64> {
        let n = self.count;
        let (mut total, mut weights) = (0.0, 0.0);
        for [sum, squares, residuals] in outputs {
            let spread = squares - sum * sum / n;
            if spread <= 1e-12 * squares {
                return None;
            }
            let weight = if is_weighted { spread } else { 1.0 };
            total += weight * (1.0 - residuals / spread);
            weights += weight;
        }
        let r2 = total / weights;
        // As Keras counts: numbers, not rows, whatever they weigh.
        let (numbers, p) = (self.total * self.moments.len() as f64, regressors as f64);
        if regressors == 0 || p >= numbers - 1.0 {
            return Some(r2);
        }
        Some(1.0 - (1.0 - r2) * (numbers - 1.0) / (numbers - p - 1.0))
    }

    fn count_answers(&self, thresholds: usize, labels: &Labels, answer: CountAnswer) -> Vec<Option<f64>> {
        let all = || (0..thresholds).map(|i| counted(&self.moments, i));
        let one = |of: fn(Counted) -> f64| all().map(|it| Some(of(it))).collect();
        match answer {
            CountAnswer::TruePositives => one(|it| it.true_positives),
            CountAnswer::TrueNegatives => one(|it| it.true_negatives),
            CountAnswer::FalsePositives => one(|it| it.false_positives),
            CountAnswer::FalseNegatives => one(|it| it.false_negatives),
            CountAnswer::Precision => one(Counted::precision),
            CountAnswer::Recall => one(Counted::recall),
            CountAnswer::Best { of, under, at_least } => {
                let fit = all().filter(|it| it.rate(under) >= at_least);
                vec![Some(fit.map(|it| it.rate(of)).fold(0.0, f64::max))]
            }
            CountAnswer::Auc { curve, summation } if labels.are_apart => {
                let each = self.moments.chunks_exact(thresholds + 1).enumerate();
                let (mut total, mut weights) = (0.0, 0.0);
                for (j, below) in each {
                    let weight = labels.weights.get(j).copied().unwrap_or(1.0);
                    total += weight * area(below, thresholds, curve, summation).unwrap_or(0.0);
                    weights += weight;
                }
                vec![Some(share(total, weights))]
            }
            CountAnswer::Auc { curve, summation } => {
                vec![area(&self.moments, thresholds, curve, summation)]
            }
        }
    }
}

/// The area under a curve, as Keras sums it up; absent without a single yes, or for ROC without a single no.
fn area(below: &[[f64; 3]], thresholds: usize, curve: Curve, summation: Summation) -> Option<f64> {
    let everything = counted(below, 0);
    let yes = everything.true_positives + everything.false_negatives;
    let no = everything.true_negatives + everything.false_positives;
    if yes == 0.0 || curve == Curve::Roc && no == 0.0 {
        return None;
    }
    let place = |it: Counted| match curve {
        Curve::Roc => (1.0 - it.specificity(), it.recall()),
        Curve::Pr => (it.recall(), it.precision()),
        Curve::PrGain => it.gains(),
    };
    let step = |i: usize| {
        let (here, next) = (counted(below, i), counted(below, i + 1));
        if (curve, summation) == (Curve::Pr, Summation::Interpolation) {
            return interpolated(here, next, yes);
        }
        let ((x, y), (next_x, next_y)) = (place(here), place(next));
        let height = match summation {
            Summation::Interpolation => (y + next_y) / 2.0,
            Summation::Minoring => y.min(next_y),
            Summation::Majoring => y.max(next_y),
        };
        (x - next_x) * height
    };
    Some((0..thresholds.saturating_sub(1)).map(step).sum())
}

/// The area between two thresholds under the curve of precision over recall, true positives growing evenly between them
/// (Davis and Goadrich, "The relationship between precision-recall and ROC curves", 2006).
fn interpolated(here: Counted, next: Counted, yes: f64) -> f64 {
    let positives = |it: Counted| it.true_positives + it.false_positives;
    let (p, next_p) = (positives(here), positives(next));
    let d_true = here.true_positives - next.true_positives;
    let slope = share(d_true, (p - next_p).max(0.0));
    let intercept = next.true_positives - slope * next_p;
    let ratio = if p > 0.0 && next_p > 0.0 { p / next_p } else { 1.0 };
    slope * (d_true + intercept * tabgrad_kernels::math::ln_of(ratio as f32) as f64) / yes
}

/// F scores of columns of (predicted and true, predicted, true): one for each, or their average.
pub(crate) fn f_scores(columns: &[[f64; 3]], beta: f64, average: Option<Average>) -> Vec<f64> {
    let score = |[both, predicted, truth]: [f64; 3]| {
        let (precision, recall) = (both / (predicted + EPSILON), both / (truth + EPSILON));
        precision * recall * (1.0 + beta * beta) / (beta * beta * precision + recall + EPSILON)
    };
    let all = || columns.iter().map(|&column| score(column));
    let truths: f64 = columns.iter().map(|column| column[2]).sum();
    match average {
        None => all().collect(),
        Some(Average::Macro) => vec![all().sum::<f64>() / columns.len().max(1) as f64],
        Some(Average::Weighted) => {
            vec![
                all().zip(columns).map(|(score, column)| score * column[2]).sum::<f64>() / (truths + EPSILON),
            ]
        }
        Some(Average::Micro) => {
            let sum = |i: usize| columns.iter().map(|column| column[i]).sum::<f64>();
            vec![score([sum(0), sum(1), sum(2)])]
        }
    }
}

/// What is made of a confusion matrix, `cell(truth, said)`.
pub(crate) fn matrix_answer(
    classes: usize,
    cell: &dyn Fn(usize, usize) -> f64,
    answer: &MatrixAnswer,
) -> Option<f64> {
    let truths = |class: usize| (0..classes).map(|said| cell(class, said)).sum::<f64>();
    let saids = |class: usize| (0..classes).map(|truth| cell(truth, class)).sum::<f64>();
    let sum = |of: &dyn Fn(usize) -> f64| (0..classes).map(of).sum::<f64>();
    let right = sum(&|class| cell(class, class));
    let all = sum(&truths);
    let value = match answer {
        MatrixAnswer::Matthews => {
            // Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", 2004.
            let chance = sum(&|class| truths(class) * saids(class));
            let spread = |of: &dyn Fn(usize) -> f64| all * all - sum(&|class| of(class) * of(class));
            (right * all - chance) / (spread(&truths) * spread(&saids)).sqrt()
        }
        MatrixAnswer::Kappa => {
            let chance = sum(&|class| truths(class) * saids(class)) / all;
            (right - chance) / (all - chance)
        }
        MatrixAnswer::BalancedAccuracy => {
            let is_there = |class: &usize| truths(*class) > 0.0;
            let recall = |class: usize| cell(class, class) / truths(class);
            let there = (0..classes).filter(is_there).count() as f64;
            (0..classes).filter(is_there).map(recall).sum::<f64>() / there
        }
        MatrixAnswer::IoU(chosen) => {
            let union = |class: usize| truths(class) + saids(class) - cell(class, class);
            let counts = |class: &usize| (chosen.is_empty() || chosen.contains(class)) && union(*class) > 0.0;
            let there = (0..classes).filter(counts).count() as f64;
            (0..classes).filter(counts).map(|class| cell(class, class) / union(class)).sum::<f64>() / there
        }
    };
    Some(value).filter(|value| value.is_finite())
}
