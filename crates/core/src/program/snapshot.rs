//! The last state that is known to be sound: the weights as they were when a loss made with them was finite.
//!
//! Copied inside the step, by the thread that is about to update that part, so small models have one from the last step
//! and large ones spend little on it. When training diverges, it is what remains.

use super::train::Course;
use super::{Frame, Memory, Tally};
use crate::arena::Arena;
use crate::plan::Plan;

/// Up to this many weights a copy is made in every step, beyond it in every [`INTERVAL`]th.
const SMALL_MODEL: usize = 4096;

/// Steps between copies of a large model: a copy costs about what the optimizer does.
const INTERVAL: u64 = 16;

/// Copies of all that training changes, and where it was then.
pub(crate) struct Snapshot {
    parameters: Arena,
    slots: Vec<Arena>,
    factors: Arena,
    statistics: Arena,
    pub course: Course,
    pub tally: Tally,
}

impl Snapshot {
    /// A copy of the memory as it is.
    pub fn new(plan: &Plan, memory: &Memory, course: Course, tally: &Tally) -> Self {
        let mut snapshot = Self {
            parameters: Arena::new(plan.weights()),
            slots: memory.slots.iter().map(|slot| Arena::new(slot.len())).collect(),
            factors: Arena::new(memory.factors.len()),
            statistics: Arena::new(memory.statistics.len()),
            course,
            tally: tally.clone(),
        };
        snapshot.take(memory, course, tally);
        snapshot
    }

    /// None, for a model that only predicts: nothing is ever copied into it.
    pub fn none(course: Course, tally: &Tally) -> Self {
        let [parameters, factors, statistics] = [0; 3].map(Arena::new);
        Self { parameters, slots: Vec::new(), factors, statistics, course, tally: tally.clone() }
    }

    /// Copies everything, between programs.
    pub fn take(&mut self, memory: &Memory, course: Course, tally: &Tally) {
        if self.parameters.len() != memory.parameters.len() {
            return;
        }
        copy(&memory.parameters, &mut self.parameters);
        copy(&memory.statistics, &mut self.statistics);
        copy(&memory.factors, &mut self.factors);
        memory.slots.iter().zip(&mut self.slots).for_each(|(from, to)| copy(from, to));
        self.course = course;
        self.tally.copy_from(tally);
    }

    /// Puts everything back, between programs.
    pub fn put_back(&self, memory: &mut Memory) {
        copy(&self.parameters, &mut memory.parameters);
        copy(&self.statistics, &mut memory.statistics);
        copy(&self.factors, &mut memory.factors);
        self.slots.iter().zip(&mut memory.slots).for_each(|(from, to)| copy(from, to));
    }

    /// f32 in all arenas.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        let own = [&self.parameters, &self.statistics, &self.factors];
        own.into_iter().chain(&self.slots).map(Arena::len).sum()
    }

    /// The arenas, for the threads of a program to copy into.
    pub fn shared(&self) -> Shared<'_> {
        Shared {
            parameters: &self.parameters,
            slots: &self.slots,
            factors: &self.factors,
            statistics: &self.statistics,
        }
    }

    /// Whether a copy is due in this step.
    pub fn is_due(plan: &Plan, course: &Course) -> bool {
        course.step_in_epoch == 0 || plan.weights() <= SMALL_MODEL || course.step.is_multiple_of(INTERVAL)
    }
}

/// What the threads of a program see of a snapshot.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    parameters: &'a Arena,
    slots: &'a [Arena],
    factors: &'a Arena,
    statistics: &'a Arena,
}

impl Shared<'_> {
    /// Copies this thread's part of everything that it is about to change.
    pub fn take_own(&self, frame: &Frame<'_>) {
        let thread = frame.team.index();
        let memory = frame.memory;
        for i in 0..frame.plan.parameters.len() {
            let (_, own) = frame.own_part(i);
            let copy = |from: &Arena, to: &Arena| {
                to.write(thread, own).copy_from_slice(from.read(thread, own));
            };
            copy(&memory.parameters, self.parameters);
            memory.slots.iter().zip(self.slots).for_each(|(from, to)| copy(from, to));
        }
        for factor in &frame.plan.update.factors {
            let own = factor.span.rows(&frame.team.share(factor.span.len, factor.grain), 1);
            self.factors.write(thread, own).copy_from_slice(memory.factors.read(thread, own));
        }
        for statistic in &frame.plan.statistics {
            let own = statistic.span.rows(&frame.team.share(statistic.span.len, 16), 1);
            let values = memory.statistics.read(thread, own);
            self.statistics.write(thread, own).copy_from_slice(values);
        }
    }

    /// Threads have met: see [`Arena::forget`].
    #[cfg(debug_assertions)]
    pub fn forget(&self) {
        [self.parameters, self.statistics, self.factors]
            .into_iter()
            .chain(self.slots)
            .for_each(Arena::forget);
    }
}

fn copy(from: &Arena, to: &mut Arena) {
    to.as_mut_slice().copy_from_slice(from.as_slice());
}
