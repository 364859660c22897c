//! The callbacks of a training, carried out between steps and at the end of every epoch: a state machine that whoever drives the training
//! calls, and that is saved with the model.
//!
//! ```text
//! begin_training   forgets what was best                          Keras' on_train_begin
//! steps_at_once    how far to go until then
//! end_steps        steps and seconds in, states out; may end the epoch   on_train_batch_end
//! end_epoch        scores and seconds in, what to do out          on_epoch_end
//! end_training     the average, then the best weights come back   on_train_end
//! ```
//!
//! Time is an input. Decisions are Keras 3's (`keras/src/callbacks/*.py`).

use super::{Model, State, Trained};
use crate::program::Scores;
use crate::spec::callbacks::{Callback, EarlyStopping, ModelCheckpoint, ReduceLrOnPlateau};
use std::fmt::Write;
use tabgrad_json::record_fields;

/// What is known at the end of an epoch.
#[derive(Clone, Copy, Debug)]
pub struct EpochLogs<'a> {
    /// Of the rows trained on.
    pub train: &'a Scores,
    /// Of the validation rows, if there are any.
    pub validation: Option<&'a Scores>,
    /// Seconds since training began.
    pub elapsed_s: f64,
}

/// What callbacks ask for at the end of an epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EpochEnd {
    /// The callback that ends training, by its place in the list.
    pub stopped_by: Option<usize>,
    /// The learning rate was lowered to this.
    pub learning_rate: Option<f32>,
    /// The state to keep, and by which callback.
    pub checkpoints: Vec<(usize, State)>,
}

/// Where one callback stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CallbackState {
    /// The best value so far.
    best: Option<f64>,
    /// Epochs since then, or steps since a state was handed out.
    wait: u32,
    /// Epochs to come that do not count.
    cooldown: u32,
    /// Lines so far.
    text: String,
}

record_fields!(open CallbackState { best, wait, cooldown, text, });

/// A callback of the training with where it stands and the weights that it keeps.
pub(crate) struct Running {
    pub callback: Callback,
    pub state: CallbackState,
    /// All weights and all statistics, as they lie in their arenas.
    pub best_weights: Option<[Vec<f32>; 2]>,
}

impl Running {
    pub fn new(callback: &Callback) -> Self {
        Self { callback: callback.clone(), state: CallbackState::default(), best_weights: None }
    }

    /// Whether the present state is to be handed out.
    fn keeps(&mut self, it: &ModelCheckpoint, logs: &EpochLogs<'_>) -> bool {
        let best = self.state.best.or(it.initial_value_threshold);
        let value = logs.value(&it.monitor.0);
        let is_best = value.is_none_or(|value| self.is_better(value, best, 0.0));
        let keeps = !it.save_best_only || is_best;
        if keeps {
            self.state.best = if is_best { value.or(best) } else { best };
        }
        keeps
    }

    /// Whether a value is better than another by more than `least`.
    fn is_better(&self, value: f64, than: Option<f64>, least: f64) -> bool {
        than.is_none_or(|than| {
            if self.callback.wants_larger() { value - least > than } else { value + least < than }
        })
    }
}

impl EpochLogs<'_> {
    /// The value called `loss`, `val_accuracy`, ...
    fn value(&self, monitor: &str) -> Option<f64> {
        let (scores, name) = match monitor.strip_prefix("val_") {
            Some(name) => (self.validation?, name),
            None => (self.train, monitor),
        };
        let value = if name == "loss" { Some(scores.loss) } else { scores.metrics.get(name).copied() };
        value.map(f64::from)
    }
}

impl Model {
    /// Training begins anew: callbacks forget what was best. Not to be called where a saved training goes on.
    pub fn begin_training(&mut self) {
        self.epoch_offset = 0;
        for running in &mut self.callbacks {
            *running = Running::new(&running.callback);
        }
    }

    /// The same, and epochs are counted from this number on, as Keras' `fit` does with its `initial_epoch`, whatever was
    /// trained before. Rows come from the first of a new order.
    pub fn begin_training_at(&mut self, initial_epoch: u32) {
        self.begin_training();
        self.begin_pass();
        self.epoch_offset = i64::from(self.course.epoch) - i64::from(initial_epoch);
    }

    /// Epochs that ended, as the present training counts them: from its own beginning, where it has one.
    pub fn epochs_counted(&self) -> u32 {
        u32::try_from(i64::from(self.course.epoch) - self.epoch_offset).unwrap_or(0)
    }

