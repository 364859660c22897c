//! The arguments of metrics: one list for all, of which each has its own.

use super::MetricKind;
use crate::error::Error;
use crate::spec::describe::{ArgumentType, Limits, choices, described};
use crate::spec::{Numbers, OneOrEach};
use serde_json::Value;

choices! {
    /// The curve whose area is taken.
    Curve, "choice", "a curve" {
        /// True positives over false positives.
        Roc = "ROC", "ROC";
        /// Precision over recall.
        Pr = "PR", "Precision-recall";
        /// Gain of precision over gain of recall: how far each is from always saying yes.
        PrGain = "PRGAIN", "Precision-recall gain";
    }
}
choices! {
    /// How the area between two thresholds is taken.
    Summation, "choice", "a summation method" {
        /// Straight lines for ROC, the best known interpolation for precision and recall.
        Interpolation = "interpolation", "Interpolation";
        /// The lower of both heights.
        Minoring = "minoring", "Minoring";
        /// The higher of both heights.
        Majoring = "majoring", "Majoring";
    }
}
choices! {
    /// How the scores of classes become one.
    Average, "choice", "an average" {
        /// All decisions together.
        Micro = "micro", "Micro";
        /// The mean over the classes.
        Macro = "macro", "Macro";
        /// The mean over the classes, weighed by their rows.
        Weighted = "weighted", "Weighted";
    }
}
choices! {
    /// How the R² of several outputs become one.
    Aggregation, "choice", "an aggregation" {
        /// The mean.
        Uniform = "uniform_average", "Uniform average";
        /// The mean, weighed by the variances of the targets.
        Variance = "variance_weighted_average", "Variance-weighted average";
    }
}

/// Numbers in ascending order; one may stand without a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorted(pub Vec<f64>);

impl ArgumentType for Sorted {
    const KIND: &'static str = "numbers";

    fn expected(limits: &Limits) -> String {
        format!("{}, or a list of such", f64::expected(limits))
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let mut numbers =
            items.iter().map(|item| f64::read(item, path, limits)).collect::<Result<Vec<f64>, Error>>()?;
        numbers.sort_by(f64::total_cmp);
        Ok(Self(numbers))
    }

    fn write(&self) -> Value {
        self.0.clone().into()
    }
}

