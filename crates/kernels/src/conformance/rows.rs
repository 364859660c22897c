//! Kernels that are cut by rows or by columns: softmax, reductions, batch normalization, gathering.

use super::{Case, Entry, Output, SIZES, around_zero, made, numbers, wide};
use crate::{gather, norm, reduce, reference, softmax};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("softmax::forward", softmax_forward),
    ("softmax::backward", softmax_backward),
    ("reduce::sum", sum),
    ("reduce::sum_squares", sum_squares),
    ("reduce::column_sums", column_sums),
    ("reduce::argmax_rows", argmax_rows),
    ("reduce::all_finite", all_finite),
    ("norm::column_moments", column_moments),
    ("norm::masked_moments", masked_moments),
    ("norm::moving_average", moving_average),
    ("norm::normalize", normalize),
    ("norm::column_gradients", column_gradients),
    ("norm::backward", norm_backward),
    ("gather::rows", gather_rows),
    ("gather::columns", gather_columns),
];

/// Rows and columns, with more of the awkward ones on the side that a kernel's vectors run along.
pub(super) fn tables() -> Vec<(usize, usize)> {
    let long = SIZES.iter().flat_map(|&cols| [(1, cols), (3, cols)]);
    let tall = SIZES.iter().map(|&rows| (rows, 10));
    long.chain(tall).filter(|&(_, cols)| cols > 0).collect()
}

pub(super) fn probabilities(lane: u32, n: usize) -> Vec<f32> {
    numbers(lane, n, 0.0, 1.0)
}

/// Logits with some large ones among them.
pub(super) fn logits(n: usize) -> Vec<f32> {
    let mut x = numbers(1, n, -4.0, 4.0);
    for (i, x) in x.iter_mut().enumerate() {
        if i % 13 == 5 {
            *x *= 25.0;
        }
    }
    x
}

fn softmax_forward() -> Vec<Case> {
    let case = |(rows, cols)| {
        let x = logits(rows * cols);
        let wanted = made(rows * cols, |y| reference::softmax_forward(rows, cols, &wide(&x), y));
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                softmax::forward(part.len(), cols, &x[part.start * cols..part.end * cols], out[0]);
            }),
            tolerance: 2e-6,
        }
    };
    tables().into_iter().map(case).collect()
}

fn softmax_backward() -> Vec<Case> {
    let case = |(rows, cols)| {
        let d_y = around_zero(2, rows * cols);
        let mut y = vec![0.0; rows * cols];
        softmax::forward(rows, cols, &logits(rows * cols), &mut y);
        let wanted =
            made(rows * cols, |d| reference::softmax_backward(rows, cols, &wide(&y), &wide(&d_y), d));
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let at = part.start * cols..part.end * cols;
                softmax::backward(part.len(), cols, &y[at.clone()], &d_y[at], out[0]);
            }),
            tolerance: 2e-6,
        }
    };
    tables().into_iter().map(case).collect()
}

/// A kernel that makes one value of many.
fn of_value(value: fn(&[f32]) -> f64, twin: fn(&[f64]) -> f64) -> Vec<Case> {
    SIZES
        .map(|n| {
            let x = around_zero(1, n);
            let wanted = vec![twin(&wide(&x))];
            Case {
                label: format!("{n}"),
                cuts: 1,
                outputs: vec![Output::poisoned(wanted, 0)],
                run: Box::new(move |_, out| out[0][0] = value(&x) as f32),
                tolerance: 1e-6,
            }
        })
        .into()
}

fn sum() -> Vec<Case> {
    of_value(reduce::sum, reference::sum)
}

fn sum_squares() -> Vec<Case> {
    of_value(reduce::sum_squares, reference::sum_squares)
}

fn all_finite() -> Vec<Case> {
    let mut cases = Vec::new();
    for n in SIZES {
        let places = [None, Some(0), Some(n / 2), Some(n.saturating_sub(1))];
        for (place, bad) in places.into_iter().zip([0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY]) {
            let mut x = vec![f32::MAX; n];
            if let Some(x) = place.and_then(|at| x.get_mut(at)) {
                *x = bad;
            }
            let wanted = f64::from(u8::from(x.iter().all(|v| v.is_finite())));
            cases.push(Case {
                label: format!("{n} with {bad}"),
                cuts: 1,
                outputs: vec![Output::poisoned(vec![wanted], 0)],
                run: Box::new(move |_, out| out[0][0] = f32::from(u8::from(reduce::all_finite(&x)))),
                tolerance: 0.0,
            });
        }
    }
    cases
}

