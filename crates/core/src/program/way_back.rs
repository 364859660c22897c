//! The way back from a step that went wrong: to the weights as they were when a loss made with them was finite.
//!
//! ```text
//! step t       gradients, update: leaves the old weights where the gradients were      (tabgrad_kernels::optimizer)
//! step t + 1   forward, loss      not finite: the old weights are there still
//!              backward           finite: gradients take their place, and with them the next update's old weights
//! ```
//!
//! So the weights cost nothing to keep. What an optimizer remembers is not kept: it has the gradients in it that led
//! away, so it begins anew at the weights that come back. Moving statistics are few; they have a copy.
//!
//! An update that makes anything infinite is taken back in its own step, so what is left where the gradients were is always
//! finite. In the midst of an accumulation weights have not changed since a loss of theirs was finite: they stay.

use super::train::Course;
use super::{Frame, Memory};
use crate::arena::{Arena, Span};
use crate::plan::Plan;
use tabgrad_kernels::reduce;

/// What a way back needs besides [`Memory::parameter_gradients`].
pub(crate) struct WayBack {
    /// The step whose update can be taken back, since nothing happened after it.
    step: Option<u64>,
    /// The moving statistics before that step.
    statistics: Arena,
}

impl WayBack {
    /// None yet. Without statistics for a model that only predicts, since it never has one.
    pub fn new(memory: &Memory) -> Self {
        let trains = memory.parameter_gradients.len() > 0;
        Self { step: None, statistics: Arena::new(if trains { memory.statistics.len() } else { 0 }) }
    }

    /// The weights are others now.
    pub fn forget(&mut self) {
        self.step = None;
    }

    /// After a step, which was `last`.
    pub fn note(&mut self, plan: &Plan, last: &Course) {
        self.step = plan.update.at(None, last).is_due().then_some(last.step);
    }

    /// The statistics, for the threads of a program to copy into.
    pub fn statistics(&self) -> &Arena {
        &self.statistics
    }

    /// Goes back if there is a way, and lets the optimizer begin anew with `rate`; `is_last_bad` where the last step itself
    /// went wrong. The step from which on all is undone: the course's own where weights stay as they are.
    pub fn go(
        &mut self,
        plan: &Plan,
        memory: &mut Memory,
        course: &mut Course,
        rate: f32,
        is_last_bad: bool,
    ) -> u64 {
        let step = self.step.take();
        if step.is_some() {
            for parameter in plan.parameters.iter().filter(|it| it.trainable) {
                let own = parameter.span.start..parameter.span.start + parameter.span.len;
                let old = &memory.parameter_gradients.as_slice()[own.clone()];
                memory.parameters.as_mut_slice()[own].copy_from_slice(old);
            }
        }
        if step.is_some() || is_last_bad {
            memory.statistics.as_mut_slice().copy_from_slice(self.statistics.as_slice());
        }
        plan.update.begin_anew(plan, memory, rate);
        course.begun_anew = Some(course.step);
        step.unwrap_or(course.step)
    }

    /// f32 of its own.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.statistics.len()
    }
}

/// This thread's part of the statistics.
fn own_statistics(frame: &Frame<'_>) -> impl Iterator<Item = Span> {
    frame.plan.statistics.iter().map(|it| it.span.rows(&frame.team.share(it.span.len, 16), 1))
}

/// Copies this thread's part of the statistics before a step changes them.
pub(super) fn keep_statistics(frame: &Frame<'_>, kept: &Arena) {
    let thread = frame.team.index();
    for own in own_statistics(frame) {
        kept.write(thread, own).copy_from_slice(frame.memory.statistics.read(thread, own));
    }
}

/// Whether this thread's part of the statistics is finite.
pub(super) fn statistics_are_finite(frame: &Frame<'_>) -> bool {
    own_statistics(frame).all(|own| reduce::all_finite(frame.memory.statistics.read(frame.team.index(), own)))
}
