//! The models of `tests/learning` learn in Chromium too; `crates/core/tests/learning.rs` trains the same natively.

#[path = "../learning/mod.rs"]
mod cases;

use wasm_bindgen_test::{console_log, wasm_bindgen_test};

#[wasm_bindgen_test]
fn whole_models_learn() {
    for (name, _) in cases::every_case() {
        console_log!("{}", cases::learns(name));
    }
}
