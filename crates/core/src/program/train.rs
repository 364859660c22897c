//! A slice of training steps: one entry into the pool.

use super::way_back::{WayBack, keep_statistics, statistics_are_finite};
use super::{Frame, Memory, Mode, RowWeights, Tally, loss};
use crate::arena::Arena;
use crate::plan::{Comparison, Plan};
use serde::Serialize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use tabgrad_json::record_fields;
use tabgrad_kernels::gather;
use tabgrad_kernels::par::Pool;

/// How far training has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Course {
    pub epoch: u32,
    /// All steps since the start.
    pub step: u64,
    pub step_in_epoch: usize,
    /// The step at which the optimizer last began anew, because training had gone wrong.
    pub begun_anew: Option<u64>,
}

record_fields!(open Course { epoch, step, step_in_epoch, begun_anew = absent, });

/// What a slice of steps works on, and what it moves on.
pub(crate) struct Progress<'a> {
    pub course: &'a mut Course,
    pub tally: &'a mut Tally,
    pub way_back: &'a mut WayBack,
}

/// The rows of this epoch.
#[derive(Clone, Copy)]
pub(crate) struct Epoch<'a> {
    /// `(rows, features)`
    pub x: &'a [f32],
    /// `(rows, target width)`
    pub y: &'a [f32],
    /// Where not all rows count alike.
    pub weights: Option<RowWeights<'a>>,
    /// The rows in the order of this epoch.
    pub order: &'a [u32],
}

/// What became of a slice of steps.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    pub steps: usize,
    pub rows: usize,
    /// Mean loss of the last batch.
    pub loss: Option<f64>,
    /// What was not finite: the loss in the step after these, or what the last of them made of the weights.
    pub diverged: Option<Cause>,
}

/// What was no longer finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The loss of a batch.
    Loss,
    /// Weights after an update, moving statistics, or what the optimizer keeps.
    Weights,
}

/// Runs up to `steps` steps, which must not go beyond the end of the epoch.
pub(crate) fn train(
    pool: &Pool,
    plan: &Plan,
    memory: &Memory,
    epoch: Epoch<'_>,
    steps: usize,
    learning_rate: Option<f32>,
    progress: Progress<'_>,
) -> Outcome {
    let start = *progress.course;
    let record = Mutex::new(Record { tally: std::mem::take(progress.tally), outcome: Outcome::default() });
    let is_unsound = AtomicBool::new(false);
    let kept_statistics = progress.way_back.statistics();
    pool.run(|team| {
        for ahead in 0..steps {
            let course = Course {
                step: start.step + ahead as u64,
                step_in_epoch: start.step_in_epoch + ahead,
                ..start
            };
            let frame = &Frame::new(
                plan,
                memory,
                team,
                rows_of(plan, epoch, course).len(),
                Mode::Training { step: course.step },
            );
            if !step(frame, epoch, course, learning_rate, kept_statistics, &is_unsound, &record) {
                break;
            }
        }
    });
    #[cfg(debug_assertions)]
    {
        // A step that ended early left notes of who touched what.
        memory.forget();
        kept_statistics.forget();
    }
    let Record { tally, mut outcome } = record.into_inner().unwrap_or_else(PoisonError::into_inner);
    if is_unsound.into_inner() {
        outcome.diverged = Some(Cause::Weights);
    }
    *progress.tally = tally;
    if let Some(last) = outcome.steps.checked_sub(1) {
        progress.way_back.note(plan, &Course { step: start.step + last as u64, ..start });
    }
    progress.course.step += outcome.steps as u64;
    progress.course.step_in_epoch += outcome.steps;
    outcome
}

/// The rows of a step.
fn rows_of<'a>(plan: &Plan, epoch: Epoch<'a>, course: Course) -> &'a [u32] {
    let first = course.step_in_epoch * plan.batch;
    &epoch.order[first..epoch.order.len().min(first + plan.batch)]
}

/// What the first thread writes down.
struct Record {
    tally: Tally,
    outcome: Outcome,
}

