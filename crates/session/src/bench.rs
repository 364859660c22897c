//! What the machine can do: products per second and milliseconds per training step, measured with a clock that the
//! caller brings. Called in the browser through `tabgrad-wasm` and natively by `cargo xtask bench`.

use ndarray::Array2;
use serde_json::json;
use tabgrad_core::{Io, Model, ModelSpec, Rows, Target, TrainingSpec};
pub use tabgrad_kernels::gemm::Form;
use tabgrad_kernels::gemm::{self, Beta, Epilogue, Mat};
use tabgrad_kernels::par::Pool;
use tabgrad_kernels::rng::{Purpose, Stream};

/// Steps before the measured ones: caches, branch predictors and the pool's threads wake up.
const WARM_UP_STEPS: usize = 20;

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

/// Milliseconds per training step of a dense network of these widths (inputs first, classes last; relu, softmax,
/// cross-entropy, Adam) at this batch. `None`: such a network cannot be.
pub fn step(
    widths: &[usize],
    batch: usize,
    steps: usize,
    pool: Pool,
    clock: &dyn Fn() -> f64,
) -> Option<f64> {
    let (inputs, classes) = (*widths.first()?, *widths.last()?);
    let layers: Vec<_> = widths[1..]
        .iter()
        .enumerate()
        .map(|(index, units)| {
            let activation = if index + 2 == widths.len() { "softmax" } else { "relu" };
            json!({ "type": "dense", "units": units, "activation": activation })
        })
        .collect();
    let model = ModelSpec::parse(&json!({ "version": 1, "layers": layers })).ok()?;
    let training = TrainingSpec::parse(&json!({
        "loss": "sparse_categorical_crossentropy",
        "optimizer": { "type": "adam", "learning_rate": 0.001 },
        "metrics": [],
        "batch_size": batch,
        "epochs": null,
        "shuffle": true,
        "seed": 1,
    }))
    .ok()?;
    let io = Io::single(vec![inputs], Target::Classes(classes));
    let mut model = Model::compile(&model, &training, &io, pool).ok()?;
    let rows = batch * 16;
    let x = Array2::from_shape_vec((rows, inputs), noise(rows * inputs, 2)).ok()?;
    let y = Array2::from_shape_fn((rows, 1), |(row, _)| (row % classes) as f32);
    let rows = Rows::new(x.view(), y.view());
    let mut train = |steps: usize| {
        let mut done = 0;
        while done < steps {
            match model.train(&rows, steps - done) {
                Ok(trained) if trained.steps > 0 => done += trained.steps,
                _ => return false,
            }
        }
        true
    };
    if !train(WARM_UP_STEPS) {
        return None;
    }
    let begin = clock();
    train(steps).then(|| (clock() - begin) / steps.max(1) as f64)
}
