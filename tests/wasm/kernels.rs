//! The kernels with the lanes of this build: the same table that runs natively (`tabgrad_kernels::conformance`).

use tabgrad_kernels::conformance;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn every_kernel_agrees_with_its_twin_at_every_cut() {
    let wrong: Vec<String> = conformance::table().iter().filter_map(|kernel| kernel.check().err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What makes a run in one browser the same as in another, and as natively. A fused multiply-add rounds otherwise.
#[wasm_bindgen_test]
fn bits_are_those_of_portable_lanes_where_nothing_is_fused() {
    let digest = conformance::digest().expect("nothing is written behind an output");
    if !cfg!(target_feature = "relaxed-simd") {
        assert_eq!(digest, conformance::DIGEST);
    }
}
