//! All the memory of a plan, allocated once.

use super::initialize::{fill, initialize};
use crate::arena::Arena;
use crate::plan::Plan;
use tabgrad_kernels::rng::{Purpose, Stream};

/// The arenas that a plan's spans point into.
pub(crate) struct Memory {
    /// Weights.
    pub parameters: Arena,
    /// d loss / d weights, laid out as the weights are; from an update on, the weights before it ([`super::WayBack`]).
    pub parameter_gradients: Arena,
    /// Copies of the gradients as the optimizer took them, where somebody wants to see them.
    pub kept_gradients: Option<Arena>,
    /// What the optimizer keeps, one arena of the weights' layout for each.
    pub slots: Vec<Arena>,
    /// What the optimizer keeps in other shapes.
    pub factors: Arena,
    /// Partial sums over tensors of weights.
    pub sums: Arena,
    /// What the optimizer and penalties work with within a step.
    pub work: Arena,
    /// Moving means and variances.
    pub statistics: Arena,
    /// Values of all tensors for one batch.
    pub values: Arena,
    /// d loss / d values.
    pub gradients: Arena,
    /// A part for every thread.
    pub scratch: Arena,
}

impl Memory {
    /// Memory for `threads` threads, with weights and statistics as they begin.
    pub fn new(plan: &Plan, threads: usize) -> Self {
        let weights = plan.weights();
        // First, for what makes weights takes memory of its own.
        let base = Self::for_prediction(plan, threads);
        let mut memory = Self {
            parameter_gradients: Arena::new(weights),
            slots: plan.update.slots.iter().map(|_| Arena::new(weights)).collect(),
            factors: Arena::new(plan.update.factors_len()),
            sums: Arena::new(plan.update.sums_len()),
            work: Arena::new(plan.update.work_len),
            gradients: Arena::new(plan.extent.gradients),
            ..base
        };
        memory.forget_slots(plan);
        memory
    }

    /// The same without what only training uses.
    pub fn for_prediction(plan: &Plan, threads: usize) -> Self {
        let statistics = plan.statistics.iter().map(|it| it.span.len).sum();
        let mut memory = Self {
            parameters: Arena::new(plan.weights()),
            parameter_gradients: Arena::new(0),
            kept_gradients: None,
            slots: Vec::new(),
            factors: Arena::new(0),
            sums: Arena::new(0),
            work: Arena::new(0),
            statistics: Arena::new(statistics),
            values: Arena::new(plan.extent.values),
            gradients: Arena::new(0),
            scratch: Arena::new(plan.scratch_len * threads),
        };
        memory.reset(plan);
        memory
    }

    /// Weights, optimizer and statistics as they were at the start.
    pub fn reset(&mut self, plan: &Plan) {
        for (lane, parameter) in plan.parameters.iter().enumerate() {
            let range = parameter.span.start..parameter.span.start + parameter.span.len;
            initialize(parameter, plan.seed, lane as u32, &mut self.parameters.as_mut_slice()[range]);
        }
        for (i, statistic) in plan.statistics.iter().enumerate() {
            let range = statistic.span.start..statistic.span.start + statistic.span.len;
            let stream = Stream::new(plan.seed, Purpose::Init, (plan.parameters.len() + i) as u32);
            let values = &mut self.statistics.as_mut_slice()[range];
            fill(&statistic.initializer, &[statistic.span.len], None, &stream, values);
        }
        self.forget_slots(plan);
        self.parameter_gradients.as_mut_slice().fill(0.0);
    }

    /// What the optimizer keeps, as it was at the start.
    pub fn forget_slots(&mut self, plan: &Plan) {
        for (arena, slot) in self.slots.iter_mut().zip(&plan.update.slots) {
            arena.as_mut_slice().fill(slot.start);
        }
        self.factors.as_mut_slice().fill(0.0);
    }

    /// f32 in all arenas.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        let own = [&self.parameters, &self.parameter_gradients, &self.statistics, &self.values];
        let rest = [&self.gradients, &self.scratch, &self.factors, &self.sums, &self.work];
        own.into_iter().chain(rest).chain(&self.slots).map(Arena::len).sum()
    }

    /// Threads have met: see [`Arena::forget`].
    #[cfg(debug_assertions)]
    pub fn forget(&self) {
        let own = [
            &self.parameters,
            &self.parameter_gradients,
            &self.statistics,
            &self.values,
            &self.gradients,
            &self.scratch,
            &self.factors,
            &self.sums,
            &self.work,
        ];
        own.into_iter().chain(&self.slots).chain(&self.kept_gradients).for_each(Arena::forget);
    }
}

#[cfg(test)]
mod tests {
    use super::super::WayBack;
    use super::*;
    use crate::plan::{Io, Target};
    use crate::spec::{ModelSpec, TrainingSpec};
    use serde_json::json;

    #[test]
    fn a_plan_takes_the_bytes_that_it_says() {
        let model = json!({"version": 1, "layers": [
            {"type": "dense", "units": 33, "activation": "gelu", "kernel_regularizer": "l2"},
            {"type": "batch_normalization"},
            {"type": "dense", "units": 3, "activation": "softmax"}]});
        let model = ModelSpec::parse(&model).unwrap();
        let io = Io::single(vec![5], Target::Classes(3));
        for (optimizer, threads) in [("sgd", 1), ("rmsprop", 2), ("adam", 3), ("adafactor", 2), ("muon", 2)] {
            let training =
                json!({"loss": "categorical_crossentropy", "optimizer": optimizer, "batch_size": 100});
            let training = TrainingSpec::parse(&training).unwrap();
            let plan = Plan::compile(&model, &training, &io, threads, u64::MAX).unwrap();
            let memory = Memory::new(&plan, threads);
            let way_back = WayBack::new(&memory);
            assert_eq!(plan.bytes, 4 * (memory.len() + way_back.len()) as u64, "{optimizer}");
            let predicts = Memory::for_prediction(&plan, threads);
            let bytes = 4 * (predicts.len() + WayBack::new(&predicts).len()) as u64;
            assert_eq!(plan.prediction_bytes, bytes, "{optimizer}");
        }
    }
}
