//! Measurements for `cargo xtask bench`, with the browser's clock.

use tabgrad_session::Pool;
use tabgrad_session::bench::{self, Form};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::clock::clock;

/// GFLOP/s of products `(m, k) x (k, n)` on one thread or on all, the caller and what `initThreadPool` started; `form` is
/// "nn", "nt" or "tn".
///
/// # Errors
/// Another word than these for `form`.
#[wasm_bindgen]
pub fn bench_gemm(
    form: &str,
    m: usize,
    n: usize,
    k: usize,
    budget_ms: f64,
    threads: u32,
) -> Result<f64, JsError> {
    let form = match form {
        "nn" => Form::Nn,
        "nt" => Form::Nt,
        "tn" => Form::Tn,
        other => {
            return Err(JsError::new(&format!("form: expected \"nn\", \"nt\" or \"tn\", found {other:?}")));
        }
    };
    let pool = if threads > 1 { Pool::global() } else { Pool::single() };
    Ok(bench::gemm(form, (m, n, k), &pool, budget_ms, &clock()))
}