/// One step; false when the loss is not finite and nothing was changed, or when what was made of the weights is not.
fn step(
    frame: &Frame<'_>,
    epoch: Epoch<'_>,
    course: Course,
    learning_rate: Option<f32>,
    kept_statistics: &Arena,
    is_unsound: &AtomicBool,
    record: &Mutex<Record>,
) -> bool {
    let plan = frame.plan;
    gather_rows(frame, epoch, &rows_of(plan, epoch, course)[frame.rows.clone()]);
    for node in plan.nodes.iter().filter(|node| !node.is_head || plan.scores_need_prediction) {
        node.run(frame, |op, frame| op.forward(frame));
    }
    loss::row_losses(frame);
    loss::penalty_parts(frame);
    for node in plan.nodes.iter().rev().filter(|node| !node.is_head) {
        node.run(frame, |op, frame| op.backward(frame));
    }
    frame.meet();

    // Every thread makes the same sum, so all decide alike without another meeting.
    let loss = loss::sum_of_rows(frame) + frame.batch as f64 * loss::weight_penalty(frame, plan);
    if frame.team.index() == 0 {
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        record.note(frame, loss);
    }
    if !loss.is_finite() {
        return false;
    }
    #[cfg(debug_assertions)]
    frame.poison_gradients();
    for node in plan.nodes.iter().rev().filter(|node| !node.is_head) {
        node.run(frame, |op, frame| op.weight_gradients(frame));
    }
    frame.add_twins();
    if !plan.statistics.is_empty() {
        keep_statistics(frame, kept_statistics);
        // In the order of the forward pass: a shared layer moves its statistics on at each of its places.
        for node in plan.nodes.iter().filter(|node| !node.is_head) {
            node.run(frame, |op, frame| op.update_statistics(frame));
        }
    }
    let is_sound = plan.update.at(learning_rate, &course).apply(frame) && statistics_are_finite(frame);
    if !is_sound {
        is_unsound.store(true, Ordering::Relaxed);
    }
    frame.meet();
    #[cfg(debug_assertions)]
    if frame.team.index() == 0 {
        kept_statistics.forget();
    }
    // What any thread has stored before the meeting; none stores again before the next one.
    !is_unsound.load(Ordering::Relaxed)
}

/// The first op of a step: this thread's rows of features and targets, in the order of the epoch.
fn gather_rows(frame: &Frame<'_>, epoch: Epoch<'_>, rows: &[u32]) {
    let plan = frame.plan;
    let features = plan.tensor(plan.features).width;
    gather::rows(rows, features, epoch.x, frame.value_mut(plan.features));
    for head in &plan.heads {
        let width = head.target.width();
        let target = frame.write_value_span(head.target_span.rows(&frame.rows, width));
        gather::columns(rows, plan.target_width, head.first_column, width, epoch.y, target);
        loss::put_targets(head, target, &|i| &epoch.y[rows[i] as usize * plan.target_width..]);
    }
    loss::take_weights(frame, epoch.weights, &|i| rows[i] as usize);
}

impl Record {
    fn note(&mut self, frame: &Frame<'_>, loss: f64) {
        if !loss.is_finite() {
            self.outcome.diverged = Some(Cause::Loss);
            return;
        }
        self.tally.loss += loss;
        self.tally.rows += frame.batch as u64;
        add_scores(&mut self.tally, frame);
        self.outcome.steps += 1;
        self.outcome.rows += frame.batch;
        self.outcome.loss = Some(loss / frame.batch as f64);
    }
}

/// Adds the rows of this batch to all metrics; after a meeting.
pub(super) fn add_scores(tally: &mut Tally, frame: &Frame<'_>) {
    let plan = frame.plan;
    for (i, score) in plan.scores.iter().enumerate() {
        let head = &plan.heads[score.head];
        if score.comparison == Comparison::OutputLoss {
            tally.add_loss(i, loss::sum_at(frame, head), frame.batch);
        } else {
            tally.add(i, score, &loss::scored_pairs(frame, head, score.reads, score.is_weighted));
        }
    }
}
