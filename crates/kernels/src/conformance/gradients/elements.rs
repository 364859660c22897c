//! What goes element by element, moves values, or works on whole rows and matrices.

use super::{Check, inputs, made, times};
use crate::activation::Activation;
use crate::conformance::elements::KINDS;
use crate::gemm::Beta;
use crate::rearrange::NOWHERE;
use crate::reference;
use crate::rng::{Purpose, Stream};

pub(super) fn activations(check: &mut Check) {
    let (x, d_y) = (inputs(1, 64), inputs(2, 64));
    for kind in KINDS {
        let gradient = made(64, |d| reference::activation_backward(kind, &x, &d_y, d));
        check.agree(&format!("{kind:?}"), &x, &gradient, |x| {
            times(&made(64, |y| reference::activation_forward(kind, x, y)), &d_y)
        });
    }
}

pub(super) fn dropout(check: &mut Check) {
    let (stream, offset) = (Stream::new(3, Purpose::Dropout, 1), 5);
    let (x, d_y) = (inputs(1, 64), inputs(2, 64));
    for rate in [0.25, 0.6] {
        // What is kept and how it is scaled does not hang on the values: the gradient goes the same way.
        let gradient = made(64, |d| reference::dropout(&stream, offset, rate, &d_y, d));
        check.agree("dropout", &x, &gradient, |x| {
            times(&made(64, |y| reference::dropout(&stream, offset, rate, x, y)), &d_y)
        });
        let gradient = made(64, |d| reference::alpha_dropout_backward(&stream, offset, rate, &d_y, d));
        check.agree("alpha dropout", &x, &gradient, |x| {
            times(&made(64, |y| reference::alpha_dropout(&stream, offset, rate, x, y)), &d_y)
        });
    }
}

pub(super) fn softmax(check: &mut Check) {
    from_output(check, reference::softmax_forward, reference::softmax_backward);
}

pub(super) fn log_softmax(check: &mut Check) {
    from_output(check, reference::log_softmax, reference::log_softmax_backward);
}

pub(super) fn sparsemax(check: &mut Check) {
    from_output(check, reference::sparsemax, reference::sparsemax_backward);
}

/// Of rows, with a backward that knows the output.
fn from_output(
    check: &mut Check,
    forward: fn(usize, usize, &[f64], &mut [f64]),
    backward: fn(usize, usize, &[f64], &[f64], &mut [f64]),
) {
    let (rows, cols) = (4, 5);
    let (x, d_y) = (inputs(1, 20), inputs(2, 20));
    let y = made(20, |y| forward(rows, cols, &x, y));
    let gradient = made(20, |d| backward(rows, cols, &y, &d_y, d));
    check.agree("rows", &x, &gradient, |x| times(&made(20, |y| forward(rows, cols, x, y)), &d_y));
}

pub(super) fn glu(check: &mut Check) {
    let (rows, cols) = (4, 5);
    let (x, d_y) = (inputs(1, 40), inputs(2, 20));
    let gradient = made(40, |d| reference::glu_backward(rows, cols, &x, &d_y, d));
    check.agree("glu", &x, &gradient, |x| times(&made(20, |y| reference::glu(rows, cols, x, y)), &d_y));
}

pub(super) fn extreme(check: &mut Check) {
    let (a, b, d_y) = (inputs(1, 20), inputs(2, 20), inputs(3, 20));
    for largest in [true, false] {
        let d_a = made(20, |d| reference::extreme_gradient(largest, &a, &b, &d_y, d));
        check.agree("a", &a, &d_a, |a| times(&made(20, |y| reference::extreme(largest, a, &b, y)), &d_y));
    }
}

pub(super) fn penalty(check: &mut Check) {
    let w = inputs(1, 20);
    let gradient = made(20, |d| reference::penalty_gradient(0.25, 0.5, &w, d));
    check.agree("w", &w, &gradient, |w| w.chunks(1).map(|w| reference::penalty(0.25, 0.5, w)).collect());
}

pub(super) fn orthogonal(check: &mut Check) {
    for by_rows in [true, false] {
        for size in [(1, 5), (5, 1), (3, 4), (5, 4)] {
            let w = inputs(1, size.0 * size.1);
            let gradient = made(w.len(), |d| reference::orthogonal_gradient(0.5, by_rows, size, &w, d));
            check.agree(&format!("by rows {by_rows}, {size:?}"), &w, &gradient, |w| {
                vec![reference::orthogonal_penalty(0.5, by_rows, size, w)]
            });
        }
    }
}

pub(super) fn prelu(check: &mut Check) {
    let (rows, cols) = (4, 5);
    let (x, alpha, d_y) = (inputs(1, 20), inputs(2, cols), inputs(3, 20));
    let mut d_alpha = vec![0.0; cols];
    let d_x = made(20, |d_x| {
        reference::prelu_backward(rows, cols, &x, &alpha, &d_y, d_x, &mut d_alpha);
    });
    let value =
        |x: &[f64], alpha: &[f64]| times(&made(20, |y| reference::prelu(rows, cols, x, alpha, y)), &d_y);
    check.agree("x", &x, &d_x, |x| value(x, &alpha));
    check.agree("alpha", &alpha, &d_alpha, |alpha| value(&x, alpha));
}

