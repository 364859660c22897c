//! The engine in a worker of a browser, with a pool of workers on shared memory.
#![cfg(target_arch = "wasm32")]

mod lab;

use tabgrad_wasm::engine::Engine;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The pool is one for the whole module, so this is one test.
#[wasm_bindgen_test]
async fn two_threads_learn_iris_to_the_same_bits_as_one() {
    JsFuture::from(tabgrad_wasm::init_thread_pool(1))
        .await
        .expect("the server of the tests sends the isolation headers");
    assert_eq!(Engine::new(2, 1073741824.0).threads(), 2);
    // Before it is said that they are there, the caller does the work of both.
    let (one, alone) = (lab::run_iris(1), lab::run_iris(2));
    tabgrad_wasm::threads_started();
    let two = lab::run_iris(2);
    assert_eq!(one.weights, alone.weights);
    assert!(two.accuracy > 0.93, "{}", two.accuracy);
    assert_eq!(one.weights, two.weights);
    assert_eq!(one.accuracy, two.accuracy);
    if !cfg!(target_feature = "relaxed-simd") {
        assert_eq!(lab::iris::hash(&two.weights), lab::iris::BITS, "not the bits of the native run");
    }
}
