//! How the learning rate goes with the steps: a number, or a schedule by Keras' names with Keras 3's formulas
//! (`keras/src/optimizers/schedules/learning_rate_schedule.py`).
//!
//! Rates are made in f64 with `libm`, so that every machine and browser gets the same bits. `step` counts all steps from 0.

use super::describe::{ArgumentType, Limits, described, one_of};
use super::fields::wrong_type;
use super::lists::Numbers;
use crate::error::{Code, Error};
use serde_json::Value;
use std::f64::consts::PI;

const RATE: Limits = Limits::between(0.0, 1000.0).logarithmic();
const START: Limits = RATE.required().common();
const STEPS: Limits = Limits::between(1.0, 1e12).required().common();

/// A learning rate: the same for all steps, or a schedule.
#[derive(Clone, Debug, PartialEq)]
pub enum LearningRate {
    /// For all steps.
    Constant(f64),
    /// By the step.
    Schedule(Box<Schedule>),
}

described! {
    /// Falls by the same factor every so many steps.
    ExponentialDecay, "exponential_decay", "Exponential decay" {
        /// The learning rate of the first step.
        initial_learning_rate: f64 = 0.01, "Initial learning rate", START;
        /// Steps in which it falls by the factor.
        decay_steps: usize = 1000, "Decay steps", STEPS;
        /// The factor.
        decay_rate: f64 = 0.9, "Decay rate", Limits::between(0.0, 1000.0).required();
        /// Whether it falls at once, every so many steps, instead of evenly.
        staircase: bool = false, "Staircase";
    }
}
described! {
    /// One value up to each boundary, then the next.
    PiecewiseConstantDecay, "piecewise_constant_decay", "Piecewise constant" {
        /// The last steps of all values but the last, ascending.
        boundaries: Numbers = Numbers(vec![1000.0]), "Boundaries", Limits::at_least(0.0).required().common();
        /// The learning rates, one more than there are boundaries.
        values: Numbers = Numbers(vec![0.01, 0.001]), "Values", START;
    }
}
described! {
    /// Falls as a power of the steps that are left, to an end that it keeps.
    PolynomialDecay, "polynomial_decay", "Polynomial decay" {
        /// The learning rate of the first step.
        initial_learning_rate: f64 = 0.01, "Initial learning rate", START;
        /// Steps until the end is reached.
        decay_steps: usize = 1000, "Decay steps", STEPS;
        /// The learning rate at the end.
        end_learning_rate: f64 = 1e-4, "End learning rate", RATE;
        /// 1 is a straight line.
        power: f64 = 1.0, "Power", Limits::between(0.0, 100.0);
        /// Whether it begins again beyond the end, from lower and lower.
        cycle: bool = false, "Cycle";
    }
}
described! {
    /// Falls as one over the time that has passed.
    InverseTimeDecay, "inverse_time_decay", "Inverse time decay" {
        /// The learning rate of the first step.
        initial_learning_rate: f64 = 0.01, "Initial learning rate", START;
        /// Steps that count as one unit of time.
        decay_steps: usize = 1000, "Decay steps", STEPS;
        /// How fast it falls.
        decay_rate: f64 = 0.5, "Decay rate", Limits::between(0.0, 1000.0).required();
        /// Whether it falls at once, every so many steps, instead of evenly.
        staircase: bool = false, "Staircase";
    }
}
described! {
    /// Falls along half a wave of the cosine (Loshchilov and Hutter 2017), after a straight rise if wanted.
    CosineDecay, "cosine_decay", "Cosine decay" {
        /// The learning rate of the first step.
        initial_learning_rate: f64 = 0.01, "Initial learning rate", START;
        /// Steps of the fall.
        decay_steps: usize = 1000, "Decay steps", STEPS;
        /// The share of the learning rate that is left at the end.
        alpha: f64 = 0.0, "Alpha", Limits::between(0.0, 1.0);
        /// Where the rise leads before the fall begins; none: there is no rise.
        warmup_target: Option<f64> = None, "Warm-up target", RATE;
        /// Steps of the rise.
        warmup_steps: usize = 0, "Warm-up steps", Limits::between(0.0, 1e12);
    }
}
described! {
    /// Cosine decay that begins again and again, each time longer.
    CosineDecayRestarts, "cosine_decay_restarts", "Cosine with restarts" {
        /// The learning rate of the first step.
        initial_learning_rate: f64 = 0.01, "Initial learning rate", START;
        /// Steps until the first restart.
        first_decay_steps: usize = 1000, "First decay steps", STEPS;
        /// How many times longer each period is than the one before.
        t_mul: f64 = 2.0, "Period factor", Limits::between(1.0, 1000.0);
        /// How many times the rate of a restart is that of the one before.
        m_mul: f64 = 1.0, "Rate factor", Limits::between(0.0, 1000.0);
        /// The share of the learning rate that is left at the end of a period.
        alpha: f64 = 0.0, "Alpha", Limits::between(0.0, 1.0);
    }
}
described! {
    /// Rises and falls once along waves of the cosine (Smith and Topin 2018; numbers as in PyTorch's OneCycleLR).
    OneCycle, "one_cycle", "One cycle" {
        /// The learning rate at the top.
        max_learning_rate: f64 = 0.01, "Largest learning rate", START;
        /// All steps of the cycle.
        total_steps: usize = 1000, "Steps", STEPS;
        /// The share of the steps in which it rises.
        pct_start: f64 = 0.3, "Share of the rise", Limits::between(0.0, 1.0);
        /// It begins at the largest rate divided by this.
        div_factor: f64 = 25.0, "Start divisor", Limits::between(1.0, 1e12);
        /// It ends where it began divided by this.
        final_div_factor: f64 = 1e4, "End divisor", Limits::between(1.0, 1e12);
    }
}
described! {
    /// A straight rise in front of any other schedule.
    LinearWarmup, "linear_warmup", "Linear warm-up" {
        /// Steps of the rise.
        warmup_steps: usize = 100, "Warm-up steps", STEPS;
        /// Where the rise begins.
        initial_learning_rate: f64 = 0.0, "Initial learning rate", RATE;
        /// What comes after it, and what its first value rises to.
        schedule: LearningRate = LearningRate::Constant(0.01), "Then", START;
    }
}

