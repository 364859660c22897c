//! Scores of a part of the rows, and what always saying the same would score.

use tabgrad_core::report;
use tabgrad_data::Encoding;
use tabgrad_data::report::Task;
use tabgrad_json::Value;

use crate::project::Project;
use crate::protocol::{Baseline, EngineError, Evaluation, Part, Scores};

/// Powers of the target's standard deviation that turn scores of the standardised target into the user's units: a mean
/// squared error of lengths in centimetres comes out in square centimetres. Huber's loss has no such power and stays in
/// standard deviations.
#[derive(Clone, Copy, Debug)]
pub struct Units {
    std: f64,
    loss_power: i32,
}

impl Units {
    /// For this target and loss.
    pub fn of(encoding: &Encoding, training: &Value) -> Self {
        let loss = &training["loss"];
        let name = loss.as_str().or_else(|| loss["type"].as_str()).unwrap_or_default();
        Self { std: encoding.target_scale().map_or(1.0, |scale| scale.std), loss_power: power(name) }
    }

    /// A loss in the user's units.
    pub fn loss(self, loss: f32) -> f64 {
        f64::from(loss) * self.std.powi(self.loss_power)
    }

    /// Scores as the page gets them: in the user's units, and only what is finite.
    pub fn scores(self, scores: &tabgrad_core::Scores) -> Option<Scores> {
        let metrics = scores
            .metrics
            .iter()
            .map(|(name, value)| (name.clone(), f64::from(*value) * self.std.powi(power(name))));
        Some(Scores {
            loss: Some(self.loss(scores.loss)).filter(|loss| loss.is_finite())?,
            metrics: metrics.filter(|(_, value)| value.is_finite()).collect(),
        })
    }
}

fn power(name: &str) -> i32 {
    match name {
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
    let classes = project.encoding.classes().len();
    let rows = project.part(part)?.len();
    if rows == 0 {
        return Err(no_part(part));
    }
    let units = project.units();
    let Project { model, parts: Some(parts), .. } = project else {
        return Err(crate::failure::no_rows(&project.report.name));
    };
    let of_part = parts.get(part);
    let scores = model.evaluate(&of_part.rows())?.and_then(|scores| units.scores(&scores));
    let scores = scores.ok_or_else(not_finite)?;
    let confusion = if classes > 0 {
        let outputs = model.predict(of_part.x.view())?;
        Some(report::confusion(outputs.view(), &of_part.y.column(0).to_vec(), classes))
    } else {
        None
    };
    // A part has fewer than 2^32 rows: its index is made of u32.
    Ok(Evaluation { scores, part, rows: rows as u32, confusion })
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

/// How many train rows there are of every class, in the order of the outputs; for values: none.
pub fn class_rows(project: &Project) -> Vec<usize> {
    let mut counts = vec![0; project.encoding.classes().len()];
    for class in project.parts.iter().flat_map(|parts| parts.train.y.column(0)) {
        if let Some(count) = counts.get_mut(*class as usize) {
            *count += 1;
        }
    }
    counts
}

/// On the test rows, what always saying the train rows' most frequent class (or mean) would score.
pub fn baseline(project: &Project) -> Option<Baseline> {
    let parts = project.parts.as_ref()?;
    let (train, test) = (parts.train.y.column(0), parts.test.y.column(0));
    if train.is_empty() || test.is_empty() {
        return None;
    }
    let rows = test.len() as f64;
    Some(match project.report.task {
        Task::Regression => {
            let mean = train.iter().map(|y| f64::from(*y)).sum::<f64>() / train.len() as f64;
            let squares: f64 = test.iter().map(|y| (f64::from(*y) - mean).powi(2)).sum();
            let std = project.encoding.target_scale().map_or(1.0, |scale| scale.std);
            Baseline { metric: "root_mean_squared_error".into(), value: (squares / rows).sqrt() * std }
        }
        Task::Binary | Task::Multiclass => {
            let counts = class_rows(project);
            let most = (0..counts.len()).rev().max_by_key(|class| counts[*class])?;
            let right = test.iter().filter(|class| **class as usize == most).count();
            Baseline { metric: "accuracy".into(), value: right as f64 / rows }
        }
    })
}
