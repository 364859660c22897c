//! Kernels that move values and join tensors: masks, rearrangements, embeddings, enlargement, differences and extremes.

use super::{Case, Entry, Output, SIZES, around_zero, made, wide};
use crate::enlarge::{Axis, Curve};
use crate::rearrange::NOWHERE;
use crate::{elementwise, embedding, enlarge, masking, rearrange, reference, unit};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("masking::forward", mask_forward),
    ("masking::backward", mask_backward),
    ("masking::nonzero", nonzero),
    ("masking::mean", masked_mean),
    ("masking::mean_backward", masked_mean_backward),
    ("elementwise::sub", sub),
    ("elementwise::extreme", extreme),
    ("elementwise::extreme_gradient", extreme_gradient),
    ("embedding::forward", embedding),
    ("embedding::table_gradient", table_gradient),
    ("enlarge::forward", enlarge_forward),
    ("enlarge::backward", enlarge_backward),
    ("rearrange::forward", rearrange_forward),
    ("rearrange::backward", rearrange_backward),
    ("unit::forward", unit_forward),
    ("unit::backward", unit_backward),
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

/// Rows of steps and columns.
const MEANS: [(usize, usize, usize); 5] = [(1, 1, 1), (2, 3, 1), (5, 4, 7), (9, 6, 33), (0, 2, 3)];

/// Rows of which some have no step that counts, some all.
fn means_mask(rows: usize, steps: usize) -> Vec<f32> {
    let counts = |i: usize| !(i / steps + i % steps).is_multiple_of(3) && i / steps % 4 != 1;
    (0..rows * steps).map(|i| f32::from(u8::from(counts(i) || i / steps == 4))).collect()
}

fn masked_mean() -> Vec<Case> {
    let case = |(rows, steps, cols): (usize, usize, usize)| {
        let (mask, x) = (means_mask(rows, steps), around_zero(1, rows * steps * cols));
        let wanted = made(rows * cols, |y| reference::masked_mean(steps, cols, &wide(&mask), &wide(&x), y));
        Case {
            label: format!("{rows} x {steps} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let own = part.start * steps..part.end * steps;
                let x = &x[own.start * cols..own.end * cols];
                masking::mean(steps, cols, &mask[own], x, out[0]);
            }),
            tolerance: 2e-6,
        }
    };
    MEANS.map(case).into()
}