one_of! {
    /// How the learning rate goes with the steps.
    Schedule, "a schedule" {
        ExponentialDecay, PiecewiseConstantDecay, PolynomialDecay, InverseTimeDecay, CosineDecay, CosineDecayRestarts,
        OneCycle, LinearWarmup,
    }
}

impl ArgumentType for LearningRate {
    const KIND: &'static str = "schedule";

    fn expected(limits: &Limits) -> String {
        format!("{} or a schedule", f64::expected(limits))
    }

    fn read(value: &Value, path: &str, limits: &Limits) -> Result<Self, Error> {
        match value {
            Value::Number(_) => f64::read(value, path, limits).map(Self::Constant),
            Value::Object(_) => {
                let schedule = Schedule::read(value, path)?;
                schedule.check(path)?;
                Ok(Self::Schedule(Box::new(schedule)))
            }
            other => Err(wrong_type(path, &Self::expected(limits), other)),
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Constant(rate) => (*rate).into(),
            Self::Schedule(schedule) => schedule.to_map().into(),
        }
    }
}

impl LearningRate {
    /// The learning rate of a step, which counts from 0.
    pub fn at(&self, step: u64) -> f64 {
        match self {
            Self::Constant(rate) => *rate,
            Self::Schedule(schedule) => schedule.at(step as f64),
        }
    }

    /// The same course with other learning rates: `change` is given every one that is named in it.
    #[must_use]
    pub fn map_rates(mut self, change: &dyn Fn(f64) -> f64) -> Self {
        self.for_each_rate(&mut |rate| *rate = change(*rate));
        self
    }

    fn for_each_rate(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        match self {
            Self::Constant(rate) => visit(rate),
            Self::Schedule(schedule) => schedule.for_each_rate(visit),
        }
    }

    /// The JSON that it is read from: a number or a schedule.
    pub fn to_value(&self) -> Value {
        self.write()
    }
}

impl Schedule {
    /// What a range of one argument cannot say.
    fn check(&self, path: &str) -> Result<(), Error> {
        let Self::PiecewiseConstantDecay(it) = self else { return Ok(()) };
        let (boundaries, values) = (it.boundaries.0.len(), it.values.0.len());
        if boundaries == 0 || boundaries + 1 != values {
            let expected = "one value more than there are boundaries, of which there is at least one";
            let found = format!("{values} values, {boundaries} boundaries");
            return Err(Error::new(Code::Mismatch, format!("{path}.values"), expected, found));
        }
        if !it.boundaries.0.is_sorted() {
            let path = format!("{path}.boundaries");
            return Err(Error::new(Code::Mismatch, path, "boundaries in ascending order", "another order"));
        }
        Ok(())
    }

    /// What is a learning rate among its arguments.
    fn for_each_rate(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        match self {
            Self::ExponentialDecay(it) => visit(&mut it.initial_learning_rate),
            Self::PiecewiseConstantDecay(it) => it.values.0.iter_mut().for_each(visit),
            Self::PolynomialDecay(it) => {
                visit(&mut it.initial_learning_rate);
                visit(&mut it.end_learning_rate);
            }
            Self::InverseTimeDecay(it) => visit(&mut it.initial_learning_rate),
            Self::CosineDecay(it) => {
                visit(&mut it.initial_learning_rate);
                it.warmup_target.iter_mut().for_each(visit);
            }
            Self::CosineDecayRestarts(it) => visit(&mut it.initial_learning_rate),
            Self::OneCycle(it) => visit(&mut it.max_learning_rate),
            Self::LinearWarmup(it) => {
                visit(&mut it.initial_learning_rate);
                it.schedule.for_each_rate(visit);
            }
        }
    }

