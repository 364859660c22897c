//! Gradients of the twins against central differences, in f64: that a twin's backward belongs to its forward. That the
//! kernels agree with their twins is the table's matter.

use super::elements::KINDS;
use super::losses::{TERMS, takes_shares};
use super::{around_zero, made, numbers, wide};
use crate::loss::{Overlap, Term};
use crate::reference;

const STEP: f64 = 1e-6;
const TOLERANCE: f64 = 1e-6;

/// Compares `gradient` with the central differences of `f` at `x`.
#[track_caller]
fn check(what: &str, x: &[f64], gradient: &[f64], f: impl Fn(&[f64]) -> f64) {
    assert_eq!(x.len(), gradient.len());
    let mut at = x.to_vec();
    for i in 0..x.len() {
        at[i] = x[i] + STEP;
        let above = f(&at);
        at[i] = x[i] - STEP;
        let below = f(&at);
        at[i] = x[i];
        let difference = (above - below) / (2.0 * STEP);
        let error = (difference - gradient[i]).abs() / (1.0 + difference.abs());
        assert!(error < TOLERANCE, "{what}: d[{i}] is {}, by differences {difference}", gradient[i]);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Off the kinks, all of which are at multiples of 1/4, by more than a step.
fn inputs(lane: u32, n: usize) -> Vec<f64> {
    let off = |x: &f64| if (x * 4.0 - (x * 4.0).round()).abs() < 0.01 { x + 0.1 } else { *x };
    wide(&around_zero(lane, n)).iter().map(off).collect()
}

#[test]
fn activations() {
    let (x, d_y) = (inputs(1, 64), inputs(2, 64));
    for kind in KINDS {
        let gradient = made(64, |d| reference::activation_backward(kind, &x, &d_y, d));
        check(&format!("{kind:?}"), &x, &gradient, |x| {
            dot(&made(64, |y| reference::activation_forward(kind, x, y)), &d_y)
        });
    }
}

#[test]
fn softmax() {
    let (rows, cols) = (4, 5);
    let (x, d_y) = (inputs(1, 20), inputs(2, 20));
    let y = made(20, |y| reference::softmax_forward(rows, cols, &x, y));
    let gradient = made(20, |d| reference::softmax_backward(rows, cols, &y, &d_y, d));
    check("softmax", &x, &gradient, |x| {
        dot(&made(20, |y| reference::softmax_forward(rows, cols, x, y)), &d_y)
    });
}

#[test]
fn log_softmax_sparsemax_and_glu() {
    type Twin = fn(usize, usize, &[f64], &mut [f64]);
    type Backward = fn(usize, usize, &[f64], &[f64], &mut [f64]);
    let (rows, cols) = (4, 5);
    let twins: [(&str, usize, bool, Twin, Backward); 3] = [
        ("log_softmax", 1, true, reference::log_softmax, reference::log_softmax_backward),
        ("sparsemax", 1, true, reference::sparsemax, reference::sparsemax_backward),
        ("glu", 2, false, reference::glu, reference::glu_backward),
    ];
    for (name, each, from_output, twin, backward) in twins {
        let (x, d_y) = (inputs(1, 20 * each), inputs(2, 20));
        let y = made(20, |y| twin(rows, cols, &x, y));
        let known = if from_output { &y } else { &x };
        let gradient = made(x.len(), |d| backward(rows, cols, known, &d_y, d));
        check(name, &x, &gradient, |x| dot(&made(20, |y| twin(rows, cols, x, y)), &d_y));
    }
}

#[test]
fn convolutions() {
    use crate::convolution::Convolution;
    let images = 2;
    for window in super::windows::windows(4) {
        for (groups, filters) in [(1, 3), (2, 4), (4, 8)] {
            let it = Convolution { window, groups, filters };
            let x = inputs(1, images * window.image_len());
            let kernel = inputs(2, it.patch_len() * filters);
            let d_y = inputs(3, images * window.positions() * filters);
            let forward = |x: &[f64], kernel: &[f64]| {
                dot(&made(d_y.len(), |y| reference::convolution(&it, images, x, kernel, None, y)), &d_y)
            };
            let d_x = made(x.len(), |d| reference::convolution_backward(&it, images, &kernel, &d_y, None, d));
            let d_kernel =
                made(kernel.len(), |d| reference::convolution_kernel_gradient(&it, images, &x, &d_y, d));
            check("x", &x, &d_x, |x| forward(x, &kernel));
            check("kernel", &kernel, &d_kernel, |kernel| forward(&x, kernel));
        }
    }
}

#[test]
fn pooling() {
    let images = 2;
    for window in super::windows::windows(3).into_iter().filter(|it| it.dilation == [1, 1]) {
        let x = inputs(1, images * window.image_len());
        let d_y = inputs(2, images * window.positions() * 3);
        let y = made(d_y.len(), |y| reference::max_pool(&window, images, &x, y));
        let largest = made(x.len(), |d| reference::max_pool_backward(&window, images, &x, &y, &d_y, d));
        check("max", &x, &largest, |x| {
            dot(&made(y.len(), |y| reference::max_pool(&window, images, x, y)), &d_y)
        });
        let average = made(x.len(), |d| reference::average_pool_backward(&window, images, &d_y, d));
        check("average", &x, &average, |x| {
            dot(&made(y.len(), |y| reference::average_pool(&window, images, x, y)), &d_y)
        });
    }
}

#[test]
fn losses() {
    type Twin = fn((usize, usize), &[f64], &[f64], f64, &mut [f64], &mut [f64]);
    type Sized<'a> = &'a dyn Fn(&[f64], &[f64], &mut [f64], &mut [f64]);
    let size = (4, 5);
    let x = inputs(1, 20);
    let outputs = wide(&numbers(3, 20, 0.05, 0.9));
    let numbers = wide(&numbers(2, 20, 0.1, 1.0));
    let one_hot = reference::one_hot(&[0.0, 4.0, 2.0, 2.0], 5);
    let factor = 0.25;
    let compare = |name: &str, x: &[f64], target: &[f64], twin: Sized<'_>| {
        let gradient = made(20, |d| twin(x, target, &mut [0.0; 4], d));
        check(name, x, &gradient, |x| {
            let mut rows = [0.0; 4];
            twin(x, target, &mut rows, &mut [0.0; 20]);
            factor * rows.iter().sum::<f64>()
        });
    };
    for target in [&numbers, &one_hot] {
        for kind in TERMS {
            // Percentages of nothing are beyond what differences can tell.
            if kind == Term::Percentage && target.contains(&0.0) {
                continue;
            }
            let x = if takes_shares(kind) { &outputs } else { &x };
            compare(&format!("{kind:?}"), x, target, &|x, t, l, d| {
                reference::mean_of_terms(kind, size, x, t, factor, l, d);
            });
        }
        let twins: [(&str, Twin, &[f64]); 5] = [
            ("crossentropy", reference::crossentropy, &x),
            (
                "focal",
                |s, x, t, f, l, d| reference::focal_crossentropy(0.25, 2.0, s, x, t, f, l, d),
                &outputs,
            ),
            (
                "generalized",
                |s, x, t, f, l, d| reference::generalized_crossentropy(0.7, s, x, t, f, l, d),
                &outputs,
            ),
            ("cosine", reference::cosine_similarity, &x),
            ("categorical hinge", reference::categorical_hinge, &x),
        ];
        for (name, twin, x) in twins {
            compare(name, x, target, &|x, t, l, d| twin(size, x, t, factor, l, d));
        }
        for overlap in [Overlap::DICE, Overlap { alpha: 0.3, beta: 0.8, epsilon: 1e-7 }] {
            compare("overlap", &outputs, target, &|x, t, l, d| {
                l[0] = reference::overlap(overlap, x, t, factor, d);
            });
        }
    }
}

#[test]
fn batch_normalization() {
    let (rows, cols) = (6, 3);
    let n = rows * cols;
    let (x, gamma, beta, d_y) = (inputs(1, n), inputs(2, cols), inputs(3, cols), inputs(4, n));
    let epsilon = 1e-3;
    let moments = |x: &[f64]| {
        let (mut mean, mut variance) = (vec![0.0; cols], vec![0.0; cols]);
        reference::column_moments(rows, cols, x, 0..cols, &mut mean, &mut variance);
        (mean, variance)
    };
    let value = |x: &[f64], gamma: &[f64], beta: &[f64]| {
        let (mean, variance) = moments(x);
        dot(
            &made(n, |y| {
                reference::normalize(rows, cols, x, &mean, &variance, epsilon, Some(gamma), Some(beta), y);
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
        epsilon,
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
            epsilon,
            Some(&gamma),
            &d_gamma,
            &d_beta,
            &d_y,
            d_x,
        );
    });
    check("x", &x, &d_x, |x| value(x, &gamma, &beta));
    check("gamma", &gamma, &d_gamma, |gamma| value(&x, gamma, &beta));
    check("beta", &beta, &d_beta, |beta| value(&x, &gamma, beta));
}

#[test]
fn row_normalization() {
    let (rows, cols) = (4, 5);
    let (x, gamma, beta, d_y) = (inputs(1, 20), inputs(2, cols), inputs(3, cols), inputs(4, 20));
    for is_centred in [true, false] {
        let value = |x: &[f64], gamma: &[f64]| {
            let forward =
                |y: &mut [f64]| reference::normalize_rows((rows, cols), is_centred, x, 1e-3, gamma, &beta, y);
            dot(&made(20, forward), &d_y)
        };
        let mut d_gamma = vec![0.0; cols];
        let d_x = made(20, |d_x| {
            let size = (rows, cols);
            reference::normalize_rows_backward(size, is_centred, &x, 1e-3, &gamma, &d_y, d_x, &mut d_gamma);
        });
        check("x", &x, &d_x, |x| value(x, &gamma));
        check("gamma", &gamma, &d_gamma, |gamma| value(&x, gamma));
    }
}

#[test]
fn learned_rectifier() {
    let (rows, cols) = (4, 5);
    let (x, alpha, d_y) = (inputs(1, 20), inputs(2, cols), inputs(3, 20));
    let mut d_alpha = vec![0.0; cols];
    let d_x = made(20, |d_x| {
        reference::prelu_backward(rows, cols, &x, &alpha, &d_y, d_x, &mut d_alpha);
    });
    let value =
        |x: &[f64], alpha: &[f64]| dot(&made(20, |y| reference::prelu(rows, cols, x, alpha, y)), &d_y);
    check("x", &x, &d_x, |x| value(x, &alpha));
    check("alpha", &alpha, &d_alpha, |alpha| value(&x, alpha));
}

#[test]
fn penalties() {
    let w = inputs(1, 20);
    let gradient = made(20, |d| reference::penalty_gradient(0.25, 0.5, &w, d));
    check("penalty", &w, &gradient, |w| reference::penalty(0.25, 0.5, w));
}

#[test]
fn products() {
    use crate::activation::Activation;
    use crate::gemm::Beta;
    // y = x w: d_x = d_y w^T (nt) and d_w = x^T d_y (tn).
    let (m, n, k) = (3, 4, 5);
    let (x, w, d_y) = (inputs(1, m * k), inputs(2, k * n), inputs(3, m * n));
    let product = |size, a: &dyn Fn(usize, usize) -> f64, b: &dyn Fn(usize, usize) -> f64| {
        let (rows, cols, _) = size;
        made(rows * cols, |c| {
            reference::gemm(size, a, b, c, cols, Beta::Zero, None, Activation::Linear);
        })
    };
    let forward =
        |x: &[f64], w: &[f64]| dot(&product((m, n, k), &|i, p| x[i * k + p], &|p, j| w[p * n + j]), &d_y);
    let d_x = product((m, k, n), &|i, p| d_y[i * n + p], &|p, j| w[j * n + p]);
    let d_w = product((k, n, m), &|i, p| x[p * k + i], &|p, j| d_y[p * n + j]);
    check("x", &x, &d_x, |x| forward(x, &w));
    check("w", &w, &d_w, |w| forward(&x, w));
}

#[test]
fn moves() {
    use crate::rearrange::NOWHERE;
    let axes = [vec![NOWHERE, 0, 0, 4], vec![2, 0]];
    let (run, size) = (2, (8, 16));
    let (x, d_y) = (inputs(1, 16), inputs(2, 32));
    let d_x = made(16, |d| reference::rearrange_backward(&axes, run, size, &d_y, d));
    check("x", &x, &d_x, |x| dot(&made(32, |y| reference::rearrange_forward(&axes, run, size, x, y)), &d_y));

    let (curve, size, factors) = (crate::enlarge::Curve::Cubic, [3, 2, 2], [2, 3]);
    let (x, d_y) = (inputs(1, 12), inputs(2, 72));
    let d_x = made(12, |d| reference::enlarge_backward(curve, size, factors, &d_y, d));
    check("enlarged x", &x, &d_x, |x| {
        dot(&made(72, |y| reference::enlarge(curve, size, factors, x, y)), &d_y)
    });

    let (tokens, table, d_y) = ([2.0, 0.0, 2.0, 1.0], inputs(1, 9), inputs(2, 12));
    let d_table = made(9, |d| reference::table_gradient(3, &tokens, &d_y, d));
    check("table", &table, &d_table, |table| {
        dot(&made(12, |y| reference::embedding(3, table, &tokens, y)), &d_y)
    });

    let (a, b, d_y) = (inputs(1, 20), inputs(2, 20), inputs(3, 20));
    for largest in [true, false] {
        let d_a = made(20, |d| reference::extreme_gradient(largest, &a, &b, &d_y, d));
        check("extreme", &a, &d_a, |a| dot(&made(20, |y| reference::extreme(largest, a, &b, y)), &d_y));
    }

    let (x, d_y) = (inputs(1, 20), inputs(2, 20));
    let d_x = made(20, |d| reference::unit_backward(5, &x, &d_y, d));
    check("unit", &x, &d_x, |x| dot(&made(20, |y| reference::unit(5, 1e-7, x, y)), &d_y));
}
