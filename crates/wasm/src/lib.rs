//! The only crate that knows JavaScript.

use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(feature = "threads")]
pub use wasm_bindgen_rayon::init_thread_pool;

/// Whether this build can start a pool of workers (`initThreadPool`).
#[wasm_bindgen]
pub fn has_threads() -> bool {
    cfg!(feature = "threads")
}
