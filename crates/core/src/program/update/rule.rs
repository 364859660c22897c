//! From the optimizer of a spec to a rule in numbers: what it keeps, and its step when that is elementwise.

use super::Frame;
use super::adafactor::Adafactor;
use super::muon::Muon;
use super::pieces::Piece;
use crate::arena::Span;
use crate::plan::Parameter;
use crate::spec::optimizers::OptimizerKind;
use tabgrad_kernels::optimizer::{self, Adam, Before, Ftrl, NadamStep, RmsProp};

/// What is kept for every weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slot {
    /// By Keras' name.
    pub name: &'static str,
    /// What it begins with.
    pub start: f32,
}

impl Slot {
    pub fn new(name: &'static str) -> Self {
        Self { name, start: 0.0 }
    }
}

/// What is kept for a tensor in a shape that is not the tensor's own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Factor {
    /// `dense/kernel/row_mean`
    pub name: String,
    pub shape: Vec<usize>,
    /// In [`crate::program::Memory::factors`].
    pub span: Span,
    /// It is cut between threads at multiples of this.
    pub grain: usize,
}

/// An optimizer's own numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rule {
    Sgd,
    Momentum { momentum: f32, nesterov: bool },
    Lion { beta_1: f64, beta_2: f64 },
    RmsProp(RmsProp),
    Adagrad { start: f32, epsilon: f32 },
    Adadelta { rho: f64, epsilon: f32 },
    Adam(Adam),
    AmsGrad(Adam),
    Adamax(Adam),
    Nadam(Adam),
    Ftrl { start: f32, settings: Ftrl },
    Lamb(Adam),
    Muon(Muon),
    Adafactor(Adafactor),
}

/// What a rule works out once for a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Numbers {
    Nadam(NadamStep),
    Lamb((f32, f32)),
    /// The number of this update, from 1, alone.
    Count(u64),
}

impl Rule {
    /// The rule and its weight decay.
    pub fn of(kind: &OptimizerKind) -> (Self, f32) {
        let adam = |beta_1, beta_2, epsilon: f64| Adam { beta_1, beta_2, epsilon: epsilon as f32 };
        let adam_rule =
            |settings, amsgrad| if amsgrad { Self::AmsGrad(settings) } else { Self::Adam(settings) };
        let (rule, decay) = match kind {
            // Keras too does nothing with nesterov when there is no momentum.
            OptimizerKind::Sgd(it) if it.momentum == 0.0 => (Self::Sgd, it.weight_decay),
            OptimizerKind::Sgd(it) => {
                let momentum = it.momentum as f32;
                (Self::Momentum { momentum, nesterov: it.nesterov }, it.weight_decay)
            }
            OptimizerKind::Lion(it) => (Self::Lion { beta_1: it.beta_1, beta_2: it.beta_2 }, it.weight_decay),
            OptimizerKind::RmsProp(it) => {
                let settings = RmsProp {
                    rho: it.rho,
                    momentum: it.momentum as f32,
                    epsilon: it.epsilon as f32,
                    centered: it.centered,
                };
                (Self::RmsProp(settings), it.weight_decay)
            }
            OptimizerKind::Adagrad(it) => {
                let start = it.initial_accumulator_value as f32;
                (Self::Adagrad { start, epsilon: it.epsilon as f32 }, it.weight_decay)
            }
            OptimizerKind::Adadelta(it) => {
                (Self::Adadelta { rho: it.rho, epsilon: it.epsilon as f32 }, it.weight_decay)
            }
            OptimizerKind::Adam(it) => {
                (adam_rule(adam(it.beta_1, it.beta_2, it.epsilon), it.amsgrad), it.weight_decay)
            }
            OptimizerKind::AdamW(it) => {
                (adam_rule(adam(it.beta_1, it.beta_2, it.epsilon), it.amsgrad), it.weight_decay)
            }
            OptimizerKind::Adamax(it) => {
                (Self::Adamax(adam(it.beta_1, it.beta_2, it.epsilon)), it.weight_decay)
            }
            OptimizerKind::Nadam(it) => {
                (Self::Nadam(adam(it.beta_1, it.beta_2, it.epsilon)), it.weight_decay)
            }
            OptimizerKind::Ftrl(it) => {
                let settings = Ftrl {
                    learning_rate_power: it.learning_rate_power as f32,
                    l1: it.l1_regularization_strength as f32,
                    l2: it.l2_regularization_strength as f32,
                    l2_shrinkage: it.l2_shrinkage_regularization_strength as f32,
                    beta: it.beta as f32,
                };
                let start = it.initial_accumulator_value as f32;
                (Self::Ftrl { start, settings }, it.weight_decay)
            }
            OptimizerKind::Lamb(it) => (Self::Lamb(adam(it.beta_1, it.beta_2, it.epsilon)), it.weight_decay),
            OptimizerKind::Muon(it) => (Self::Muon(Muon::of(it)), it.weight_decay),
            OptimizerKind::Adafactor(it) => (Self::Adafactor(Adafactor::of(it)), it.weight_decay),
        };
        (rule, decay.unwrap_or(0.0) as f32)
    }

    /// Whether a weight's step follows from its own numbers alone.
    pub fn is_elementwise(&self) -> bool {
        !matches!(self, Self::Lamb(_) | Self::Muon(_) | Self::Adafactor(_))
    }

