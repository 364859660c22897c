//! `fit` with Keras' words: epochs, validation, callbacks; for programs that have all rows and nothing else to do. Who must
//! yield in between drives [`Model::train`], [`Model::end_epoch`] and [`Model::end_training`] alone, to the same bits.

use super::{Divergence, EpochLogs, Model, Rows, State};
use crate::error::{Code, Error};
use crate::program::Scores;
use ndarray::s;

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

/// How rows are fitted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fit<'a> {
    /// After so many epochs it ends, if no callback ends it before; `None`: as many as the training says.
    pub epochs: Option<u32>,
    /// What is scored at the end of every epoch.
    pub validation: Validation<'a>,
    /// A saved training goes on: callbacks keep what they know, and `epochs` counts those that ended before as well.
    pub resume: bool,
}

/// One epoch of a fit.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochRecord {
    /// From 1.
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

impl Model {
    /// Trains epoch by epoch. `elapsed_s` gives the seconds since it began, for time limits; time is an input.
    pub fn fit<'a>(
        &mut self,
        rows: &Rows<'a>,
        fit: &Fit<'a>,
        elapsed_s: &mut dyn FnMut() -> f64,
    ) -> Result<History, Error> {
        let (train, validation) = match fit.validation {
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
        let last = if fit.resume { epochs } else { self.course.epoch.saturating_add(epochs) };
        if !fit.resume {
            self.begin_training();
        }
        let mut history = History::default();
        while self.course.epoch < last && history.stopped_by.is_none() {
            let trained = self.train(&train, usize::MAX)?;
            if trained.diverged.is_some() {
                history.diverged = trained.diverged;
                history.stopped_by = self.terminates_on_nan();
                break;
            }
            let Some(scores) = trained.epoch_end else { continue };
            let of_validation = match &validation {
                Some(rows) => self.evaluate(rows)?,
                None => None,
            };
            let end = self.end_epoch(&EpochLogs {
                train: &scores,
                validation: of_validation.as_ref(),
                elapsed_s: elapsed_s(),
            });
            history.stopped_by = end.stopped_by;
            for (callback, state) in end.checkpoints {
                history.checkpoints.retain(|(before, _)| *before != callback);
                history.checkpoints.push((callback, state));
            }
            history.epochs.push(EpochRecord {
                epoch: self.course.epoch,
                train: scores,
                validation: of_validation,
                learning_rate: self.learning_rate(),
            });
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
    let part = |from: usize, to: usize| Rows {
        x: rows.x.slice_move(s![from..to, ..]),
        y: rows.y.slice_move(s![from..to, ..]),
        weights: rows.weights.map(|weights| weights.slice_move(s![from..to])),
    };
    Ok((part(0, at), part(at, count)))
}
