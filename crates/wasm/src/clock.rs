//! The clock that the session is given: milliseconds that never go back.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Performance, Window, WorkerGlobalScope};

/// A clock of this thread's own global scope: a worker's, or a page's where tests run. Where there is neither, the
/// date, which is coarser.
pub fn clock() -> impl Fn() -> f64 {
    let performance = performance();
    move || performance.as_ref().map_or_else(js_sys::Date::now, Performance::now)
}

fn performance() -> Option<Performance> {
    let global: JsValue = js_sys::global().into();
    match global.dyn_ref::<WorkerGlobalScope>() {
        Some(worker) => worker.performance(),
        None => global.dyn_ref::<Window>().and_then(Window::performance),
    }
}
