//! The functions of a cell: of every value by itself, or of all values of a gate at once, which are one row of softmax and
//! its like.

use crate::activation::{self, Activation};
use crate::{rowwise, softmax};

/// What a gate, or the state, makes of its sums: `units` values of one row of the batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Function {
    /// Every value by itself.
    Each(Activation),
    /// Shares of 1.
    Softmax,
    /// The logarithms of softmax.
    LogSoftmax,
    /// As softmax, with zeros for what is far from the largest.
    Sparsemax,
}

impl From<Activation> for Function {
    fn from(activation: Activation) -> Self {
        Self::Each(activation)
    }
}

impl Function {
    /// Whether the slope needs the sums; those of whole rows are known from what came out.
    pub fn needs_input(self) -> bool {
        matches!(self, Self::Each(activation) if activation::needs_input(activation))
    }

    /// `x = f(x)`, for as many gates as `x` has times the length of `spare`, which is `units`.
    pub(super) fn forward_in_place(self, x: &mut [f32], spare: &mut [f32]) {
        let run = match self {
            Self::Each(activation) => return activation::forward_in_place(activation, x),
            Self::Softmax => softmax::forward,
            Self::LogSoftmax => rowwise::log_softmax,
            Self::Sparsemax => rowwise::sparsemax,
        };
        let units = spare.len();
        for gate in x.chunks_exact_mut(units) {
            spare.copy_from_slice(gate);
            run(1, units, spare, gate);
        }
    }

    /// `d_x = d_y * f'(x)` for some gates of `units` values; `x` may be empty when [`Function::needs_input`] says no.
    pub(super) fn backward(self, units: usize, x: &[f32], y: &[f32], d_y: &[f32], d_x: &mut [f32]) {
        let run = match self {
            Self::Each(activation) => return activation::backward(activation, x, y, d_y, d_x),
            Self::Softmax => softmax::backward,
            Self::LogSoftmax => rowwise::log_softmax_backward,
            Self::Sparsemax => rowwise::sparsemax_backward,
        };
        run(y.len() / units, units, y, d_y, d_x);
    }
}
