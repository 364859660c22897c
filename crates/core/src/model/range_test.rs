//! The learning-rate range test (Smith 2017): the loss of every batch while the learning rate grows from step to step. A good
//! rate lies below where the loss is lowest; what is found changes nothing in the model.

use super::{Model, Rows};
use crate::error::{Code, Error};

/// Which learning rates are tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangeTest {
    /// Of the first step.
    pub smallest: f32,
    /// Of the last one.
    pub largest: f32,
    /// How many steps; rates grow by one factor.
    pub steps: usize,
}

impl Default for RangeTest {
    fn default() -> Self {
        Self { smallest: 1e-7, largest: 10.0, steps: 100 }
    }
}

/// One step of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangePoint {
    /// Tried in this step.
    pub learning_rate: f32,
    /// The mean loss of its batch, before weights changed.
    pub loss: f32,
}

/// Points on each side that a loss is averaged with: single batches are noisy.
const NEIGHBOURS: usize = 2;
/// The suggested rate is so many times smaller than the one at which the loss is lowest.
const BELOW_LOWEST: f32 = 10.0;

/// A rate to train with: a tenth of the one at which the loss, averaged over neighbouring steps, is lowest, since there it
/// is about to be lost. `None` when no rate made the loss smaller than it was at first.
pub fn suggested_rate(points: &[RangePoint]) -> Option<f32> {
    let mean = |at: usize| {
        let near = &points[at.saturating_sub(NEIGHBOURS)..points.len().min(at + NEIGHBOURS + 1)];
        near.iter().map(|point| point.loss).sum::<f32>() / near.len() as f32
    };
    let lowest = (0..points.len()).min_by(|&a, &b| mean(a).total_cmp(&mean(b)))?;
    (mean(lowest) < mean(0)).then(|| points[lowest].learning_rate / BELOW_LOWEST)
}

/// It ends when a loss is so many times the smallest one.
const LOST: f32 = 10.0;

impl Model {
    /// Trains with growing learning rates until the loss is lost, and puts everything back.
    ///
    /// # Errors
    /// [`Code::OutOfRange`] at `range_test` for fewer than two steps or rates that do not grow from above 0; those of
    /// [`Model::train`].
    pub fn learning_rate_range(
        &mut self,
        rows: &Rows<'_>,
        test: &RangeTest,
    ) -> Result<Vec<RangePoint>, Error> {
        let &RangeTest { smallest, largest, steps } = test;
        if !(smallest > 0.0 && largest > smallest && largest.is_finite() && steps >= 2) {
            let expected = "two steps or more, from a rate above 0 to a larger one";
            let found = format!("{steps} steps from {smallest} to {largest}");
            return Err(Error::new(Code::OutOfRange, "range_test", expected, found));
        }
        let before = self.state();
        let points = self.sweep(rows, test);
        self.restore(&before)?;
        points
    }

    fn sweep(&mut self, rows: &Rows<'_>, test: &RangeTest) -> Result<Vec<RangePoint>, Error> {
        let growth = libm::log(f64::from(test.largest) / f64::from(test.smallest)) / (test.steps - 1) as f64;
        let mut points: Vec<RangePoint> = Vec::with_capacity(test.steps);
        let mut smallest_loss = f32::INFINITY;
        for step in 0..test.steps {
            let learning_rate = (f64::from(test.smallest) * libm::exp(growth * step as f64)) as f32;
            self.set_learning_rate(learning_rate);
            let trained = self.train(rows, 1)?;
            let (None, Some(loss)) = (trained.diverged, trained.batch_loss) else { break };
            points.push(RangePoint { learning_rate, loss });
            smallest_loss = smallest_loss.min(loss);
            if loss > LOST * smallest_loss.max(f32::MIN_POSITIVE) {
                break;
            }
        }
        Ok(points)
    }
}

#[cfg(test)]
mod tests {
    use super::{RangePoint, suggested_rate};

    fn points(losses: &[f32]) -> Vec<RangePoint> {
        let rate = |i: usize| 1e-3 * 10f32.powi(i as i32);
        losses.iter().enumerate().map(|(i, &loss)| RangePoint { learning_rate: rate(i), loss }).collect()
    }

    #[test]
    fn the_suggestion_lies_below_the_lowest_loss() {
        // The lowest mean of five is around the sixth point.
        let found = suggested_rate(&points(&[1.0, 1.0, 1.0, 0.5, 0.2, 0.1, 0.2, 0.4, 9.0]));
        assert!((found.expect("it fell") / 10.0 - 1.0).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn nothing_is_suggested_where_nothing_was_learnt() {
        assert_eq!(suggested_rate(&points(&[1.0, 1.1, 1.2, 5.0])), None);
        assert_eq!(suggested_rate(&[]), None);
    }
}
