//! What the machine can do: products per second, measured with a clock that the caller brings. Called in the browser
//! through `tabgrad-wasm` and natively by `cargo xtask bench`, which measures training steps from outside.

use std::sync::{Mutex, PoisonError};
pub use tabgrad_kernels::gemm::Form;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Mat};
use tabgrad_kernels::par::Pool;
use tabgrad_kernels::rng::{Purpose, Stream};

fn noise(len: usize, lane: u32) -> Vec<f32> {
    let stream = Stream::new(1, Purpose::Synthetic, lane);
    (0..len as u64).map(|index| stream.uniform(index) - 0.5).collect()
}

/// GFLOP/s of products `(m, k) x (k, n)` on all threads of `pool`, each of which makes some rows, over about `budget_ms` of
/// `clock` (milliseconds). A product counts `2 m n k` operations.
pub fn gemm(
    form: Form,
    (m, n, k): (usize, usize, usize),
    pool: &Pool,
    budget_ms: f64,
    clock: &dyn Fn() -> f64,
) -> f64 {
    let (a, b) = (noise(m * k, 0), noise(k * n, 1));
    let (a_stride, b_stride) = match form {
        Form::Nn => (k, n),
        Form::Nt => (k, k),
        Form::Tn => (m, n),
    };
    let product = match form {
        Form::Nn => gemm::nn,
        Form::Nt => gemm::nt,
        Form::Tn => gemm::tn,
    };
    // From the first row of a part of C on; a transposed A has its rows as columns.
    let a_from = |row: usize| if form == Form::Tn { row } else { row * k };
    let rows = m.div_ceil(pool.threads());
    let mut c = vec![0.0; m * n];
    let part = |(index, c)| {
        let scratch = vec![0.0; gemm::scratch_len(form, rows, n, k)];
        Mutex::new((a_from(index * rows), c, scratch))
    };
    let parts: Vec<_> = c.chunks_mut(rows * n).enumerate().map(part).collect();
    let run = |times: usize| {
        pool.run(|team| {
            // A product of few rows has work for few threads.
            let mut part =
                parts.get(team.index()).map(|part| part.lock().unwrap_or_else(PoisonError::into_inner));
            for _ in 0..times {
                if let Some((from, c, scratch)) = part.as_deref_mut() {
                    let a = Mat { data: &a[*from..], stride: a_stride };
                    let b = Mat { data: &b, stride: b_stride };
                    product(c.len() / n, n, k, a, b, c, n, Beta::Zero, Epilogue::default(), scratch);
                }
                team.barrier();
            }
        });
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
        // Clocks of browsers are coarse: look at them seldom.
        batch = (batch * 2).min(1024);
    }
}
