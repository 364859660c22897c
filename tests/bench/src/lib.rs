//! What the engine is measured against: products of matrices by matrixmultiply, and in WebAssembly the most that a core
//! can do there. A library for the native program and, built by `cargo xtask bench`, a module for Chromium.

#[cfg(target_arch = "wasm32")]
mod browser;
pub mod peer;
