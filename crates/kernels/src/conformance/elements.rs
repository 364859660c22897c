//! Kernels that may be cut anywhere: activations, dropout, elementwise.

use super::{Case, Entry, Output, SIZES, around_zero, made, numbers, wide};
use crate::activation::{self, Activation, Pieces};
use crate::rng::{Purpose, Stream};
use crate::{dropout, elementwise, reference};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("activation::forward", activation_forward),
    ("activation::forward_in_place", activation_in_place),
    ("activation::backward", activation_backward),
    ("activation::backward_in_place", activation_backward_in_place),
    ("dropout::forward", dropout_forward),
    ("dropout::backward", dropout_backward),
    ("elementwise::add", add),
    ("elementwise::mul", mul),
    ("elementwise::scale", scale),
    ("elementwise::axpy", axpy),
    ("elementwise::copy_block", copy_block),
    ("elementwise::penalty", penalty),
    ("elementwise::penalty_gradient", penalty_gradient),
];

/// Every kind, with arguments on both sides of what decides.
pub(super) const KINDS: [Activation; 28] = [
    Activation::Linear,
    Activation::Relu,
    Activation::LeakyRelu { slope: 0.3 },
    Activation::LeakyRelu { slope: -0.5 },
    Activation::Pieces(Pieces {
        knots: [-1.25, 2.0],
        left: [0.25, -1.0],
        middle: [0.5, -0.75, 0.125],
        right: [-0.5, 3.0],
    }),
    Activation::hard_sigmoid(),
    Activation::hard_silu(),
    Activation::hard_tanh(),
    Activation::hard_shrink(0.5),
    Activation::soft_shrink(0.5),
    Activation::threshold(0.75, -2.0),
    Activation::sparse_plus(),
    Activation::elu(1.5),
    Activation::elu(-0.5),
    Activation::selu(),
    Activation::celu(2.0),
    Activation::Exponential,
    Activation::Gelu { approximate: false },
    Activation::Gelu { approximate: true },
    Activation::Silu,
    Activation::Mish,
    Activation::Sigmoid,
    Activation::LogSigmoid,
    Activation::Tanh,
    Activation::TanhShrink,
    Activation::Softplus,
    Activation::Softsign,
    Activation::Squareplus { b: 4.0 },
];

/// Inputs where activations bend, saturate and overflow.
fn activation_inputs(kind: Activation, n: usize) -> Vec<f32> {
    let special = [0.0f32, -0.0, 1e-6, -1e-6, 30.0, -30.0, 100.0, -100.0, 1e30, -1e30];
    let mut x = numbers(1, n, -6.0, 6.0);
    // Not from the front: with few elements, most should be ordinary.
    for (x, special) in x.iter_mut().skip(7).zip(special) {
        // f32 has no exponential of 100, and its twin has one.
        *x = if kind == Activation::Exponential { special.clamp(-80.0, 80.0) } else { special };
    }
    x
}

fn of_kinds(case: fn(Activation, usize) -> Case) -> Vec<Case> {
    KINDS.iter().flat_map(|&kind| SIZES.map(|n| case(kind, n))).collect()
}

fn activation_forward() -> Vec<Case> {
    of_kinds(|kind, n| {
        let x = activation_inputs(kind, n);
        let wanted = made(n, |y| reference::activation_forward(kind, &wide(&x), y));
        Case {
            label: format!("{kind:?} {n}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| activation::forward(kind, &x[part], out[0])),
            tolerance: 2e-6,
        }
    })
}

fn activation_in_place() -> Vec<Case> {
    of_kinds(|kind, n| {
        let x = activation_inputs(kind, n);
        let wanted = made(n, |y| reference::activation_forward(kind, &wide(&x), y));
        Case {
            label: format!("{kind:?} {n}"),
            cuts: n,
            outputs: vec![Output::updated(x, wanted, 1)],
            run: Box::new(move |_, out| activation::forward_in_place(kind, out[0])),
            tolerance: 2e-6,
        }
    })
}

fn activation_backward_in_place() -> Vec<Case> {
    of_kinds(|kind, n| {
        let (x, d) = (activation_inputs(kind, n), around_zero(2, n));
        let wanted = made(n, |d_x| reference::activation_backward(kind, &wide(&x), &wide(&d), d_x));
        let mut y = vec![0.0; n];
        activation::forward(kind, &x, &mut y);
        Case {
            label: format!("{kind:?} {n}"),
            cuts: n,
            outputs: vec![Output::updated(d, wanted, 1)],
            run: Box::new(move |part, out| {
                let x = if activation::needs_input(kind) { &x[part.clone()] } else { &[] };
                activation::backward_in_place(kind, x, &y[part], out[0]);
            }),
            tolerance: 2e-6,
        }
    })
}

fn activation_backward() -> Vec<Case> {
    of_kinds(|kind, n| {
        let (x, d_y) = (activation_inputs(kind, n), around_zero(2, n));
        let wanted = made(n, |d| reference::activation_backward(kind, &wide(&x), &wide(&d_y), d));
        let mut y = vec![0.0; n];
        activation::forward(kind, &x, &mut y);
        Case {
            label: format!("{kind:?} {n}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| {
                let d_y = &d_y[part.clone()];
                if activation::needs_input(kind) {
                    activation::backward(kind, &x[part.clone()], &y[part], d_y, out[0]);
                } else {
                    activation::backward(kind, &[], &y[part], d_y, out[0]);
                }
            }),
            tolerance: 2e-6,
        }
    })
}

