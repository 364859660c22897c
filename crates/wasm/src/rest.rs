//! The second half of the module. `cargo xtask build` cuts a variant in two: what a first training calls, and the rest,
//! `tabgrad_rest.wasm` beside it. The worker fetches that a moment after the engine is ready and gives it to [`join_rest`];
//! whatever calls into it before, on whatever thread, comes to [`__load_rest`] and waits. A module that is not cut (by
//! `wasm-pack`) calls neither.

use js_sys::{Object, Reflect, WebAssembly};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Url, XmlHttpRequest, XmlHttpRequestResponseType};

/// The file beside the glue.
const FILE: &str = "tabgrad_rest.wasm";

#[wasm_bindgen]
extern "C" {
    /// Address of the glue.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static GLUE: String;
}

/// Gives this thread the rest, from `module`. Throws what the browser throws where it is of another build.
///
/// # Errors
/// What the browser throws: a `LinkError` where the module is of another build.
#[wasm_bindgen]
pub fn join_rest(module: &WebAssembly::Module) -> Result<(), JsValue> {
    let imports = Object::new();
    Reflect::set(&imports, &JsValue::from_str("first"), &wasm_bindgen::exports())?;
    WebAssembly::Instance::new(module, &imports).map(drop)
}

/// Fetches the rest while the caller waits: threads of the pool never return to an event loop, so that nothing else could
/// bring it to them. Throws where it cannot be had; this instance is lost then, as after a trap.
#[wasm_bindgen]
pub fn __load_rest() {
    if let Err(error) = fetched().and_then(|module| join_rest(&module)) {
        wasm_bindgen::throw_val(error);
    }
}

fn fetched() -> Result<WebAssembly::Module, JsValue> {
    let address = GLUE.with(|glue| Url::new_with_base(FILE, glue))?.href();
    let request = XmlHttpRequest::new()?;
    request.open_with_async("GET", &address, false)?;
    request.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
    request.send()?;
    if request.status()? != 200 {
        return Err(
            js_sys::Error::new("a part of the engine could not be fetched: check the connection").into()
        );
    }
    WebAssembly::Module::new(&request.response()?.unchecked_into())
}
