//! The engine in a worker of a browser, with a pool of workers on shared memory.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
async fn the_pool_starts() {
    JsFuture::from(tabgrad_wasm::init_thread_pool(2))
        .await
        .expect("the server of the tests sends the isolation headers");
}
