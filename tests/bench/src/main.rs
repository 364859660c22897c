//! Speed of the engine on this machine: products of matrices beside matrixmultiply, and training steps. One JSON object
//! per line; `cargo xtask bench` runs it and shows the lines.

use serde_json::json;
use std::time::Instant;
use tabgrad_bench::peer;
use tabgrad_kernels::lanes::{self, Body};
use tabgrad_session::Pool;
use tabgrad_session::bench::{self, Form};

/// Every figure is the median of so many runs, taken in turns so that a busy moment of the machine meets all alike.
const RUNS: usize = 5;
const GEMM_BUDGET_MS: f64 = 150.0;

/// A dense network (inputs first, classes last), its batch, and how many steps of it are timed.
const NETWORKS: [(&[usize], usize, usize); 2] = [(&[784, 128, 64, 10], 64, 200), (&[2, 8, 8, 2], 32, 5000)];

/// What one product is: `(m, k) x (k, n)` in one of the three forms of a training step.
const PRODUCTS: [(Form, &str, usize, usize, usize); 9] = [
    (Form::Nn, "nn", 64, 128, 784),
    (Form::Nt, "nt", 64, 784, 128),
    (Form::Tn, "tn", 784, 128, 64),
    (Form::Nn, "nn", 64, 64, 128),
    (Form::Nn, "nn", 256, 256, 256),
    (Form::Nn, "nn", 512, 512, 512),
    (Form::Nt, "nt", 512, 512, 512),
    (Form::Tn, "tn", 512, 512, 512),
    (Form::Nn, "nn", 1024, 1024, 1024),
];

fn main() {
    let begin = Instant::now();
    let clock = || begin.elapsed().as_secs_f64() * 1e3;
    let bodies = lanes::available();
    for (form, name, m, n, k) in PRODUCTS {
        let workload = format!("gemm {name} {m}x{n}x{k}");
        let mut ours = vec![Vec::new(); bodies.len()];
        let mut theirs = Vec::new();
        for _ in 0..RUNS {
            for (figures, &body) in ours.iter_mut().zip(&bodies) {
                figures.push(lanes::with(body, || bench::gemm(form, m, n, k, GEMM_BUDGET_MS, &clock)));
            }
            theirs.push(peer::gemm(name, m, n, k, GEMM_BUDGET_MS, &clock));
        }
        for (figures, &body) in ours.into_iter().zip(&bodies) {
            product(&workload, "tabgrad", variant(body), median(figures), m, n, k);
        }
        product(&workload, "matrixmultiply", "its own choice", median(theirs), m, n, k);
    }
    let all = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    let mut counts = vec![1, all];
    counts.dedup();
    for (widths, batch, steps) in NETWORKS {
        let name = widths.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
        for &body in &bodies {
            let mut figures = vec![Vec::new(); counts.len()];
            for _ in 0..RUNS {
                for (figures, &threads) in figures.iter_mut().zip(&counts) {
                    let pool = if threads == 1 { Pool::single() } else { Pool::with_threads(threads) };
                    let step = lanes::with(body, || bench::step(widths, batch, steps, pool, &clock));
                    figures.extend(step);
                }
            }
            for (figures, &threads) in figures.into_iter().zip(&counts) {
                let line = json!({
                    "workload": format!("step {name} batch {batch} adam"), "engine": "tabgrad", "where": "native",
                    "variant": variant(body), "threads": threads, "ms": median(figures),
                });
                println!("{line}");
            }
        }
    }
}

fn product(workload: &str, engine: &str, variant: &str, gflops: f64, m: usize, n: usize, k: usize) {
    let ms = 2.0 * (m * n * k) as f64 / (gflops * 1e6);
    let line = json!({
        "workload": workload, "engine": engine, "where": "native", "variant": variant, "threads": 1,
        "ms": ms, "gflops": gflops,
    });
    println!("{line}");
}

fn variant(body: Body) -> &'static str {
    match body {
        Body::Portable => "portable",
        #[cfg(target_arch = "x86_64")]
        Body::Avx2 => "avx2",
        #[cfg(target_arch = "x86_64")]
        Body::Avx512 => "avx512",
    }
}

/// NaN where nothing could be measured.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