    /// How many of these steps may be made before [`Model::end_steps`] is called: as many as no callback acts between.
    pub fn steps_at_once(&self, most: usize) -> usize {
        let left = |running: &Running| match &running.callback {
            Callback::ModelCheckpoint(it) => {
                it.save_freq.0.map(|freq| freq.saturating_sub(running.state.wait as usize))
            }
            _ => None,
        };
        self.callbacks.iter().filter_map(left).fold(most, usize::min).max(1)
    }

    /// After how many seconds callbacks end the training; whoever looks at the clock only now and then does so by a
    /// [`StepPace`](super::StepPace).
    pub fn time_limit(&self) -> Option<f64> {
        let limit = |running: &Running| match &running.callback {
            Callback::TimeLimit(it) => Some(it.seconds),
            _ => None,
        };
        self.callbacks.iter().filter_map(limit).reduce(f64::min)
    }

    /// Carries out, after a slice of steps and before [`Model::end_epoch`], what callbacks do between steps: the states to
    /// keep, each with the callback that keeps it. Where a time limit has passed, the epoch ends with these steps
    /// ([`Model::cut_epoch`]), and `trained` says so; the end of the epoch then ends the training. `elapsed_s`: seconds since
    /// training began; none: no limit counts.
    pub fn end_steps(&mut self, trained: &mut Trained, elapsed_s: Option<f64>) -> Vec<(usize, State)> {
        let mut keepers = Vec::new();
        let (mut is_late, mut scores) = (false, None);
        let mut callbacks = std::mem::take(&mut self.callbacks);
        for (i, running) in callbacks.iter_mut().enumerate() {
            match &running.callback {
                Callback::TimeLimit(it) => is_late |= elapsed_s.is_some_and(|s| s >= it.seconds),
                Callback::ModelCheckpoint(it) => {
                    let Some(freq) = it.save_freq.0 else { continue };
                    running.state.wait = running.state.wait.saturating_add(trained.steps as u32);
                    if (running.state.wait as usize) < freq {
                        continue;
                    }
                    running.state.wait = 0;
                    let scores = scores.get_or_insert_with(|| {
                        trained.epoch_end.clone().or_else(|| self.scores_so_far()).unwrap_or_default()
                    });
                    let logs = EpochLogs {
                        train: scores,
                        validation: None,
                        elapsed_s: elapsed_s.unwrap_or_default(),
                    };
                    let it = it.clone();
                    if running.keeps(&it, &logs) {
                        keepers.push(i);
                    }
                }
                _ => {}
            }
        }
        self.callbacks = callbacks;
        if is_late && trained.steps > 0 && trained.epoch_end.is_none() && trained.diverged.is_none() {
            trained.epoch_end = self.cut_epoch();
        }
        keepers.into_iter().map(|i| (i, self.state())).collect()
    }

    /// Carries out all callbacks, in order, at the end of an epoch: after [`Model::train`] said that it ended.
    pub fn end_epoch(&mut self, logs: &EpochLogs<'_>) -> EpochEnd {
        let mut end = EpochEnd::default();
        let mut keepers = Vec::new();
        // The epoch that ended, counted from 0.
        let epoch = self.epochs_counted().saturating_sub(1);
        // The weights, where callbacks see the average in their place, and the first that does.
        let mut swapped: Option<(usize, Vec<f32>)> = None;
        let mut callbacks = std::mem::take(&mut self.callbacks);
        for (i, running) in callbacks.iter_mut().enumerate() {
            let stops = match &running.callback {
                Callback::EarlyStopping(it) => {
                    let it = it.clone();
                    self.stops_early(&it, running, epoch, logs)
                }
                Callback::ReduceLrOnPlateau(it) => {
                    let it = it.clone();
                    if let Some(rate) = self.lowered(&it, &mut *running, logs) {
                        self.set_learning_rate(rate);
                        end.learning_rate = Some(rate);
                    }
                    false
                }
                Callback::ModelCheckpoint(it) => {
                    let it = it.clone();
                    if it.save_freq.0.is_none() && running.keeps(&it, logs) {
                        keepers.push(i);
                    }
                    false
                }
                Callback::CsvLogger(it) => {
                    let separator = it.separator.0.clone();
                    write_line(&mut running.state.text, &separator, epoch, logs);
                    false
                }
                Callback::TimeLimit(it) => logs.elapsed_s >= it.seconds,
                Callback::SwapEmaWeights(it) => {
                    if it.swap_on_epoch && swapped.is_none() {
                        swapped = self.put_average().map(|weights| (i, weights));
                    }
                    false
                }
                Callback::TerminateOnNan(_) => false,
            };
            if stops && end.stopped_by.is_none() {
                end.stopped_by = Some(i);
            }
        }
        self.callbacks = callbacks;
        // With all callbacks as they are after this epoch, so that what is saved goes on from here; where the average is seen in
        // place of the weights, from it.
        let sees_average = |keeper: usize| swapped.as_ref().is_some_and(|(swap, _)| keeper > *swap);
        let behind = keepers.iter().position(|&i| sees_average(i)).unwrap_or(keepers.len());
        let averaged: Vec<_> = keepers[behind..].iter().map(|&i| (i, self.state())).collect();
        self.put_back(swapped.map(|(_, weights)| weights));
        end.checkpoints = keepers[..behind].iter().map(|&i| (i, self.state())).chain(averaged).collect();
        end
    }

