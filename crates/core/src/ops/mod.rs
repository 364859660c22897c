//! The ops that a plan is made of: a closed set, one file each.
//!
//! Every op says how it is cut between threads by when it meets the others:
//!
//! ```text
//! forward            y from x, own rows of the batch           most need no meeting
//! backward           d_x from d_y, own rows of the batch
//! ---- all threads meet once ----
//! weight_gradients   d_w from x and d_y, own rows of the result, over all rows of the batch
//! ```
//!
//! A tensor has one consumer (`Fork` makes it so) and a weight one owner, so every gradient is written once and never
//! added to.

mod activation;
mod activity_penalty;
mod add;
mod attention;
mod batch_normalization;
mod concatenate;
mod contract;
mod convolve;
mod dense;
mod depthwise;
mod dot;
mod dropout;
mod embedding;
mod enlarge;
mod extreme;
mod fill;
mod fork;
mod group_normalize;
mod mask;
mod masked_mean;
mod multiply;
mod noise;
mod pool;
mod positions;
mod rearrange;
mod rectify;
mod recurrent;
mod reshape;
mod rotate;
mod row_normalize;
mod rowwise;
mod scale;
mod select;
mod softmax;
mod subtract;
mod unit_normalize;
mod unread;

pub(crate) use attention::{AttentionRoom, PairMask, Score};
pub(crate) use batch_normalization::Renorm;
pub(crate) use contract::FirstAxis;
pub(crate) use dropout::SharedFate;
pub(crate) use positions::Positions;
pub(crate) use recurrent::{Cell, RecurrentRoom};

pub(crate) use noise::NoiseKind;
pub(crate) use rowwise::RowKind;

use crate::arena::Span;
use crate::plan::{ParameterId, Plan, Room, TensorId};
use crate::program::Frame;

/// What every op can do.
pub(crate) trait Operation {
    /// The tensors it reads, to be renamed where a fork comes between.
    fn inputs(&mut self) -> Vec<&mut TensorId>;

    /// The tensors it makes.
    fn outputs(&self) -> Vec<TensorId>;

    /// The weights it owns.
    fn parameters(&self) -> Vec<ParameterId> {
        Vec::new()
    }

    /// Asks for memory of its own: statistics that the way back needs, sums, arg-maxima.
    fn place(&mut self, _room: &mut Room<'_>) {}

    /// The output whose gradient is that of every input, in the same memory: there is nothing to compute.
    fn passes_gradient_of(&self) -> Option<TensorId> {
        None
    }

    /// Where it puts a penalty for each row, if it adds any to the loss.
    fn row_penalty(&self) -> Option<Span> {
        None
    }

    /// `y` from `x`, for this thread's rows.
    fn forward(&self, frame: &Frame<'_>);

    /// `d_x` from `d_y`, for this thread's rows; only called when `y` has a gradient.
    fn backward(&self, frame: &Frame<'_>);

    /// The gradients of its weights, this thread's part of each, over all rows of the batch; after all have met.
    fn weight_gradients(&self, _frame: &Frame<'_>) {}

    /// Moves its statistics on, this thread's part of each; after all have met.
    fn update_statistics(&self, _frame: &Frame<'_>) {}

    /// Floating-point operations of the forward pass for one row of the batch.
    fn flops(&self, plan: &Plan) -> u64;

    /// The backward pass in multiples of the forward pass: 2 where both inputs and weights get gradients.
    fn backward_factor(&self) -> u64 {
        1
    }

    /// Of the backward pass, what the gradients of the inputs take.
    fn input_flops(&self, plan: &Plan) -> u64 {
        (self.backward_factor() - 1) * self.flops(plan)
    }

    /// f32 of scratch that one thread needs, for a batch of this many rows.
    fn scratch_len(&self, _plan: &Plan, _rows: usize) -> usize {
        0
    }
}

/// Makes of the one list of ops their names here and the enum [`Op`].
macro_rules! ops {
    ($($module:ident::$Name:ident),+ $(,)?) => {
        $( pub(crate) use $module::$Name; )+

        /// One op of a plan.
        #[derive(Clone, Debug)]
        pub(crate) enum Op { $( $Name($Name), )+ }

        impl Op {
            /// The op behind the name.
            pub fn operation(&self) -> &dyn Operation {
                match self { $( Self::$Name(op) => op, )+ }
            }

            /// The same, to be changed while the plan is made.
            pub fn operation_mut(&mut self) -> &mut dyn Operation {
                match self { $( Self::$Name(op) => op, )+ }
            }
        }
    };
}

ops! {
    activation::Activate,
    activity_penalty::ActivityPenalty,
    add::Add,
    attention::Attention,
    batch_normalization::BatchNormalize,
    concatenate::Concatenate,
    contract::Contract,
    convolve::Convolve,
    dense::Dense,
    dot::Dot,
    depthwise::Depthwise,
    dropout::Dropout,
    embedding::Embedding,
    enlarge::Enlarge,
    extreme::Extreme,
    fill::Fill,
    fork::Fork,
    group_normalize::GroupNormalize,
    mask::Mask,
    multiply::Multiply,
    noise::Noise,
    masked_mean::MaskedMean,
    pool::Pool,
    positions::AddPositions,
    rearrange::Rearrange,
    rectify::Rectify,
    recurrent::Recurrent,
    reshape::Reshape,
    rotate::Rotate,
    scale::Scale,
    select::Select,
    row_normalize::RowNormalize,
    rowwise::Rowwise,
    softmax::Softmax,
    subtract::Subtract,
    unit_normalize::UnitNormalize,
    unread::Unread,
}
