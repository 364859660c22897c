//! What holds weights to a rule: constraints, and the orthogonality penalty.

use super::{Case, Entry, Output, SIZES, around_zero, made, wide};
use crate::constraint::{self, NormBounds};
use crate::{orthogonal, reference};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("constraint::bound_norms", bound_norms),
    ("constraint::bound_norms_apart", bound_norms_apart),
    ("constraint::non_negative", non_negative),
    ("orthogonal::penalty", orthogonal_penalty),
];

const BOUNDS: [NormBounds; 3] = [
    NormBounds { low: 0.0, high: 1.5, rate: 1.0 },
    NormBounds { low: 1.0, high: 1.0, rate: 1.0 },
    NormBounds { low: 2.0, high: 3.0, rate: 0.25 },
];

fn bound_norms() -> Vec<Case> {
    let mut cases = Vec::new();
    for bounds in BOUNDS {
        for (outer, axis, inner) in [(1, 17, 5), (1, 7, 19), (6, 13, 1), (3, 4, 9), (2, 1, 1)] {
            let before = around_zero(1, outer * axis * inner);
            let mut wanted = wide(&before);
            reference::bound_norms(&bounds, axis, inner, &mut wanted);
            cases.push(Case {
                label: format!("{bounds:?} {outer} x {axis} x {inner}"),
                cuts: outer,
                outputs: vec![Output::updated(before, wanted, axis * inner)],
                run: Box::new(move |_, out| constraint::bound_norms(&bounds, axis, inner, out[0])),
                tolerance: 1e-6,
            });
        }
    }
    cases
}

/// Of three axes the first and the last.
fn bound_norms_apart() -> Vec<Case> {
    let mut cases = Vec::new();
    for bounds in BOUNDS {
        for (first, middle, last) in [(3, 4, 5), (2, 1, 7), (1, 9, 1), (4, 3, 2)] {
            let before = around_zero(1, first * middle * last);
            let mut wanted = wide(&before);
            reference::bound_norms_apart(&bounds, &[first, middle, last], &[0, 2], &mut wanted);
            let starts: Vec<u32> = (0..middle).map(|m| (m * last) as u32).collect();
            let place = |step: usize| (step / last * middle * last + step % last) as u32;
            let steps: Vec<u32> = (0..first * last).map(place).collect();
            cases.push(Case {
                label: format!("{bounds:?} {first} x {middle} x {last}"),
                cuts: 1,
                outputs: vec![Output::updated(before, wanted, first * middle * last)],
                run: Box::new(move |part, out| {
                    if !part.is_empty() {
                        constraint::bound_norms_apart(&bounds, &starts, &steps, out[0]);
                    }
                }),
                tolerance: 1e-6,
            });
        }
    }
    cases
}

fn non_negative() -> Vec<Case> {
    SIZES
        .map(|n| {
            let before = around_zero(1, n);
            let mut wanted = wide(&before);
            reference::non_negative(&mut wanted);
            Case {
                label: format!("{n}"),
                cuts: n,
                outputs: vec![Output::updated(before, wanted, 1)],
                run: Box::new(|_, out| constraint::non_negative(out[0])),
                tolerance: 0.0,
            }
        })
        .into()
}

/// Its value and its gradient.
fn orthogonal_penalty() -> Vec<Case> {
    let mut cases = Vec::new();
    for by_rows in [true, false] {
        for (rows, cols) in [(1, 1), (1, 5), (5, 1), (3, 4), (9, 6), (17, 19)] {
            let w = around_zero(1, rows * cols);
            let size = (rows, cols);
            let value = reference::orthogonal_penalty(0.5, by_rows, size, &wide(&w));
            let gradient =
                made(w.len(), |d| reference::orthogonal_gradient(0.5, by_rows, size, &wide(&w), d));
            let outputs = vec![Output::poisoned(vec![value], 0), Output::poisoned(gradient, 0)];
            cases.push(Case {
                label: format!("by rows {by_rows}, {rows} x {cols}"),
                cuts: 1,
                outputs,
                run: Box::new(move |_, out| {
                    let mut work = vec![f32::NAN; orthogonal::work_len(by_rows, rows, cols)];
                    let [value, d_w] = out else { unreachable!("two outputs") };
                    value[0] = orthogonal::penalty(0.5, by_rows, (rows, cols), &w, d_w, &mut work) as f32;
                }),
                tolerance: 2e-6,
            });
        }
    }
    cases
}
