//! Activations of whole rows: log-softmax, sparsemax, the gated linear unit.

use super::{Case, Entry, Output, SIZES, around_zero, made, wide};
use crate::{reference, rowwise};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("rowwise::log_softmax", || of_rows(1, 1, reference::log_softmax, rowwise::log_softmax)),
    ("rowwise::log_softmax_backward", || {
        backward(
            1,
            Some(rowwise::log_softmax),
            reference::log_softmax_backward,
            rowwise::log_softmax_backward,
        )
    }),
    ("rowwise::sparsemax", || of_rows(1, 1, reference::sparsemax, rowwise::sparsemax)),
    ("rowwise::sparsemax_backward", || {
        backward(1, Some(rowwise::sparsemax), reference::sparsemax_backward, rowwise::sparsemax_backward)
    }),
    ("rowwise::glu", || of_rows(2, 1, reference::glu, rowwise::glu)),
    ("rowwise::glu_backward", || backward(2, None, reference::glu_backward, rowwise::glu_backward)),
];

type Twin = fn(usize, usize, &[f64], &mut [f64]);
type Kernel = fn(usize, usize, &[f32], &mut [f32]);
type BackwardTwin = fn(usize, usize, &[f64], &[f64], &mut [f64]);
type BackwardKernel = fn(usize, usize, &[f32], &[f32], &mut [f32]);

/// Rows and columns.
fn tables() -> Vec<(usize, usize)> {
    let long = SIZES.iter().flat_map(|&cols| [(1, cols), (3, cols)]);
    long.chain(SIZES.iter().map(|&rows| (rows, 10))).filter(|&(_, cols)| cols > 0).collect()
}

/// A kernel from `(rows, x_each * cols)` to `(rows, y_each * cols)`.
fn of_rows(x_each: usize, y_each: usize, twin: Twin, run: Kernel) -> Vec<Case> {
    let case = |(rows, cols): (usize, usize)| {
        let x = around_zero(1, rows * cols * x_each);
        let wanted = made(rows * cols * y_each, |y| twin(rows, cols, &wide(&x), y));
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols * y_each)],
            run: Box::new(move |part, out| {
                let each = cols * x_each;
                run(part.len(), cols, &x[part.start * each..part.end * each], out[0]);
            }),
            tolerance: 4e-6,
        }
    };
    tables().into_iter().map(case).collect()
}

/// The gradient of such a kernel, from what `forward` makes or, without one, from its input.
fn backward(x_each: usize, forward: Option<Kernel>, twin: BackwardTwin, run: BackwardKernel) -> Vec<Case> {
    let case = |(rows, cols): (usize, usize)| {
        let each = cols * x_each;
        let mut known = around_zero(1, rows * each);
        if let Some(forward) = forward {
            let x = known.clone();
            forward(rows, cols, &x, &mut known);
        }
        let d_y = around_zero(2, rows * cols);
        let wanted = made(rows * each, |d| twin(rows, cols, &wide(&known), &wide(&d_y), d));
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, each)],
            run: Box::new(move |part, out| {
                let known = &known[part.start * each..part.end * each];
                run(part.len(), cols, known, &d_y[part.start * cols..part.end * cols], out[0]);
            }),
            tolerance: 1e-5,
        }
    };
    tables().into_iter().map(case).collect()
}
