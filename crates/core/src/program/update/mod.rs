//! The optimizer's pass over this thread's part of every weight, whose gradients it has just made.
//!
//! ```text
//! prepare    gradients of penalties, accumulation, clipping by value
//! ---- meet, when gradients are clipped by a norm ----
//! the rule   clipping, weight decay and the step; elementwise rules do all of it in one go. The old weights take the
//!            place of the gradients
//! ---- meetings of its own, when the rule wants norms or products: lamb, adafactor, muon ----
//! average    of the weights
//! ---- meet, when there are constraints ----
//! constrain  whole tensors, shared out between the threads
//! ```
//!
//! Formulas are in `tabgrad_kernels::optimizer`. Sums over a tensor are partial sums over chunks of rows ([`sums`]).

mod adafactor;
mod constrain;
mod lamb;
mod muon;
mod pieces;
mod rule;
mod sums;

pub(crate) use constrain::Bound;
pub(crate) use rule::{Factor, Slot};

use super::{Course, Frame, Memory};
use crate::arena::Span;
use crate::plan::{Parameter, Plan};
use crate::spec::{LearningRate, Optimizer};
use pieces::{Piece, Stretch};
use rule::Rule;
use sums::{CLIP, Sums};
use tabgrad_kernels::optimizer::Before;
use tabgrad_kernels::{elementwise, optimizer, orthogonal};

/// An optimizer with its numbers in f32, laid out for the weights of one plan.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UpdateRule {
    rule: Rule,
    /// The learning rate, unless it is set while training.
    pub learning_rate: LearningRate,
    /// Share of every weight, times the learning rate, taken away before the update; 0: none.
    weight_decay: f32,
    clip: Clip,
    /// Weights change after so many steps.
    accumulation: u64,
    average: Option<Average>,
    /// What is kept for every weight.
    pub slots: Vec<Slot>,
    /// What is kept in other shapes.
    pub factors: Vec<Factor>,
    /// Trained weights in as few pieces as possible.
    stretches: Vec<Stretch>,
    /// Every tensor must be a piece of its own.
    tensors_apart: bool,
    /// For each tensor of weights.
    sums: Sums,
    matrices: Vec<Option<muon::Matrix>>,
    penalties: Vec<Option<Span>>,
    /// f32 of [`super::Memory::work`].
    pub work_len: usize,
    /// f32 of scratch that one thread needs.
    pub scratch_len: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Clip {
    None,
    Value(f32),
    Norm(f32),
    GlobalNorm(f32),
}

/// A moving average of the weights.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Average {
    momentum: f64,
    /// After so many updates it takes the place of the weights.
    overwrite: Option<u64>,
}

impl UpdateRule {
    pub fn new(optimizer: &Optimizer, parameters: &[Parameter]) -> Self {
        let shared = &optimizer.shared;
        let (rule, weight_decay) = Rule::of(&optimizer.kind);
        let above_zero = |value: Option<f64>| value.map(|it| it as f32).filter(|&it| it > 0.0);
        let clip = above_zero(shared.clipnorm)
            .map(Clip::Norm)
            .or_else(|| above_zero(shared.global_clipnorm).map(Clip::GlobalNorm))
            .or_else(|| above_zero(shared.clipvalue).map(Clip::Value))
            .unwrap_or(Clip::None);
        let average = shared.use_ema.then(|| Average {
            momentum: shared.ema_momentum,
            overwrite: shared.ema_overwrite_frequency.map(|every| every as u64),
        });
        let accumulation = shared.gradient_accumulation_steps.unwrap_or(1) as u64;
        let mut slots = rule.slots();
        slots.extend(average.map(|_| Slot::new(AVERAGE)));
        slots.extend((accumulation > 1).then(|| Slot::new(ACCUMULATOR)));

        let sums_norms = matches!(clip, Clip::Norm(_) | Clip::GlobalNorm(_));
        let tensors_apart = sums_norms || !rule.is_elementwise();
        let (mut work, mut scratch_len) = (Span::default(), 0);
        let mut take = |len: usize| {
            work = Span::new(work.start + work.len, len);
            work
        };
        let matrices = parameters.iter().map(|parameter| {
            let Rule::Muon(settings) = &rule else { return None };
            let matrix = settings.matrix(parameter, &mut take)?;
            scratch_len = scratch_len.max(matrix.scratch_len());
            Some(matrix)
        });
        let matrices = matrices.collect();
        let penalties = parameters.iter().map(|parameter| {
            let penalty = parameter.orthogonal?;
            let [rows, cols] = *parameter.shape.as_slice() else { return None };
            scratch_len = scratch_len.max(orthogonal::work_len(penalty.by_rows, rows, cols));
            Some(take(parameter.span.len))
        });
        let penalties = penalties.collect();
        Self {
            factors: rule.factors(parameters),
            rule,
            learning_rate: optimizer.learning_rate().clone(),
            weight_decay,
            clip,
            accumulation,
            average,
            slots,
            stretches: Stretch::all(parameters),
            tensors_apart,
            sums: Sums::new(if tensors_apart { parameters } else { &[] }),
            matrices,
            penalties,
            work_len: work.start + work.len,
            scratch_len,
        }
    }

