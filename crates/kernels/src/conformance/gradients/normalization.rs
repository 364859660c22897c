//! Normalization by batches, rows and groups.

use super::{Check, inputs, made, times};
use crate::reference;

const EPSILON: f32 = 1e-3;

pub(super) fn batches(check: &mut Check) {
    let (rows, cols) = (6, 3);
    let n = rows * cols;
    let (x, gamma, beta, d_y) = (inputs(1, n), inputs(2, cols), inputs(3, cols), inputs(4, n));
    let moments = |x: &[f64]| {
        let (mut mean, mut variance) = (vec![0.0; cols], vec![0.0; cols]);
        reference::column_moments(rows, cols, x, 0..cols, &mut mean, &mut variance);
        (mean, variance)
    };
    let value = |x: &[f64], gamma: &[f64], beta: &[f64]| {
        let (mean, variance) = moments(x);
        times(
            &made(n, |y| {
                reference::normalize(rows, cols, x, &mean, &variance, EPSILON, Some(gamma), Some(beta), y);
            }),
            &d_y,
        )
    };
    let (mean, variance) = moments(&x);
    let (mut d_gamma, mut d_beta) = (vec![0.0; cols], vec![0.0; cols]);
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
    let d_x = made(n, |d_x| {
        // d_gamma and d_beta of hat alone: the gradient with respect to x is linear in gamma, per column.
        reference::normalize_backward(
            rows,
            cols,
            rows,
            &x,
            &mean,
            &variance,
            EPSILON,
            Some(&gamma),
            &d_gamma,
            &d_beta,
            &d_y,
            d_x,
        );
    });
    check.agree("x", &x, &d_x, |x| value(x, &gamma, &beta));
    check.agree("gamma", &gamma, &d_gamma, |gamma| value(&x, gamma, &beta));
    check.agree("beta", &beta, &d_beta, |beta| value(&x, &gamma, beta));
}

pub(super) fn rows(check: &mut Check) {
    let (rows, cols) = (4, 5);
    let (x, gamma, beta, d_y) = (inputs(1, 20), inputs(2, cols), inputs(3, cols), inputs(4, 20));
    for is_centred in [true, false] {
        let size = (rows, cols);
        let value = |x: &[f64], gamma: &[f64]| {
            let forward =
                |y: &mut [f64]| reference::normalize_rows(size, is_centred, x, EPSILON, gamma, &beta, y);
            times(&made(20, forward), &d_y)
        };
        let mut d_gamma = vec![0.0; cols];
        let d_x = made(20, |d_x| {
            let it = (size, is_centred);
            reference::normalize_rows_backward(it.0, it.1, &x, EPSILON, &gamma, &d_y, d_x, &mut d_gamma);
        });
        check.agree("x", &x, &d_x, |x| value(x, &gamma));
        check.agree("gamma", &gamma, &d_gamma, |gamma| value(&x, gamma));
    }
}

pub(super) fn groups(check: &mut Check) {
    for (pixels, channels, groups) in [(6, 4, 2), (5, 3, 3), (4, 6, 1), (2, 6, 2)] {
        let (n, size) = (pixels * channels, (pixels, channels, groups));
        let (x, gamma, d_y) = (inputs(1, n), inputs(2, channels), inputs(3, n));
        let d_x = made(n, |d| reference::normalize_groups_backward(size, &x, EPSILON, &gamma, &d_y, d));
        check.agree(&format!("{size:?}"), &x, &d_x, |x| {
            times(&made(n, |y| reference::normalize_groups(size, x, EPSILON, &gamma, y)), &d_y)
        });
    }
}
