//! The trainer as a state machine: commands in, events out; no JavaScript, no clock, no ambient randomness.
//!
//! ```text
//! Command --> Session --> Event          protocol has the words of both
//!               |  source    the table                      tables.rs
//!               |  project    network, encoding, rows        project.rs, saved.rs
//!               |  goal      how far it trains              training.rs, history.rs
//!               |  pictures  what the page looks at         frame.rs, plane.rs, points.rs
//!               |            what it asks for              score.rs, report.rs, rates.rs, kept.rs, sample.rs
//! ```
//!
//! Beside it, models of programs without a session as files: program.rs; what the page makes of them: plain.rs.
#![allow(
    clippy::result_large_err,
    reason = "errors here are answers to a person, at a person's pace; 32 bits make them small enough"
)]

pub mod bench;
mod failure;
mod frame;
mod history;
mod inputs;
mod kept;
mod pace;
mod plain;
mod plane;
mod points;
pub mod program;
mod project;
pub mod protocol;
mod rates;
mod report;
mod sample;
mod saved;
mod score;
mod session;
mod tables;
mod training;

pub use report::told as told_report;
pub use session::Session;
pub use tabgrad_core::{explain, schema};
pub use tabgrad_kernels::par::{Pool, threads_started};