    /// The learning rate of a step.
    fn at(&self, step: f64) -> f64 {
        match self {
            Self::ExponentialDecay(it) => {
                let passed = passed(step, it.decay_steps, it.staircase);
                it.initial_learning_rate * libm::pow(it.decay_rate, passed)
            }
            Self::PiecewiseConstantDecay(it) => {
                let index = it.boundaries.0.iter().filter(|&&boundary| step > boundary.floor()).count();
                it.values.0.get(index).copied().unwrap_or_default()
            }
            Self::PolynomialDecay(it) => {
                let mut steps = it.decay_steps as f64;
                let mut step = step;
                if it.cycle {
                    steps *= (step / steps).ceil().max(1.0);
                } else {
                    step = step.min(steps);
                }
                let left = libm::pow(1.0 - step / steps, it.power);
                (it.initial_learning_rate - it.end_learning_rate) * left + it.end_learning_rate
            }
            Self::InverseTimeDecay(it) => {
                it.initial_learning_rate / (1.0 + it.decay_rate * passed(step, it.decay_steps, it.staircase))
            }
            Self::CosineDecay(it) => {
                let fall = |from: f64, step: f64| {
                    let share = (step / it.decay_steps as f64).min(1.0);
                    from * ((1.0 - it.alpha) * half_wave(share) + it.alpha)
                };
                let rise = it.warmup_steps as f64;
                match it.warmup_target {
                    None => fall(it.initial_learning_rate, step),
                    Some(target) if step < rise => {
                        (target - it.initial_learning_rate) * (step / rise) + it.initial_learning_rate
                    }
                    Some(target) => fall(target, step - rise),
                }
            }
            Self::CosineDecayRestarts(it) => {
                let (period, share) = period(step / it.first_decay_steps as f64, it.t_mul);
                let top = libm::pow(it.m_mul, period);
                it.initial_learning_rate * ((1.0 - it.alpha) * top * half_wave(share) + it.alpha)
            }
            Self::OneCycle(it) => {
                let start = it.max_learning_rate / it.div_factor;
                let end = start / it.final_div_factor;
                let top = it.pct_start * it.total_steps as f64 - 1.0;
                let last = it.total_steps as f64 - 1.0;
                let between = |from: f64, to: f64, share: f64| to + (from - to) * half_wave(share.min(1.0));
                if step < top {
                    between(start, it.max_learning_rate, step / top)
                } else {
                    between(it.max_learning_rate, end, (step - top.max(0.0)) / (last - top.max(0.0)).max(1.0))
                }
            }
            Self::LinearWarmup(it) => {
                let rise = it.warmup_steps as f64;
                if step >= rise {
                    return it.schedule.at((step - rise) as u64);
                }
                (it.schedule.at(0) - it.initial_learning_rate) * (step / rise) + it.initial_learning_rate
            }
        }
    }
}

/// Time in units of `steps`, in whole ones if `staircase`.
fn passed(step: f64, steps: usize, staircase: bool) -> f64 {
    let passed = step / steps as f64;
    if staircase { passed.floor() } else { passed }
}

/// From 1 at 0 to 0 at 1.
fn half_wave(share: f64) -> f64 {
    0.5 * (1.0 + libm::cos(PI * share))
}

/// Which period it is at a time in units of the first one, and the share of it that has passed; each is `factor` times as
/// long as the one before.
fn period(time: f64, factor: f64) -> (f64, f64) {
    if factor == 1.0 {
        return (time.floor(), time - time.floor());
    }
    let (mut index, mut begin, mut length) = (0.0, 0.0, 1.0);
    while time >= begin + length {
        begin += length;
        length *= factor;
        index += 1.0;
    }
    (index, (time - begin) / length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_schedule_with_rates_a_tenth_as_large_is_a_tenth_at_every_step() {
        let kinds = Schedule::TYPES.iter().map(|name| json!({ "type": name }));
        let nested = json!({
            "type": "linear_warmup", "warmup_steps": 10, "initial_learning_rate": 0.001,
            "schedule": { "type": "polynomial_decay", "initial_learning_rate": 0.5, "decay_steps": 100 },
        });
        let warm = json!({
            "type": "cosine_decay", "initial_learning_rate": 0.01, "decay_steps": 50,
            "warmup_target": 0.3, "warmup_steps": 20,
        });
        for value in kinds.map(complete).chain([nested, warm, json!(0.3)]) {
            let whole = LearningRate::read(&value, "", &Limits::any()).expect("a learning rate");
            let tenth = whole.clone().map_rates(&|rate| rate / 10.0);
            for step in [0, 3, 10, 15, 50, 400, 1000, 1001, 5000] {
                let (whole, tenth) = (whole.at(step), tenth.at(step));
                assert!((whole / 10.0 - tenth).abs() <= 1e-12 * whole.abs(), "{value}: {tenth} of {whole}");
            }
            assert_eq!(LearningRate::read(&tenth.to_value(), "", &Limits::any()), Ok(tenth));
        }
    }

    /// With the defaults written out.
    fn complete(mut value: Value) -> Value {
        let kinds = Schedule::kinds();
        let kind = kinds.iter().find(|kind| value["type"] == kind.choice.r#type).expect("a kind");
        for argument in &kind.arguments {
            value[argument.name] = argument.default.clone();
        }
        value
    }
}
