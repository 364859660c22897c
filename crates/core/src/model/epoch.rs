//! Epochs that are not every row once: Keras' `steps_per_epoch`.
//!
//! ```text
//! passes   | every row once      | every row once      |    the course's epochs: each has an order of rows
//! epochs   |    4 |    4 |  2    |    4 |    4 |  2    |    steps; what callbacks and `epochs` count
//! ```
//!
//! As in Keras, an epoch of a number of steps goes on where the one before has ended, and ends with the pass.

use super::{Model, Rows, Trained};
use crate::error::Error;
use crate::program::Scores;

impl Model {
    /// Trains for up to `max_steps` steps and no further than the end of the epoch, which comes after `steps_per_epoch` of
    /// its steps at the latest.
    ///
    /// # Errors
    /// If the rows do not fit; then nothing was trained.
    pub fn train_epoch(
        &mut self,
        rows: &Rows<'_>,
        max_steps: usize,
        steps_per_epoch: Option<usize>,
    ) -> Result<Trained, Error> {
        let left = steps_per_epoch.map_or(usize::MAX, |steps| steps.saturating_sub(self.steps_in_epoch()));
        let mut trained = self.train(rows, max_steps.min(left))?;
        let is_cut = steps_per_epoch.is_some_and(|steps| self.steps_in_epoch() >= steps);
        if trained.diverged.is_none() && trained.epoch_end.is_none() && is_cut {
            trained.epoch_end = self.cut_epoch();
        }
        Ok(trained)
    }

    /// Steps since the present epoch began, which may be in the midst of the rows ([`Model::cut_epoch`]).
    pub fn steps_in_epoch(&self) -> usize {
        match self.course.step_in_epoch {
            0 => 0,
            // Batches are full, but for the last one of a pass, with which an epoch ends.
            _ => self.tally.rows.div_ceil(self.plan.batch as u64) as usize,
        }
    }

    /// Loss and metrics of the rows of this epoch so far; `None` when there are none, or the loss is not finite.
    pub fn scores_so_far(&self) -> Option<Scores> {
        self.tally.scores(&self.plan.scores)
    }

    /// Ends the epoch here, before all rows have had their turn: the next one goes on with those that are left. Its scores,
    /// as [`super::Trained::epoch_end`] has them.
    pub fn cut_epoch(&mut self) -> Option<Scores> {
        let scores = self.scores_so_far();
        self.tally.clear();
        // One more epoch to those who count, none in the order of rows.
        self.epoch_offset -= 1;
        scores
    }

    /// The next step begins with the first rows of a new order.
    pub(super) fn begin_pass(&mut self) {
        if self.course.step_in_epoch > 0 {
            self.course.epoch += 1;
            self.course.step_in_epoch = 0;
            self.tally.clear();
        }
    }
}
