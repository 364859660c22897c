//! Gradients of whole models against central differences of the loss, for every layer, activation, loss and regularizer
//! of the registry: what has no entry in the tables here fails.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

#[path = "../common/mod.rs"]
mod common;

mod activations;
mod check;
mod layers;
mod losses;
mod regularizers;
