//! The same products by matrixmultiply, through ndarray, whose products of `f32` matrices it makes.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2};

/// GFLOP/s of the product `(m, k) x (k, n)`, with the second (`nt`) or the first (`tn`) operand transposed, over about `budget_ms` of `clock` (milliseconds), one thread.
pub fn gemm(form: &str, m: usize, n: usize, k: usize, budget_ms: f64, clock: &dyn Fn() -> f64) -> f64 {
    let noise = |rows: usize, cols: usize| {
        Array2::from_shape_fn((rows, cols), |(row, col)| ((row * 31 + col * 17) % 97) as f32 / 97.0 - 0.5)
    };
    let (a, b) = match form {
        "nt" => (noise(m, k), noise(n, k)),
        "tn" => (noise(k, m), noise(k, n)),
        _ => (noise(m, k), noise(k, n)),
    };
    let a: ArrayView2<f32> = if form == "tn" { a.t() } else { a.view() };
    let b: ArrayView2<f32> = if form == "nt" { b.t() } else { b.view() };
    let mut c = Array2::<f32>::zeros((m, n));
    let mut run = |times: usize| {
        for _ in 0..times {
            general_mat_mul(1.0, &a, &b, 0.0, &mut c);
        }
    };
    run(3);
    let (begin, mut done, mut batch) = (clock(), 0usize, 1);
    loop {
        run(batch);
        done += batch;
        let elapsed = clock() - begin;
        if elapsed >= budget_ms {
            return 2.0 * (m * n * k) as f64 * done as f64 / (elapsed * 1e6);
        }
        batch = (batch * 2).min(1024);
    }
}
