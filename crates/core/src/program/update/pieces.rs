//! Parts of the weights that are updated in one go.

use super::Frame;
use crate::arena::{Arena, Span};
use crate::plan::Parameter;
use std::ops::Range;
use tabgrad_kernels::{elementwise, optimizer, reduce};

/// Weights of one thread that lie next to each other, with what holds for all of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    /// The tensor, or the first one of a stretch.
    pub tensor: usize,
    /// The rows of the tensor, as it is cut between threads.
    pub rows: Range<usize>,
    /// Where they lie in the arenas of weights.
    pub span: Span,
    /// l1, l2.
    pub penalty: (f32, f32),
    /// The tensor again when it has an orthogonality penalty.
    pub orthogonal: Option<usize>,
    /// Of the learning rate.
    pub multiplier: f32,
}

impl Piece {
    pub fn of(parameter: &Parameter, tensor: usize, rows: Range<usize>, span: Span) -> Self {
        Self {
            tensor,
            rows,
            span,
            penalty: parameter.penalty,
            orthogonal: parameter.orthogonal.map(|_| tensor),
            multiplier: parameter.learning_rate_multiplier,
        }
    }

    /// How many weights of its tensor lie before it.
    pub fn offset(&self, frame: &Frame<'_>) -> usize {
        self.span.start - frame.plan.parameters[self.tensor].span.start
    }

    pub fn weights<'a>(&self, frame: &Frame<'a>) -> &'a [f32] {
        frame.memory.parameters.read(frame.team.index(), self.span)
    }

    pub fn weights_mut<'a>(&self, frame: &Frame<'a>) -> &'a mut [f32] {
        frame.memory.parameters.write(frame.team.index(), self.span)
    }

    pub fn gradient<'a>(&self, frame: &Frame<'a>) -> &'a [f32] {
        frame.memory.parameter_gradients.read(frame.team.index(), self.span)
    }

    pub fn gradient_mut<'a>(&self, frame: &Frame<'a>) -> &'a mut [f32] {
        frame.memory.parameter_gradients.write(frame.team.index(), self.span)
    }

    /// Copies the gradient, so much of it as the optimizer takes, for those who want to see it.
    pub fn keep_gradient(&self, frame: &Frame<'_>, scale: f32) {
        if let Some(kept) = &frame.memory.kept_gradients {
            let kept = kept.write(frame.team.index(), self.span);
            kept.copy_from_slice(self.gradient(frame));
            elementwise::scale(scale, kept);
        }
    }

    /// Puts the old weights where the gradient was, which is no longer needed, and takes the decay off the new ones.
    pub fn leave_weights(&self, frame: &Frame<'_>, decay: f32) {
        let weights = self.weights_mut(frame);
        self.gradient_mut(frame).copy_from_slice(weights);
        if decay != 0.0 {
            optimizer::decay(decay, weights);
        }
    }

    /// Whether weights and what the optimizer keeps for them are finite.
    pub fn is_finite(&self, frame: &Frame<'_>) -> bool {
        let read = |arena: &Arena| reduce::all_finite(arena.read(frame.team.index(), self.span));
        read(&frame.memory.parameters) && frame.memory.slots.iter().all(read)
    }

    /// What the optimizer keeps for these weights; nothing for no slot.
    pub fn slot_mut<'a>(&self, frame: &Frame<'a>, slot: Option<usize>) -> &'a mut [f32] {
        match slot.and_then(|slot| frame.memory.slots.get(slot)) {
            Some(arena) => arena.write(frame.team.index(), self.span),
            None => &mut [],
        }
    }
}

/// Trained weights of one or more tensors that lie next to each other and are treated alike.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stretch(Piece);

impl Stretch {
    /// All trained weights in as few stretches as possible.
    pub fn all(parameters: &[Parameter]) -> Vec<Self> {
        let mut stretches: Vec<Self> = Vec::new();
        for (tensor, parameter) in parameters.iter().enumerate().filter(|(_, it)| it.trainable) {
            let next = Piece::of(parameter, tensor, 0..parameter.cut.rows, parameter.span);
            match stretches.last_mut() {
                Some(Self(last)) if last.goes_on_with(&next) => last.span.len += next.span.len,
                _ => stretches.push(Self(next)),
            }
        }
        stretches
    }

    /// All of it.
    pub fn piece(&self) -> Piece {
        self.0.clone()
    }
}

impl Piece {
    fn goes_on_with(&self, next: &Self) -> bool {
        let is_alike = (self.penalty, self.multiplier) == (next.penalty, next.multiplier);
        let is_plain = self.orthogonal.is_none() && next.orthogonal.is_none();
        is_alike && is_plain && self.span.start + self.span.len == next.span.start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Cut;
    use crate::spec::Initializer;
    use crate::spec::initializers::Zeros;

    #[test]
    fn stretches_end_at_frozen_weights_and_where_penalties_or_rates_change() {
        let parameter = |start, len, l2, trainable| Parameter {
            name: String::new(),
            layer: 0,
            shape: vec![len],
            span: Span::new(start, len),
            initializer: Initializer::Zeros(Zeros {}),
            fans: None,
            cut: Cut::by_rows(len, 1),
            ones: 0..0,
            penalty: (0.0, l2),
            orthogonal: None,
            constraint: None,
            learning_rate_multiplier: 1.0,
            trainable,
        };
        let mut parameters = vec![
            parameter(0, 3, 0.0, true),
            parameter(3, 2, 0.0, true),
            parameter(5, 1, 0.1, true),
            parameter(6, 4, 0.1, false),
            parameter(10, 2, 0.1, true),
            parameter(12, 2, 0.1, true),
        ];
        parameters[5].learning_rate_multiplier = 0.5;
        let spans: Vec<(usize, usize)> =
            Stretch::all(&parameters).iter().map(|it| (it.0.span.start, it.0.span.len)).collect();
        assert_eq!(spans, [(0, 5), (5, 1), (10, 2), (12, 2)]);
    }
}
