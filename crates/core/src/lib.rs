//! The networks: specification -> plan -> step.
//!
//! ```text
//! ModelSpec, TrainingSpec   what a person says, in Keras' words      spec
//!        | compile          every shape, every mistake               plan, ops
//!        v
//!      Model                weights; train, evaluate, predict        model, program, arena
//! ```
//!
//! Knows no JavaScript, no clock and no files. Arithmetic is in `tabgrad-kernels`.

mod arena;
mod error;
mod model;
mod ops;
mod plan;
mod program;
pub mod report;
pub mod spec;

pub use error::{Code, Error, Mistake};
pub use model::{
    Cause, Divergence, EpochEnd, EpochLogs, EpochRecord, Fit, History, Model, Position, RangePoint,
    RangeTest, Rows, SavedProgress, State, StateTensor, StepPace, Trained, Validation, suggested_rate,
};
pub use plan::{Io, LayerSummary, Summary, Target, TensorSummary};
pub use program::Scores;
pub use spec::{ModelSpec, Schema, TrainingSpec, explain, schema};
pub use tabgrad_kernels::par::Pool;
