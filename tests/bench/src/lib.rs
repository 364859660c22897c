//! What the engine is measured with and against: the workloads, products of matrices by matrixmultiply, and in WebAssembly the most that a core
//! can do there. A library for the native program and, built by `cargo xtask bench`, a module for Chromium.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod only;
pub mod peer;
#[cfg(not(target_arch = "wasm32"))]
pub mod workloads;

#[cfg(not(target_arch = "wasm32"))]
pub use only::Only;