fn column_sums() -> Vec<Case> {
    let case = |(rows, cols)| {
        let x = around_zero(1, rows * cols);
        let wanted = made(cols, |out| reference::column_sums(rows, cols, &wide(&x), 0..cols, out));
        Case {
            label: format!("{rows} x {cols}"),
            cuts: cols,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| reduce::column_sums(rows, cols, &x, part, out[0])),
            tolerance: 1e-5,
        }
    };
    tables().into_iter().map(case).collect()
}

fn argmax_rows() -> Vec<Case> {
    let case = |(rows, cols)| {
        // Few different values, so that there are equal ones.
        let x: Vec<f32> = around_zero(1, rows * cols).iter().map(|v| (v * 4.0).round()).collect();
        let mut wanted = vec![0; rows];
        reference::argmax_rows(rows, cols, &wide(&x), &mut wanted);
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted.into_iter().map(f64::from).collect(), 1)],
            run: Box::new(move |part, out| {
                let mut best = vec![u32::MAX; part.len()];
                reduce::argmax_rows(part.len(), cols, &x[part.start * cols..part.end * cols], &mut best);
                for (out, best) in out[0].iter_mut().zip(best) {
                    *out = best as f32;
                }
            }),
            tolerance: 0.0,
        }
    };
    tables().into_iter().map(case).collect()
}

/// Tables with at least one row: no row has no mean.
fn batches() -> Vec<(usize, usize)> {
    tables().into_iter().filter(|&(rows, _)| rows > 0).collect()
}

fn column_moments() -> Vec<Case> {
    let case = |(rows, cols)| {
        let x = numbers(1, rows * cols, 8.0, 12.0);
        let (mut mean, mut variance) = (vec![0.0; cols], vec![0.0; cols]);
        reference::column_moments(rows, cols, &wide(&x), 0..cols, &mut mean, &mut variance);
        Case {
            label: format!("{rows} x {cols}"),
            cuts: cols,
            outputs: vec![Output::poisoned(mean, 1), Output::poisoned(variance, 1)],
            run: Box::new(move |part, out| {
                let [mean, variance] = out else { unreachable!("two outputs") };
                norm::column_moments(rows, cols, &x, part, mean, variance);
            }),
            tolerance: 1e-5,
        }
    };
    batches().into_iter().map(case).collect()
}

fn masked_moments() -> Vec<Case> {
    let case = |(rows, cols): (usize, usize), every: usize| {
        let x = numbers(1, rows * cols, 8.0, 12.0);
        let mask: Vec<f32> = (0..rows).map(|i| f32::from(u8::from(i % every > 0))).collect();
        let moments = |column| reference::masked_moments(cols, &wide(&x), &mask, column);
        let (mean, variance) = (0..cols).map(moments).unzip();
        Case {
            label: format!("{rows} x {cols}, one of {every} left out"),
            cuts: cols,
            outputs: vec![Output::poisoned(mean, 1), Output::poisoned(variance, 1)],
            run: Box::new(move |part, out| {
                let [mean, variance] = out else { unreachable!("two outputs") };
                norm::masked_moments(cols, &x, &mask, part, mean, variance);
            }),
            tolerance: 1e-5,
        }
    };
    batches().into_iter().flat_map(|size| [case(size, 3), case(size, 1)]).collect()
}

fn moving_average() -> Vec<Case> {
    SIZES
        .map(|n| {
            let (batch, before) = (around_zero(1, n), around_zero(2, n));
            let mut wanted = wide(&before);
            reference::moving_average(0.75, &wide(&batch), &mut wanted);
            Case {
                label: format!("{n}"),
                cuts: n,
                outputs: vec![Output::updated(before, wanted, 1)],
                run: Box::new(move |part, out| norm::moving_average(0.75, &batch[part], out[0])),
                tolerance: 1e-6,
            }
        })
        .into()
}

const EPSILON: f32 = 1e-3;

/// A batch with per-column numbers.
#[derive(Clone)]
struct Batch {
    x: Vec<f32>,
    mean: Vec<f32>,
    variance: Vec<f32>,
    gamma: Vec<f32>,
    beta: Vec<f32>,
    d_y: Vec<f32>,
}

fn batch(rows: usize, cols: usize) -> Batch {
    Batch {
        x: around_zero(1, rows * cols),
        mean: around_zero(2, cols),
        variance: numbers(3, cols, 0.1, 2.0),
        gamma: around_zero(4, cols),
        beta: around_zero(5, cols),
        d_y: around_zero(6, rows * cols),
    }
}

