//! Training in slices: how far to go, what to note when an epoch ends, when to stop.
//!
//! ```text
//! play ----> goal ----> train_for(budget) ... train_for(budget) ----> stopped {finished | diverged | stepped}
//! pause, reset, a new table or network ---------------------------> stopped {paused}
//! ```

use tabgrad_core::Trained;
use tabgrad_json::record;

use crate::failure;
use crate::project::Project;
use crate::protocol::{CommandName, EngineError, EpochRecord, Event, Part, StepUnit, StopReason};
use crate::rates::range_test_ms;
use crate::session::Session;

/// How far training goes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Until so many epochs ended; `None`: until it is told to stop.
    Epochs(Option<u32>),
    /// To the end of this epoch.
    EndOfEpoch,
    /// One batch.
    OneBatch,
}

/// Operations in a millisecond that any machine does, where no step has been timed yet.
pub(crate) const SLOWEST_FLOPS_PER_MS: u64 = 500_000;

/// How fast it goes. Times in milliseconds of the session's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Speed {
    ms_per_step: Option<f64>,
    /// Of the user's time, pauses between slices included, averaged over about a second; 0 while it does not train.
    pub rows_per_second: f64,
    /// When the last slice ended, while it trains.
    slice_ended: Option<f64>,
    /// Operations in a millisecond, as of another network that was trained here before.
    before: Option<f64>,
}

record! {
    /// One training, from its beginning to where it is done, whatever pauses lie between: what callbacks are told of it.
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    pub struct Run {
        /// Milliseconds of training.
        elapsed_ms: f64,
        /// Epochs or callbacks have ended it: the next one begins anew.
        is_over: bool,
    }
}

impl Speed {
    /// Whether a step has been timed.
    pub(crate) fn is_known(&self) -> bool {
        self.ms_per_step.is_some()
    }

    /// What is known of it once another network is trained, whose steps take other times.
    pub(crate) fn of_another(&self, flops: u64) -> Self {
        let measured = self.ms_per_step.map(|each| flops as f64 / each.max(1e-3));
        Self { before: measured.or(self.before), ..Self::default() }
    }

    /// Milliseconds of a step of so many operations.
    fn step_ms(&self, flops: u64) -> f64 {
        let slowest = SLOWEST_FLOPS_PER_MS as f64;
        self.ms_per_step.unwrap_or_else(|| flops as f64 / self.before.unwrap_or(slowest).max(slowest))
    }

    /// Steps that fit into `ms`: at least one.
    pub(crate) fn steps_within(&self, ms: f64) -> usize {
        match self.ms_per_step {
            Some(each) if each > 0.0 => ((ms / each) as usize).clamp(1, 10_000),
            _ => 1,
        }
    }

    /// So many steps took so long.
    fn stepped(&mut self, steps: usize, ms: f64) {
        if steps > 0 {
            let each = ms.max(1e-3) / steps as f64;
            self.ms_per_step = Some(self.ms_per_step.map_or(each, |before| before + (each - before) * 0.3));
        }
    }

    /// A slice of so many rows ended. Time is measured from end to end, so the first one says nothing yet.
    fn sliced(&mut self, rows: usize, end: f64) {
        if let Some(before) = self.slice_ended.replace(end) {
            let ms = (end - before).max(1e-3);
            let speed = rows as f64 / ms * 1e3;
            let weight = if self.rows_per_second == 0.0 { 1.0 } else { (ms / 1e3).clamp(0.01, 1.0) };
            self.rows_per_second += (speed - self.rows_per_second) * weight;
        }
    }

    fn stopped(&mut self) {
        self.rows_per_second = 0.0;
        self.slice_ended = None;
    }
}

impl Session {
    /// Milliseconds in which nothing may be heard of the session, as far as can be told before: in a slice of training, in
    /// which a step and the scores at the end of an epoch are not divided, and in the command of that name.
    pub fn expected_ms(&self, command: &str) -> f64 {
        let Some(project) = &self.project else { return 0.0 };
        let step = self.speed.step_ms(project.step_flops());
        let rows = project
            .parts
            .as_ref()
            .map_or(0, |parts| Part::ALL.iter().map(|&part| parts.get(part).len()).max().unwrap_or_default());
        // Forward alone is a third of a step.
        let scores = rows as f64 / project.batch_size.max(1) as f64 * step / 3.0;
        if command == CommandName::RangeTest.name() { range_test_ms(step) } else { step + scores }
    }

    pub(crate) fn play(&mut self) -> Result<Vec<Event>, EngineError> {
        let epochs = self.trainable()?.epochs();
        // At the limit already: as many again.
        let goal = epochs.map(|epochs| {
            let done = self.epoch();
            if done >= epochs { done.saturating_add(epochs) } else { epochs }
        });
        if std::mem::take(&mut self.run.is_over)
            && let Some(project) = &mut self.project
        {
            project.model.begin_training();
            project.checkpoints.clear();
            self.run = Run::default();
        }
        Ok(self.begin(Goal::Epochs(goal)))
    }

    pub(crate) fn step_by(&mut self, unit: StepUnit) -> Result<Vec<Event>, EngineError> {
        self.trainable()?;
        Ok(self.begin(match unit {
            StepUnit::Batch => Goal::OneBatch,
            StepUnit::Epoch => Goal::EndOfEpoch,
        }))
    }

