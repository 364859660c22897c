//! What the page of the benchmark calls.

use std::arch::wasm32::*;
use std::hint::black_box;
use wasm_bindgen::prelude::*;

/// Enough to hide the latency of a multiply-add, few enough for the registers that a browser's compiler has.
const SUMS: usize = 12;
const ROUNDS: usize = 500_000;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// GFLOP/s of matrixmultiply; see [`crate::peer::gemm`].
#[wasm_bindgen]
pub fn peer_gemm(form: &str, m: usize, n: usize, k: usize, budget_ms: f64) -> f64 {
    crate::peer::gemm(form, m, n, k, budget_ms, &now)
}

/// The most multiply-adds one core can do here, in GFLOP/s: independent sums in registers, nothing from memory; with the
/// fused instruction, or with a multiplication and an addition.
/// The browser compiles it well only after some calls: the best of many is the peak.
#[wasm_bindgen]
pub fn peak(fused: bool) -> f64 {
    match fused {
        true => run(
            #[inline(always)]
            |a, b, c| f32x4_relaxed_madd(a, b, c),
        ),
        false => run(
            #[inline(always)]
            |a, b, c| f32x4_add(f32x4_mul(a, b), c),
        ),
    }
}

#[inline(always)]
fn run(madd: impl Fn(v128, v128, v128) -> v128) -> f64 {
    let (a, b) = (black_box(f32x4_splat(0.999)), black_box(f32x4_splat(1e-3)));
    let mut sums = [a; SUMS];
    let begin = now();
    for _ in 0..ROUNDS {
        for sum in &mut sums {
            *sum = madd(*sum, a, b);
        }
    }
    let elapsed = now() - begin;
    black_box(sums);
    (2 * 4 * SUMS * ROUNDS) as f64 / (elapsed * 1e6)
}
