//! `fit` with Keras' words, epoch by epoch, so that whoever drives it can tell of each and stop in between.
//!
//! ```text
//! begin_fit(x, y, sample_weight, options)   what is fitted, for how long
//! validate_on(x, y, sample_weight)          validation data, in place of a share of the rows
//! fit_goes_on()                             whether there is another epoch
//!   fit_batch()                             one step of it, for who wants to hear of each
//!   cut_epoch()                             it ends here
//!   fit_epoch(validates)                    the rest of it: its logs; undefined where it went wrong
//! end_fit()                                 how it ended
//! ```
//!
//! `logs` are Keras': `loss`, `accuracy`, ..., the same with `val_` in front, and `learning_rate`. The bits are those of
//! `Model::fit` in Rust.

use ndarray::ArrayView2;
use tabgrad_core::{EpochLogs, Rows, Scores, State, StepPace};
use tabgrad_json::{Map, ToJson, Value, record};
use tabgrad_session::program::Checkpoint;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::clock::clock;
use crate::model::{Model, matrix, shortest, targets_of, weight_columns};
use crate::payload;

/// Rows with their targets and weights.
struct Given {
    x: Vec<f32>,
    y: Vec<f32>,
    weights: Option<Vec<f32>>,
}

impl Given {
    /// How many rows they are, if they are rows of those widths.
    fn count(&self, [inputs, targets]: [usize; 2]) -> Result<usize, JsError> {
        let count = matrix("x", &self.x, inputs)?.nrows();
        targets_of(count, &self.y, targets)?;
        if let Some(weights) = &self.weights {
            weight_columns(weights, count)?;
        }
        Ok(count)
    }

    /// Its rows from one to before another.
    fn rows(&self, [inputs, targets]: [usize; 2], from: usize, to: usize) -> Result<Rows<'_>, JsError> {
        let part = |values: &'_ [f32], width: usize| from * width..(to * width).min(values.len());
        let x = matrix("x", &self.x[part(&self.x, inputs)], inputs)?;
        let y: ArrayView2<'_, f32> = matrix("y", &self.y[part(&self.y, targets)], targets)?;
        let count = self.x.len() / inputs.max(1);
        let weights = self.weights.as_ref().map(|weights| {
            let columns = weight_columns(weights, count)?;
            matrix("sample_weight", &weights[part(weights, columns)], columns)
        });
        let rows = Rows::new(x, y);
        Ok(match weights.transpose()? {
            Some(weights) => rows.weighted_each(weights),
            None => rows,
        })
    }
}

record! {
    #![strict]
    /// What `fit` takes besides rows.
    #[derive(Clone, Debug)]
    struct FitOptions {
        epochs: Option<u32>,
        initial_epoch: Option<u32>,
        steps_per_epoch: Option<usize>,
        validation_split: Option<f64>,
        validation_batch_size: Option<usize>,
        validation_steps: Option<usize>,
        resume: Option<bool>,
    }
}

/// A fit that goes on.
pub(crate) struct Fitting {
    given: Given,
    /// Rows that are trained on; those behind them are for validation.
    train: usize,
    count: usize,
    validation: Option<Given>,
    validation_batch_size: Option<usize>,
    /// Rows that are scored at most.
    validation_most: usize,
    epochs: u32,
    steps_per_epoch: Option<usize>,
    /// Whether the model has taken the rows that are trained on.
    are_checked: bool,
    pace: StepPace,
    begin_ms: f64,
    /// The epoch that goes on has ended, if there are scores of it.
    ended: Option<Scores>,
    stopped_by: Option<usize>,
    is_diverged: bool,
}