    /// f32 of all factors.
    pub fn factors_len(&self) -> usize {
        self.factors.last().map_or(0, |last| last.span.start + last.span.len)
    }

    /// f32 of partial sums.
    pub fn sums_len(&self) -> usize {
        self.sums.len()
    }

    /// Where the gradient of a tensor's orthogonality penalty is put, in [`super::Memory::work`].
    pub fn penalty_gradient(&self, tensor: usize) -> Option<Span> {
        self.penalties.get(tensor).copied().flatten()
    }

    /// Floating-point operations for one weight.
    pub fn flops(&self) -> u64 {
        self.rule.flops()
    }

    /// The slot of the moving average of the weights, if there is one.
    pub fn average_slot(&self) -> Option<usize> {
        self.slot(AVERAGE)
    }

    fn slot(&self, name: &str) -> Option<usize> {
        self.slots.iter().position(|slot| slot.name == name)
    }

    /// The rule with the learning rate of one step. `set` is a rate in place of the schedule's.
    pub fn at(&self, set: Option<f32>, course: &Course) -> Update<'_> {
        let rate = set.unwrap_or_else(|| self.learning_rate.at(course.step) as f32);
        let step = course.step.saturating_sub(course.begun_anew.unwrap_or(0));
        let update = step / self.accumulation;
        Update {
            rule: self,
            rate,
            update,
            is_due: (step + 1).is_multiple_of(self.accumulation),
            numbers: self.rule.numbers(update + 1),
        }
    }

    /// Between programs: the optimizer forgets all, as if training began with these weights.
    pub fn begin_anew(&self, plan: &Plan, memory: &mut Memory, rate: f32) {
        memory.forget_slots(plan);
        for parameter in plan.parameters.iter().filter(|it| it.trainable) {
            let own = parameter.span.start..parameter.span.start + parameter.span.len;
            let weights = &memory.parameters.as_slice()[own.clone()];
            if let Some(average) = self.average_slot() {
                memory.slots[average].as_mut_slice()[own.clone()].copy_from_slice(weights);
            }
            if let Rule::Ftrl { start, settings } = &self.rule {
                let linear = &mut memory.slots[1].as_mut_slice()[own];
                rule::hold(*start, settings, rate * parameter.learning_rate_multiplier, weights, linear);
            }
        }
    }
}

const AVERAGE: &str = "average";
const ACCUMULATOR: &str = "gradient_accumulator";

/// One step of an optimizer.
#[derive(Clone, Copy)]
pub(crate) struct Update<'a> {
    rule: &'a UpdateRule,
    rate: f32,
    /// How many updates were made before.
    update: u64,
    /// Whether weights change in this step.
    is_due: bool,
    numbers: rule::Numbers,
}

