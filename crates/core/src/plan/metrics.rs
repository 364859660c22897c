//! Which metric is computed how, decided as Keras does: "accuracy" depends on the loss and the target.

use super::loss::{Head, LossKernel};
use super::target::Target;
use crate::spec::metrics::{Aggregation, Average, Curve, MetricArguments, Summation};
use crate::spec::{Metric, MetricKind};
use tabgrad_kernels::loss::Term;

/// How outputs and targets are compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Comparison {
    /// Every output is right or wrong: above the threshold or not.
    Threshold(f32),
    /// The largest output is the target's class, or where its largest number is.
    Largest,
    /// That class is among so many of the largest outputs.
    TopK(usize),
    /// What a loss says, smoothed or not, of all rows but those of a class; times `sign`, and its root where `is_root`.
    Loss { kernel: LossKernel, smoothing: f32, ignored: Option<f32>, sign: f64, is_root: bool },
    /// 1 - squared differences / squared deviations from the mean, over the outputs.
    R2 { aggregation: Option<Aggregation>, regressors: usize },
    /// The correlation of a row's outputs with its targets, averaged over the rows.
    Correlation { is_concordance: bool },
    /// How many are right and wrong at thresholds, in ascending order, and what is made of it.
    Counts {
        thresholds: Vec<f32>,
        column: Option<usize>,
        top: Option<usize>,
        labels: Labels,
        answer: CountAnswer,
    },
    /// How many are right and wrong in each column, and the F score of it.
    Columns { threshold: Option<f32>, beta: f64, average: Option<Average> },
    /// The confusion matrix and what is made of it.
    Matrix { classes: usize, threshold: f32, ignored: Option<usize>, answer: MatrixAnswer },
    /// Certainty against the share of right answers, in bins.
    Calibration { bins: usize },
    /// The loss of this output alone, without its weight in the sum of all.
    OutputLoss,
}

/// The outputs of a row as counts see them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Labels {
    /// Whether each has counts of its own.
    pub are_apart: bool,
    /// What each counts; empty: all alike.
    pub weights: Vec<f64>,
}

/// What is made of counts at thresholds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum CountAnswer {
    TruePositives,
    TrueNegatives,
    FalsePositives,
    FalseNegatives,
    Precision,
    Recall,
    Auc {
        curve: Curve,
        summation: Summation,
    },
    /// The best of the first among thresholds at which the second is at least this.
    Best {
        of: Rate,
        under: Rate,
        at_least: f64,
    },
}

/// A rate at a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rate {
    Precision,
    /// Also called sensitivity.
    Recall,
    Specificity,
}

/// What is made of a confusion matrix.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MatrixAnswer {
    Matthews,
    Kappa,
    BalancedAccuracy,
    /// Of these classes; none: of all.
    IoU(Vec<usize>),
}

/// What would fit instead, and an example.
pub(super) type Unfit = (&'static str, &'static str);

