//! Scores of a part of the rows, and what always saying the same would score.

use std::collections::BTreeMap;

use ndarray::{Array2, Axis};
use tabgrad_core::report;
use tabgrad_data::TargetCode;
use tabgrad_data::report::Task;
use tabgrad_json::Value;

use crate::project::{PartRows, Parts, Project};
use crate::protocol::{Baseline, EngineError, Evaluation, Part, Scores};

/// Powers of the target's standard deviation that turn scores of the standardised target into the user's units: a mean
/// squared error of lengths in centimetres comes out in square centimetres. Huber's loss has no such power and stays in
/// standard deviations; so does the sum of the losses of several outputs, which have no unit in common.
#[derive(Clone, Debug)]
pub struct Units {
    std: f64,
    loss_power: i32,
    /// Of several outputs, each by its name.
    outputs: Vec<OutputUnits>,
}

/// Those of one output of several.
#[derive(Clone, Debug)]
struct OutputUnits {
    name: String,
    std: f64,
    loss_power: i32,
}

impl Units {
    /// For these targets and losses.
    pub fn of(project: &Project) -> Self {
        let Project { encoding, choices, .. } = project;
        let loss = &choices.training["loss"];
        if encoding.further.is_some() {
            return Self { std: 1.0, loss_power: 0, outputs: units_of_outputs(project, loss) };
        }
        Self { std: deviation(&encoding.target), loss_power: power_of(loss), outputs: Vec::new() }
    }

    /// A loss in the user's units.
    pub fn loss(&self, loss: f32) -> f64 {
        f64::from(loss) * self.std.powi(self.loss_power)
    }

    /// Scores as the page gets them: in the user's units, and only what is finite.
    pub fn scores(&self, scores: &tabgrad_core::Scores) -> Option<Scores> {
        let metrics =
            scores.metrics.iter().map(|(name, value)| (name.clone(), f64::from(*value) * self.unit(name)));
        Some(Scores {
            loss: Some(self.loss(scores.loss)).filter(|loss| loss.is_finite())?,
            metrics: metrics.filter(|(_, value)| value.is_finite()).collect(),
        })
    }

    /// What a metric is multiplied with.
    fn unit(&self, metric: &str) -> f64 {
        if self.outputs.is_empty() { self.std.powi(power(metric)) } else { self.unit_at_output(metric) }
    }

    /// The same of `price_loss`, `price_mean_squared_error`: those of the output with the longest name that fits.
    #[inline(never)]
    fn unit_at_output(&self, metric: &str) -> f64 {
        let own = |it: &OutputUnits| {
            let metric = metric.strip_prefix(it.name.as_str())?.strip_prefix('_')?;
            let power = if metric == "loss" { it.loss_power } else { power(metric) };
            Some((it.name.len(), it.std.powi(power)))
        };
        self.outputs.iter().filter_map(own).max_by_key(|(len, _)| *len).map_or(1.0, |(_, unit)| unit)
    }
}

fn deviation(target: &TargetCode) -> f64 {
    target.scale().map_or(1.0, |scale| scale.std)
}

/// Losses are said for all outputs, by their names or in their order.
#[inline(never)]
fn units_of_outputs(project: &Project, loss: &Value) -> Vec<OutputUnits> {
    let is_one = loss.is_string() || loss.get("type").is_some();
    let units = |(place, (name, target)): (usize, (&str, &TargetCode))| {
        let own = if is_one { loss } else { loss.get(name).or(loss.get(place)).unwrap_or(loss) };
        OutputUnits { name: name.to_owned(), std: deviation(target), loss_power: power_of(own) }
    };
    project.model.outputs().into_iter().zip(project.encoding.targets()).enumerate().map(units).collect()
}

fn power_of(loss: &Value) -> i32 {
    power(loss.as_str().or_else(|| loss["type"].as_str()).unwrap_or_default())
}

/// Of a loss, or of a metric by the name of its score, which may be one that counts rows by their weights.
fn power(name: &str) -> i32 {
    match name.strip_prefix("weighted_").unwrap_or(name) {
        "mean_squared_error" | "mse" => 2,
        "mean_absolute_error" | "mae" | "root_mean_squared_error" | "rmse" => 1,
        _ => 0,
    }
}