    /// Training has come to its end: a moving average takes the place of the weights, then the best weights do, as
    /// optimizer and callbacks say.
    pub fn end_training(&mut self) {
        self.put_average();
        for running in &self.callbacks {
            if let Some([weights, statistics]) = &running.best_weights {
                self.memory.parameters.as_mut_slice().copy_from_slice(weights);
                self.memory.statistics.as_mut_slice().copy_from_slice(statistics);
            }
        }
        self.way_back.forget();
    }

    /// Whether there is anything to do at the end of an epoch.
    pub fn has_callbacks(&self) -> bool {
        !self.callbacks.is_empty()
    }

    /// The callback of this training that ends it when it goes wrong, by its place in the list.
    pub fn terminates_on_nan(&self) -> Option<usize> {
        self.callbacks.iter().position(|it| matches!(it.callback, Callback::TerminateOnNan(_)))
    }

    /// What a callback that writes has written, by its place in the list.
    pub fn callback_text(&self, callback: usize) -> Option<&str> {
        let running = self.callbacks.get(callback)?;
        matches!(running.callback, Callback::CsvLogger(_)).then_some(&running.state.text)
    }

    fn stops_early(
        &self,
        it: &EarlyStopping,
        running: &mut Running,
        epoch: u32,
        logs: &EpochLogs<'_>,
    ) -> bool {
        let Some(value) = logs.value(&it.monitor.0) else { return false };
        if (epoch as usize) < it.start_from_epoch {
            return false;
        }
        let keep = |running: &mut Running| {
            if it.restore_best_weights {
                let copies = [&self.memory.parameters, &self.memory.statistics];
                running.best_weights = Some(copies.map(|arena| arena.as_slice().to_vec()));
            }
        };
        if running.best_weights.is_none() {
            keep(running);
        }
        running.state.wait += 1;
        if running.is_better(value, running.state.best, it.min_delta) {
            running.state.best = Some(value);
            keep(running);
            if it.baseline.is_none_or(|baseline| running.is_better(value, Some(baseline), it.min_delta)) {
                running.state.wait = 0;
            }
            return false;
        }
        running.state.wait as usize >= it.patience && epoch > 0
    }

    /// The learning rate to go on with, if it is to be lowered.
    fn lowered(&self, it: &ReduceLrOnPlateau, running: &mut Running, logs: &EpochLogs<'_>) -> Option<f32> {
        let value = logs.value(&it.monitor.0)?;
        if running.state.cooldown > 0 {
            running.state.cooldown -= 1;
            running.state.wait = 0;
        }
        if running.is_better(value, running.state.best, it.min_delta) {
            running.state.best = Some(value);
            running.state.wait = 0;
            return None;
        }
        if running.state.cooldown > 0 {
            return None;
        }
        running.state.wait += 1;
        let rate = self.learning_rate();
        if (running.state.wait as usize) < it.patience || rate <= it.min_lr as f32 {
            return None;
        }
        running.state.cooldown = it.cooldown as u32;
        running.state.wait = 0;
        Some((f64::from(rate) * it.factor).max(it.min_lr) as f32)
    }
}

/// One line of values, and before the first one a line of names: metrics in alphabetical order, those of validation as well
/// or `NA`.
fn write_line(text: &mut String, separator: &str, epoch: u32, logs: &EpochLogs<'_>) {
    let names = || {
        let mut names: Vec<&str> = logs.train.metrics.keys().map(String::as_str).chain(["loss"]).collect();
        names.sort_unstable();
        names.into_iter()
    };
    if text.is_empty() {
        text.push_str("epoch");
        names().for_each(|name| text.extend([separator, name]));
        names().for_each(|name| text.extend([separator, "val_", name]));
        text.push('\n');
    }
    // Writing to a string cannot fail.
    let _ = write!(text, "{epoch}");
    for name in names().map(str::to_owned).chain(names().map(|name| format!("val_{name}"))) {
        text.push_str(separator);
        match logs.value(&name) {
            Some(value) => drop(write!(text, "{}", value as f32)),
            None => text.push_str("NA"),
        }
    }
    text.push('\n');
}
