//! Metrics over many batches: sums that are added to batch by batch, in the order of the rows, by one thread.
//!
//! [`add`] knows what a batch adds, [`answers`] what is made of the sums.

mod add;
mod answers;

pub(crate) use add::{bin_of, largest};
pub(crate) use answers::{f_scores, matrix_answer};

use crate::plan::Score;
use std::collections::BTreeMap;
use tabgrad_json::record_fields;
use tabgrad_kernels::loss::Pairs;

/// Loss and metrics. What cannot be computed is absent; no value is ever NaN.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// The loss with its penalties.
    pub loss: f32,
    /// By metric name; metrics with several values have `name/0`, `name/1` and so on.
    pub metrics: BTreeMap<String, f32>,
}

record_fields!(open Scores { loss, metrics, });

/// Running sums of the loss and of every metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    /// Sum over rows of the loss, penalties of weights included.
    pub loss: f64,
    pub rows: u64,
    /// For each score, what its comparison adds up: see [`Sums`].
    scores: Vec<Sums>,
}

record_fields!(open Tally { loss, rows, scores, });

/// The sums of one metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    /// Right answers, or sum of differences; for R2, rows.
    total: f64,
    /// Answers compared. Where metrics weigh rows, all of this counts each row as much as it weighs.
    count: f64,
    /// What else is added up, in threes. R2, per output: targets, their squares, squared differences. Counts, per number of
    /// thresholds below the output: yes, no. Columns: predicted and true, predicted, true. Calibration, per bin: answers,
    /// certainties, right ones. Matrices: the cells in their order.
    moments: Vec<[f64; 3]>,
}

record_fields!(open Sums { total, count, moments, });

impl Tally {
    /// Sums for these scores, all zero.
    pub fn new(scores: &[Score]) -> Self {
        let sums = scores.iter().map(|score| Sums { moments: vec![[0.0; 3]; score.room], ..Sums::default() });
        Self { loss: 0.0, rows: 0, scores: sums.collect() }
    }

    /// Whether it is a tally of such scores: a saved one may not be.
    pub fn fits(&self, scores: &[Score]) -> bool {
        self.scores.len() == scores.len()
            && self.scores.iter().zip(scores).all(|(sums, score)| sums.moments.len() == score.room)
    }

    /// All zero again; allocates nothing.
    pub fn clear(&mut self) {
        self.loss = 0.0;
        self.rows = 0;
        for sums in &mut self.scores {
            sums.total = 0.0;
            sums.count = 0.0;
            sums.moments.fill([0.0; 3]);
        }
    }

    /// Adds the loss of one batch of so many rows to score `i`, which is that of one output.
    pub fn add_loss(&mut self, i: usize, sum: f64, rows: usize) {
        if let Some(sums) = self.scores.get_mut(i) {
            sums.total += sum;
            sums.count += rows as f64;
        }
    }

    /// Adds the rows of one batch to score `i`; rows of weight 0 are left out.
    pub fn add(&mut self, i: usize, score: &Score, pairs: &Pairs<'_>) {
        if let Some(sums) = self.scores.get_mut(i) {
            sums.add(&score.comparison, pairs);
        }
    }

    /// The mean loss of the rows so far.
    pub fn mean_loss(&self) -> Option<f32> {
        let mean = (self.loss / self.rows.max(1) as f64) as f32;
        (self.rows > 0 && mean.is_finite()).then_some(mean)
    }

    /// Loss and metrics of the rows so far; `None` when there are none or the loss is not finite.
    pub fn scores(&self, scores: &[Score]) -> Option<Scores> {
        let mut metrics = BTreeMap::new();
        for (score, sums) in scores.iter().zip(&self.scores) {
            let answers = sums.answers(&score.comparison);
            let is_alone = answers.len() == 1;
            for (i, answer) in answers.into_iter().enumerate() {
                let value = answer.unwrap_or(f64::NAN) as f32;
                if value.is_finite() {
                    let name = if is_alone { score.name.clone() } else { format!("{}/{i}", score.name) };
                    metrics.insert(name, value);
                }
            }
        }
        Some(Scores { loss: self.mean_loss()?, metrics })
    }
}