/// y = x w: d_x = d_y w^T (nt) and d_w = x^T d_y (tn).
pub(super) fn products(check: &mut Check) {
    let (m, n, k) = (3, 4, 5);
    let (x, w, d_y) = (inputs(1, m * k), inputs(2, k * n), inputs(3, m * n));
    let product = |size, a: &dyn Fn(usize, usize) -> f64, b: &dyn Fn(usize, usize) -> f64| {
        let (rows, cols, _) = size;
        made(rows * cols, |c| {
            reference::gemm(size, a, b, c, cols, Beta::Zero, None, Activation::Linear);
        })
    };
    let forward =
        |x: &[f64], w: &[f64]| times(&product((m, n, k), &|i, p| x[i * k + p], &|p, j| w[p * n + j]), &d_y);
    let d_x = product((m, k, n), &|i, p| d_y[i * n + p], &|p, j| w[j * n + p]);
    let d_w = product((k, n, m), &|i, p| x[p * k + i], &|p, j| d_y[p * n + j]);
    check.agree("x", &x, &d_x, |x| forward(x, &w));
    check.agree("w", &w, &d_w, |w| forward(&x, w));
}

/// A bias is added to every row: its gradient is the sum of each column.
pub(super) fn biases(check: &mut Check) {
    let (rows, cols) = (6, 5);
    let (x, bias, d_y) = (inputs(1, rows * cols), inputs(2, cols), inputs(3, rows * cols));
    let d_bias = made(cols, |d| reference::column_sums(rows, cols, &d_y, 0..cols, d));
    check.agree("bias", &bias, &d_bias, |bias| {
        (0..rows * cols).map(|at| (x[at] + bias[at % cols]) * d_y[at]).collect()
    });
}

pub(super) fn masks(check: &mut Check) {
    let cols = 3;
    let (mut x, d_y) = (inputs(1, 18), inputs(2, 18));
    // Steps to be left out; no nudge of one value makes them count, since the others are nearly as they were.
    x.chunks_mut(cols).step_by(3).for_each(|step| step.fill(-1.5));
    let mut mask = vec![0.0; x.len() / cols];
    reference::mask_forward(cols, -1.5, &x, &mut [0.0; 18], &mut mask);
    let d_x = made(x.len(), |d| reference::mask_backward(cols, &mask, &d_y, d));
    let counted: Vec<usize> = (0..x.len()).filter(|at| mask[at / cols] != 0.0).collect();
    assert!(d_x.iter().enumerate().all(|(at, d)| counted.contains(&at) || *d == 0.0));
    // A step that is left out has no slope but a jump, where it begins to count: the others are compared.
    let of = |values: &[f64]| counted.iter().map(|&at| values[at]).collect::<Vec<f64>>();
    check.agree("x", &of(&x), &of(&d_x), |some| {
        let mut x = x.clone();
        counted.iter().zip(some).for_each(|(&at, value)| x[at] = *value);
        let y = made(x.len(), |y| reference::mask_forward(cols, -1.5, &x, y, &mut [0.0; 6]));
        times(&y, &d_y)
    });
}

pub(super) fn masked_means(check: &mut Check) {
    let (steps, cols) = (3, 2);
    // A row of which some steps count, one of which all do, one of which none does.
    let mask = [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0];
    let (x, d_y) = (inputs(1, mask.len() * cols), inputs(2, mask.len() / steps * cols));
    let d_x = made(x.len(), |d| reference::masked_mean_backward(steps, cols, &mask, &d_y, d));
    check.agree("x", &x, &d_x, |x| {
        let y = made(d_y.len(), |y| reference::masked_mean(steps, cols, &mask, x, y));
        times(&y, &d_y)
    });
}

pub(super) fn rearrange(check: &mut Check) {
    let axes = [vec![NOWHERE, 0, 0, 4], vec![2, 0]];
    let (run, size) = (2, (8, 16));
    let (x, d_y) = (inputs(1, 16), inputs(2, 32));
    let d_x = made(16, |d| reference::rearrange_backward(&axes, run, size, &d_y, d));
    check.agree("x", &x, &d_x, |x| {
        times(&made(32, |y| reference::rearrange_forward(&axes, run, size, x, y)), &d_y)
    });
}

pub(super) fn enlarge(check: &mut Check) {
    let (curve, size, factors) = (crate::enlarge::Curve::Cubic, [3, 2, 2], [2, 3]);
    let (x, d_y) = (inputs(1, 12), inputs(2, 72));
    let d_x = made(12, |d| reference::enlarge_backward(curve, size, factors, &d_y, d));
    check
        .agree("x", &x, &d_x, |x| times(&made(72, |y| reference::enlarge(curve, size, factors, x, y)), &d_y));
}

pub(super) fn embedding(check: &mut Check) {
    let (tokens, table, d_y) = ([2.0, 0.0, 2.0, 1.0], inputs(1, 9), inputs(2, 12));
    let d_table = made(9, |d| reference::table_gradient(3, &tokens, &d_y, d));
    check.agree("table", &table, &d_table, |table| {
        times(&made(12, |y| reference::embedding(3, table, &tokens, y)), &d_y)
    });
}

pub(super) fn unit(check: &mut Check) {
    let (x, d_y) = (inputs(1, 20), inputs(2, 20));
    let d_x = made(20, |d| reference::unit_backward(5, &x, &d_y, d));
    check.agree("x", &x, &d_x, |x| times(&made(20, |y| reference::unit(5, 1e-7, x, y)), &d_y));
}
