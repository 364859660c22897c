//! GFLOP/s of our product beside `matrixmultiply`'s, natively: `cargo run --release -p tabgrad-kernels --example gemm`.
//!
//! The shapes are those of a 784-128-64-10 network at a batch of 64, and squares. Both run on one thread with the widest
//! instructions of this machine, in turn; the figure is the best of several rounds.

use std::time::{Duration, Instant};
use tabgrad_kernels::gemm::{Beta, Epilogue, Form, Mat, product, scratch_len};
use tabgrad_kernels::lanes;

const SHAPES: [(Form, usize, usize, usize); 18] = [
    (Form::Nn, 64, 128, 784),
    (Form::Nn, 64, 64, 128),
    (Form::Nn, 64, 10, 64),
    (Form::Nt, 64, 128, 64),
    (Form::Nt, 64, 64, 10),
    (Form::Tn, 784, 128, 64),
    (Form::Tn, 128, 64, 64),
    (Form::Tn, 64, 10, 64),
    (Form::Nn, 1, 128, 784),
    (Form::Nn, 256, 256, 256),
    (Form::Nt, 256, 256, 256),
    (Form::Tn, 256, 256, 256),
    (Form::Nn, 512, 512, 512),
    (Form::Nt, 512, 512, 512),
    (Form::Tn, 512, 512, 512),
    (Form::Nn, 1024, 1024, 1024),
    (Form::Nt, 1024, 1024, 1024),
    (Form::Tn, 1024, 1024, 1024),
];

/// GFLOP/s of `work`, which does `flops` of them.
fn rate(flops: f64, mut work: impl FnMut()) -> f64 {
    let mut calls = 1;
    loop {
        let start = Instant::now();
        (0..calls).for_each(|_| work());
        if start.elapsed() > Duration::from_millis(2) {
            return flops * f64::from(calls) / start.elapsed().as_secs_f64() / 1e9;
        }
        calls *= 2;
    }
}

fn main() {
    println!(
        "{:>4} {:>5} {:>5} {:>5} {:>10} {:>16} {:>6}",
        "form", "m", "n", "k", "tabgrad", "matrixmultiply", "ratio"
    );
    lanes::with(lanes::fast(), || SHAPES.map(measure));
}

fn measure((form, m, n, k): (Form, usize, usize, usize)) {
    let (a_rows, a_cols) = if form == Form::Tn { (k, m) } else { (m, k) };
    let (b_rows, b_cols) = if form == Form::Nt { (n, k) } else { (k, n) };
    let fill = |len: usize| (0..len).map(|i| (i % 17) as f32 - 8.0).collect::<Vec<f32>>();
    let (a, b) = (fill(a_rows * a_cols), fill(b_rows * b_cols));
    let mut c = vec![0.0; m * n];
    let mut scratch = vec![0.0; scratch_len(form, m, n, k)];
    // Strides of matrixmultiply: from row to row and from column to column, of A as (m, k) and B as (k, n).
    let (rsa, csa) = if form == Form::Tn { (1, m as isize) } else { (k as isize, 1) };
    let (rsb, csb) = if form == Form::Nt { (1, k as isize) } else { (n as isize, 1) };
    let flops = 2.0 * (m * n * k) as f64;
    let (mut ours, mut theirs) = (0.0f64, 0.0f64);
    for _ in 0..25 {
        ours = ours.max(rate(flops, || {
            let (a, b) = (Mat { data: &a, stride: a_cols }, Mat { data: &b, stride: b_cols });
            product(form, (m, n, k), a, b, &mut c, n, Beta::Zero, Epilogue::default(), &mut scratch);
        }));
        theirs = theirs.max(rate(flops, || {
            // SAFETY: the vectors have the sizes that the strides say.
            unsafe {
                let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
                matrixmultiply::sgemm(m, k, n, 1.0, a, rsa, csa, b, rsb, csb, 0.0, c, n as isize, 1);
            }
        }));
    }
    println!("{form:>4?} {m:>5} {n:>5} {k:>5} {ours:>10.1} {theirs:>16.1} {:>6.2}", ours / theirs);
}
