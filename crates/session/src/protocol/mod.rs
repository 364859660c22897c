//! The words of page and engine, as they are written in JSON: the same fields as `www/src/engine/protocol.ts`.
//!
//! ```text
//! page --Command--> session --Event--> page
//! ```
//!
//! Only what the session itself hears and says is here; starting the worker, its files and its signs of life are the
//! TypeScript side's. `tests/protocol.rs` holds one sample of every command and event, written from the TypeScript types,
//! against these: a field that is on one side only fails there.

mod arrays;
mod commands;
mod events;
mod reports;

pub use arrays::{Key, Numbers};
pub use commands::*;
pub use events::*;
pub use reports::*;