fn of_dropout(run: fn(&Stream, u64, f32, &[f32], &mut [f32])) -> Vec<Case> {
    let stream = Stream::new(5, Purpose::Dropout, 3);
    let mut cases = Vec::new();
    for n in SIZES {
        for (rate, offset) in [(0.0, 0), (0.5, 3), (0.9, (1 << 34) + 2)] {
            let x = around_zero(1, n);
            let wanted = made(n, |y| reference::dropout(&stream, offset, rate, &wide(&x), y));
            cases.push(Case {
                label: format!("{n} rate {rate} offset {offset}"),
                cuts: n,
                outputs: vec![Output::poisoned(wanted, 1)],
                run: Box::new(move |part, out| {
                    run(&stream, offset + part.start as u64, rate, &x[part], out[0]);
                }),
                tolerance: 1e-6,
            });
        }
    }
    cases
}

fn dropout_forward() -> Vec<Case> {
    of_dropout(dropout::forward)
}

fn dropout_backward() -> Vec<Case> {
    of_dropout(dropout::backward)
}

fn of_two(twin: fn(&[f64], &[f64], &mut [f64]), run: fn(&[f32], &[f32], &mut [f32])) -> Vec<Case> {
    SIZES
        .map(|n| {
            let (a, b) = (around_zero(1, n), around_zero(2, n));
            let wanted = made(n, |out| twin(&wide(&a), &wide(&b), out));
            Case {
                label: format!("{n}"),
                cuts: n,
                outputs: vec![Output::poisoned(wanted, 1)],
                run: Box::new(move |part, out| run(&a[part.clone()], &b[part], out[0])),
                tolerance: 1e-6,
            }
        })
        .into()
}

fn add() -> Vec<Case> {
    of_two(reference::add, elementwise::add)
}

fn mul() -> Vec<Case> {
    of_two(reference::mul, elementwise::mul)
}

/// A kernel that updates slices by a gradient; they are positive where `positive`.
pub(super) fn of_update(
    label: &str,
    updated: usize,
    positive: bool,
    twin: impl Fn(&[f64], &mut [Vec<f64>]),
    run: impl Fn(&[f32], &mut [&mut [f32]]) + Clone + 'static,
) -> Vec<Case> {
    SIZES
        .map(|n| {
            let g = around_zero(1, n);
            let low = if positive { 0.5 } else { -2.0 };
            let before: Vec<_> = (0..updated).map(|i| numbers(2 + i as u32, n, low, 2.0)).collect();
            let mut wanted: Vec<_> = before.iter().map(|x| wide(x)).collect();
            twin(&wide(&g), &mut wanted);
            let outputs = before.into_iter().zip(wanted).map(|(b, w)| Output::updated(b, w, 1)).collect();
            let run = run.clone();
            Case {
                label: format!("{label} {n}"),
                cuts: n,
                outputs,
                run: Box::new(move |part, out| run(&g[part], out)),
                tolerance: 2e-6,
            }
        })
        .into()
}

fn scale() -> Vec<Case> {
    of_update("", 1, false, |_, w| reference::scale(0.75, &mut w[0]), |_, w| elementwise::scale(0.75, w[0]))
}

fn axpy() -> Vec<Case> {
    of_update(
        "",
        1,
        false,
        |g, w| reference::axpy(-0.25, g, &mut w[0]),
        |g, w| {
            elementwise::axpy(-0.25, g, w[0]);
        },
    )
}

fn copy_block() -> Vec<Case> {
    let mut cases = Vec::new();
    for rows in SIZES {
        for (cols, from_stride, to_stride) in [(1, 1, 3), (7, 9, 7), (17, 17, 20)] {
            let from = around_zero(1, rows * from_stride);
            let before = around_zero(2, rows * to_stride);
            let mut wanted = wide(&before);
            for i in 0..rows {
                for j in 0..cols {
                    wanted[i * to_stride + j] = from[i * from_stride + j].into();
                }
            }
            cases.push(Case {
                label: format!("{rows} x {cols}"),
                cuts: rows,
                outputs: vec![Output::updated(before, wanted, to_stride)],
                run: Box::new(move |part, out| {
                    let from = &from[part.start * from_stride..];
                    elementwise::copy_block(part.len(), cols, from, from_stride, out[0], to_stride);
                }),
                tolerance: 0.0,
            });
        }
    }
    cases
}

fn penalty() -> Vec<Case> {
    let mut cases = Vec::new();
    for n in SIZES {
        for (l1, l2) in [(0.0, 0.5), (0.25, 0.0), (0.25, 0.5)] {
            let w = around_zero(1, n);
            let wanted = vec![reference::penalty(l1, l2, &wide(&w))];
            cases.push(Case {
                label: format!("{n} {l1} {l2}"),
                cuts: 1,
                outputs: vec![Output::poisoned(wanted, 0)],
                run: Box::new(move |_, out| out[0][0] = elementwise::penalty(l1, l2, &w) as f32),
                tolerance: 1e-6,
            });
        }
    }
    cases
}

fn penalty_gradient() -> Vec<Case> {
    of_update(
        "",
        1,
        false,
        |w, d| reference::penalty_gradient(0.25, 0.5, w, &mut d[0]),
        |w, d| {
            elementwise::penalty_gradient(0.25, 0.5, w, d[0]);
        },
    )
}
