//! What the machine can do: products per second, measured with a clock that the caller brings. Called in the browser
//! through `tabgrad-wasm` and natively by `cargo xtask bench`, which measures training steps from outside.

pub use tabgrad_kernels::gemm::Form;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Mat};
use tabgrad_kernels::rng::{Purpose, Stream};

fn noise(len: usize, lane: u32) -> Vec<f32> {
    let stream = Stream::new(1, Purpose::Synthetic, lane);
    (0..len as u64).map(|index| stream.uniform(index) - 0.5).collect()
}

/// GFLOP/s of one thread's products `(m, k) x (k, n)` over about `budget_ms` of `clock` (milliseconds). A product counts
/// `2 m n k` operations.
pub fn gemm(form: Form, m: usize, n: usize, k: usize, budget_ms: f64, clock: &dyn Fn() -> f64) -> f64 {
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
    let mut c = vec![0.0; m * n];
    let mut scratch = vec![0.0; gemm::scratch_len(form, m, n, k)];
    let (a, b) = (Mat { data: &a, stride: a_stride }, Mat { data: &b, stride: b_stride });
    let mut run = |times: usize| {
        for _ in 0..times {
            product(m, n, k, a, b, &mut c, n, Beta::Zero, Epilogue::default(), &mut scratch);
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
        // Clocks of browsers are coarse: look at them seldom.
        batch = (batch * 2).min(1024);
    }
}
