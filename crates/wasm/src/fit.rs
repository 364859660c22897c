//! `fit` with Keras' words, epoch by epoch, so that whoever drives it can tell of each and stop in between.
//!
//! ```text
//! begin_fit(x, y, sample_weight, options)   what is fitted, for how long
//! validate_on(x, y, sample_weight)          validation data, in place of a share of the rows
//! fit_epoch(validates)                      one epoch: its logs; undefined when it is over
//! end_fit()                                 how it ended
//! ```
//!
//! `logs` are Keras': `loss`, `accuracy`, ..., and the same with `val_` in front. The bits are those of `Model::fit` in Rust.

use ndarray::ArrayView2;
use tabgrad_core::{EpochLogs, Rows, Scores, State};
use tabgrad_json::{Map, ToJson, Value, record};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::clock::clock;
use crate::model::{Model, matrix, weight_columns};
use crate::payload;

/// Rows with their targets and weights.
struct Given {
    x: Vec<f32>,
    y: Vec<f32>,
    weights: Option<Vec<f32>>,
}

impl Given {
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
        Ok(Rows { x, y, weights: weights.transpose()? })
    }
}

record! {
    #![strict]
    /// What `fit` takes besides rows.
    #[derive(Clone, Debug)]
    struct FitOptions {
        epochs: Option<u32>,
        initial_epoch: Option<u32>,
        validation_split: Option<f64>,
        validation_batch_size: Option<usize>,
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
    epochs: u32,
    begin_ms: f64,
    stopped_by: Option<usize>,
    is_diverged: bool,
}

#[wasm_bindgen]
impl Model {
    /// Begins to fit rows `x` (rows x inputs) with targets `y`, each row counting as `sample_weight` says: one number for
    /// each, or one for each output or loss of it. Options: `epochs` (1) and `initial_epoch` (0), from which they are
    /// counted; `validation_split` (none): the share of the rows, from the end, that is scored and not trained on, of which
    /// `validation_batch_size` at a time.
    pub fn begin_fit(
        &mut self,
        x: Vec<f32>,
        y: Vec<f32>,
        sample_weight: Option<Vec<f32>>,
        options: JsValue,
    ) -> Result<(), JsError> {
        let options: FitOptions = payload::from_object(&options)?;
        let given = Given { x, y, weights: sample_weight };
        let [inputs, targets] = self.widths();
        let count = matrix("x", &given.x, inputs)?.nrows();
        if matrix("y", &given.y, targets)?.nrows() != count {
            return Err(JsError::new(&format!("x has {count} rows: y must have as many")));
        }
        if let Some(weights) = &given.weights {
            weight_columns(weights, count)?;
        }
        let train = match options.validation_split {
            None | Some(0.0) => count,
            Some(share) => (count as f64 * (1.0 - share)).floor().max(0.0) as usize,
        };
        let is_split = options.validation_split.is_some_and(|share| share != 0.0);
        if train == 0 || train > count || (is_split && train == count) {
            return Err(JsError::new("validation_split: expected a share that leaves rows on both sides"));
        }
        self.model.begin_training_at(options.initial_epoch.unwrap_or(0));
        self.checkpoints.clear();
        self.fitting = Some(Fitting {
            given,
            train,
            count,
            validation: None,
            validation_batch_size: options.validation_batch_size,
            epochs: options.epochs.unwrap_or(1),
            begin_ms: clock()(),
            stopped_by: None,
            is_diverged: false,
        });
        Ok(())
    }

    /// Scores these rows at the end of every epoch.
    pub fn validate_on(
        &mut self,
        x: Vec<f32>,
        y: Vec<f32>,
        sample_weight: Option<Vec<f32>>,
    ) -> Result<(), JsError> {
        let fitting = self.fitting.as_mut().ok_or_else(not_begun)?;
        fitting.validation = Some(Given { x, y, weights: sample_weight });
        Ok(())
    }

    /// One epoch, at the end of which `validates` says whether the validation rows are scored: `{ epoch, learning_rate,
    /// logs }`, the epoch counted from 1; `undefined` when the epochs are done, a callback has ended it, or it has diverged.
    pub fn fit_epoch(&mut self, validates: bool) -> Result<JsValue, JsValue> {
        let widths = self.widths();
        let Self { model, fitting, checkpoints, .. } = self;
        let fitting = fitting.as_mut().ok_or_else(not_begun)?;
        if fitting.stopped_by.is_some() || fitting.is_diverged {
            return Ok(JsValue::UNDEFINED);
        }
        let rows = fitting.given.rows(widths, 0, fitting.train)?;
        let scores = loop {
            if model.epochs_counted() >= fitting.epochs {
                return Ok(JsValue::UNDEFINED);
            }
            let trained = model.train(&rows, usize::MAX).map_err(JsError::from)?;
            if trained.diverged.is_some() {
                fitting.is_diverged = true;
                fitting.stopped_by = model.terminates_on_nan();
                return Ok(JsValue::UNDEFINED);
            }
            if let Some(scores) = trained.epoch_end {
                break scores;
            }
        };
        let validation = match &fitting.validation {
            _ if !validates => None,
            Some(given) => Some(given.rows(widths, 0, given.x.len() / widths[0].max(1))?),
            None if fitting.train < fitting.count => {
                Some(fitting.given.rows(widths, fitting.train, fitting.count)?)
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
        fitting.stopped_by = end.stopped_by;
        for (callback, state) in end.checkpoints {
            checkpoints.retain(|(before, _)| *before != callback);
            checkpoints.push((callback, state));
        }
        let mut logs = Map::new();
        write_logs(&mut logs, "", &scores);
        if let Some(scores) = &validation {
            write_logs(&mut logs, "val_", scores);
        }
        let mut told = Map::new();
        told.insert("epoch".into(), model.epochs_counted().to_json());
        told.insert("learning_rate".into(), model.learning_rate().to_json());
        told.insert("logs".into(), Value::Object(logs));
        payload::object(&Value::Object(told))
    }

    /// It has come to its end: a moving average of the weights, or the best ones, take their place if optimizer and
    /// callbacks say so. `{ stopped_by, diverged, log }`: the callback that ended it by its place in the list, and what a
    /// `csv_logger` has written.
    pub fn end_fit(&mut self) -> Result<JsValue, JsValue> {
        let fitting = self.fitting.take().ok_or_else(not_begun)?;
        self.model.end_training();
        let log = (0..).map_while(|callback| {
            (callback < self.callbacks).then(|| self.model.callback_text(callback).map(str::to_owned))
        });
        let mut told = Map::new();
        told.insert("stopped_by".into(), fitting.stopped_by.to_json());
        told.insert("diverged".into(), fitting.is_diverged.to_json());
        told.insert("log".into(), log.flatten().next().to_json());
        payload::object(&Value::Object(told))
    }

    /// The newest state that a `model_checkpoint` handed out takes the place of the present one; false: there is none.
    pub fn restore_checkpoint(&mut self, callback: usize) -> Result<bool, JsError> {
        let kept: Option<&(usize, State)> = self.checkpoints.iter().find(|(of, _)| *of == callback);
        let Some((_, state)) = kept else { return Ok(false) };
        self.model.restore(state)?;
        Ok(true)
    }
}

fn write_logs(logs: &mut Map<String, Value>, prefix: &str, scores: &Scores) {
    logs.insert([prefix, "loss"].concat(), scores.loss.to_json());
    for (name, value) in &scores.metrics {
        logs.insert([prefix, name].concat(), value.to_json());
    }
}

fn not_begun() -> JsError {
    JsError::new("nothing is being fitted: call begin_fit first")
}
