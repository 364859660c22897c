//! Normalization of rows and groups, the learned rectifier, noise.

use super::{Case, Entry, Output, SIZES, around_zero, made, wide};
use crate::rng::{Purpose, Stream};
use crate::{dropout, noise, norm, prelu, reference, row_norm};

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("row_norm::moments", moments),
    ("row_norm::normalize", normalize),
    ("row_norm::backward", backward),
    ("row_norm::column_gradients", column_gradients),
    ("norm::group_moments", group_moments),
    ("norm::group_sums", group_sums),
    ("prelu::forward", prelu_forward),
    ("prelu::backward", prelu_backward),
    ("prelu::alpha_gradient", alpha_gradient),
    ("noise::normal", normal),
    ("dropout::alpha", || of_alpha(reference::alpha_dropout, dropout::alpha)),
    ("dropout::alpha_backward", || of_alpha(reference::alpha_dropout_backward, dropout::alpha_backward)),
];

const EPSILON: f32 = 1e-3;

/// Rows and columns, centred or not.
fn tables() -> Vec<(usize, usize, bool)> {
    let long = SIZES.iter().flat_map(|&cols| [(1, cols), (3, cols)]);
    let tall = SIZES.iter().map(|&rows| (rows, 10));
    let all = long.chain(tall).filter(|&(_, cols)| cols > 0);
    all.enumerate().map(|(i, (rows, cols))| (rows, cols, i % 2 == 0)).collect()
}

/// Mean and inverse deviation of every row, in f32.
fn known_moments(x: &[f32], cols: usize, is_centred: bool) -> (Vec<f32>, Vec<f32>) {
    let moments = |row| reference::row_moments(row, is_centred, EPSILON);
    x.chunks_exact(cols).map(moments).unzip()
}

fn moments() -> Vec<Case> {
    let case = |(rows, cols, is_centred): (usize, usize, bool)| {
        let x = around_zero(1, rows * cols);
        let (mean, inverse) =
            wide(&x).chunks_exact(cols).map(|row| reference::row_moments(row, is_centred, EPSILON)).unzip();
        Case {
            label: format!("{rows} x {cols} {is_centred}"),
            cuts: rows,
            outputs: vec![Output::poisoned(mean, 1), Output::poisoned(inverse, 1)],
            run: Box::new(move |part, out| {
                let [mean, inverse] = out else { unreachable!("two outputs") };
                let x = &x[part.start * cols..part.end * cols];
                row_norm::moments(part.len(), cols, is_centred, x, EPSILON, mean, inverse);
            }),
            tolerance: 5e-6,
        }
    };
    tables().into_iter().map(case).collect()
}

fn normalize() -> Vec<Case> {
    let case = |(rows, cols, is_centred): (usize, usize, bool)| {
        let x = around_zero(1, rows * cols);
        let (gamma, beta) = (around_zero(2, cols), around_zero(3, cols));
        let wanted = made(rows * cols, |y| {
            let size = (rows, cols);
            reference::normalize_rows(size, is_centred, &wide(&x), EPSILON, &wide(&gamma), &wide(&beta), y);
        });
        let (mean, inverse) = known_moments(&x, cols, is_centred);
        Case {
            label: format!("{rows} x {cols} {is_centred}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let (mean, inverse) = (&mean[part.clone()], &inverse[part.clone()]);
                let x = &x[part.start * cols..part.end * cols];
                let (gamma, beta) = (Some(&gamma[..]), Some(&beta[..]));
                row_norm::normalize(part.len(), cols, x, mean, inverse, gamma, beta, out[0]);
            }),
            tolerance: 1e-5,
        }
    };
    tables().into_iter().map(case).collect()
}

/// What `normalize_rows_backward` gives for x and gamma.
fn gradients(
    (rows, cols, is_centred): (usize, usize, bool),
    x: &[f32],
    gamma: &[f32],
    d_y: &[f32],
) -> (Vec<f64>, Vec<f64>) {
    let mut d_gamma = vec![0.0; cols];
    let d_x = made(rows * cols, |d_x| {
        let (x, gamma, d_y) = (wide(x), wide(gamma), wide(d_y));
        let size = (rows, cols);
        reference::normalize_rows_backward(size, is_centred, &x, EPSILON, &gamma, &d_y, d_x, &mut d_gamma);
    });
    (d_x, d_gamma)
}

