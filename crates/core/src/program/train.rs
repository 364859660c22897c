//! A slice of training steps: one entry into the pool.

use super::snapshot::{Shared, Snapshot};
use super::{Frame, Memory, Mode, RowWeights, Tally, loss};
use crate::plan::{Comparison, Plan};
use std::sync::{Mutex, PoisonError};
use tabgrad_json::record_fields;
use tabgrad_kernels::gather;
use tabgrad_kernels::par::{Pool, Team};

/// How far training has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Course {
    pub epoch: u32,
    /// All steps since the start.
    pub step: u64,
    pub step_in_epoch: usize,
}

record_fields!(open Course { epoch, step, step_in_epoch, });

/// What a slice of steps works on, and what it moves on.
pub(crate) struct Progress<'a> {
    pub course: &'a mut Course,
    pub tally: &'a mut Tally,
    pub snapshot: &'a mut Snapshot,
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
    /// The loss was not finite in the step after these.
    pub diverged: bool,
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
    let record = Mutex::new(Record {
        tally: std::mem::take(progress.tally),
        saved_tally: std::mem::take(&mut progress.snapshot.tally),
        saved_course: progress.snapshot.course,
        outcome: Outcome::default(),
    });
    let saved = progress.snapshot.shared();
    pool.run(|team| {
        for ahead in 0..steps {
            let course = Course {
                step: start.step + ahead as u64,
                step_in_epoch: start.step_in_epoch + ahead,
                ..start
            };
            let goes_on = step(plan, memory, team, epoch, course, learning_rate, saved, &record);
            if !goes_on {
                break;
            }
        }
    });
    let record = record.into_inner().unwrap_or_else(PoisonError::into_inner);
    *progress.tally = record.tally;
    progress.snapshot.tally = record.saved_tally;
    progress.snapshot.course = record.saved_course;
    progress.course.step += record.outcome.steps as u64;
    progress.course.step_in_epoch += record.outcome.steps;
    record.outcome
}

/// What the first thread writes down.
struct Record {
    tally: Tally,
    saved_tally: Tally,
    saved_course: Course,
    outcome: Outcome,
}

/// One step; false when the loss is not finite and nothing was changed.
#[expect(clippy::too_many_arguments, reason = "what a step depends on")]
fn step(
    plan: &Plan,
    memory: &Memory,
    team: &Team<'_>,
    epoch: Epoch<'_>,
    course: Course,
    learning_rate: Option<f32>,
    saved: Shared<'_>,
    record: &Mutex<Record>,
) -> bool {
    let first = course.step_in_epoch * plan.batch;
    let rows = &epoch.order[first..epoch.order.len().min(first + plan.batch)];
    let frame = Frame::new(plan, memory, team, rows.len(), Mode::Training { step: course.step });
    gather_rows(&frame, epoch, &rows[frame.rows.clone()]);
    for node in plan.nodes.iter().filter(|node| !node.is_head || plan.scores_need_prediction) {
        node.op.operation().forward(&node.frame(&frame));
    }
    loss::row_losses(&frame);
    loss::penalty_parts(&frame);
    for node in plan.nodes.iter().rev().filter(|node| !node.is_head) {
        node.op.operation().backward(&node.frame(&frame));
    }
    frame.meet();

    // Every thread makes the same sum, so all decide alike without another meeting.
    let loss = loss::sum_of_rows(&frame) + rows.len() as f64 * loss::weight_penalty(&frame, plan);
    let is_finite = loss.is_finite();
    let is_due = Snapshot::is_due(plan, &course);
    if team.index() == 0 {
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        record.note(&frame, course, loss, is_due);
    }
    if !is_finite {
        return false;
    }
    if is_due {
        saved.take_own(&frame);
    }
    for node in plan.nodes.iter().rev().filter(|node| !node.is_head) {
        node.op.operation().weight_gradients(&node.frame(&frame));
    }
    frame.add_twins();
    // In the order of the forward pass: a shared layer moves its statistics on at each of its places.
    for node in plan.nodes.iter().filter(|node| !node.is_head) {
        node.op.operation().update_statistics(&node.frame(&frame));
    }
    plan.update.at(learning_rate, course.step).apply(&frame);
    frame.meet();
    #[cfg(debug_assertions)]
    if team.index() == 0 {
        saved.forget();
    }
    true
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
    }
    loss::take_weights(frame, epoch.weights, &|i| rows[i] as usize);
}

impl Record {
    fn note(&mut self, frame: &Frame<'_>, course: Course, loss: f64, is_due: bool) {
        if !loss.is_finite() {
            self.outcome.diverged = true;
            return;
        }
        if is_due {
            self.saved_tally.copy_from(&self.tally);
            self.saved_course = course;
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
