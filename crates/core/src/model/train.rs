//! Training from outside: slices of steps, ends of epochs, and what is said when it diverges.

use super::{Model, Rows};
use crate::error::{Code, Error};
use crate::program::{Cause, Epoch, Progress, Scores, pool_for, train};
use serde::Serialize;
use tabgrad_kernels::rng::{Purpose, Stream};

/// Where training stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Epochs that ended.
    pub epoch: u32,
    /// Steps since the start.
    pub step: u64,
    /// Steps since this epoch began.
    pub step_in_epoch: usize,
}

/// What a slice of training did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trained {
    /// Steps made.
    pub steps: usize,
    /// Rows trained on.
    pub rows: usize,
    /// Mean loss of this epoch so far.
    pub loss: Option<f32>,
    /// Mean loss of the last batch of this slice.
    pub batch_loss: Option<f32>,
    /// When the epoch ended: loss and metrics over its batches, each as it was when it was trained on.
    pub epoch_end: Option<Scores>,
    /// When it went wrong.
    pub diverged: Option<Divergence>,
}

/// Training went wrong. The weights are as they were when a loss was last finite, the optimizer has forgotten all, and the
/// batch at which it was found is the next one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Divergence {
    /// What was no longer finite.
    pub cause: Cause,
    /// The epoch and the step since the start, both from 0, in which that was found.
    pub epoch: u32,
    /// See `epoch`.
    pub step: u64,
    /// The weights are those with which this step began.
    pub restored_step: u64,
    /// The learning rate of the last update before it was found.
    pub learning_rate: f32,
}

impl Model {
    /// Where training stands.
    pub fn position(&self) -> Position {
        let course = self.course;
        Position { epoch: course.epoch, step: course.step, step_in_epoch: course.step_in_epoch }
    }

    /// The number of steps of an epoch over that many rows; the last one may have fewer rows than the others.
    pub fn steps_per_epoch(&self, rows: usize) -> usize {
        rows.div_ceil(self.plan.batch)
    }

    /// Trains for up to `max_steps` steps in one entry into the pool, and no further than the end of the epoch.
    ///
    /// # Errors
    /// [`Code::State`] in a model that was compiled for prediction alone; [`Code::Data`] for rows of another width
    /// than the model's, with values that no target can have, with weights that do not fit, or none or too many of
    /// them. Nothing was trained then. A loss that is no longer finite is no error: [`Trained::diverged`].
    pub fn train(&mut self, rows: &Rows<'_>, max_steps: usize) -> Result<Trained, Error> {
        if !self.trains {
            let error = Error::new(
                Code::State,
                "model",
                "a model with memory for training",
                "one that only predicts",
            );
            return Err(error.hint("compile it for training"));
        }
        let rows = rows.check(&self.plan)?;
        if rows.count == 0 || u32::try_from(rows.count).is_err() {
            return Err(Error::new(Code::Data, "data", "1 to 4294967295 rows", rows.count.to_string()));
        }
        let steps_per_epoch = self.steps_per_epoch(rows.count);
        if self.course.step_in_epoch >= steps_per_epoch {
            // There are fewer rows than when this epoch began.
            self.course.step_in_epoch = 0;
        }
        if self.course.step_in_epoch == 0 {
            self.tally.clear();
        }
        self.bring_in_order(rows.count);
        let before = self.course;
        let steps = max_steps.min(steps_per_epoch - before.step_in_epoch);
        let outcome = train(
            pool_for(&self.all_threads, &self.one_thread, self.plan.flops),
            &self.plan,
            &self.memory,
            Epoch { x: &rows.x, y: &rows.y, weights: rows.weights(), order: &self.order },
            steps,
            self.learning_rate,
            Progress { course: &mut self.course, tally: &mut self.tally, way_back: &mut self.way_back },
        );
        let batch_loss = outcome.loss.map(|loss| loss as f32);
        let mut trained =
            Trained { steps: outcome.steps, rows: outcome.rows, batch_loss, ..Trained::default() };
        if let Some(cause) = outcome.diverged {
            trained.diverged = Some(self.fall_back(cause));
        } else if self.course.step_in_epoch == steps_per_epoch {
            trained.epoch_end = self.tally.scores(&self.plan.scores);
            self.course.epoch += 1;
            self.course.step_in_epoch = 0;
        }
        trained.loss = self.tally.mean_loss();
        Ok(trained)
    }

    /// The order of rows of this epoch: its own stream, so that it can be made anew at any time.
    fn bring_in_order(&mut self, rows: usize) {
        let wanted = Some((self.course.epoch, rows));
        if self.order_of == wanted {
            return;
        }
        self.order.clear();
        self.order.extend(0..rows as u32);
        if self.plan.shuffle {
            Stream::new(self.plan.seed, Purpose::Shuffle, self.course.epoch).shuffle(&mut self.order);
        }
        self.order_of = wanted;
    }

    /// Back to the last weights whose loss was finite.
    fn fall_back(&mut self, cause: Cause) -> Divergence {
        let is_last_bad = cause == Cause::Weights;
        let (epoch, step) = (self.course.epoch, self.course.step - u64::from(is_last_bad));
        let rate = self.learning_rate();
        let learning_rate = self.learning_rate_at(self.course.step.saturating_sub(1));
        let (memory, course) = (&mut self.memory, &mut self.course);
        let restored_step = self.way_back.go(&self.plan, memory, course, rate, is_last_bad);
        Divergence { cause, epoch, step, restored_step, learning_rate }
    }
}