fn backward() -> Vec<Case> {
    let case = |size: (usize, usize, bool)| {
        let (rows, cols, is_centred) = size;
        let (x, d_y) = (around_zero(1, rows * cols), around_zero(4, rows * cols));
        let gamma = around_zero(2, cols);
        let (wanted, _) = gradients(size, &x, &gamma, &d_y);
        let (mean, inverse) = known_moments(&x, cols, is_centred);
        Case {
            label: format!("{rows} x {cols} {is_centred}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let (mean, inverse) = (&mean[part.clone()], &inverse[part.clone()]);
                let own = part.start * cols..part.end * cols;
                let (x, d_y) = (&x[own.clone()], &d_y[own]);
                row_norm::backward(part.len(), cols, is_centred, x, mean, inverse, Some(&gamma), d_y, out[0]);
            }),
            tolerance: 5e-5,
        }
    };
    tables().into_iter().map(case).collect()
}

fn column_gradients() -> Vec<Case> {
    let case = |size: (usize, usize, bool)| {
        let (rows, cols, is_centred) = size;
        let (x, d_y) = (around_zero(1, rows * cols), around_zero(4, rows * cols));
        let (_, wanted) = gradients(size, &x, &vec![1.0; cols], &d_y);
        let (mean, inverse) = known_moments(&x, cols, is_centred);
        Case {
            label: format!("{rows} x {cols} {is_centred}"),
            cuts: cols,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| {
                row_norm::column_gradients(rows, cols, &x, &mean, &inverse, &d_y, part, out[0]);
            }),
            tolerance: 5e-5,
        }
    };
    tables().into_iter().map(case).collect()
}

/// Pixels, channels and groups of one image.
const IMAGES: [(usize, usize, usize); 5] = [(1, 4, 2), (6, 12, 3), (7, 5, 5), (9, 8, 1), (64, 34, 17)];

/// The whole passes of a group normalization: its moments here, its gradient in `group_sums`.
fn group_moments() -> Vec<Case> {
    let case = |(pixels, channels, groups): (usize, usize, usize)| {
        let (x, gamma) = (around_zero(1, pixels * channels), around_zero(2, channels));
        let wanted = made(pixels * channels, |y| {
            reference::normalize_groups((pixels, channels, groups), &wide(&x), EPSILON, &wide(&gamma), y);
        });
        Case {
            label: format!("{pixels} x {channels} in {groups}"),
            cuts: 1,
            outputs: vec![Output::poisoned(wanted, 0)],
            run: Box::new(move |_, out| {
                let (mean, variance) = moments_of_groups(&x, pixels, channels, groups);
                let gamma = Some(&gamma[..]);
                norm::normalize(pixels, channels, &x, &mean, &variance, EPSILON, gamma, None, out[0]);
            }),
            tolerance: 1e-5,
        }
    };
    IMAGES.map(case).into()
}

fn moments_of_groups(x: &[f32], pixels: usize, channels: usize, groups: usize) -> (Vec<f32>, Vec<f32>) {
    let (mut mean, mut variance) = (vec![f32::NAN; channels], vec![f32::NAN; channels]);
    norm::column_moments(pixels, channels, x, 0..channels, &mut mean, &mut variance);
    norm::group_moments(groups, &mut mean, &mut variance);
    (mean, variance)
}

fn group_sums() -> Vec<Case> {
    let case = |(pixels, channels, groups): (usize, usize, usize)| {
        let n = pixels * channels;
        let (x, gamma, d_y) = (around_zero(1, n), around_zero(2, channels), around_zero(3, n));
        let wanted = made(n, |d_x| {
            let size = (pixels, channels, groups);
            let (x, gamma, d_y) = (wide(&x), wide(&gamma), wide(&d_y));
            reference::normalize_groups_backward(size, &x, EPSILON, &gamma, &d_y, d_x);
        });
        Case {
            label: format!("{pixels} x {channels} in {groups}"),
            cuts: 1,
            outputs: vec![Output::poisoned(wanted, 0)],
            run: Box::new(move |_, out| {
                let (mean, variance) = moments_of_groups(&x, pixels, channels, groups);
                let mut sums = vec![f32::NAN; 4 * channels];
                let (own, grouped) = sums.split_at_mut(2 * channels);
                let (d_gamma, d_beta) = own.split_at_mut(channels);
                let all = 0..channels;
                norm::column_gradients(
                    pixels, channels, &x, &mean, &variance, EPSILON, &d_y, all, d_gamma, d_beta,
                );
                let (tilt, level) = grouped.split_at_mut(channels);
                let scale = Some(&gamma[..]);
                norm::group_sums(groups, scale, d_gamma, tilt);
                norm::group_sums(groups, scale, d_beta, level);
                let of = pixels * channels / groups;
                norm::backward(
                    pixels, channels, of, &x, &mean, &variance, EPSILON, scale, tilt, level, true, &d_y,
                    out[0],
                );
            }),
            tolerance: 5e-5,
        }
    };
    IMAGES.map(case).into()
}

