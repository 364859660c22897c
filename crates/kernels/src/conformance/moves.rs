//! Kernels that move values: masks, rearrangements, embeddings, enlargement. Cut by rows of the batch.

use super::{Case, Entry, Output, SIZES, around_zero, made, wide};
use crate::rearrange::NOWHERE;
use crate::{masking, rearrange, reference};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("masking::forward", mask_forward),
    ("masking::backward", mask_backward),
    ("masking::nonzero", nonzero),
    ("rearrange::forward", rearrange_forward),
    ("rearrange::backward", rearrange_backward),
];

/// Steps of `cols` values, every third of them all `value`.
fn steps(n: usize, cols: usize, value: f32) -> Vec<f32> {
    let mut x = around_zero(1, n * cols);
    x.chunks_mut(cols).step_by(3).for_each(|step| step.fill(value));
    x
}

fn mask_forward() -> Vec<Case> {
    let case = |n: usize, cols: usize, value: f32| {
        let x = steps(n, cols, value);
        let mut mask = vec![0.0; n];
        let y = made(n * cols, |y| reference::mask_forward(cols, f64::from(value), &wide(&x), y, &mut mask));
        Case {
            label: format!("{n} x {cols}"),
            cuts: n,
            outputs: vec![Output::poisoned(y, cols), Output::poisoned(mask, 1)],
            run: Box::new(move |part, out| {
                let [y, mask] = out else { panic!("two outputs") };
                masking::forward(cols, value, &x[part.start * cols..part.end * cols], y, mask);
            }),
            tolerance: 0.0,
        }
    };
    SIZES.iter().flat_map(|&n| [case(n, 1, 0.0), case(n, 5, -1.5)]).collect()
}

fn mask_backward() -> Vec<Case> {
    let case = |n: usize, cols: usize| {
        let mask: Vec<f32> = (0..n).map(|i| f32::from(u8::from(i % 3 > 0))).collect();
        let d_y = around_zero(2, n * cols);
        let wanted = made(n * cols, |d| reference::mask_backward(cols, &wide(&mask), &wide(&d_y), d));
        Case {
            label: format!("{n} x {cols}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let d_y = &d_y[part.start * cols..part.end * cols];
                masking::backward(cols, &mask[part], d_y, out[0]);
            }),
            tolerance: 0.0,
        }
    };
    SIZES.iter().flat_map(|&n| [case(n, 1), case(n, 5)]).collect()
}

fn nonzero() -> Vec<Case> {
    let case = |n: usize| {
        let tokens: Vec<f32> = (0..n).map(|i| (i % 4) as f32).collect();
        let wanted = tokens.iter().map(|&token| f64::from(u8::from(token != 0.0))).collect();
        Case {
            label: format!("{n}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| masking::nonzero(&tokens[part], out[0])),
            tolerance: 0.0,
        }
    };
    SIZES.into_iter().map(case).collect()
}

/// Axes, run, and the widths of a row of the input and of the output.
type Moves = (&'static str, Vec<Vec<u32>>, usize, usize, usize);

fn moves() -> Vec<Moves> {
    vec![
        ("transposed", vec![vec![0, 1, 2, 3, 4], vec![0, 5, 10]], 1, 15, 15),
        ("rows turned around", vec![vec![6, 4, 2, 0]], 2, 8, 8),
        ("repeated", vec![vec![0; 4]], 3, 3, 12),
        ("cropped", vec![vec![7, 14], vec![2, 3, 4]], 1, 28, 6),
        ("padded", vec![vec![NOWHERE, 0, 2, NOWHERE], vec![NOWHERE, 0, 1]], 1, 4, 12),
        ("enlarged", vec![vec![0, 0, 6, 6], vec![0, 0, 3, 3]], 3, 12, 48),
        ("one value", vec![vec![0]], 1, 1, 1),
    ]
}

fn rearrange_forward() -> Vec<Case> {
    let case = |rows: usize, (name, axes, run, from, to): Moves| {
        let x = around_zero(1, rows * from);
        let wanted = made(rows * to, |y| reference::rearrange_forward(&axes, run, (from, to), &wide(&x), y));
        Case {
            label: format!("{name}, {rows} rows"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, to)],
            run: Box::new(move |part, out| {
                rearrange::forward(&axes, run, from, to, &x[part.start * from..part.end * from], out[0]);
            }),
            tolerance: 0.0,
        }
    };
    [0, 1, 9].into_iter().flat_map(|rows| moves().into_iter().map(move |it| case(rows, it))).collect()
}

fn rearrange_backward() -> Vec<Case> {
    let case = |rows: usize, (name, axes, run, to, from): Moves| {
        let d_y = around_zero(1, rows * from);
        let wanted =
            made(rows * to, |d| reference::rearrange_backward(&axes, run, (to, from), &wide(&d_y), d));
        Case {
            label: format!("{name}, {rows} rows"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, to)],
            run: Box::new(move |part, out| {
                let d_y = &d_y[part.start * from..part.end * from];
                rearrange::backward(&axes, run, to, from, d_y, out[0]);
            }),
            tolerance: 1e-6,
        }
    };
    [0, 1, 9].into_iter().flat_map(|rows| moves().into_iter().map(move |it| case(rows, it))).collect()
}
