//! What the page of the benchmark calls.

use std::arch::wasm32::*;
use std::hint::black_box;
use tabgrad_kernels::optimizer::{self, Adam, Before};
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

/// GFLOP/s of the fused loop of [`peak`], not in its best moment but over about `budget_ms`.
#[wasm_bindgen]
pub fn sustained(budget_ms: f64) -> f64 {
    let ms = mean(budget_ms, || {
        peak(true);
    });
    (2 * 4 * SUMS * ROUNDS) as f64 / (ms * 1e6)
}

/// Milliseconds of one triad, `a = b + s * c`, over three arrays of `len` values each.
#[wasm_bindgen]
pub fn triad(len: usize, budget_ms: f64) -> f64 {
    let (mut a, b, c) = (vec![0.0; len], vec![1.0; len], vec![2.0; len]);
    mean(budget_ms, || triad_once(&mut a, &b, &c, black_box(0.5)))
}

fn triad_once(a: &mut [f32], b: &[f32], c: &[f32], s: f32) {
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        *a = *b + s * *c;
    }
}

/// Milliseconds of one update of `len` weights in one piece, as the engine makes it: of "adam" or of "sgd".
#[wasm_bindgen]
pub fn update(kind: &str, len: usize, budget_ms: f64) -> f64 {
    let values = |x| vec![x; len];
    let (mut w, mut g, mut m, mut v) = (values(1.0), values(1e-3), values(0.0), values(0.0));
    let (before, settings) = (Before::NOTHING, Adam::default());
    match kind {
        "adam" => mean(budget_ms, || {
            black_box(optimizer::adam(1e-6, &settings, before, &mut w, &mut g, &mut m, &mut v));
        }),
        _ => mean(budget_ms, || {
            black_box(optimizer::sgd(1e-6, before, &mut w, &mut g));
        }),
    }
}

/// Bytes that an update reads and writes for one weight.
#[wasm_bindgen]
pub fn update_bytes(kind: &str) -> usize {
    // Weight and gradient, whose place the old weight takes; Adam's two moments.
    let arrays = if kind == "adam" { 4 } else { 2 };
    2 * arrays * size_of::<f32>()
}

/// Milliseconds of one call, over about `budget_ms`.
fn mean(budget_ms: f64, mut work: impl FnMut()) -> f64 {
    work();
    let (begin, mut done, mut batch) = (now(), 0, 1);
    loop {
        (0..batch).for_each(|_| work());
        done += batch;
        let elapsed = now() - begin;
        if elapsed >= budget_ms {
            return elapsed / f64::from(done);
        }
        // The browser's clock is coarse: it is looked at seldom.
        batch = (batch * 2).min(1024);
    }
}