#[wasm_bindgen]
impl Model {
    /// Begins to fit rows `x` (rows x inputs) with targets `y`, each row counting as `sample_weight` says: one number for
    /// each, or one for each output or loss of it. Options: `epochs` (1) and `initial_epoch` (0), from which they are
    /// counted; `steps_per_epoch` (none): an epoch ends after so many, and the next goes on with the rows that are left;
    /// `validation_split` (none): the share of the rows, from the end, that is scored and not trained on, of which
    /// `validation_batch_size` at a time, `validation_steps` times; `resume`: a saved fit goes on, its epochs and all that
    /// callbacks know. Returns how many epochs have ended.
    ///
    /// # Errors
    /// Throws where the model only predicts, `x`, `y` or `sample_weight` do not go together or with the model, an
    /// option is not of its form, or the split leaves no rows on a side.
    pub fn begin_fit(
        &mut self,
        x: Vec<f32>,
        y: Vec<f32>,
        sample_weight: Option<Vec<f32>>,
        options: JsValue,
    ) -> Result<u32, JsError> {
        let options: FitOptions = payload::from_object(&options)?;
        let Some(training) = &self.training else {
            return Err(JsError::new("this model only predicts: compile it for training"));
        };
        let given = Given { x, y, weights: sample_weight };
        let count = given.count(self.widths())?;
        let train = match options.validation_split {
            None | Some(0.0) => count,
            Some(share) => (count as f64 * (1.0 - share)).floor().max(0.0) as usize,
        };
        let is_split = options.validation_split.is_some_and(|share| share != 0.0);
        if train == 0 || train > count || (is_split && train == count) {
            return Err(JsError::new("validation_split: expected a share that leaves rows on both sides"));
        }
        let each = options.validation_batch_size.unwrap_or(training.batch_size);
        if !options.resume.unwrap_or_default() {
            self.model.begin_training_at(options.initial_epoch.unwrap_or(0));
            self.checkpoints.clear();
        }
        self.fitting = Some(Fitting {
            given,
            train,
            count,
            validation: None,
            validation_batch_size: options.validation_batch_size,
            validation_most: options.validation_steps.map_or(usize::MAX, |steps| steps.saturating_mul(each)),
            epochs: options.epochs.unwrap_or(1),
            steps_per_epoch: options.steps_per_epoch,
            are_checked: false,
            pace: StepPace::default(),
            begin_ms: clock()(),
            ended: None,
            stopped_by: None,
            is_diverged: false,
        });
        Ok(self.model.epochs_counted())
    }

    /// Scores these rows at the end of every epoch.
    ///
    /// # Errors
    /// Throws before [`Self::begin_fit`], and where the rows do not go together or with the model.
    pub fn validate_on(
        &mut self,
        x: Vec<f32>,
        y: Vec<f32>,
        sample_weight: Option<Vec<f32>>,
    ) -> Result<(), JsError> {
        let given = Given { x, y, weights: sample_weight };
        given.count(self.widths())?;
        self.fitting.as_mut().ok_or_else(not_begun)?.validation = Some(given);
        Ok(())
    }

    /// Whether there is another epoch: they are not done, no callback has ended it, and it has not diverged.
    pub fn fit_goes_on(&self) -> bool {
        self.fitting.as_ref().is_some_and(|fitting| {
            self.model.epochs_counted() < fitting.epochs
                && fitting.stopped_by.is_none()
                && !fitting.is_diverged
        })
    }

    /// One step of the epoch: `{ batch, logs, ends_epoch }`, the batch counted from 0, with the scores of the epoch so far;
    /// `undefined` where it went wrong.
    ///
    /// # Errors
    /// Throws before [`Self::begin_fit`], and where rows have values that no target can have.
    pub fn fit_batch(&mut self) -> Result<JsValue, JsValue> {
        let batch = self.model.steps_in_epoch();
        let Some((logs, ends_epoch)) = self.advance(1)? else { return Ok(JsValue::UNDEFINED) };
        let mut told = Map::new();
        told.insert("batch".into(), batch.to_json());
        told.insert("logs".into(), Value::Object(logs_of(&logs, None)));
        told.insert("ends_epoch".into(), ends_epoch.to_json());
        payload::object(&Value::Object(told))
    }

    /// The epoch ends with the steps that were made.
    ///
    /// # Errors
    /// Throws before [`Self::begin_fit`].
    pub fn cut_epoch(&mut self) -> Result<(), JsError> {
        let fitting = self.fitting.as_mut().ok_or_else(not_begun)?;
        if fitting.ended.is_none() {
            fitting.ended = self.model.cut_epoch();
        }
        Ok(())
    }

    /// The epoch to its end, at which `validates` says whether the validation rows are scored: `{ epoch, logs }`, the epoch
    /// counted from 1; `undefined` when the epochs are done, a callback has ended it, or it has diverged.
    ///
    /// # Errors
    /// Throws before [`Self::begin_fit`], and where rows have values that no target can have.
    pub fn fit_epoch(&mut self, validates: bool) -> Result<JsValue, JsValue> {
        let widths = self.widths();
        while self.fitting.as_ref().ok_or_else(not_begun)?.ended.is_none() {
            if !self.fit_goes_on() || self.advance(usize::MAX)?.is_none() {
                return Ok(JsValue::UNDEFINED);
            }
        }
        let Self { model, fitting, checkpoints, .. } = self;
        let fitting = fitting.as_mut().ok_or_else(not_begun)?;
        let Some(scores) = fitting.ended.take() else { return Ok(JsValue::UNDEFINED) };
        let most = |from: usize, to: usize| from..to.min(from.saturating_add(fitting.validation_most));
        let validation = match &fitting.validation {
            _ if !validates => None,
            Some(given) => {
                let part = most(0, given.count(widths)?);
                Some(given.rows(widths, part.start, part.end)?)
            }
            None if fitting.train < fitting.count => {
                let part = most(fitting.train, fitting.count);
                Some(fitting.given.rows(widths, part.start, part.end)?)
            }
            None => None,
        };
        let validation = match &validation {
            Some(rows) => {
                let scores = model.evaluate_in_batches(rows, fitting.validation_batch_size);
                scores.map_err(JsError::from)?
            }
            None => None,
        };
        let elapsed_s = (clock()() - fitting.begin_ms) / 1e3;
        let end = model.end_epoch(&EpochLogs { train: &scores, validation: validation.as_ref(), elapsed_s });
        // Scoring took its time too.
        fitting.pace.look_away();
        fitting.stopped_by = end.stopped_by;
        keep(checkpoints, model.position().epoch, end.checkpoints);
        let mut logs = logs_of(&scores, validation.as_ref());
        logs.insert("learning_rate".into(), shortest(model.learning_rate()).to_json());
        let mut told = Map::new();
        told.insert("epoch".into(), model.epochs_counted().to_json());
        told.insert("logs".into(), Value::Object(logs));
        payload::object(&Value::Object(told))
    }

