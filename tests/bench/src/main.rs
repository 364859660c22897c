//! Speed of the engine on this machine: products of matrices beside matrixmultiply, training steps and predictions. One
//! JSON object per line; `cargo xtask bench` runs it and shows the lines. The environment variable TABGRAD_BENCH_ONLY may
//! hold beginnings of names of workloads, with commas between them: others are left out.

use serde_json::{Value, json};
use std::error::Error;
use std::time::Instant;
use tabgrad_bench::workloads::{self, Run};
use tabgrad_bench::{Only, peer};
use tabgrad_kernels::lanes::{self, Body};
use tabgrad_kernels::par::Pool;
use tabgrad_session::bench::{self, Form};

/// Every figure is the median of so many runs, taken in turns so that a busy moment of the machine meets all alike.
const RUNS: usize = 5;
const GEMM_BUDGET_MS: f64 = 150.0;

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

fn main() -> Result<(), Box<dyn Error>> {
    let begin = Instant::now();
    let clock = || begin.elapsed().as_secs_f64() * 1e3;
    let only = Only::asked();
    products(&only, &clock);
    steps(&only, &clock)
}

fn products(only: &Only, clock: &dyn Fn() -> f64) {
    let (bodies, pool) = (lanes::available(), Pool::single());
    for (form, name, m, n, k) in PRODUCTS {
        let workload = format!("gemm {name} {m}x{n}x{k}");
        if !only.takes(&workload) {
            continue;
        }
        let mut ours = vec![Vec::new(); bodies.len()];
        let mut theirs = Vec::new();
        for _ in 0..RUNS {
            for (figures, &body) in ours.iter_mut().zip(&bodies) {
                figures
                    .push(lanes::with(body, || bench::gemm(form, (m, n, k), &pool, GEMM_BUDGET_MS, clock)));
            }
            theirs.push(peer::gemm(name, m, n, k, GEMM_BUDGET_MS, clock));
        }
        let flops = 2.0 * (m * n * k) as f64;
        let ms = |figures: Vec<f64>| figures.into_iter().map(|gflops| flops / (gflops * 1e6)).collect();
        for (figures, &body) in ours.into_iter().zip(&bodies) {
            report(&workload, "tabgrad", (variant(body), 1), ms(figures), Some(flops), json!({}));
        }
        report(&workload, "matrixmultiply", ("its own choice", 1), ms(theirs), Some(flops), json!({}));
    }
}

fn steps(only: &Only, clock: &dyn Fn() -> f64) -> Result<(), Box<dyn Error>> {
    let all = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    let mut counts = vec![1, all];
    counts.dedup();
    for workload in workloads::all()?.iter().filter(|workload| only.takes(workload.name())) {
        let mut ways = Vec::new();
        for &body in &lanes::available() {
            for &threads in &counts {
                let pool = if threads == 1 { Pool::single() } else { Pool::with_threads(threads) };
                let mut run = Run::new(workload, pool)?;
                lanes::with(body, || run.epoch())?;
                ways.push((body, threads, run, Vec::new()));
            }
        }
        for _ in 0..RUNS {
            for (body, _, run, figures) in &mut ways {
                figures.push(lanes::with(*body, || run.measure(clock))?);
            }
        }
        for (body, threads, run, figures) in ways {
            let rows = workload.predicted().unwrap_or(workload.batch());
            let more = json!({ "what": workload.what(), "rows": rows });
            report(workload.name(), "tabgrad", (variant(body), threads), figures, run.flops(), more);
        }
    }
    Ok(())
}

/// Writes one line: the median of the milliseconds, how far they lie apart, and what follows from them.
fn report(
    workload: &str,
    engine: &str,
    (variant, threads): (&str, usize),
    mut ms: Vec<f64>,
    flops: Option<f64>,
    more: Value,
) {
    ms.sort_by(f64::total_cmp);
    let [first, .., last] = ms[..] else { return };
    let median = ms[ms.len() / 2];
    let mut line = json!({
        "workload": workload, "engine": engine, "where": "native", "variant": variant, "threads": threads,
        "ms": median, "spread": (last - first) / median,
    });
    if let Some(flops) = flops {
        line["gflops"] = (flops / (median * 1e6)).into();
    }
    if let Some(rows) = more["rows"].as_f64() {
        line["what"] = more["what"].clone();
        line["rows_per_s"] = (rows * 1e3 / median).into();
    }
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
