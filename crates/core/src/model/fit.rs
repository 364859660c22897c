//! `fit` with Keras' words: epochs, validation, callbacks; for programs that have all rows and nothing else to do. Who must
//! yield in between drives [`Model::train`], [`Model::end_epoch`] and [`Model::end_training`] alone, to the same bits.

use super::{Divergence, EpochLogs, Model, Rows, State, StepPace};
use crate::error::{Code, Error};
use crate::program::Scores;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What is scored at the end of every epoch.
#[derive(Clone, Copy, Debug, Default)]
pub enum Validation<'a> {
    /// Nothing.
    #[default]
    None,
    /// This share of the rows, from the end, which are not trained on.
    Split(f64),
    /// These rows.
    Data(Rows<'a>),
}

/// How rows are fitted. Batch size, order of the rows (`shuffle`), weights of classes and callbacks are the training's; weights
/// of rows come with the rows ([`Rows::weighted`]).
#[derive(Clone, Copy, Debug)]
pub struct Fit<'a> {
    /// After so many epochs it ends, if no callback ends it before; `None`: as many as the training says.
    pub epochs: Option<u32>,
    /// What is scored at the end of every epoch.
    pub validation: Validation<'a>,
    /// After every how many epochs it is scored; callbacks that look at it wait until then.
    pub validation_freq: u32,
    /// How many rows of it are scored at a time: see [`Model::evaluate_in_batches`].
    pub validation_batch_size: Option<usize>,
    /// So many batches of it are scored, from the first; `None`: all.
    pub validation_steps: Option<usize>,
    /// An epoch ends after so many steps, and the next one goes on with the rows that are left; `None`: when all rows had
    /// their turn, as it also does.
    pub steps_per_epoch: Option<usize>,
    /// The epoch to begin with, as callbacks and `epochs` count them: for a training that goes on after another.
    pub initial_epoch: u32,
    /// A saved training goes on: callbacks keep what they know, and `epochs` counts those that ended before as well.
    pub resume: bool,
}

impl Default for Fit<'_> {
    fn default() -> Self {
        Self {
            epochs: None,
            validation: Validation::None,
            validation_freq: 1,
            validation_batch_size: None,
            validation_steps: None,
            steps_per_epoch: None,
            initial_epoch: 0,
            resume: false,
        }
    }
}

/// One epoch of a fit.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochRecord {
    /// From 1, or from the fit's `initial_epoch` and 1.
    pub epoch: u32,
    /// Of the rows trained on, each batch as it was when it was trained on.
    pub train: Scores,
    /// Of the validation rows.
    pub validation: Option<Scores>,
    /// The learning rate of the next step.
    pub learning_rate: f32,
}

/// How a fit went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// In order.
    pub epochs: Vec<EpochRecord>,
    /// The callback that ended it, by its place in the list.
    pub stopped_by: Option<usize>,
    /// What went wrong, if it did.
    pub diverged: Option<Divergence>,
    /// The last state that each `model_checkpoint` handed out, by its place in the list.
    pub checkpoints: Vec<(usize, State)>,
}

impl History {
    /// The newest state of each callback.
    fn keep(&mut self, checkpoints: Vec<(usize, State)>) {
        for (callback, state) in checkpoints {
            self.checkpoints.retain(|(before, _)| *before != callback);
            self.checkpoints.push((callback, state));
        }
    }

    /// What Keras calls `history.history`: by name the values of all epochs in order, `loss`, the metrics, the same of the
    /// validation rows with `val_` in front, and `learning_rate`. Epochs without validation have no `val_` values.
    pub fn history(&self) -> BTreeMap<String, Vec<f32>> {
        let mut history: BTreeMap<String, Vec<f32>> = BTreeMap::new();
        let mut note = |name: String, value: f32| history.entry(name).or_default().push(value);
        for epoch in &self.epochs {
            for (prefix, scores) in [("", Some(&epoch.train)), ("val_", epoch.validation.as_ref())] {
                let Some(scores) = scores else { continue };
                note(format!("{prefix}loss"), scores.loss);
                scores.metrics.iter().for_each(|(name, &value)| note(format!("{prefix}{name}"), value));
            }
            note("learning_rate".into(), epoch.learning_rate);
        }
        history
    }
}