    /// It has come to its end: a moving average of the weights, or the best ones, take their place if optimizer and
    /// callbacks say so. `{ stopped_by, diverged, log }`: the callback that ended it by its place in the list, and what a
    /// `csv_logger` has written.
    ///
    /// # Errors
    /// Throws before [`Self::begin_fit`].
    pub fn end_fit(&mut self) -> Result<JsValue, JsValue> {
        let fitting = self.fitting.take().ok_or_else(not_begun)?;
        self.model.end_training();
        let callbacks = self.training.as_ref().map_or(0, |training| training.callbacks.len());
        let log = (0..callbacks).find_map(|callback| self.model.callback_text(callback));
        let mut told = Map::new();
        told.insert("stopped_by".into(), fitting.stopped_by.to_json());
        told.insert("diverged".into(), fitting.is_diverged.to_json());
        told.insert("log".into(), log.map(str::to_owned).to_json());
        payload::object(&Value::Object(told))
    }

    /// The newest state that a `model_checkpoint` handed out takes the place of the present one; false: there is none.
    ///
    /// # Errors
    /// Throws where the state no longer fits the model; nothing is changed then.
    pub fn restore_checkpoint(&mut self, callback: usize) -> Result<bool, JsError> {
        let kept = self.checkpoints.iter().find(|kept| kept.callback == callback);
        let Some(Checkpoint { state, .. }) = kept else { return Ok(false) };
        self.model.restore(state)?;
        Ok(true)
    }
}

impl Model {
    /// Up to so many steps of the epoch: the scores so far, and whether it has ended; `None` where it went wrong.
    fn advance(&mut self, most: usize) -> Result<Option<(Scores, bool)>, JsError> {
        let widths = self.widths();
        let Self { model, fitting, checkpoints, .. } = self;
        let fitting = fitting.as_mut().ok_or_else(not_begun)?;
        let rows = fitting.given.rows(widths, 0, fitting.train)?;
        let rows = if fitting.are_checked { rows.checked_before() } else { rows };
        let most = model.steps_at_once(most.min(fitting.pace.steps(model.time_limit())));
        let mut trained = model.train_epoch(&rows, most, fitting.steps_per_epoch)?;
        fitting.are_checked = true;
        if trained.diverged.is_some() {
            fitting.is_diverged = true;
            fitting.stopped_by = model.terminates_on_nan();
            return Ok(None);
        }
        let now = (clock()() - fitting.begin_ms) / 1e3;
        fitting.pace.look(trained.steps, now);
        let kept = model.end_steps(&mut trained, Some(now));
        keep(checkpoints, model.position().epoch, kept);
        if trained.epoch_end.is_some() {
            fitting.ended.clone_from(&trained.epoch_end);
        }
        let ends = trained.epoch_end.is_some();
        let scores = trained.epoch_end.or_else(|| model.scores_so_far());
        Ok(Some((scores.unwrap_or_default(), ends)))
    }
}

/// The newest state of each callback.
fn keep(checkpoints: &mut Vec<Checkpoint>, epoch: u32, kept: Vec<(usize, State)>) {
    for (callback, state) in kept {
        checkpoints.retain(|before| before.callback != callback);
        checkpoints.push(Checkpoint { callback, epoch, state });
    }
}

/// Scores by their names, and those of the validation rows with `val_` in front.
fn logs_of(scores: &Scores, validation: Option<&Scores>) -> Map<String, Value> {
    let mut logs = Map::new();
    for (prefix, scores) in [("", Some(scores)), ("val_", validation)] {
        let Some(scores) = scores else { continue };
        logs.insert([prefix, "loss"].concat(), scores.loss.to_json());
        for (name, value) in &scores.metrics {
            logs.insert([prefix, name].concat(), value.to_json());
        }
    }
    logs
}

fn not_begun() -> JsError {
    JsError::new("nothing is being fitted: call begin_fit first")
}