    fn trainable(&self) -> Result<&Project, EngineError> {
        let project = self.project.as_ref().ok_or_else(failure::no_model)?;
        if project.parts.is_none() {
            return Err(failure::no_rows(&project.report.name));
        }
        Ok(project)
    }

    fn begin(&mut self, goal: Goal) -> Vec<Event> {
        let was_running = self.goal.replace(goal).is_some();
        if was_running { vec![] } else { vec![Event::Started] }
    }

    /// Stops training if it goes on, because of what the user did.
    pub(crate) fn stop_for_change(&mut self) -> Vec<Event> {
        if self.goal.is_some() { vec![self.stop(StopReason::Paused, None)] } else { vec![] }
    }

    pub(crate) fn stop(&mut self, reason: StopReason, error: Option<EngineError>) -> Event {
        self.goal = None;
        self.speed.stopped();
        self.note_last_epoch();
        if reason == StopReason::Finished
            && let Some(project) = &mut self.project
        {
            project.model.end_training();
            self.run.is_over = true;
        }
        self.pictures.stale();
        Event::Stopped { reason, epoch: self.epoch(), error }
    }

    /// Trains for about `budget_ms` of `clock` (milliseconds), but to the end of at most `most_epochs` epochs, if it is
    /// to train at all; a single step may take longer.
    pub fn train_for(&mut self, budget_ms: f64, most_epochs: u32, clock: &dyn Fn() -> f64) -> Vec<Event> {
        let mut events = vec![];
        let mut epochs_left = most_epochs;
        let begin = clock();
        let mut now = begin;
        let mut rows = 0;
        while let (Some(goal), Some(project)) = (self.goal, self.project.as_mut()) {
            let steps = match goal {
                Goal::OneBatch => 1,
                _ => self.speed.steps_within(begin + budget_ms - now),
            };
            let mut trained = match project.train(steps) {
                Ok(trained) => trained,
                Err(error) => {
                    events.push(self.stop(StopReason::Paused, Some(error)));
                    break;
                }
            };
            let end = clock();
            self.speed.stepped(trained.steps, end - now);
            self.run.elapsed_ms += end - now;
            rows += trained.rows;
            now = end;
            self.pictures.trained();
            if let Some(divergence) = &trained.diverged {
                let error = failure::diverged(divergence, &project.choices.training);
                events.push(self.stop(StopReason::Diverged, Some(error)));
                break;
            }
            // Single steps and epochs pass the time limit.
            let is_played = matches!(goal, Goal::Epochs(_));
            project.end_steps(&mut trained, is_played.then_some(self.run.elapsed_ms / 1e3));
            let units = project.units();
            self.loss = trained.loss.map(|loss| units.loss(loss)).filter(|loss| loss.is_finite());
            let ended = trained.epoch_end.is_some();
            let mut is_stopped = false;
            if ended {
                is_stopped = self.end_epoch(trained);
                epochs_left = epochs_left.saturating_sub(1);
            }
            let done = match goal {
                Goal::OneBatch => Some(StopReason::Stepped),
                Goal::EndOfEpoch => ended.then_some(StopReason::Stepped),
                Goal::Epochs(limit) => {
                    let is_over = is_stopped || limit.is_some_and(|limit| self.epoch() >= limit);
                    is_over.then_some(StopReason::Finished)
                }
            };
            if let Some(reason) = done {
                events.push(self.stop(reason, None));
                break;
            }
            if now - begin >= budget_ms || epochs_left == 0 {
                break;
            }
        }
        if self.goal.is_some() {
            self.speed.sliced(rows, now);
        }
        events
    }

    /// Notes how the epoch went; true when a callback ends training.
    fn end_epoch(&mut self, trained: Trained) -> bool {
        let Some(project) = &mut self.project else { return false };
        let epoch = project.model.position().epoch;
        let is_stopped = trained
            .epoch_end
            .as_ref()
            .is_some_and(|train| project.call_back(train, self.run.elapsed_ms / 1e3));
        let Some(train) = trained.epoch_end.as_ref().and_then(|scores| project.units().scores(scores)) else {
            return is_stopped;
        };
        if project.model.position().step_in_epoch > 0 {
            // It was cut by a time limit: the history has whole epochs.
            return is_stopped;
        }
        if project.history.wants(epoch) {
            let validation = project.validation_scores();
            project.history.push(EpochRecord { epoch, train, validation });
            self.last_train = None;
        } else {
            self.last_train = Some((epoch, train));
        }
        is_stopped
    }

    /// Where training stands, the newest epoch is on record even if it is off the history's grid.
    fn note_last_epoch(&mut self) {
        if let (Some((epoch, train)), Some(project)) = (self.last_train.take(), &mut self.project) {
            let validation = project.validation_scores();
            project.history.push(EpochRecord { epoch, train, validation });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_per_second_are_those_of_the_users_time() {
        let mut speed = Speed::default();
        // 100 rows in every slice, and a slice every 33 ms.
        for slice in 0..300 {
            speed.sliced(100, f64::from(slice) * 33.0);
            assert!(
                slice == 0 || (speed.rows_per_second - 100.0 / 0.033).abs() < 1.0,
                "{}",
                speed.rows_per_second
            );
        }
        speed.stopped();
        assert_eq!(speed.rows_per_second, 0.0);
        speed.sliced(100, 20_000.0);
        speed.sliced(100, 20_010.0);
        assert!((speed.rows_per_second - 10_000.0).abs() < 1.0, "a pause does not count");
    }
}