/// Loss, metrics and, for classes, the confusion matrix.
///
/// # Errors
/// No rows at all or none in this part; scores that are not finite.
pub fn evaluate(project: &mut Project, part: Part) -> Result<Evaluation, EngineError> {
    let rows = project.part(part)?.len();
    if rows == 0 {
        return Err(no_part(part));
    }
    let units = project.units();
    let Project { model, parts: Some(parts), encoding, .. } = project else {
        return Err(crate::failure::no_rows(&project.report.name));
    };
    let of_part = parts.get(part);
    let scores = model.evaluate(&of_part.rows())?.and_then(|scores| units.scores(&scores));
    let scores = scores.ok_or_else(not_finite)?;
    let has_classes = encoding.targets().into_iter().any(|target| !target.classes().is_empty());
    let outputs = if has_classes { model.predict_each(of_part.x.view())? } else { Vec::new() };
    let confusion = matrix(0, &encoding.target, &outputs, of_part);
    let confusions = encoding.further.as_ref().map(|further| matrices(further, &outputs, of_part));
    // A part has fewer than 2^32 rows: its index is made of u32.
    Ok(Evaluation { scores, part, rows: rows as u32, confusion, confusions })
}

/// Where a target has classes.
#[inline(never)]
fn matrix(place: usize, target: &TargetCode, outputs: &[Array2<f32>], part: &PartRows) -> Option<Vec<u32>> {
    let classes = Some(target.classes().len()).filter(|classes| *classes > 0)?;
    let truths = part.y.column(place).to_vec();
    Some(report::confusion(outputs.get(place)?.view(), &truths, classes))
}

/// Those of several targets; that of the first is not told twice.
#[inline(never)]
fn matrices(further: &[TargetCode], outputs: &[Array2<f32>], part: &PartRows) -> Vec<Option<Vec<u32>>> {
    let own = (1..).zip(further).map(|(place, target)| matrix(place, target, outputs, part));
    [None].into_iter().chain(own).collect()
}

/// There are no rows of a part.
pub(crate) fn no_part(part: Part) -> EngineError {
    let name = part.name();
    EngineError::new(
        "no_rows",
        format!("There are no {name} rows to score: give them a share of the data first."),
    )
    .at(format!("split.{name}"))
}

/// There is nothing to score in numbers that are none.
pub(crate) fn not_finite() -> EngineError {
    EngineError::new(
        "not_finite",
        "The network's answers are too large to be scored: reset it, and train with a smaller learning rate.",
    )
}

/// How many train rows there are of every class of a target, in the order of the outputs; for values: none.
pub fn class_rows(project: &Project, target: usize) -> Vec<usize> {
    let classes = project.encoding.target_at(target).map_or(0, |code| code.classes().len());
    let mut counts = vec![0; classes];
    for class in project.parts.iter().flat_map(|parts| parts.train.y.column(target)) {
        if let Some(count) = counts.get_mut(*class as usize) {
            *count += 1;
        }
    }
    counts
}

/// On the test rows, what always saying the train rows' most frequent class (or mean) of a target would score.
pub fn baseline(project: &Project, target: usize) -> Option<Baseline> {
    let (parts, code) = (project.parts.as_ref()?, project.encoding.target_at(target)?);
    let (train, test) = (parts.train.y.column(target), parts.test.y.column(target));
    if train.is_empty() || test.is_empty() {
        return None;
    }
    let rows = test.len() as f64;
    Some(match code.task() {
        Task::Regression => {
            let mean = train.iter().map(|y| f64::from(*y)).sum::<f64>() / train.len() as f64;
            let squares: f64 = test.iter().map(|y| (f64::from(*y) - mean).powi(2)).sum();
            Baseline {
                metric: "root_mean_squared_error".into(),
                value: (squares / rows).sqrt() * deviation(code),
            }
        }
        Task::Reconstruction | Task::Sequence => return row_baseline(parts, code.task()),
        Task::Binary | Task::Multiclass => {
            let counts = class_rows(project, target);
            let most = (0..counts.len()).rev().max_by_key(|class| counts[*class])?;
            let right = test.iter().filter(|class| **class as usize == most).count();
            Baseline { metric: "accuracy".into(), value: right as f64 / rows }
        }
    })
}

/// The same where the row itself is predicted: always the mean of every value, or the most frequent label of every step.
#[inline(never)]
fn row_baseline(parts: &Parts, task: Task) -> Option<Baseline> {
    let (train, test) = (&parts.train.y, &parts.test.y);
    let values = test.len() as f64;
    if task == Task::Reconstruction {
        let mean = train.mean_axis(Axis(0))?;
        let squares: f64 = (test - &mean).iter().map(|it| f64::from(*it).powi(2)).sum();
        return Some(Baseline { metric: "root_mean_squared_error".into(), value: (squares / values).sqrt() });
    }
    let mut right = 0;
    for (train, test) in train.columns().into_iter().zip(test.columns()) {
        let mut counts = BTreeMap::new();
        train.iter().for_each(|label| *counts.entry(*label as u32).or_insert(0) += 1);
        let most = counts.into_iter().rev().max_by_key(|(_, count): &(u32, u32)| *count);
        right += test.iter().filter(|label| most.is_some_and(|(most, _)| most == **label as u32)).count();
    }
    Some(Baseline { metric: "accuracy".into(), value: right as f64 / values })
}
