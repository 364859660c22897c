//! The engine in a worker of a browser, one thread. Run by `wasm-pack test --headless --chrome crates/wasm`.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn the_build_knows_whether_it_has_threads() {
    assert_eq!(tabgrad_wasm::has_threads(), cfg!(target_feature = "atomics"));
}