fn masked_mean_backward() -> Vec<Case> {
    let case = |(rows, steps, cols): (usize, usize, usize)| {
        let (mask, d_y) = (means_mask(rows, steps), around_zero(2, rows * cols));
        let wanted = made(rows * steps * cols, |d| {
            reference::masked_mean_backward(steps, cols, &wide(&mask), &wide(&d_y), d);
        });
        Case {
            label: format!("{rows} x {steps} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, steps * cols)],
            run: Box::new(move |part, out| {
                let d_y = &d_y[part.start * cols..part.end * cols];
                masking::mean_backward(steps, cols, &mask[part.start * steps..part.end * steps], d_y, out[0]);
            }),
            tolerance: 1e-6,
        }
    };
    MEANS.map(case).into()
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

/// Two tensors with some values that are alike.
fn pair(n: usize) -> (Vec<f32>, Vec<f32>) {
    let (a, mut b) = (around_zero(1, n), around_zero(2, n));
    b.iter_mut().zip(&a).step_by(4).for_each(|(b, &a)| *b = a);
    (a, b)
}

fn sub() -> Vec<Case> {
    let case = |n: usize| {
        let (a, b) = pair(n);
        let wanted = wide(&a).iter().zip(wide(&b)).map(|(a, b)| a - b).collect();
        Case {
            label: format!("{n}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| elementwise::sub(&a[part.clone()], &b[part], out[0])),
            tolerance: 1e-6,
        }
    };
    SIZES.into_iter().map(case).collect()
}

fn extreme() -> Vec<Case> {
    let case = |n: usize, largest: bool| {
        let (a, b) = pair(n);
        let wanted = made(n, |y| reference::extreme(largest, &wide(&a), &wide(&b), y));
        Case {
            label: format!("{n} {largest}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| {
                elementwise::extreme(largest, &a[part.clone()], &b[part], out[0]);
            }),
            tolerance: 0.0,
        }
    };
    SIZES.iter().flat_map(|&n| [case(n, true), case(n, false)]).collect()
}

fn extreme_gradient() -> Vec<Case> {
    let case = |n: usize, largest: bool| {
        let ((a, b), d_y) = (pair(n), around_zero(3, n));
        let wanted = made(n, |d| reference::extreme_gradient(largest, &wide(&a), &wide(&b), &wide(&d_y), d));
        Case {
            label: format!("{n} {largest}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| {
                let (a, b, d_y) = (&a[part.clone()], &b[part.clone()], &d_y[part]);
                elementwise::extreme_gradient(largest, a, b, d_y, out[0]);
            }),
            tolerance: 0.0,
        }
    };
    SIZES.iter().flat_map(|&n| [case(n, true), case(n, false)]).collect()
}

/// Tokens below 11.
fn tokens(n: usize) -> Vec<f32> {
    (0..n).map(|i| (i * i % 11) as f32).collect()
}

fn embedding() -> Vec<Case> {
    let case = |n: usize, cols: usize| {
        let (table, tokens) = (around_zero(1, 11 * cols), tokens(n));
        let wanted = made(n * cols, |y| reference::embedding(cols, &wide(&table), &tokens, y));
        Case {
            label: format!("{n} x {cols}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| embedding::forward(cols, &table, &tokens[part], out[0])),
            tolerance: 0.0,
        }
    };
    SIZES.iter().flat_map(|&n| [case(n, 1), case(n, 5)]).collect()
}

fn table_gradient() -> Vec<Case> {
    let case = |n: usize, cols: usize| {
        let (d_y, tokens) = (around_zero(1, n * cols), tokens(n));
        let wanted = made(11 * cols, |d| reference::table_gradient(cols, &tokens, &wide(&d_y), d));
        Case {
            label: format!("{n} x {cols}"),
            cuts: 11,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| embedding::table_gradient(cols, &tokens, &d_y, part, out[0])),
            tolerance: 1e-5,
        }
    };
    SIZES.iter().flat_map(|&n| [case(n, 1), case(n, 5)]).collect()
}

/// Sizes of images with factors: one pixel, one line, odd factors.
const IMAGES: [([usize; 3], [usize; 2]); 4] =
    [([1, 1, 1], [2, 3]), ([1, 4, 2], [1, 2]), ([3, 2, 5], [3, 2]), ([4, 9, 3], [2, 2])];

/// Every image with every curve.
fn enlargements() -> Vec<(Curve, [usize; 3], [usize; 2])> {
    let curves = [Curve::Linear, Curve::Cubic, Curve::Lanczos(3), Curve::Lanczos(5)];
    curves.into_iter().flat_map(|curve| IMAGES.map(|(size, factors)| (curve, size, factors))).collect()
}

fn axes(curve: Curve, size: [usize; 3], factors: [usize; 2]) -> [Axis; 2] {
    [0, 1].map(|axis| Axis::new(curve, size[axis], factors[axis]))
}

fn enlarge_forward() -> Vec<Case> {
    let case = |(curve, size, factors): (Curve, [usize; 3], [usize; 2])| {
        let (rows, image) = (5, size.iter().product::<usize>());
        let axes = axes(curve, size, factors);
        let larger = image * factors[0] * factors[1];
        let x = around_zero(1, rows * image);
        let wanted = made(rows * larger, |y| reference::enlarge(curve, size, factors, &wide(&x), y));
        Case {
            label: format!("{curve:?}, {size:?} by {factors:?}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, larger)],
            run: Box::new(move |part, out| {
                let [down, across] = &axes;
                enlarge::forward([down, across], size[2], &x[part.start * image..part.end * image], out[0]);
            }),
            tolerance: 1e-6,
        }
    };
    enlargements().into_iter().map(case).collect()
}

fn enlarge_backward() -> Vec<Case> {
    let case = |(curve, size, factors): (Curve, [usize; 3], [usize; 2])| {
        let (rows, image) = (5, size.iter().product::<usize>());
        let axes = axes(curve, size, factors);
        let larger = image * factors[0] * factors[1];
        let d_y = around_zero(1, rows * larger);
        let wanted =
            made(rows * image, |d| reference::enlarge_backward(curve, size, factors, &wide(&d_y), d));
        Case {
            label: format!("{curve:?}, {size:?} by {factors:?}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, image)],
            run: Box::new(move |part, out| {
                let [down, across] = &axes;
                enlarge::backward(
                    [down, across],
                    size[2],
                    &d_y[part.start * larger..part.end * larger],
                    out[0],
                );
            }),
            tolerance: 1e-5,
        }
    };
    enlargements().into_iter().map(case).collect()
}

fn unit_forward() -> Vec<Case> {
    let case = |rows: usize, cols: usize| {
        let mut x = around_zero(1, rows * cols);
        x.iter_mut().take(cols).for_each(|x| *x *= 1e-4);
        let wanted = made(rows * cols, |y| reference::unit(cols, 0.01, &wide(&x), y));
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                unit::forward(cols, 0.01, &x[part.start * cols..part.end * cols], out[0]);
            }),
            tolerance: 1e-6,
        }
    };
    SIZES.iter().flat_map(|&n| [case(n, 1), case(n, 6)]).collect()
}

fn unit_backward() -> Vec<Case> {
    let case = |rows: usize, cols: usize| {
        let (x, d_y) = (around_zero(1, rows * cols), around_zero(2, rows * cols));
        let wanted = made(rows * cols, |d| reference::unit_backward(cols, &wide(&x), &wide(&d_y), d));
        let mut y = vec![0.0; rows * cols];
        unit::forward(cols, 1e-7, &x, &mut y);
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let own = part.start * cols..part.end * cols;
                unit::backward(cols, 1e-7, &x[own.clone()], &y[own.clone()], &d_y[own], out[0]);
            }),
            tolerance: 2e-5,
        }
    };
    SIZES.iter().flat_map(|&n| [case(n, 6)]).collect()
}
