//! The three products: every size against every other, strides, both betas, epilogues; cut by rows and by columns.

use super::{Case, Entry, Output, SIZES, around_zero, elements::KINDS, wide};
use crate::activation::Activation;
use crate::gemm::{self, Beta, Epilogue, Form, Mat};
use crate::reference;

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("gemm::nn", || of_form(Form::Nn)),
    ("gemm::nt", || of_form(Form::Nt)),
    ("gemm::tn", || of_form(Form::Tn)),
];

/// A product to check.
#[derive(Clone, Copy, Debug)]
struct Shape {
    form: Form,
    m: usize,
    n: usize,
    k: usize,
    /// Added to every stride.
    gap: usize,
    beta: Beta,
    bias: bool,
    activation: Activation,
    by_columns: bool,
}

fn of_form(form: Form) -> Vec<Case> {
    let plain = Shape {
        form,
        m: 17,
        n: 17,
        k: 17,
        gap: 0,
        beta: Beta::Zero,
        bias: false,
        activation: Activation::Linear,
        by_columns: false,
    };
    let mut shapes = Vec::new();
    // Every size in every place, beside small and middling ones.
    for size in SIZES {
        for (i, &other) in [1, 7, 17, 65].iter().enumerate() {
            let rest = [Beta::Zero, Beta::One][i % 2];
            let base = Shape { beta: rest, gap: i, by_columns: i % 2 == 0, ..plain };
            shapes.push(Shape { m: size, n: other, k: 17, ..base });
            shapes.push(Shape { m: other, n: size, k: 64, ..base });
            shapes.push(Shape { m: other, n: 17, k: size, ..base });
        }
    }
    // Around the tiles' and the blocks' edges.
    for m in [3, 4, 5, 8, 9, 11, 12, 13, 97] {
        for n in [3, 4, 5, 11, 12, 13, 25, 47, 48, 49] {
            shapes.push(Shape { m, n, k: 9, by_columns: n % 2 == 0, ..plain });
        }
    }
    for k in [255, 256, 257, 513] {
        shapes.push(Shape { m: 13, n: 13, k, bias: true, activation: Activation::Relu, ..plain });
    }
    // Rows of B as far apart as makes them drive each other out of the caches.
    shapes.push(Shape { m: 13, n: 512, k: 5, ..plain });
    shapes.push(Shape { m: 13, n: 1029, k: 5, bias: true, by_columns: true, ..plain });
    // Strips of a transposed A, copied some at once, and what is left of rows and steps.
    for (m, k) in [(51, 131), (107, 300), (99, 128)] {
        shapes.push(Shape { m, n: 9, k, gap: 3, bias: true, ..plain });
        shapes.push(Shape { m, n: 33, k, beta: Beta::One, ..plain });
    }
    // One row, of more columns than are done at a time.
    shapes.push(Shape {
        m: 1,
        n: 4096 + 7,
        k: 6,
        bias: true,
        activation: Activation::Relu,
        by_columns: true,
        ..plain
    });
    shapes.push(Shape { m: 1, n: 4096 + 9, k: 5, beta: Beta::One, gap: 1, ..plain });
    // What is done to finished elements, with and without packing.
    for activation in KINDS {
        for m in [1, 5, 33] {
            shapes.push(Shape { m, gap: 2, bias: true, activation, ..plain });
            shapes.push(Shape { m, beta: Beta::One, activation, by_columns: true, ..plain });
            shapes.push(Shape { m, gap: 1, beta: Beta::One, bias: true, activation, ..plain });
        }
    }
    shapes.into_iter().map(case).collect()
}

fn case(shape: Shape) -> Case {
    let Shape { form, m, n, k, gap, beta, .. } = shape;
    let (a_rows, a_cols) = if form == Form::Tn { (k, m) } else { (m, k) };
    let (b_rows, b_cols) = if form == Form::Nt { (n, k) } else { (k, n) };
    let (lda, ldb, ldc) = (a_cols + gap, b_cols + gap, n + gap);
    let (a, b) = (around_zero(1, a_rows * lda), around_zero(2, b_rows * ldb));
    let bias = around_zero(3, n);
    // What lies between C's rows must stay; with beta zero, the rows themselves are never read.
    let mut before = around_zero(4, m * ldc);
    let mut wanted = wide(&before);
    {
        let (a, b) = (wide(&a), wide(&b));
        let a_at = |i: usize, p: usize| if form == Form::Tn { a[p * lda + i] } else { a[i * lda + p] };
        let b_at = |p: usize, j: usize| if form == Form::Nt { b[j * ldb + p] } else { b[p * ldb + j] };
        let bias = wide(&bias);
        let bias = shape.bias.then_some(&bias[..]);
        reference::gemm((m, n, k), a_at, b_at, &mut wanted, ldc, beta, bias, shape.activation);
    }
    if beta == Beta::Zero {
        for row in before.chunks_mut(ldc.max(1)) {
            row[..n].fill(f32::NAN);
        }
    }
    Case {
        label: format!("{shape:?}"),
        cuts: if shape.by_columns { n } else { m },
        outputs: vec![Output::updated(before, wanted, if shape.by_columns { 0 } else { ldc })],
        run: Box::new(move |part, out| {
            if part.is_empty() {
                return;
            }
            let (mut a, mut b, mut c) = (&a[..], &b[..], &mut *out[0]);
            let mut bias = shape.bias.then_some(&bias[..]);
            let (mut m, mut n) = (m, n);
            if shape.by_columns {
                n = part.len();
                b = &b[if form == Form::Nt { part.start * ldb } else { part.start }.min(b.len())..];
                c = &mut c[part.start.min(ldc * m)..];
                bias = bias.map(|bias| &bias[part]);
            } else {
                m = part.len();
                a = &a[if form == Form::Tn { part.start } else { part.start * lda }.min(a.len())..];
            }
            let (a, b) = (Mat { data: a, stride: lda }, Mat { data: b, stride: ldb });
            let epilogue = Epilogue { bias, activation: shape.activation };
            let mut scratch = vec![f32::NAN; gemm::scratch_len(form, m, n, k)];
            let run = match form {
                Form::Nn => gemm::nn,
                Form::Nt => gemm::nt,
                Form::Tn => gemm::tn,
            };
            run(m, n, k, a, b, c, ldc, beta, epilogue, &mut scratch);
        }),
        // Sums of up to 513 products of up to 4.
        tolerance: 5e-5,
    }
}
