//! Metrics over many batches: sums that are added to batch by batch, in the order of the rows, by one thread.

use crate::plan::{Comparison, Score};
use std::collections::BTreeMap;
use tabgrad_json::record_fields;

/// Loss and metrics. What cannot be computed is absent; no value is ever NaN.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// The loss with its penalties.
    pub loss: f32,
    /// By metric name.
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
struct Sums {
    /// Right answers, or sum of differences.
    total: f64,
    /// Answers compared.
    count: u64,
    /// For R2, per output: sum of targets, of their squares, of squared differences.
    moments: Vec<[f64; 3]>,
}

record_fields!(open Sums { total, count, moments, });

impl Tally {
    /// Sums for these scores of a model with `outputs` outputs, all zero.
    pub fn new(scores: &[Score], outputs: usize) -> Self {
        let sums = scores.iter().map(|score| Sums {
            moments: if score.comparison == Comparison::R2 { vec![[0.0; 3]; outputs] } else { Vec::new() },
            ..Sums::default()
        });
        Self { loss: 0.0, rows: 0, scores: sums.collect() }
    }

    /// Whether it is a tally of such scores: a saved one may not be.
    pub fn fits(&self, scores: &[Score], outputs: usize) -> bool {
        let empty = Self::new(scores, outputs);
        self.scores.len() == empty.scores.len()
            && self.scores.iter().zip(&empty.scores).all(|(a, b)| a.moments.len() == b.moments.len())
    }

    /// All zero again; allocates nothing.
    pub fn clear(&mut self) {
        self.loss = 0.0;
        self.rows = 0;
        for sums in &mut self.scores {
            sums.total = 0.0;
            sums.count = 0;
            sums.moments.fill([0.0; 3]);
        }
    }

    /// Takes over another tally of the same scores; allocates nothing.
    pub fn copy_from(&mut self, other: &Self) {
        self.loss = other.loss;
        self.rows = other.rows;
        for (to, from) in self.scores.iter_mut().zip(&other.scores) {
            to.total = from.total;
            to.count = from.count;
            to.moments.copy_from_slice(&from.moments);
        }
    }

    /// Adds the rows of one batch to score `i`: `x` is `(rows, cols)`, `target` is `(rows, target_cols)`.
    pub fn add(
        &mut self,
        i: usize,
        score: &Score,
        x: &[f32],
        cols: usize,
        target: &[f32],
        target_cols: usize,
    ) {
        let sums = &mut self.scores[i];
        let rows = x.chunks_exact(cols).zip(target.chunks_exact(target_cols));
        match score.comparison {
            Comparison::Threshold(threshold) => {
                for (&x, &t) in x.iter().zip(target) {
                    sums.total += f64::from(u8::from((x > threshold) == (t > 0.5)));
                }
                sums.count += x.len() as u64;
            }
            Comparison::LargestIsClass => {
                for (x, t) in rows {
                    sums.total += f64::from(u8::from(largest(x) == t[0] as usize));
                    sums.count += 1;
                }
            }
            Comparison::LargestIsLargest => {
                for (x, t) in rows {
                    sums.total += f64::from(u8::from(largest(x) == largest(t)));
                    sums.count += 1;
                }
            }
            Comparison::Absolute => {
                sums.total += x.iter().zip(target).map(|(&x, &t)| f64::from((x - t).abs())).sum::<f64>();
                sums.count += x.len() as u64;
            }
            Comparison::Squared | Comparison::RootSquared => {
                let square = |(&x, &t): (&f32, &f32)| (f64::from(x) - f64::from(t)).powi(2);
                sums.total += x.iter().zip(target).map(square).sum::<f64>();
                sums.count += x.len() as u64;
            }
            Comparison::R2 => {
                for (x, t) in rows {
                    for ((moments, &x), &t) in sums.moments.iter_mut().zip(x).zip(t) {
                        let (x, t) = (f64::from(x), f64::from(t));
                        moments[0] += t;
                        moments[1] += t * t;
                        moments[2] += (x - t) * (x - t);
                    }
                    sums.count += 1;
                }
            }
        }
    }

    /// The mean loss of the rows so far.
    pub fn mean_loss(&self) -> Option<f32> {
        let mean = (self.loss / self.rows.max(1) as f64) as f32;
        (self.rows > 0 && mean.is_finite()).then_some(mean)
    }

    /// Loss and metrics of the rows so far; `None` when there are none or the loss is not finite.
    pub fn scores(&self, scores: &[Score]) -> Option<Scores> {
        let metrics = scores.iter().zip(&self.scores).filter_map(|(score, sums)| {
            let value = sums.value(score.comparison)? as f32;
            value.is_finite().then(|| (score.metric.name().to_owned(), value))
        });
        Some(Scores { loss: self.mean_loss()?, metrics: metrics.collect() })
    }
}

impl Sums {
    fn value(&self, comparison: Comparison) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let mean = self.total / self.count as f64;
        match comparison {
            Comparison::RootSquared => Some(mean.sqrt()),
            Comparison::R2 => self.r2(),
            _ => Some(mean),
        }
    }

    /// Keras' `R2Score` with `class_aggregation="uniform_average"`; absent where a target does not vary.
    fn r2(&self) -> Option<f64> {
        let mut total = 0.0;
        for [sum, squares, residuals] in &self.moments {
            let spread = squares - sum * sum / self.count as f64;
            if spread <= 1e-12 * squares {
                return None;
            }
            total += 1.0 - residuals / spread;
        }
        Some(total / self.moments.len() as f64)
    }
}

/// The index of the largest value, the first of equals.
fn largest(row: &[f32]) -> usize {
    let mut best = 0;
    for (i, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = i;
        }
    }
    best
}
