//! Learning rates: what a schedule makes of them over a run, and the range test that finds a good one.

use tabgrad_core::{RangeTest, suggested_rate};

use crate::failure;
use crate::protocol::{EngineError, Event};
use crate::session::Session;
use crate::training::SLOWEST_FLOPS_PER_MS;

/// Epochs of a run that has no end of its own.
const ENDLESS_EPOCHS: u32 = 100;
/// Points of the picture of a schedule.
const POINTS: u64 = 240;
/// A range test takes about so long at most: nobody hears of the worker meanwhile.
const TEST_MS: f64 = 4000.0;
/// Steps of a range test, at least and at most.
const STEPS: [usize; 2] = [12, 100];

/// How long a range test takes whose steps take so long.
pub(crate) fn range_test_ms(step_ms: f64) -> f64 {
    TEST_MS.max(STEPS[0] as f64 * step_ms)
}

impl Session {
    /// The learning rate over the epochs of a run, evenly from its first step to its last.
    pub(crate) fn learning_rates(&self, request: u32) -> Result<Vec<Event>, EngineError> {
        let project = self.project.as_ref().ok_or_else(failure::no_model)?;
        let epochs = project.epochs().unwrap_or_else(|| self.epoch().max(ENDLESS_EPOCHS));
        let steps = project.steps_per_epoch().max(1) * u64::from(epochs);
        let points = POINTS.min(steps);
        let at = |point: u64| {
            // No overflow: points are few, and nobody trains for 2^56 steps.
            project.model.learning_rate_at(point * (steps - 1) / (points - 1).max(1))
        };
        Ok(vec![Event::LearningRates { request, epochs, rates: (0..points).map(at).collect() }])
    }

    /// Trains a few steps from the first weights, with ever larger rates, and puts everything back: what has learnt already
    /// says little about rates.
    pub(crate) fn range_test(&mut self, request: u32) -> Result<Vec<Event>, EngineError> {
        let mut events = self.stop_for_change();
        let project = self.project.as_mut().ok_or_else(failure::no_model)?;
        let within = if self.speed.is_known() {
            self.speed.steps_within(TEST_MS)
        } else {
            (TEST_MS as u64 * SLOWEST_FLOPS_PER_MS / project.shape.flops.max(1)) as usize
        };
        let steps = within.clamp(STEPS[0], STEPS[1]);
        let parts = project.parts.as_ref().ok_or_else(|| failure::no_rows(&project.report.name))?;
        let test = RangeTest { steps, ..RangeTest::default() };
        let before = project.model.state();
        project.model.reset();
        let points = project.model.learning_rate_range(&parts.train.rows(), &test);
        project.model.restore(&before)?;
        let points = points?;
        events.push(Event::RangeTest {
            request,
            suggested: suggested_rate(&points),
            rates: points.iter().map(|point| point.learning_rate).collect(),
            losses: points.iter().map(|point| point.loss).collect(),
        });
        Ok(events)
    }
}
