//! File formats. Knows the specification and state of a model, nothing of training.

mod error;
pub mod project;
mod safetensors;

pub use error::{Error, Problem};
pub use project::{Project, read, write};
