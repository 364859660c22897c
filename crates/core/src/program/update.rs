//! The optimizer's pass: gradients of penalties, weight decay and the update in one go over this thread's part of every
//! weight. Formulas are in `tabgrad_kernels::optimizer`.

use super::{Frame, Mode};
use crate::plan::ParameterId;
use crate::spec::Optimizer;
use tabgrad_kernels::elementwise;
use tabgrad_kernels::optimizer::{self, Adam, RmsProp};

/// An optimizer with its numbers in f32.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct UpdateRule {
    rule: Rule,
    /// Share of every weight, times the learning rate, taken away before the update; 0: none.
    weight_decay: f32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Sgd,
    Momentum { momentum: f32, nesterov: bool },
    RmsProp(RmsProp),
    Adam(Adam),
}

impl UpdateRule {
    pub fn new(optimizer: &Optimizer) -> Self {
        let (rule, weight_decay) = match optimizer {
            // Keras too does nothing with nesterov when there is no momentum.
            Optimizer::Sgd(it) if it.momentum == 0.0 => (Rule::Sgd, it.weight_decay),
            Optimizer::Sgd(it) => {
                let momentum = it.momentum as f32;
                (Rule::Momentum { momentum, nesterov: it.nesterov }, it.weight_decay)
            }
            Optimizer::RmsProp(it) => {
                let settings = RmsProp {
                    rho: it.rho,
                    momentum: it.momentum as f32,
                    epsilon: it.epsilon as f32,
                    centered: it.centered,
                };
                (Rule::RmsProp(settings), it.weight_decay)
            }
            Optimizer::Adam(it) => (Rule::Adam(adam(it.beta_1, it.beta_2, it.epsilon)), it.weight_decay),
            Optimizer::AdamW(it) => (Rule::Adam(adam(it.beta_1, it.beta_2, it.epsilon)), it.weight_decay),
        };
        Self { rule, weight_decay: weight_decay.unwrap_or(0.0) as f32 }
    }

    /// The names of what it keeps for every weight, by Keras' names.
    pub fn slots(&self) -> &'static [&'static str] {
        match self.rule {
            Rule::Sgd => &[],
            Rule::Momentum { .. } => &["momentum"],
            Rule::RmsProp(it) => match (it.centered, it.momentum != 0.0) {
                (false, false) => &["velocity"],
                (false, true) => &["velocity", "momentum"],
                (true, false) => &["velocity", "average_gradient"],
                (true, true) => &["velocity", "momentum", "average_gradient"],
            },
            Rule::Adam(_) => &["momentum", "velocity"],
        }
    }

    /// Floating-point operations for one weight.
    pub fn flops(&self) -> u64 {
        match self.rule {
            Rule::Sgd => 2,
            Rule::Momentum { .. } => 5,
            Rule::RmsProp(_) => 10,
            Rule::Adam(_) => 12,
        }
    }

    /// Updates this thread's part of a weight whose gradient has been made. `step` counts from 0.
    pub fn apply(&self, frame: &Frame<'_>, id: ParameterId, learning_rate: f32) {
        let parameter = &frame.plan.parameters[id.0];
        let Mode::Training { step } = frame.mode else { return };
        let (_, own) = frame.own_part(id);
        if own.len == 0 {
            return;
        }
        let thread = frame.team.index();
        let w = frame.memory.parameters.write(thread, own);
        let g = frame.memory.parameter_gradients.write(thread, own);
        let (l1, l2) = parameter.penalty;
        if (l1, l2) != (0.0, 0.0) {
            elementwise::penalty_gradient(l1, l2, w, g);
        }
        if self.weight_decay != 0.0 {
            optimizer::decay(learning_rate * self.weight_decay, w);
        }
        let slot = |name: &str| -> &mut [f32] {
            let at = self.slots().iter().position(|slot| *slot == name);
            at.map_or(&mut [], |at| frame.memory.slots[at].write(thread, own))
        };
        match self.rule {
            Rule::Sgd => optimizer::sgd(learning_rate, w, g),
            Rule::Momentum { momentum, nesterov } => {
                optimizer::sgd_momentum(learning_rate, momentum, nesterov, w, g, slot("momentum"));
            }
            Rule::RmsProp(settings) => {
                let (velocity, average) = (slot("velocity"), slot("average_gradient"));
                optimizer::rmsprop(learning_rate, &settings, w, g, velocity, average, slot("momentum"));
            }
            Rule::Adam(settings) => {
                let rate = optimizer::adam_rate(learning_rate, &settings, step + 1);
                optimizer::adam(rate, &settings, w, g, slot("momentum"), slot("velocity"));
            }
        }
    }
}

fn adam(beta_1: f64, beta_2: f64, epsilon: f64) -> Adam {
    Adam { beta_1, beta_2, epsilon: epsilon as f32 }
}
