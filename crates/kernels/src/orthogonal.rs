//! The orthogonality penalty of a matrix (Keras' `OrthogonalRegularizer`):
//!
//! ```text
//! n = rows (or columns) of w, each of length 1
//! penalty = factor / pairs * sum over i < j of |n[i] . n[j]|,  pairs = size (size - 1) / 2
//! ```
//!
//! Made by one thread: two products, whose sums are in one order.

use crate::gemm::{self, Beta, Epilogue, Form, Mat};

/// Keras' `backend.epsilon()`: no vector is divided by less.
const EPSILON: f64 = 1e-7;

/// How many f32 of `work` [`penalty`] wants.
pub fn work_len(by_rows: bool, rows: usize, cols: usize) -> usize {
    let size = if by_rows { rows } else { cols };
    let count = 2 * rows * cols + size * size;
    let (first, second) = forms(by_rows);
    let product = gemm::scratch_len(first, size, size, if by_rows { cols } else { rows });
    let gradient = gemm::scratch_len(second, rows, cols, size);
    count + product.max(gradient)
}

/// The products: `n n^T` and `signs n`, or `n^T n` and `n signs`.
fn forms(by_rows: bool) -> (Form, Form) {
    if by_rows { (Form::Nt, Form::Nn) } else { (Form::Tn, Form::Nn) }
}

/// The penalty of `w`, `(rows, cols)`, and its gradient, which is written to `d_w`; 0 when there is no pair. `work` has at
/// least [`work_len`] elements, whose values do not matter.
pub fn penalty(
    factor: f32,
    by_rows: bool,
    (rows, cols): (usize, usize),
    w: &[f32],
    d_w: &mut [f32],
    work: &mut [f32],
) -> f64 {
    assert!(w.len() == rows * cols && d_w.len() == w.len());
    let (size, length) = if by_rows { (rows, cols) } else { (cols, rows) };
    if size < 2 {
        d_w.fill(0.0);
        return 0.0;
    }
    let (unit, work) = work.split_at_mut(rows * cols);
    let (d_unit, work) = work.split_at_mut(rows * cols);
    let (signs, scratch) = work.split_at_mut(size * size);
    // Element k of vector i.
    let at = |i: usize, k: usize| if by_rows { i * cols + k } else { k * cols + i };
    for i in 0..size {
        let scale = inverse_norm(w, (0..length).map(|k| at(i, k)));
        (0..length).for_each(|k| unit[at(i, k)] = (f64::from(w[at(i, k)]) * scale) as f32);
    }

    let (dots, gradient) = forms(by_rows);
    let matrix = |data, stride| Mat { data, stride };
    let plain = Epilogue::default();
    let (a, b) = (matrix(unit, cols), matrix(unit, cols));
    gemm::product(dots, (size, size, length), a, b, signs, size, Beta::Zero, plain, scratch);
    let mut sum = 0.0;
    for i in 0..size {
        for j in 0..size {
            let dot = &mut signs[i * size + j];
            let is_pair = i != j && *dot != 0.0;
            sum += if is_pair { f64::from(dot.abs()) } else { 0.0 };
            *dot = if is_pair { dot.signum() } else { 0.0 };
        }
    }
    let (a, b) = if by_rows {
        (matrix(signs, size), matrix(unit, cols))
    } else {
        (matrix(unit, cols), matrix(signs, size))
    };
    gemm::product(gradient, (rows, cols, size), a, b, d_unit, cols, Beta::Zero, plain, scratch);

    // Every pair was counted twice, in the sum and in the gradient.
    let share = f64::from(factor) / (size as f64 * (size - 1) as f64 / 2.0);
    for i in 0..size {
        let scale = inverse_norm(w, (0..length).map(|k| at(i, k)));
        let along: f64 = (0..length).map(|k| f64::from(unit[at(i, k)]) * f64::from(d_unit[at(i, k)])).sum();
        for k in 0..length {
            let across = f64::from(d_unit[at(i, k)]) - along * f64::from(unit[at(i, k)]);
            d_w[at(i, k)] = (share * scale * across) as f32;
        }
    }
    0.5 * share * sum
}

/// `1 / max(norm, epsilon)` of the elements at these places.
fn inverse_norm(w: &[f32], places: impl Iterator<Item = usize>) -> f64 {
    let squares: f64 = places.map(|at| f64::from(w[at]) * f64::from(w[at])).sum();
    1.0 / squares.sqrt().max(EPSILON)
}