impl Model {
    /// Trains epoch by epoch. `elapsed_s` gives the seconds since it began, for time limits; time is an input.
    ///
    /// `rows` are `(rows, features)` and `(rows, targets)`; of several outputs, the targets stand side by side. A mistake in
    /// the rows or in `fit` is an error, and nothing was trained.
    ///
    /// ```
    /// use ndarray::Array2;
    /// use serde_json::json;
    /// use tabgrad_core::{Fit, Io, Model, ModelSpec, Pool, Rows, Target, TrainingSpec, Validation};
    ///
    /// // Is a point within a circle?
    /// let x = Array2::from_shape_fn((200, 2), |(row, side)| ((row * 37 + side * 91) % 100) as f32 / 50.0 - 1.0);
    /// let y = Array2::from_shape_fn((200, 1), |(row, _)| {
    ///     f32::from(u8::from(x[[row, 0]].powi(2) + x[[row, 1]].powi(2) < 0.5))
    /// });
    ///
    /// let model = ModelSpec::parse(&json!({"version": 1, "layers": [
    ///     {"type": "dense", "units": 16, "activation": "relu"},
    ///     {"type": "dense", "units": 1, "activation": "sigmoid"}]}))?;
    /// let training = TrainingSpec::parse(&json!({
    ///     "loss": "binary_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.02}, "metrics": ["accuracy"],
    ///     "batch_size": 32, "callbacks": [{"type": "early_stopping", "monitor": "val_loss", "patience": 30}]}))?;
    /// let io = Io::single(vec![2], Target::Binary);
    /// let mut model = Model::compile(&model, &training, &io, Pool::single())?;
    ///
    /// let fit = Fit { epochs: Some(100), validation: Validation::Split(0.2), ..Fit::default() };
    /// let history = model.fit(&Rows::new(x.view(), y.view()), &fit, &mut || 0.0)?.history();
    /// assert_eq!(history["loss"].len(), history["val_accuracy"].len());
    ///
    /// let scores = model.evaluate(&Rows::new(x.view(), y.view()))?.expect("a finite loss");
    /// assert!(scores.metrics["accuracy"] > 0.9, "{scores:?}");
    /// assert_eq!(model.predict(x.view())?.dim(), (200, 1));
    /// # Ok::<(), tabgrad_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Model::train`] and [`Model::evaluate_in_batches`] have them for the rows of training and validation;
    /// [`Code::OutOfRange`] at `fit.validation_split` for a share that leaves no rows on a side, and at
    /// `fit.validation_freq` for 0; [`Code::MissingArgument`] at `fit.epochs` where neither `fit` nor the training
    /// says how many.
    pub fn fit<'a>(
        &mut self,
        rows: &Rows<'a>,
        fit: &Fit<'a>,
        elapsed_s: &mut dyn FnMut() -> f64,
    ) -> Result<History, Error> {
        self.fit_observed(rows, fit, elapsed_s, &mut |_| ControlFlow::Continue(()))
    }

    /// The same for whoever looks on: `at_epoch_end` is shown every epoch after the callbacks, and may end the fit.
    ///
    /// # Errors
    /// Those of [`Model::fit`].
    pub fn fit_observed<'a>(
        &mut self,
        rows: &Rows<'a>,
        fit: &Fit<'a>,
        elapsed_s: &mut dyn FnMut() -> f64,
        at_epoch_end: &mut dyn FnMut(&EpochRecord) -> ControlFlow<()>,
    ) -> Result<History, Error> {
        let (mut train, validation) = match fit.validation {
            Validation::None => (*rows, None),
            Validation::Data(data) => (*rows, Some(data)),
            Validation::Split(share) => {
                let (train, validation) = split(rows, share)?;
                (train, Some(validation))
            }
        };
        let Some(epochs) = fit.epochs.or(self.epochs) else {
            return Err(Error::new(Code::MissingArgument, "fit.epochs", "a number of epochs", "none"));
        };
        for (name, number) in [
            ("validation_freq", Some(fit.validation_freq as usize)),
            ("validation_steps", fit.validation_steps),
            ("steps_per_epoch", fit.steps_per_epoch),
        ] {
            if number == Some(0) {
                let path = format!("fit.{name}");
                return Err(Error::new(Code::OutOfRange, path, "a number of at least 1", "0"));
            }
        }
        let validation = validation.map(|rows| {
            let each = fit.validation_batch_size.unwrap_or(self.plan.batch);
            let most = fit.validation_steps.map_or(usize::MAX, |steps| steps.saturating_mul(each));
            rows.part(0, rows.x.nrows().min(most))
        });
        if !fit.resume {
            self.begin_training_at(fit.initial_epoch);
        }
        let mut history = History::default();
        let mut goes_on = true;
        let mut pace = StepPace::default();
        while goes_on && self.epochs_counted() < epochs && history.stopped_by.is_none() {
            let most = self.steps_at_once(pace.steps(self.time_limit()));
            let mut trained = self.train_epoch(&train, most, fit.steps_per_epoch)?;
            train = train.checked_before();
            if trained.diverged.is_some() {
                history.diverged = trained.diverged;
                history.stopped_by = self.terminates_on_nan();
                break;
            }
            let now = elapsed_s();
            pace.look(trained.steps, now);
            history.keep(self.end_steps(&mut trained, Some(now)));
            let Some(scores) = trained.epoch_end else { continue };
            let epoch = self.epochs_counted();
            let is_scored = epoch.is_multiple_of(fit.validation_freq);
            let of_validation = match &validation {
                Some(rows) if is_scored => self.evaluate_in_batches(rows, fit.validation_batch_size)?,
                _ => None,
            };
            let end = self.end_epoch(&EpochLogs {
                train: &scores,
                validation: of_validation.as_ref(),
                elapsed_s: elapsed_s(),
            });
            // Scoring took its time too.
            pace.look_away();
            history.stopped_by = end.stopped_by;
            history.keep(end.checkpoints);
            let record = EpochRecord {
                epoch,
                train: scores,
                validation: of_validation,
                learning_rate: self.learning_rate(),
            };
            goes_on = at_epoch_end(&record).is_continue();
            history.epochs.push(record);
        }
        self.end_training();
        Ok(history)
    }
}

/// Keras' `validation_split`: the last rows are for validation.
fn split<'a>(rows: &Rows<'a>, share: f64) -> Result<(Rows<'a>, Rows<'a>), Error> {
    let count = rows.x.nrows();
    let at = (count as f64 * (1.0 - share)).floor().max(0.0) as usize;
    if !(share > 0.0 && share < 1.0) || at == 0 || at >= count || rows.y.nrows() != count {
        let expected = "a share that leaves rows on both sides";
        return Err(Error::new(Code::OutOfRange, "fit.validation_split", expected, share.to_string()));
    }
    Ok((rows.part(0, at), rows.part(at, count)))
}
