//! The engine as WebAssembly: [`engine::Engine`] is one session, spoken to with plain objects.
//!
//! ```text
//! worker.ts --command--> engine.rs --Command--> tabgrad-session
//! worker.ts <--object--- payload.rs <--Event--- tabgrad-session
//! ```
//!
//! The only crate that knows JavaScript. Nothing is decided here: clock, threads and bytes come in, events go out.

pub mod bench;
mod clock;
pub mod engine;
pub mod file;
pub mod fit;
mod memory;
pub mod model;
mod panic;
mod payload;
pub mod report;
pub mod rest;
pub mod state;

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "threads")]
pub use wasm_bindgen_rayon::init_thread_pool;

/// To be called once the promise of `initThreadPool` is kept: from then on its threads compute too.
#[wasm_bindgen]
pub fn threads_started() {
    tabgrad_session::threads_started();
}

/// Whether this build can start a pool of workers (`initThreadPool`).
#[wasm_bindgen]
pub fn has_threads() -> bool {
    cfg!(feature = "threads")
}