fn normalize() -> Vec<Case> {
    let case = |((rows, cols), with): ((usize, usize), bool)| {
        let b = batch(rows, cols);
        let wanted = made(rows * cols, |y| {
            let (gamma, beta) = (wide(&b.gamma), wide(&b.beta));
            let (gamma, beta) = (with.then_some(&gamma[..]), with.then_some(&beta[..]));
            let (x, mean, variance) = (wide(&b.x), wide(&b.mean), wide(&b.variance));
            reference::normalize(rows, cols, &x, &mean, &variance, EPSILON, gamma, beta, y);
        });
        Case {
            label: format!("{rows} x {cols}, gamma {with}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let x = &b.x[part.start * cols..part.end * cols];
                let (gamma, beta) = (with.then_some(&b.gamma[..]), with.then_some(&b.beta[..]));
                norm::normalize(part.len(), cols, x, &b.mean, &b.variance, EPSILON, gamma, beta, out[0]);
            }),
            tolerance: 2e-6,
        }
    };
    batches().into_iter().flat_map(|size| [(size, true), (size, false)]).map(case).collect()
}

fn column_gradients() -> Vec<Case> {
    let case = |(rows, cols)| {
        let b = batch(rows, cols);
        let (mut d_gamma, mut d_beta) = (vec![0.0; cols], vec![0.0; cols]);
        let (x, mean, variance, d_y) = (wide(&b.x), wide(&b.mean), wide(&b.variance), wide(&b.d_y));
        reference::normalize_column_gradients(
            rows,
            cols,
            &x,
            &mean,
            &variance,
            EPSILON,
            &d_y,
            0..cols,
            &mut d_gamma,
            &mut d_beta,
        );
        Case {
            label: format!("{rows} x {cols}"),
            cuts: cols,
            outputs: vec![Output::poisoned(d_gamma, 1), Output::poisoned(d_beta, 1)],
            run: Box::new(move |part, out| {
                let [d_gamma, d_beta] = out else { unreachable!("two outputs") };
                norm::column_gradients(
                    rows,
                    cols,
                    &b.x,
                    &b.mean,
                    &b.variance,
                    EPSILON,
                    &b.d_y,
                    part,
                    d_gamma,
                    d_beta,
                );
            }),
            tolerance: 2e-5,
        }
    };
    batches().into_iter().map(case).collect()
}

fn norm_backward() -> Vec<Case> {
    let case = |((rows, cols), with): ((usize, usize), bool)| {
        let b = batch(rows, cols);
        let (d_gamma, d_beta) = (around_zero(7, cols), around_zero(8, cols));
        let wanted = made(rows * cols, |d_x| {
            let gamma = wide(&b.gamma);
            let gamma = with.then_some(&gamma[..]);
            let (x, mean, variance, d_y) = (wide(&b.x), wide(&b.mean), wide(&b.variance), wide(&b.d_y));
            let (d_gamma, d_beta) = (wide(&d_gamma), wide(&d_beta));
            reference::normalize_backward(
                rows, cols, rows, &x, &mean, &variance, EPSILON, gamma, &d_gamma, &d_beta, &d_y, d_x,
            );
        });
        Case {
            label: format!("{rows} x {cols}, gamma {with}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let at = part.start * cols..part.end * cols;
                let (x, d_y) = (&b.x[at.clone()], &b.d_y[at]);
                let gamma = with.then_some(&b.gamma[..]);
                let columns = (&b.mean, &b.variance, &d_gamma, &d_beta);
                let (mean, variance, d_gamma, d_beta) = columns;
                norm::backward(
                    part.len(),
                    cols,
                    rows,
                    x,
                    mean,
                    variance,
                    EPSILON,
                    gamma,
                    d_gamma,
                    d_beta,
                    false,
                    d_y,
                    out[0],
                );
            }),
            tolerance: 1e-5,
        }
    };
    batches().into_iter().flat_map(|size| [(size, true), (size, false)]).map(case).collect()
}

fn gather_columns() -> Vec<Case> {
    let case = |(rows, cols): (usize, usize)| {
        let (first, stride) = (2, cols + 3);
        let source = around_zero(1, 5 * stride);
        let index: Vec<u32> = (0..rows as u32).map(|i| i * 3 % 5).collect();
        let element = |i: usize| source[index[i / cols] as usize * stride + first + i % cols];
        let wanted = (0..rows * cols).map(|i| f64::from(element(i))).collect();
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                gather::columns(&index[part], stride, first, cols, &source, out[0]);
            }),
            tolerance: 0.0,
        }
    };
    tables().into_iter().map(case).collect()
}

fn gather_rows() -> Vec<Case> {
    let case = |(rows, cols): (usize, usize)| {
        let source = around_zero(1, 5 * cols);
        let index: Vec<u32> = (0..rows as u32).map(|i| i * 3 % 5).collect();
        let mut wanted = vec![0.0; rows * cols];
        reference::gather_rows(&index, cols, &source, &mut wanted);
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wide(&wanted), cols)],
            run: Box::new(move |part, out| gather::rows(&index[part], cols, &source, out[0])),
            tolerance: 0.0,
        }
    };
    tables().into_iter().map(case).collect()
}
