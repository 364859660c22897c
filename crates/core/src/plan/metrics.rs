//! Which metric is computed how, decided as Keras does: "accuracy" depends on the loss and the target.

use super::loss::{Head, LossKernel};
use super::target::Target;
use super::tensor::TensorId;
use crate::error::{Code, Error};
use crate::spec::{Metric, TrainingSpec};
use tabgrad_kernels::loss::Term;

/// How outputs and targets are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Comparison {
    /// Every output is right or wrong: above the threshold or not.
    Threshold(f32),
    /// The largest output against a class index.
    LargestIsClass,
    /// The largest output against the largest target.
    LargestIsLargest,
    /// Mean of absolute differences.
    Absolute,
    /// Mean of squared differences.
    Squared,
    /// Root of the mean of squared differences.
    RootSquared,
    /// 1 - squared differences / squared deviations from the mean, averaged over the outputs.
    R2,
}

/// A metric of this plan.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Score {
    pub metric: Metric,
    pub comparison: Comparison,
    /// Logits where they do as well as probabilities, which training then need not make.
    pub reads: TensorId,
}

/// The scores for the metrics of a training, or which of them does not fit.
pub(crate) fn choose(training: &TrainingSpec, head: &Head, target: Target) -> Result<Vec<Score>, Error> {
    let choose = |(i, &metric): (usize, &Metric)| {
        let unfit = |expected: &str, hint: &str| {
            let found = format!("{:?} with the loss {:?}", metric.name(), training.loss.type_name());
            Err(Error::new(Code::Mismatch, format!("training.metrics[{i}]"), expected, found).hint(hint))
        };
        let comparison = if metric == Metric::Accuracy {
            match accuracy(head, target) {
                Some(comparison) => comparison,
                None => return unfit("a metric for numbers", "root_mean_squared_error, for one"),
            }
        } else if head.is_class {
            return unfit("a metric for classes", "accuracy, for one");
        } else {
            match metric {
                Metric::MeanAbsoluteError => Comparison::Absolute,
                Metric::MeanSquaredError => Comparison::Squared,
                Metric::RootMeanSquaredError => Comparison::RootSquared,
                Metric::R2Score | Metric::Accuracy => Comparison::R2,
            }
        };
        let reads = if metric == Metric::Accuracy { head.loss_input } else { head.prediction };
        Ok(Score { metric, comparison, reads })
    };
    training.metrics.iter().enumerate().map(choose).collect()
}

/// Logits above 0 are probabilities above 0.5; the largest logit is the largest probability.
fn accuracy(head: &Head, target: Target) -> Option<Comparison> {
    match (head.kernel, target) {
        _ if head.is_class => Some(Comparison::LargestIsClass),
        (LossKernel::Crossentropy | LossKernel::Focal { .. }, _) => Some(Comparison::LargestIsLargest),
        (LossKernel::Terms(Term::BinaryLogits), Target::Values(n)) if n > 1 => {
            Some(Comparison::LargestIsLargest)
        }
        (LossKernel::Terms(Term::BinaryLogits), _) => Some(Comparison::Threshold(0.0)),
        (_, Target::Binary) => Some(Comparison::Threshold(0.5)),
        _ => None,
    }
}