/// How a metric compares the outputs of a head with its targets, or what would fit there instead.
pub(super) fn compare(metric: &Metric, head: &Head, target: Target) -> Result<Comparison, Unfit> {
    use MetricKind as M;
    const NUMBERS: Unfit = ("a metric for numbers", "root_mean_squared_error, for one");
    const CLASSES: Unfit = ("a metric for classes", "accuracy, for one");
    if matches!(head.kernel, LossKernel::Ctc | LossKernel::Circle(_)) {
        return Err(("no metric", "there is none for what this loss predicts"));
    }
    let it = &metric.arguments;
    let several = head.cols > 1;
    // Whether outputs are the chances or the sides of something that is or is not.
    let is_choice = head.is_class
        || target == Target::Binary
        || matches!(
            head.kernel,
            LossKernel::Crossentropy
                | LossKernel::Focal { .. }
                | LossKernel::CategoricalHinge
                | LossKernel::Overlap { .. }
                | LossKernel::Terms(
                    Term::BinaryLogits | Term::BinaryProbability { .. } | Term::Hinge | Term::SquaredHinge
                )
        );
    let loss = |kernel| Comparison::Loss { kernel, smoothing: 0.0, ignored: None, sign: 1.0, is_root: false };
    let smoothed = |kernel| {
        let smoothing = it.label_smoothing as f32;
        let ignored = it.ignore_class.map(|class| class as f32);
        Comparison::Loss { kernel, smoothing, ignored, sign: 1.0, is_root: false }
    };
    let numbers = |comparison| if head.is_class { Err(CLASSES) } else { Ok(comparison) };
    let of_choice = |comparison| if is_choice { Ok(comparison) } else { Err(NUMBERS) };
    let of_several = |comparison| if is_choice && several { Ok(comparison) } else { Err(NUMBERS) };
    let threshold = it.threshold.map(|threshold| threshold as f32);
    let side = middle(head);
    match metric.kind {
        M::Accuracy if !is_choice => Err(NUMBERS),
        M::Accuracy if several => Ok(Comparison::Largest),
        M::Accuracy => Ok(Comparison::Threshold(side)),
        M::BinaryAccuracy => of_choice(Comparison::Threshold(threshold.unwrap_or(side))),
        M::CategoricalAccuracy | M::SparseCategoricalAccuracy => of_several(Comparison::Largest),
        M::TopKCategoricalAccuracy | M::SparseTopKCategoricalAccuracy => of_several(Comparison::TopK(it.k)),
        M::MeanAbsoluteError => numbers(loss(LossKernel::Terms(Term::Absolute))),
        M::MeanSquaredError => numbers(loss(LossKernel::Terms(Term::Squared))),
        M::RootMeanSquaredError => {
            let kernel = LossKernel::Terms(Term::Squared);
            numbers(Comparison::Loss { kernel, smoothing: 0.0, ignored: None, sign: 1.0, is_root: true })
        }
        M::MeanAbsolutePercentageError => numbers(loss(LossKernel::Terms(Term::Percentage))),
        M::MeanSquaredLogarithmicError => numbers(loss(LossKernel::Terms(Term::SquaredLogarithmic))),
        M::LogCoshError => numbers(loss(LossKernel::Terms(Term::LogCosh))),
        M::Huber => numbers(loss(LossKernel::Terms(Term::Huber { delta: it.delta as f32 }))),
        M::Poisson => numbers(loss(LossKernel::Terms(Term::Poisson))),
        M::CosineSimilarity => {
            let kernel = LossKernel::Cosine;
            Ok(Comparison::Loss { kernel, smoothing: 0.0, ignored: None, sign: -1.0, is_root: false })
        }
        M::PearsonCorrelation => numbers(Comparison::Correlation { is_concordance: false }),
        M::ConcordanceCorrelation => numbers(Comparison::Correlation { is_concordance: true }),
        M::R2Score => {
            numbers(Comparison::R2 { aggregation: it.class_aggregation, regressors: it.num_regressors })
        }
        M::BinaryCrossentropy => of_choice(smoothed(yes_or_no(0.0, None))),
        M::BinaryFocalCrossentropy => {
            let alpha = it.apply_class_balancing.then(|| it.alpha.first());
            of_choice(smoothed(yes_or_no(it.gamma as f32, alpha)))
        }
        M::CategoricalCrossentropy | M::SparseCategoricalCrossentropy => {
            of_several(smoothed(LossKernel::Focal { alpha: vec![1.0], gamma: 0.0 }))
        }
        M::CategoricalFocalCrossentropy => {
            if !it.alpha.fits(head.cols) {
                return Err(("as many numbers in alpha as there are classes", "or one number for all"));
            }
            let (alpha, gamma) = (it.alpha.each(), it.gamma as f32);
            of_several(smoothed(LossKernel::Focal { alpha, gamma }))
        }
        M::KlDivergence => of_choice(loss(LossKernel::Terms(Term::Divergence))),
        M::Hinge => of_choice(loss(LossKernel::Terms(Term::Hinge))),
        M::SquaredHinge => of_choice(loss(LossKernel::Terms(Term::SquaredHinge))),
        M::CategoricalHinge => of_several(loss(LossKernel::CategoricalHinge)),
        M::F1Score | M::FBetaScore => {
            let threshold = if several { threshold } else { Some(threshold.unwrap_or(side)) };
            of_choice(Comparison::Columns { threshold, beta: it.beta, average: it.average })
        }
        M::MatthewsCorrelation | M::CohenKappa | M::BalancedAccuracy | M::IoU | M::BinaryIoU | M::MeanIoU => {
            if !is_choice || metric.kind == M::BinaryIoU && several {
                return Err(NUMBERS);
            }
            let classes = head.cols.max(2);
            let ids = it.target_class_ids.iter().flat_map(|ids| &ids.0);
            let answer = match metric.kind {
                M::MatthewsCorrelation => MatrixAnswer::Matthews,
                M::CohenKappa => MatrixAnswer::Kappa,
                M::BalancedAccuracy => MatrixAnswer::BalancedAccuracy,
                _ => MatrixAnswer::IoU(ids.map(|&id| id as usize).filter(|&id| id < classes).collect()),
            };
            let threshold = threshold.unwrap_or(side);
            Ok(Comparison::Matrix { classes, threshold, ignored: it.ignore_class, answer })
        }
        M::CalibrationError => of_choice(Comparison::Calibration { bins: it.bins }),
        kind => {
            if it.label_weights.as_ref().is_some_and(|weights| weights.0.len() != head.cols) {
                return Err(("as many label_weights as there are outputs", "one for each"));
            }
            if it.class_id.is_some() && (it.multi_label || it.label_weights.is_some()) {
                return Err(("class_id without multi_label and label_weights", "it is one output alone"));
            }
            of_choice(counts(kind, it, side))
        }
    }
}

