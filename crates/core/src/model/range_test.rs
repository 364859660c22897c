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

/// It ends when a loss is so many times the smallest one.
const LOST: f32 = 10.0;

impl Model {
    /// Trains with growing learning rates until the loss is lost, and puts everything back.
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
