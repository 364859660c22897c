//! The most multiply-adds one core can do, in GFLOP/s: independent sums in registers, nothing from memory. Compiled by
//! `cargo xtask bench` with rustc alone, once for each width of vector; `--cfg fused` takes the fused instruction.

use std::hint::black_box;
use std::time::Instant;

#[cfg(lanes16)]
const LANES: usize = 16;
#[cfg(lanes8)]
const LANES: usize = 8;
#[cfg(not(any(lanes16, lanes8)))]
const LANES: usize = 4;
/// Enough to hide the latency of a multiply-add, few enough for sixteen registers.
const SUMS: usize = 12;
const ROUNDS: usize = 2_000_000;
const RUNS: usize = 7;

type Vector = [f32; LANES];

fn main() {
    let mut best = 0f64;
    for _ in 0..RUNS {
        let (a, b) = (black_box([0.999_f32; LANES]), black_box([1e-3_f32; LANES]));
        let mut sums = black_box([[1.0_f32; LANES]; SUMS]);
        let begin = Instant::now();
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                for lane in 0..LANES {
                    sum[lane] = if cfg!(fused) { sum[lane].mul_add(a[lane], b[lane]) } else { sum[lane] * a[lane] + b[lane] };
                }
            }
        }
        black_box(sums);
        best = best.max((2 * LANES * SUMS * ROUNDS) as f64 / begin.elapsed().as_nanos() as f64);
    }
    println!("{best}");
}
