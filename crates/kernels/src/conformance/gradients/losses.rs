//! Losses: the value of each row times a factor, and its gradient.

use super::{Check, inputs, made};
use crate::conformance::losses::{CIRCLES, LABELS, TERMS, crowd, takes_shares};
use crate::conformance::{numbers, wide};
use crate::loss::{Overlap, Term};
use crate::reference;

const SIZE: (usize, usize) = (4, 5);
const FACTOR: f64 = 0.25;

/// Outputs of any size, and between 0 and 1.
fn any() -> Vec<f64> {
    inputs(1, 20)
}

fn shares() -> Vec<f64> {
    wide(&numbers(3, 20, 0.05, 0.9))
}

/// Targets that are numbers, and classes.
fn targets() -> [Vec<f64>; 2] {
    [wide(&numbers(2, 20, 0.1, 1.0)), reference::one_hot(&[0.0, 4.0, 2.0, 2.0], 5)]
}

/// Compares a twin that is given outputs, targets, and room for the rows' losses and for the gradient.
fn compare(
    check: &mut Check,
    what: &str,
    x: &[f64],
    target: &[f64],
    twin: impl Fn(&[f64], &[f64], &mut [f64], &mut [f64]),
) {
    let gradient = made(20, |d| twin(x, target, &mut [0.0; 4], d));
    check.agree(what, x, &gradient, |x| {
        let mut rows = [0.0; 4];
        twin(x, target, &mut rows, &mut [0.0; 20]);
        rows.map(|row| FACTOR * row).to_vec()
    });
}

pub(super) fn terms(check: &mut Check) {
    for target in targets() {
        for kind in TERMS {
            // Percentages of nothing are beyond what differences can tell.
            if kind == Term::Percentage && target.contains(&0.0) {
                continue;
            }
            let x = if takes_shares(kind) { shares() } else { any() };
            compare(check, &format!("{kind:?}"), &x, &target, |x, t, l, d| {
                reference::mean_of_terms(kind, SIZE, x, t, FACTOR, l, d);
            });
        }
    }
}

pub(super) fn crossentropy(check: &mut Check) {
    for target in targets() {
        compare(check, "logits", &any(), &target, |x, t, l, d| {
            reference::crossentropy(SIZE, x, t, FACTOR, l, d);
        });
    }
}

pub(super) fn focal(check: &mut Check) {
    let each: Vec<f32> = (1..=SIZE.1).map(|class| 0.3 * class as f32).collect();
    for alpha in [&[0.25], each.as_slice()] {
        for target in targets() {
            compare(check, "probabilities", &shares(), &target, |x, t, l, d| {
                reference::focal_crossentropy(alpha, 2.0, SIZE, x, t, FACTOR, l, d);
            });
        }
    }
}

pub(super) fn generalized(check: &mut Check) {
    for target in targets() {
        compare(check, "probabilities", &shares(), &target, |x, t, l, d| {
            reference::generalized_crossentropy(0.7, SIZE, x, t, FACTOR, l, d);
        });
    }
}

pub(super) fn cosine(check: &mut Check) {
    for target in targets() {
        compare(check, "x", &any(), &target, |x, t, l, d| {
            reference::cosine_similarity(SIZE, x, t, FACTOR, l, d);
        });
    }
}

pub(super) fn categorical_hinge(check: &mut Check) {
    for target in targets() {
        compare(check, "x", &any(), &target, |x, t, l, d| {
            reference::categorical_hinge(SIZE, x, t, FACTOR, l, d);
        });
    }
}

pub(super) fn overlap(check: &mut Check) {
    for target in targets() {
        for overlap in [Overlap::DICE, Overlap { alpha: 0.3, beta: 0.8, epsilon: 1e-7 }] {
            compare(check, &format!("{overlap:?}"), &shares(), &target, |x, t, l, d| {
                l[0] = reference::overlap(overlap, x, t, FACTOR, d);
            });
        }
    }
}

pub(super) fn circle(check: &mut Check) {
    let (rows, cols) = (11, 4);
    let (x, class) = crowd(rows, cols);
    // A little shorter than 1: a row of length 1 is where its distance from itself ends, a kink.
    let x: Vec<f64> = wide(&x).iter().map(|x| 0.9 * x).collect();
    let (class, weight) = (wide(&class), wide(&numbers(4, rows, 0.5, 2.0)));
    for circle in CIRCLES {
        let gradient = made(x.len(), |d| reference::circle_gradient(circle, cols, &x, &class, &weight, d));
        check.agree(&format!("{circle:?}"), &x, &gradient, |x| {
            let losses = reference::circle(circle, cols, x, &class);
            losses.iter().zip(&weight).map(|((loss, _), weight)| loss * weight).collect()
        });
    }
}

pub(super) fn ctc(check: &mut Check) {
    let classes = 3;
    for labels in LABELS {
        let labels: Vec<f64> = wide(&labels).into_iter().filter(|&label| label != 0.0).collect();
        let x = wide(&numbers(1, 5 * classes, -3.0, 3.0));
        let gradient = made(x.len(), |d| reference::ctc_gradient(classes, &x, &labels, d));
        check.agree(&format!("{labels:?}"), &x, &gradient, |x| vec![reference::ctc(classes, x, &labels)]);
    }
}