described! {
    /// What any metric may be told.
    MetricArguments, "metric", "Metric" {
        /// Above which an output is a yes; none: one half, and of several classes the largest.
        threshold: Option<f64> = None, "Threshold", Limits::between(0.0, 1.0);
        /// Above which outputs are a yes, each with a score of its own; none: one half.
        thresholds: Option<Sorted> = None, "Thresholds", Limits::between(0.0, 1.0);
        /// How many outputs are looked at.
        k: usize = 5, "K", Limits::between(1.0, 1e6);
        /// Only so many of the largest outputs of a row can be a yes; none: all.
        top_k: Option<usize> = None, "Top k", Limits::between(1.0, 1e6);
        /// The only class that is looked at; none: all.
        class_id: Option<usize> = None, "Class";
        /// How many thresholds the curve is made of.
        num_thresholds: usize = 200, "Thresholds", Limits::between(2.0, 10_000.0);
        /// The curve whose area is taken.
        curve: Curve = Curve::Roc, "Curve";
        /// How the area between two thresholds is taken.
        summation_method: Summation = Summation::Interpolation, "Summation";
        /// Whether every output has a curve of its own, and the score is the mean of their areas.
        multi_label: bool = false, "Multi-label";
        /// What each output counts in that mean, or in the one curve; none: all alike.
        label_weights: Option<Numbers> = None, "Label weights", Limits::at_least(0.0);
        /// The specificity to be reached.
        specificity: f64 = 0.5, "Specificity", Limits::between(0.0, 1.0);
        /// The sensitivity to be reached.
        sensitivity: f64 = 0.5, "Sensitivity", Limits::between(0.0, 1.0);
        /// The precision to be reached.
        precision: f64 = 0.5, "Precision", Limits::between(0.0, 1.0);
        /// The recall to be reached.
        recall: f64 = 0.5, "Recall", Limits::between(0.0, 1.0);
        /// How the scores of classes become one; none: each for itself.
        average: Option<Average> = None, "Average";
        /// How many times as important recall is as precision.
        beta: f64 = 1.0, "Beta", Limits::between(1e-3, 1e3);
        /// The classes that are looked at; none: all.
        target_class_ids: Option<Sorted> = None, "Classes", Limits::between(0.0, 1e6);
        /// A class whose rows are left out; none: all count.
        ignore_class: Option<usize> = None, "Ignored class";
        /// How the scores of several outputs become one; none: each for itself.
        class_aggregation: Option<Aggregation> = Some(Aggregation::Uniform), "Aggregation";
        /// How many features the score is adjusted for; 0: it is not.
        num_regressors: usize = 0, "Regressors", Limits::between(0.0, 1e6);
        /// Whether the last layer gives logits; where the loss says so, that is known.
        from_logits: bool = false, "From logits";
        /// How far targets are moved from 0 and 1.
        label_smoothing: f64 = 0.0, "Label smoothing", Limits::between(0.0, 1.0);
        /// How much less what is nearly right counts.
        gamma: f64 = 2.0, "Gamma", Limits::between(0.0, 20.0);
        /// The weight of yes, or what all is multiplied with.
        alpha: OneOrEach = OneOrEach(vec![0.25]), "Alpha", Limits::at_least(0.0);
        /// Whether yes and no are weighed by alpha and 1 - alpha.
        apply_class_balancing: bool = false, "Class balancing";
        /// Where it goes from squared to straight.
        delta: f64 = 1.0, "Delta", Limits::between(1e-6, 1e6);
        /// How many parts the range of certainty is cut into.
        bins: usize = 15, "Bins", Limits::between(1.0, 1000.0);
    }
}

impl MetricKind {
    /// The names of its arguments.
    pub(super) fn arguments(self) -> &'static [&'static str] {
        use MetricKind as M;
        match self {
            M::BinaryAccuracy | M::MatthewsCorrelation | M::CohenKappa | M::BalancedAccuracy => {
                &["threshold"]
            }
            M::TopKCategoricalAccuracy | M::SparseTopKCategoricalAccuracy => &["k"],
            M::Precision | M::Recall => &["thresholds", "top_k", "class_id"],
            M::TruePositives | M::TrueNegatives | M::FalsePositives | M::FalseNegatives => &["thresholds"],
            M::Auc => &[
                "num_thresholds",
                "curve",
                "summation_method",
                "thresholds",
                "class_id",
                "multi_label",
                "label_weights",
                "from_logits",
            ],
            M::SensitivityAtSpecificity => &["specificity", "num_thresholds", "class_id"],
            M::SpecificityAtSensitivity => &["sensitivity", "num_thresholds", "class_id"],
            M::PrecisionAtRecall => &["recall", "num_thresholds", "class_id"],
            M::RecallAtPrecision => &["precision", "num_thresholds", "class_id"],
            M::F1Score => &["average", "threshold"],
            M::FBetaScore => &["average", "beta", "threshold"],
            M::IoU => &["target_class_ids", "ignore_class"],
            M::BinaryIoU => &["target_class_ids", "threshold"],
            M::MeanIoU => &["ignore_class"],
            M::R2Score => &["class_aggregation", "num_regressors"],
            M::BinaryCrossentropy | M::CategoricalCrossentropy => &["from_logits", "label_smoothing"],
            M::SparseCategoricalCrossentropy => &["from_logits", "ignore_class"],
            M::BinaryFocalCrossentropy => {
                &["apply_class_balancing", "alpha", "gamma", "from_logits", "label_smoothing"]
            }
            M::CategoricalFocalCrossentropy => &["alpha", "gamma", "from_logits", "label_smoothing"],
            M::Huber => &["delta"],
            M::CalibrationError => &["bins"],
            _ => &[],
        }
    }
}