/// Cross-entropy for yes or no, balanced by `alpha` or not.
fn yes_or_no(gamma: f32, alpha: Option<f32>) -> LossKernel {
    let (yes, no) = alpha.map_or((1.0, 1.0), |alpha| (alpha, 1.0 - alpha));
    LossKernel::Terms(Term::BinaryProbability { gamma, yes, no })
}

/// Where yes begins: at one half, and for margins at 0.
fn middle(head: &Head) -> f32 {
    match head.kernel {
        LossKernel::Terms(Term::Hinge | Term::SquaredHinge) => 0.0,
        _ => 0.5,
    }
}

/// The metrics of counts at thresholds.
fn counts(kind: MetricKind, it: &MetricArguments, side: f32) -> Comparison {
    use MetricKind as M;
    let best = |of, under, at_least| CountAnswer::Best { of, under, at_least };
    let answer = match kind {
        M::TruePositives => CountAnswer::TruePositives,
        M::TrueNegatives => CountAnswer::TrueNegatives,
        M::FalsePositives => CountAnswer::FalsePositives,
        M::FalseNegatives => CountAnswer::FalseNegatives,
        M::Recall => CountAnswer::Recall,
        M::Auc => CountAnswer::Auc { curve: it.curve, summation: it.summation_method },
        M::SensitivityAtSpecificity => best(Rate::Recall, Rate::Specificity, it.specificity),
        M::SpecificityAtSensitivity => best(Rate::Specificity, Rate::Recall, it.sensitivity),
        M::PrecisionAtRecall => best(Rate::Precision, Rate::Recall, it.recall),
        M::RecallAtPrecision => best(Rate::Recall, Rate::Precision, it.precision),
        _ => CountAnswer::Precision,
    };
    let is_curve = matches!(answer, CountAnswer::Auc { .. } | CountAnswer::Best { .. });
    let given = it.thresholds.as_ref().map(|thresholds| thresholds.0.iter().map(|&it| it as f32));
    let thresholds = match given {
        Some(given) if is_curve => [-1e-7].into_iter().chain(given).chain([1.0 + 1e-7]).collect(),
        Some(given) => given.collect(),
        None if is_curve => {
            let last = (it.num_thresholds - 1) as f64;
            let inner = (1..it.num_thresholds - 1).map(|i| (i as f64 / last) as f32);
            [-1e-7].into_iter().chain(inner).chain([1.0 + 1e-7]).collect()
        }
        // Of the largest, every one is a yes.
        None => vec![if it.top_k.is_some() { f32::NEG_INFINITY } else { side }],
    };
    let weights = it.label_weights.as_ref().map(|weights| weights.0.clone()).unwrap_or_default();
    let labels = Labels { are_apart: it.multi_label, weights };
    Comparison::Counts { thresholds, column: it.class_id, top: it.top_k, labels, answer }
}