    /// What it keeps for every weight, in the order in which [`Rule::step`] takes it.
    pub fn slots(&self) -> Vec<Slot> {
        let names: &[&'static str] = match self {
            Self::Sgd | Self::Adafactor(_) => &[],
            Self::Momentum { .. } | Self::Lion { .. } => &["momentum"],
            Self::RmsProp(it) => match (it.centered, it.momentum != 0.0) {
                (false, false) => &["velocity"],
                (false, true) => &["velocity", "momentum"],
                (true, false) => &["velocity", "average_gradient"],
                (true, true) => &["velocity", "momentum", "average_gradient"],
            },
            Self::Adagrad { .. } => &["accumulator"],
            Self::Adadelta { .. } => &["accumulated_grad", "accumulated_delta_var"],
            Self::Adam(_) | Self::Nadam(_) | Self::Lamb(_) | Self::Muon(_) => &["momentum", "velocity"],
            Self::AmsGrad(_) => &["momentum", "velocity", "velocity_hat"],
            Self::Adamax(_) => &["momentum", "norm"],
            Self::Ftrl { .. } => &["accumulator", "linear"],
        };
        let mut slots: Vec<Slot> = names.iter().map(|name| Slot::new(name)).collect();
        if let (Self::Adagrad { start, .. } | Self::Ftrl { start, .. }, Some(first)) =
            (self, slots.first_mut())
        {
            first.start = *start;
        }
        slots
    }

    /// What it keeps in other shapes.
    pub fn factors(&self, parameters: &[Parameter]) -> Vec<Factor> {
        match self {
            Self::Adafactor(_) => Adafactor::factors(parameters),
            _ => Vec::new(),
        }
    }

    /// Floating-point operations for one weight.
    pub fn flops(&self) -> u64 {
        match self {
            Self::Sgd => 2,
            Self::Momentum { .. } | Self::Lion { .. } => 6,
            Self::Adagrad { .. } | Self::RmsProp(_) => 10,
            Self::Adam(_) | Self::AmsGrad(_) | Self::Adamax(_) | Self::Adadelta { .. } => 12,
            Self::Nadam(_) | Self::Ftrl { .. } | Self::Adafactor(_) => 18,
            Self::Lamb(_) => 24,
            // Products as well, of which this counts those of a matrix some hundred wide.
            Self::Muon(_) => 2000,
        }
    }

    /// What holds for all weights in one update; `count` is its number, from 1.
    pub fn numbers(&self, count: u64) -> Numbers {
        match self {
            Self::Nadam(it) => Numbers::Nadam(optimizer::nadam_step(it, count)),
            Self::Lamb(it) => Numbers::Lamb(optimizer::lamb_corrections(it, count)),
            _ => Numbers::Count(count),
        }
    }

    /// The step of an elementwise rule, which leaves the old weights where the gradient was; whether all is finite.
    pub fn step(
        &self,
        numbers: &Numbers,
        rate: f32,
        before: Before,
        frame: &Frame<'_>,
        piece: &Piece,
    ) -> bool {
        let (w, g) = (piece.weights_mut(frame), piece.gradient_mut(frame));
        let slot = |at: usize| piece.slot_mut(frame, Some(at));
        let count = if let Numbers::Count(count) = numbers { *count } else { 1 };
        match self {
            Self::Sgd => optimizer::sgd(rate, before, w, g),
            Self::Momentum { momentum, nesterov } => {
                optimizer::sgd_momentum(rate, *momentum, *nesterov, before, w, g, slot(0))
            }
            Self::Lion { beta_1, beta_2 } => optimizer::lion(rate, *beta_1, *beta_2, before, w, g, slot(0)),
            Self::RmsProp(settings) => {
                let average_at = if settings.momentum != 0.0 { 2 } else { 1 };
                let average = if settings.centered { slot(average_at) } else { &mut [] };
                let momentum = if settings.momentum != 0.0 { slot(1) } else { &mut [] };
                optimizer::rmsprop(rate, settings, before, w, g, slot(0), average, momentum)
            }
            Self::Adagrad { epsilon, .. } => optimizer::adagrad(rate, *epsilon, before, w, g, slot(0)),
            Self::Adadelta { rho, epsilon } => {
                optimizer::adadelta(rate, *rho, *epsilon, before, w, g, slot(0), slot(1))
            }
            Self::Adam(settings) => {
                let rate = optimizer::adam_rate(rate, settings, count);
                optimizer::adam(rate, settings, before, w, g, slot(0), slot(1))
            }
            Self::AmsGrad(settings) => {
                let rate = optimizer::adam_rate(rate, settings, count);
                optimizer::adam_amsgrad(rate, settings, before, w, g, slot(0), slot(1), slot(2))
            }
            Self::Adamax(settings) => {
                let rate = optimizer::adamax_rate(rate, settings, count);
                optimizer::adamax(rate, settings, before, w, g, slot(0), slot(1))
            }
            Self::Nadam(settings) => {
                let Numbers::Nadam(step) = numbers else { return true };
                optimizer::nadam(rate, step, settings, before, w, g, slot(0), slot(1))
            }
            Self::Ftrl { settings, .. } => {
                if rate > 0.0 {
                    return optimizer::ftrl(rate, settings, before, w, g, slot(0), slot(1));
                }
                // Its formula divides by the rate: there is no step, but still an old weight.
                g.copy_from_slice(w);
                true
            }
            Self::Lamb(_) | Self::Muon(_) | Self::Adafactor(_) => true,
        }
    }
}

/// What `ftrl` must have kept for its weights to be these: it makes them anew from it in every step.
pub(super) fn hold(start: f32, settings: &Ftrl, rate: f32, weights: &[f32], linear: &mut [f32]) {
    if rate <= 0.0 {
        return;
    }
    let power = libm::pow(f64::from(start), f64::from(-settings.learning_rate_power)) as f32;
    let quadratic = (power + settings.beta) / rate + 2.0 * settings.l2;
    for (linear, &w) in linear.iter_mut().zip(weights) {
        let l1 = if w == 0.0 { 0.0 } else { settings.l1 * w.signum() };
        *linear = -(w * quadratic + l1);
    }
}
