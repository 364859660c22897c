//! Twins of products, sums and moves.

use super::{Real, activation};
use crate::activation::Activation;
use crate::gemm::Beta;
use std::ops::Range;

/// `C[i,j] = sum over p of a(i, p) * b(p, j)`, with `a` and `b` given as functions of the two indices.
#[expect(clippy::too_many_arguments, reason = "the field's signature of a product")]
pub fn gemm<R: Real>(
    (m, n, k): (usize, usize, usize),
    a: impl Fn(usize, usize) -> R,
    b: impl Fn(usize, usize) -> R,
    c: &mut [R],
    ldc: usize,
    beta: Beta,
    bias: Option<&[R]>,
    kind: Activation,
) {
    for i in 0..m {
        for j in 0..n {
            let at = i * ldc + j;
            let mut sum = match beta {
                Beta::Zero => R::of(0.0),
                Beta::One => c[at],
            };
            for p in 0..k {
                sum += a(i, p) * b(p, j);
            }
            if let Some(bias) = bias {
                sum += bias[j];
            }
            c[at] = activation(kind, sum);
        }
    }
}

/// `sum of x`.
pub fn sum<R: Real>(x: &[R]) -> f64 {
    x.iter().map(|v| v.wide()).sum()
}

/// `sum of x^2`.
pub fn sum_squares<R: Real>(x: &[R]) -> f64 {
    x.iter().map(|v| v.wide() * v.wide()).sum()
}

/// `out[j] = sum over rows i of x[i,j]`, for the given columns.
pub fn column_sums<R: Real>(rows: usize, cols: usize, x: &[R], columns: Range<usize>, out: &mut [R]) {
    for (o, j) in out.iter_mut().zip(columns) {
        *o = (0..rows).map(|i| x[i * cols + j]).sum();
    }
}

/// The index of each row's largest value, the first of equals.
pub fn argmax_rows<R: Real>(rows: usize, cols: usize, x: &[R], out: &mut [u32]) {
    for i in 0..rows {
        let mut best = 0;
        for j in 1..cols {
            if x[i * cols + j] > x[i * cols + best] {
                best = j;
            }
        }
        out[i] = best as u32;
    }
}

/// `out[i,:] = source[index[i],:]`.
pub fn gather_rows<T: Copy>(index: &[u32], cols: usize, source: &[T], out: &mut [T]) {
    for (i, &from) in index.iter().enumerate() {
        for j in 0..cols {
            out[i * cols + j] = source[from as usize * cols + j];
        }
    }
}
