//! What is scored besides the loss, at which output, and under which name: as Keras' `CompileMetrics` and `CompileLoss` have it
//! (`keras/src/trainers/compile_utils.py`).
//!
//! ```text
//! one output       accuracy, accuracy_1                              a metric that stands twice has a number
//! several          out_loss, out_accuracy                            each with the name of its output
//! weighted too     accuracy, weighted_accuracy                       where the name is taken
//! ```

use super::build::Builder;
use super::loss::{Head, LossKernel, append_probabilities};
use super::metrics::{Comparison, compare};
use super::tensor::TensorId;
use crate::error::{Code, Error};
use crate::spec::{Metric, OutputMetrics, TrainingSpec};
use tabgrad_kernels::loss::Term;

/// A score of this plan.
#[derive(Clone, Debug)]
pub(crate) struct Score {
    /// The metric's, with a number where it stands twice, and behind the output's where there are several.
    pub name: String,
    /// The output that it is of.
    pub head: usize,
    pub comparison: Comparison,
    /// Whether rows count as much as they weigh in the loss.
    pub is_weighted: bool,
    /// Logits where they do as well as probabilities, which training then need not make.
    pub reads: TensorId,
    /// Triples of numbers that it adds up.
    pub room: usize,
}

/// The scores of a training, or which of its metrics does not fit; `names` are those of the outputs. Where metrics are not
/// said for each output, one scores those that it fits.
pub(crate) fn choose(
    builder: &mut Builder,
    training: &TrainingSpec,
    heads: &[Head],
    names: &[&str],
) -> Result<Vec<Score>, Error> {
    let mut scores: Vec<Score> = Vec::new();
    for is_weighted in [false, true] {
        for (at, output) in names.iter().enumerate() {
            if heads.len() > 1 && !is_weighted {
                let name = format!("{output}_loss");
                scores.push(score(name, Comparison::OutputLoss, &heads[at], at, false));
            }
            let OutputMetrics { metrics, path, first, is_own } =
                training.metrics_of((at, names.len()), output, is_weighted);
            for (i, metric) in metrics.iter().enumerate() {
                let found = compare(metric, &heads[at], heads[at].target);
                let fits_another =
                    !is_own && heads.iter().any(|head| compare(metric, head, head.target).is_ok());
                let comparison = match found {
                    Ok(comparison) => comparison,
                    Err(_) if fits_another => continue,
                    Err((expected, hint)) => {
                        let found = format!(
                            "{:?} with the loss {:?}",
                            metric.kind.name(),
                            loss_of(training, at, output)
                        );
                        let hint = match is_own && path.ends_with("metrics") {
                            true => format!("{hint}; of as many metrics as outputs, each output has one"),
                            false => hint.into(),
                        };
                        let path = format!("{path}[{}]", first + i);
                        return Err(Error::new(Code::Mismatch, path, expected, found).hint(hint));
                    }
                };
                let prefix = if heads.len() > 1 { format!("{output}_") } else { String::new() };
                let name = name_of(&scores, &prefix, metrics, i, is_weighted);
                let mut score = score(name, comparison, &heads[at], at, is_weighted);
                if metric.arguments.from_logits && !heads[at].gives_logits {
                    read_logits(builder, &mut score);
                }
                scores.push(score);
            }
        }
    }
    Ok(scores)
}

/// Outputs that a metric alone takes as logits: as they are where there is a kernel for them, else it sees the probabilities.
#[inline(never)]
fn read_logits(builder: &mut Builder, score: &mut Score) {
    let is_binary = match &mut score.comparison {
        Comparison::Loss { kernel, .. } => match kernel {
            LossKernel::Terms(term @ Term::BinaryProbability { gamma: 0.0, .. }) => {
                *term = Term::BinaryLogits;
                return;
            }
            LossKernel::Focal { alpha, gamma: 0.0 } if *alpha == [1.0] => {
                *kernel = LossKernel::Crossentropy;
                return;
            }
            kernel => matches!(kernel, LossKernel::Terms(_)),
        },
        _ => true,
    };
    score.reads = append_probabilities(builder, score.reads, is_binary, true);
}

/// The name of the loss of an output.
fn loss_of(training: &TrainingSpec, place: usize, output: &str) -> &'static str {
    let mut said = training.outputs.iter().filter(|it| it.is_of(place, output));
    said.find_map(|it| it.loss.as_ref()).unwrap_or(&training.loss).type_name()
}

/// A name that no score has yet: the metric's, with a number where it stands several times in its list, and as a weighted one
/// where a plain one has that name.
fn name_of(scores: &[Score], prefix: &str, list: &[Metric], i: usize, is_weighted: bool) -> String {
    let twins = list[..i].iter().filter(|it| it.kind == list[i].kind).count();
    let mut name = list[i].kind.name().to_owned();
    if twins > 0 {
        name = format!("{name}_{twins}");
    }
    let plain = format!("{prefix}{name}");
    let is_taken = is_weighted && scores.iter().any(|score| score.name == plain);
    if is_taken { format!("{prefix}weighted_{name}") } else { plain }
}

/// A comparison at a head, which reads logits where they do.
fn score(name: String, comparison: Comparison, head: &Head, at: usize, is_weighted: bool) -> Score {
    let takes_logits = match (&comparison, &head.kernel) {
        (Comparison::Largest | Comparison::TopK(_), _) => true,
        // Logits above 0 are probabilities above one half.
        (Comparison::Threshold(threshold), LossKernel::Terms(Term::BinaryLogits)) => *threshold == 0.5,
        _ => false,
    };
    let comparison = match comparison {
        Comparison::Threshold(_) if takes_logits => Comparison::Threshold(0.0),
        other => other,
    };
    Score {
        name,
        head: at,
        is_weighted,
        reads: if takes_logits { head.loss_input } else { head.compared },
        room: room(&comparison, head),
        comparison,
    }
}

/// Triples of numbers that a comparison adds up.
fn room(comparison: &Comparison, head: &Head) -> usize {
    match comparison {
        Comparison::R2 { .. } | Comparison::Columns { .. } => head.cols,
        Comparison::Counts { thresholds, labels, .. } => {
            (thresholds.len() + 1) * if labels.are_apart { head.cols } else { 1 }
        }
        Comparison::Matrix { classes, .. } => (classes * classes).div_ceil(3),
        Comparison::Calibration { bins } => *bins,
        _ => 0,
    }
}
