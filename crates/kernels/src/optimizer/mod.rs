//! Optimizer updates: one pass over flat slices of parameters `w`, gradients `g` and what the optimizer keeps, all of one
//! length. Elementwise, so any cut is allowed; what needs the norm of a whole tensor (`lamb`, `adafactor`) is made of an
//! elementwise pass, a sum for a part that the caller fixes, and another elementwise pass.
//!
//! Elementwise rules clip and decay in the same pass ([`Before`]), leave the old weights in `g`, and return whether all that
//! they wrote is finite.
//!
//! Formulas are Keras 3's (`keras/src/optimizers/*.py`). What an optimizer keeps of the past is given in f64, because
//! `1 - beta` is taken before it is rounded, as Keras does.

mod adafactor;
mod adam;
mod adaptive;
mod ftrl;
mod lamb;
mod muon;
mod pass;
mod rmsprop;
mod sgd;
mod shared;

pub use adafactor::*;
pub use adam::*;
pub use adaptive::*;
pub use ftrl::*;
pub use lamb::*;
pub use muon::*;
pub use pass::Before;
pub use rmsprop::*;
pub use sgd::*;
pub use shared::*;