fn prelu_forward() -> Vec<Case> {
    let case = |(rows, cols, _): (usize, usize, bool)| {
        let (x, alpha) = (around_zero(1, rows * cols), around_zero(2, cols));
        let wanted = made(rows * cols, |y| reference::prelu(rows, cols, &wide(&x), &wide(&alpha), y));
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let x = &x[part.start * cols..part.end * cols];
                prelu::forward(part.len(), cols, x, &alpha, out[0]);
            }),
            tolerance: 1e-6,
        }
    };
    tables().into_iter().map(case).collect()
}

/// What `prelu_backward` gives for x and alpha.
fn prelu_gradients(rows: usize, cols: usize, x: &[f32], alpha: &[f32], d_y: &[f32]) -> (Vec<f64>, Vec<f64>) {
    let mut d_alpha = vec![0.0; cols];
    let d_x = made(rows * cols, |d| {
        reference::prelu_backward(rows, cols, &wide(x), &wide(alpha), &wide(d_y), d, &mut d_alpha);
    });
    (d_x, d_alpha)
}

fn prelu_backward() -> Vec<Case> {
    let case = |(rows, cols, _): (usize, usize, bool)| {
        let (x, d_y) = (around_zero(1, rows * cols), around_zero(3, rows * cols));
        let alpha = around_zero(2, cols);
        let (wanted, _) = prelu_gradients(rows, cols, &x, &alpha, &d_y);
        Case {
            label: format!("{rows} x {cols}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let own = part.start * cols..part.end * cols;
                prelu::backward(part.len(), cols, &x[own.clone()], &alpha, &d_y[own], out[0]);
            }),
            tolerance: 1e-6,
        }
    };
    tables().into_iter().map(case).collect()
}

fn alpha_gradient() -> Vec<Case> {
    let case = |(rows, cols, _): (usize, usize, bool)| {
        let (x, d_y) = (around_zero(1, rows * cols), around_zero(3, rows * cols));
        let (_, wanted) = prelu_gradients(rows, cols, &x, &around_zero(2, cols), &d_y);
        Case {
            label: format!("{rows} x {cols}"),
            cuts: cols,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| prelu::alpha_gradient(rows, cols, &x, &d_y, part, out[0])),
            tolerance: 1e-5,
        }
    };
    tables().into_iter().map(case).collect()
}

fn stream() -> Stream {
    Stream::new(5, Purpose::Dropout, 3)
}

fn normal() -> Vec<Case> {
    let case = |(n, is_factor, offset): (usize, bool, u64)| {
        let x = around_zero(1, n);
        let wanted = made(n, |y| reference::noise(&stream(), offset, 0.75, is_factor, &wide(&x), y));
        Case {
            label: format!("{n} {is_factor} from {offset}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| {
                let own = offset + part.start as u64;
                noise::normal(&stream(), own, 0.75, is_factor, &x[part], out[0]);
            }),
            tolerance: 5e-6,
        }
    };
    SIZES.iter().flat_map(|&n| [(n, false, 0), (n, true, (1 << 34) + 3)]).map(case).collect()
}

fn of_alpha(
    twin: fn(&Stream, u64, f32, &[f64], &mut [f64]),
    run: fn(&Stream, u64, f32, &[f32], &mut [f32]),
) -> Vec<Case> {
    let case = |(n, rate): (usize, f32)| {
        let x = around_zero(1, n);
        let wanted = made(n, |y| twin(&stream(), 7, rate, &wide(&x), y));
        Case {
            label: format!("{n} rate {rate}"),
            cuts: n,
            outputs: vec![Output::poisoned(wanted, 1)],
            run: Box::new(move |part, out| run(&stream(), 7 + part.start as u64, rate, &x[part], out[0])),
            tolerance: 2e-6,
        }
    };
    SIZES.iter().flat_map(|&n| [(n, 0.1), (n, 0.7)]).map(case).collect()
}
