//! What holds weights to a rule: constraints, and the orthogonality penalty.

use super::{Case, Entry, Output, SIZES, around_zero, made, wide};
use crate::constraint::{self, NormBounds};
use crate::{orthogonal, reference};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("constraint::bound_norms", bound_norms),
    ("constraint::non_negative", non_negative),
    ("orthogonal::penalty", orthogonal_penalty),
];

fn bound_norms() -> Vec<Case> {
    let mut cases = Vec::new();
    for bounds in [
        NormBounds { low: 0.0, high: 1.5, rate: 1.0 },
        NormBounds { low: 1.0, high: 1.0, rate: 1.0 },
        NormBounds { low: 2.0, high: 3.0, rate: 0.25 },
    ] {
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
