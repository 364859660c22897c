//! What runs: one program that every thread of a team goes through, over the memory that a plan laid out.
//!
//! ```text
//! gather rows, forward, loss, backward       own rows of the batch; batch normalization meets in between
//! ---- meet ----
//! gradients of weights, update               own rows of every weight
//! ---- meet ----
//! ```
//!
//! So a step has two meetings. A thread updates the very part of a weight whose gradient it has just made.

mod frame;
mod infer;
mod initialize;
mod loss;
mod memory;
mod scores;
mod train;
mod update;
mod way_back;

pub(crate) use frame::{Frame, Mode};
pub(crate) use infer::{evaluate, run_forward};
pub(crate) use loss::RowWeights;
pub(crate) use memory::Memory;
pub use scores::Scores;
pub(crate) use scores::{Tally, bin_of, f_scores, largest, matrix_answer};
pub use train::Cause;
pub(crate) use train::{Course, Epoch, Progress, train};
pub(crate) use update::{Bound, UpdateRule};
pub(crate) use way_back::WayBack;

use tabgrad_kernels::par::Pool;

/// Rows of the batch are cut between threads at multiples of this: the height of a tile of the products.
pub(crate) const ROW_GRAIN: usize = 8;

/// Floating-point operations below which a step, or a pass over rows, stays on one thread: it then takes some 20
/// microseconds, of which two meetings and the cache lines that go from core to core would eat the gain. At three times
/// as many (48 microseconds on one thread, 29 on two) threads pay.
pub(crate) const THREADED_FLOPS: u64 = 400_000;

/// The pool for that much work between meetings: all threads, or one.
pub(crate) fn pool_for<'a>(all: &'a Pool, one: &'a Pool, flops: u64) -> &'a Pool {
    if flops < THREADED_FLOPS { one } else { all }
}
