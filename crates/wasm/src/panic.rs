//! Last words. A panic is a mistake of ours and ends this instance; the page then starts another one.

use tabgrad_session::Pool;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// Where the worker finds the message after the trap, when the instance must not be asked any more.
const LAST_WORDS: &str = "tabgradPanic";

/// Runs when the module is instantiated: panics are written to the console with their stack, and their message is left
/// on the global object.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let words = JsValue::from_str(&info.to_string());
        // Nothing can be done where this fails: the trap follows anyway.
        let _ = js_sys::Reflect::set(&js_sys::global(), &JsValue::from_str(LAST_WORDS), &words);
    }));
}

/// Panics, so that tests can see it survived.
#[wasm_bindgen]
#[allow(clippy::panic)]
pub fn trap() {
    panic!("a trap on purpose");
}

/// Panics on a thread of the pool; the caller waits for it for ever. Without a pool it panics itself.
#[wasm_bindgen]
#[allow(clippy::panic)]
pub fn trap_in_pool() {
    Pool::global().run(|team| {
        if team.index() + 1 == team.threads() {
            panic!("a trap in the pool on purpose");
        }
    });
}
