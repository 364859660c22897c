//! The values of a plan: what flows between ops, and the weights that ops own.

use crate::arena::Span;
use crate::program::Bound;
use crate::spec::Initializer;

/// A tensor's number in [`crate::plan::Plan::tensors`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TensorId(pub usize);

/// A parameter's number in [`crate::plan::Plan::parameters`], and at a second place where the weights are used the number
/// of their [`Twin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ParameterId(pub usize, pub Option<usize>);

/// Weights at a second place: the same values, and a gradient of its own, which is added to that of the weights. So every
/// op writes the gradient of what it owns once, whether anything is shared or not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Twin {
    /// The weights' number among the parameters.
    pub of: usize,
    /// In the arena of gradients of values.
    pub gradient: Span,
}

/// What flows between ops: one row of `width` values for every row of the batch.
#[derive(Clone, Debug)]
pub(crate) struct Tensor {
    /// Sizes of one row, without the batch.
    pub shape: Vec<usize>,
    /// Product of `shape`.
    pub width: usize,
    /// `capacity * width` values; in a layer that goes through the steps of a sequence, so many for each step.
    pub value: Span,
    /// `batch * width` values, or so many for each step, of d loss / d value, where some weight before it is trained.
    pub gradient: Option<Span>,
}

/// A penalty on the vectors of a matrix that are not orthogonal to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Orthogonal {
    pub factor: f32,
    /// Rows are compared, not columns.
    pub by_rows: bool,
}

/// Weights that training changes.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// `dense/kernel`
    pub name: String,
    /// The layer that owns it.
    pub layer: usize,
    pub shape: Vec<usize>,
    /// How its gradient and its update are cut between threads.
    pub cut: Cut,
    /// Its place in the arenas of parameters and of gradients.
    pub span: Span,
    pub initializer: Initializer,
    /// How many inputs and units the initializer counts, where the shape does not tell: of the kernel of a product over several axes.
    pub fans: Option<(usize, usize)>,
    /// Values that begin as one whatever the initializer says: the bias of an LSTM's forget gate.
    pub ones: std::ops::Range<usize>,
    /// Factors of the penalty on it: l1, l2.
    pub penalty: (f32, f32),
    /// The penalty on vectors that are not orthogonal.
    pub orthogonal: Option<Orthogonal>,
    /// What it is brought back to after every update.
    pub constraint: Option<Bound>,
    /// Of the learning rate.
    pub learning_rate_multiplier: f32,
    pub trainable: bool,
}

/// How a result is cut between threads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub rows: usize,
    pub width: usize,
    pub grain: usize,
}

impl Cut {
    /// Of `len` values, `width` of which are a row of the matrix as which an op takes them: by rows, at multiples of a grain of
    /// them. Vectors, whose rows have one value, are cut by their elements.
    pub fn by_rows(len: usize, width: usize) -> Self {
        Self { rows: len / width.max(1), width, grain: if width == 1 { 16 } else { 4 } }
    }
}

/// Numbers that a layer keeps from step to step but that are not trained: moving means and variances.
#[derive(Clone, Debug)]
pub(crate) struct Statistic {
    /// `batch_normalization/moving_mean`
    pub name: String,
    pub layer: usize,
    /// Its place in the arena of statistics.
    pub span: Span,
    pub initializer: Initializer,
}
