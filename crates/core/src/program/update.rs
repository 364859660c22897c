//! The optimizer's pass: gradients of penalties, weight decay and the update in one go over this thread's part of every
//! weight. Formulas are in `tabgrad_kernels::optimizer`.

use super::Frame;
use crate::arena::Span;
use crate::plan::Parameter;
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

    /// The rule with the learning rate of one step; `step` counts from 0.
    pub fn at(&self, learning_rate: f32, step: u64) -> Update<'_> {
        let rate = match &self.rule {
            Rule::Adam(settings) => optimizer::adam_rate(learning_rate, settings, step + 1),
            _ => learning_rate,
        };
        Update { rule: self, rate, decay: learning_rate * self.weight_decay }
    }
}

/// One step of an optimizer.
#[derive(Clone, Copy)]
pub(crate) struct Update<'a> {
    rule: &'a UpdateRule,
    rate: f32,
    /// The share of every weight that is taken away first.
    decay: f32,
}

impl Update<'_> {
    /// Updates this thread's part of all weights, whose gradients it has made. A single thread takes weights that lie
    /// next to each other in one go.
    pub fn apply(&self, frame: &Frame<'_>) {
        if frame.team.threads() == 1 {
            for stretch in &frame.plan.stretches {
                self.apply_to(frame, stretch.span, stretch.penalty);
            }
            return;
        }
        for (i, parameter) in frame.plan.parameters.iter().enumerate() {
            let (_, own) = frame.own_part(i);
            if parameter.trainable && own.len > 0 {
                self.apply_to(frame, own, parameter.penalty);
            }
        }
    }

    fn apply_to(&self, frame: &Frame<'_>, own: Span, (l1, l2): (f32, f32)) {
        let thread = frame.team.index();
        let w = frame.memory.parameters.write(thread, own);
        let g = frame.memory.parameter_gradients.write(thread, own);
        if (l1, l2) != (0.0, 0.0) {
            elementwise::penalty_gradient(l1, l2, w, g);
        }
        if self.decay != 0.0 {
            optimizer::decay(self.decay, w);
        }
        let slot = |name: &str| -> &mut [f32] {
            let at = self.rule.slots().iter().position(|slot| *slot == name);
            at.map_or(&mut [], |at| frame.memory.slots[at].write(thread, own))
        };
        match &self.rule.rule {
            Rule::Sgd => optimizer::sgd(self.rate, w, g),
            Rule::Momentum { momentum, nesterov } => {
                optimizer::sgd_momentum(self.rate, *momentum, *nesterov, w, g, slot("momentum"));
            }
            Rule::RmsProp(settings) => {
                let (velocity, average) = (slot("velocity"), slot("average_gradient"));
                optimizer::rmsprop(self.rate, settings, w, g, velocity, average, slot("momentum"));
            }
            Rule::Adam(settings) => {
                optimizer::adam(self.rate, settings, w, g, slot("momentum"), slot("velocity"));
            }
        }
    }
}

/// Trained weights that lie next to each other and have the same penalty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub span: Span,
    pub penalty: (f32, f32),
}

impl Stretch {
    /// All trained weights in as few stretches as possible.
    pub fn all(parameters: &[Parameter]) -> Vec<Self> {
        let mut stretches: Vec<Self> = Vec::new();
        for parameter in parameters.iter().filter(|parameter| parameter.trainable) {
            let Parameter { span, penalty, .. } = *parameter;
            match stretches.last_mut() {
                Some(last) if last.penalty == penalty && last.span.start + last.span.len == span.start => {
                    last.span.len += span.len;
                }
                _ => stretches.push(Self { span, penalty }),
            }
        }
        stretches
    }
}

fn adam(beta_1: f64, beta_2: f64, epsilon: f64) -> Adam {
    Adam { beta_1, beta_2, epsilon: epsilon as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Initializer;
    use crate::spec::initializers::Zeros;

    #[test]
    fn stretches_end_at_frozen_weights_and_where_penalties_change() {
        let parameter = |start, len, l2, trainable| Parameter {
            name: String::new(),
            layer: 0,
            shape: vec![len],
            span: Span::new(start, len),
            initializer: Initializer::Zeros(Zeros {}),
            ones: 0..0,
            penalty: (0.0, l2),
            trainable,
        };
        let parameters = [
            parameter(0, 3, 0.0, true),
            parameter(3, 2, 0.0, true),
            parameter(5, 1, 0.1, true),
            parameter(6, 4, 0.1, false),
            parameter(10, 2, 0.1, true),
        ];
        let stretch = |start, len, l2| Stretch { span: Span::new(start, len), penalty: (0.0, l2) };
        assert_eq!(Stretch::all(&parameters), [stretch(0, 5, 0.0), stretch(5, 1, 0.1), stretch(10, 2, 0.1)]);
    }
}