impl Update<'_> {
    /// Whether weights change in this step.
    pub fn is_due(&self) -> bool {
        self.is_due
    }

    /// Updates this thread's part of all weights, whose gradients it has made. Whether all that it made is finite.
    pub fn apply(&self, frame: &Frame<'_>) -> bool {
        let rule = self.rule;
        let mut is_finite = true;
        let clips_by_norm = matches!(rule.clip, Clip::Norm(_) | Clip::GlobalNorm(_));
        let in_one_go = self.is_due && !clips_by_norm && rule.rule.is_elementwise();
        self.each(frame, |piece| {
            self.prepare(frame, piece);
            if in_one_go {
                is_finite &= self.step(frame, piece);
            }
        });
        if self.is_due && !in_one_go {
            if clips_by_norm {
                frame.meet();
            }
            match &rule.rule {
                Rule::Lamb(settings) => self.lamb(frame, settings),
                Rule::Adafactor(settings) => self.adafactor(frame, settings),
                Rule::Muon(settings) => self.muon(frame, settings),
                _ => self.each(frame, |piece| is_finite &= self.step(frame, piece)),
            }
            if !rule.rule.is_elementwise() {
                self.each(frame, |piece| is_finite &= piece.is_finite(frame));
            }
        }
        self.average(frame);
        constrain::all(frame);
        is_finite
    }

    /// This thread's part of all trained weights. A single thread takes weights that lie next to each other in one go.
    fn each(&self, frame: &Frame<'_>, mut work: impl FnMut(&Piece)) {
        if frame.team.threads() == 1 && !self.rule.tensors_apart {
            self.rule.stretches.iter().for_each(|stretch| work(&stretch.piece()));
            return;
        }
        for (tensor, parameter) in frame.plan.parameters.iter().enumerate() {
            let (rows, span) = frame.own_part(tensor);
            if parameter.trainable && span.len > 0 {
                work(&Piece::of(parameter, tensor, rows, span));
            }
        }
    }

    /// The gradient with its penalties; added up, and when an update is due clipped or measured.
    fn prepare(&self, frame: &Frame<'_>, piece: &Piece) {
        let rule = self.rule;
        let g = piece.gradient_mut(frame);
        let (l1, l2) = piece.penalty;
        if (l1, l2) != (0.0, 0.0) {
            elementwise::penalty_gradient(l1, l2, piece.weights(frame), g);
        }
        if let Some(gradient) = piece.orthogonal.and_then(|tensor| rule.penalty_gradient(tensor)) {
            let own = gradient.part(piece.offset(frame), piece.span.len);
            elementwise::axpy(1.0, frame.memory.work.read(frame.team.index(), own), g);
        }
        if rule.accumulation > 1 {
            let sum = piece.slot_mut(frame, rule.slot(ACCUMULATOR));
            optimizer::accumulate(self.is_due.then_some(rule.accumulation as f32), g, sum);
        }
        if !self.is_due {
            return piece.keep_gradient(frame, 1.0);
        }
        match rule.clip {
            Clip::None => {}
            Clip::Value(limit) => optimizer::clip_values(limit, g),
            Clip::Norm(_) | Clip::GlobalNorm(_) => rule.sums.squares(frame, piece, CLIP, g),
        }
    }

    /// What every rule begins with: how much of the gradient the allowed norm leaves, and the decay of the weights.
    fn before(&self, frame: &Frame<'_>, piece: &Piece, weight_decay: f32) -> Before {
        let sums = &self.rule.sums;
        let (limit, squares) = match self.rule.clip {
            Clip::None | Clip::Value(_) => (0.0, 0.0),
            Clip::Norm(limit) => (f64::from(limit), sums.total(frame, piece.tensor, CLIP)),
            Clip::GlobalNorm(limit) => (f64::from(limit), sums.total_of_all(frame, CLIP)),
        };
        let scale = if squares.sqrt() > limit { (limit / squares.sqrt()) as f32 } else { 1.0 };
        piece.keep_gradient(frame, scale);
        Before { scale, decay: self.rate * piece.multiplier * weight_decay }
    }

    /// Shortens the gradient, for rules that take it more than once, and says the decay.
    fn shorten(&self, frame: &Frame<'_>, piece: &Piece, weight_decay: f32) -> f32 {
        let Before { scale, decay } = self.before(frame, piece, weight_decay);
        if scale != 1.0 {
            elementwise::scale(scale, piece.gradient_mut(frame));
        }
        decay
    }

    /// The step of an elementwise rule; whether all is finite.
    fn step(&self, frame: &Frame<'_>, piece: &Piece) -> bool {
        let before = self.before(frame, piece, self.rule.weight_decay);
        self.rule.rule.step(&self.numbers, self.rate * piece.multiplier, before, frame, piece)
    }

    /// Moves the average on, and puts it in the place of the weights when that is due. As in Keras, it begins as the
    /// weights after the first update.
    fn average(&self, frame: &Frame<'_>) {
        let Some(Average { momentum, overwrite }) = self.rule.average else { return };
        let momentum = if self.update == 0 { 0.0 } else { momentum };
        let overwrites = overwrite.is_some_and(|every| (self.update + 1).is_multiple_of(every));
        self.each(frame, |piece| {
            let average = piece.slot_mut(frame, self.rule.average_slot());
            optimizer::average(momentum, piece.weights(frame), average);
            if overwrites {
                piece.weights_mut(frame).copy_from_slice(average);
            }
        });
    }
}
