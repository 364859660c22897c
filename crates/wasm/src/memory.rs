//! Bytes that the worker writes into wasm memory and reads from it, without a copy in between.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;

/// A piece of wasm memory: valid until the next call into this module.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Address of the first byte.
    #[wasm_bindgen(readonly)]
    pub ptr: u32,
    /// Bytes.
    #[wasm_bindgen(readonly)]
    pub len: u32,
}

impl Span {
    /// Where `bytes` lie.
    pub fn of(bytes: &[u8]) -> Self {
        // Addresses and lengths of wasm32 are 32 bits.
        Self { ptr: bytes.as_ptr() as u32, len: bytes.len() as u32 }
    }
}

/// Makes this thread see the memory as long as it is: after another thread grew it, `memory.buffer` can stay the old,
/// shorter one until this thread grows it too, by nothing. Called before JavaScript gets views of fresh allocations.
pub fn refresh() {
    #[cfg(target_feature = "atomics")]
    wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>().grow(0);
    #[cfg(not(target_feature = "atomics"))]
    let _ = wasm_bindgen::memory().is_instance_of::<js_sys::WebAssembly::Memory>();
}
