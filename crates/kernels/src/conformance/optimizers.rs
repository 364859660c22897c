//! Optimizers: kernels that may be cut anywhere.

use super::elements::of_update;
use super::{Case, Entry, Output, SIZES, around_zero, numbers, wide};
use crate::optimizer::{self, Adam, Before, Ftrl, RmsProp};
use crate::reference;

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("optimizer::sgd", sgd),
    ("optimizer::sgd_momentum", sgd_momentum),
    ("optimizer::lion", lion),
    ("optimizer::rmsprop", rmsprop),
    ("optimizer::adam", adam),
    ("optimizer::adam_amsgrad", adam_amsgrad),
    ("optimizer::adamax", adamax),
    ("optimizer::nadam", nadam),
    ("optimizer::adagrad", adagrad),
    ("optimizer::adadelta", adadelta),
    ("optimizer::ftrl", ftrl),
    ("optimizer::lamb_moments", lamb_moments),
    ("optimizer::lamb_squares", lamb_squares),
    ("optimizer::lamb", lamb),
    ("optimizer::muon_momentum", muon_momentum),
    ("optimizer::adafactor_rows", adafactor_rows),
    ("optimizer::adafactor_columns", adafactor_columns),
    ("optimizer::adafactor_vector", adafactor_vector),
    ("optimizer::adafactor_squares", adafactor_squares),
    ("optimizer::adafactor", adafactor),
    ("optimizer::decay", decay),
    ("optimizer::clip_values", clip_values),
    ("optimizer::accumulate", accumulate),
    ("optimizer::average", average),
];

/// Numbers for the optimizers that are like Adam.
const SETTINGS: Adam = Adam { beta_1: 0.75, beta_2: 0.875, epsilon: 1e-3 };

/// An elementwise rule on weights, so many slots and the gradient, in this order: with and without clipping and decay. What is
/// finite must be called so, and the old weights must be where the gradient was.
fn of_rule(
    label: &str,
    slots: usize,
    positive: bool,
    twin: impl Fn(&[f64], &mut [Vec<f64>]) + Clone,
    run: impl Fn(Before, &mut [f32], &mut [&mut [f32]]) -> bool + Clone + 'static,
) -> Vec<Case> {
    let case = |before: Before| {
        let (twin, run) = (twin.clone(), run.clone());
        of_update(
            &format!("{label} {before:?}"),
            slots + 2,
            positive,
            move |_, updated| {
                let [rest @ .., g] = updated else { unreachable!("a gradient") };
                let old = rest[0].clone();
                reference::scale(f64::from(before.scale), g);
                reference::decay(f64::from(before.decay), &mut rest[0]);
                twin(g, rest);
                *g = old;
            },
            move |_, updated| {
                let [rest @ .., g] = updated else { unreachable!("a gradient") };
                assert!(run(before, g, rest), "all is finite");
            },
        )
    };
    let more = Before { scale: 0.5, decay: 0.0625 };
    [case(Before::NOTHING), case(more)].into_iter().flatten().collect()
}

fn sgd() -> Vec<Case> {
    of_rule(
        "",
        0,
        false,
        |g, w| reference::sgd(0.125, &mut w[0], g),
        |before, g, w| optimizer::sgd(0.125, before, w[0], g),
    )
}

fn sgd_momentum() -> Vec<Case> {
    let case = |nesterov: bool| {
        of_rule(
            if nesterov { "nesterov" } else { "momentum" },
            1,
            false,
            move |g, s| {
                let [w, v] = s else { unreachable!("two slices") };
                reference::sgd_momentum(0.125, 0.75, nesterov, w, g, v);
            },
            move |before, g, s| {
                let [w, v] = s else { unreachable!("two slices") };
                optimizer::sgd_momentum(0.125, 0.75, nesterov, before, w, g, v)
            },
        )
    };
    [case(false), case(true)].into_iter().flatten().collect()
}

fn rmsprop() -> Vec<Case> {
    let mut cases = Vec::new();
    for centered in [false, true] {
        for momentum in [0.0, 0.5] {
            // Epsilon keeps v - a^2, which these random moments may make negative, above 0.
            let settings = RmsProp { rho: 0.75, momentum, epsilon: 8.0, centered };
            cases.extend(of_rule(
                &format!("centered {centered}, momentum {momentum}"),
                3,
                true,
                move |g, s| {
                    let [w, v, a, b] = s else { unreachable!("four slices") };
                    reference::rmsprop(0.125, &settings, w, g, v, a, b);
                },
                move |before, g, s| {
                    let [w, v, a, b] = s else { unreachable!("four slices") };
                    let a: &mut [f32] = if centered { a } else { &mut [] };
                    let b: &mut [f32] = if momentum > 0.0 { b } else { &mut [] };
                    optimizer::rmsprop(0.125, &settings, before, w, g, v, a, b)
                },
            ));
        }
    }
    cases
}

fn adam() -> Vec<Case> {
    of_rule(
        "",
        2,
        true,
        move |g, s| {
            let [w, m, v] = s else { unreachable!("three slices") };
            reference::adam(0.125, &SETTINGS, w, g, m, v);
        },
        move |before, g, s| {
            let [w, m, v] = s else { unreachable!("three slices") };
            optimizer::adam(0.125, &SETTINGS, before, w, g, m, v)
        },
    )
}

fn decay() -> Vec<Case> {
    of_update("", 1, false, |_, w| reference::decay(0.125, &mut w[0]), |_, w| optimizer::decay(0.125, w[0]))
}

fn lion() -> Vec<Case> {
    of_rule(
        "",
        1,
        false,
        |g, s| {
            let [w, m] = s else { unreachable!("two slices") };
            reference::lion(0.125, 0.75, 0.875, w, g, m);
        },
        |before, g, s| {
            let [w, m] = s else { unreachable!("two slices") };
            optimizer::lion(0.125, 0.75, 0.875, before, w, g, m)
        },
    )
}

fn adam_amsgrad() -> Vec<Case> {
    of_rule(
        "",
        3,
        true,
        |g, s| {
            let [w, m, v, v_hat] = s else { unreachable!("four slices") };
            reference::adam_amsgrad(0.125, &SETTINGS, w, g, m, v, v_hat);
        },
        |before, g, s| {
            let [w, m, v, v_hat] = s else { unreachable!("four slices") };
            optimizer::adam_amsgrad(0.125, &SETTINGS, before, w, g, m, v, v_hat)
        },
    )
}

fn adamax() -> Vec<Case> {
    of_rule(
        "",
        2,
        true,
        |g, s| {
            let [w, m, u] = s else { unreachable!("three slices") };
            reference::adamax(0.125, &SETTINGS, w, g, m, u);
        },
        |before, g, s| {
            let [w, m, u] = s else { unreachable!("three slices") };
            optimizer::adamax(0.125, &SETTINGS, before, w, g, m, u)
        },
    )
}

fn nadam() -> Vec<Case> {
    let step = optimizer::nadam_step(&SETTINGS, 3);
    of_rule(
        "",
        2,
        true,
        move |g, s| {
            let [w, m, v] = s else { unreachable!("three slices") };
            reference::nadam(0.125, &step, &SETTINGS, w, g, m, v);
        },
        move |before, g, s| {
            let [w, m, v] = s else { unreachable!("three slices") };
            optimizer::nadam(0.125, &step, &SETTINGS, before, w, g, m, v)
        },
    )
}

fn adagrad() -> Vec<Case> {
    of_rule(
        "",
        1,
        true,
        |g, s| {
            let [w, n] = s else { unreachable!("two slices") };
            reference::adagrad(0.125, 1e-3, w, g, n);
        },
        |before, g, s| {
            let [w, n] = s else { unreachable!("two slices") };
            optimizer::adagrad(0.125, 1e-3, before, w, g, n)
        },
    )
}

fn adadelta() -> Vec<Case> {
    of_rule(
        "",
        2,
        true,
        |g, s| {
            let [w, n, d] = s else { unreachable!("three slices") };
            reference::adadelta(0.125, 0.75, 1e-3, w, g, n, d);
        },
        |before, g, s| {
            let [w, n, d] = s else { unreachable!("three slices") };
            optimizer::adadelta(0.125, 0.75, 1e-3, before, w, g, n, d)
        },
    )
}

fn ftrl() -> Vec<Case> {
    let case = |learning_rate_power: f32| {
        let settings = Ftrl { learning_rate_power, l1: 0.25, l2: 0.5, l2_shrinkage: 0.125, beta: 0.25 };
        of_rule(
            &format!("power {learning_rate_power}"),
            2,
            true,
            move |g, s| {
                let [w, n, z] = s else { unreachable!("three slices") };
                reference::ftrl(0.125, &settings, w, g, n, z);
            },
            move |before, g, s| {
                let [w, n, z] = s else { unreachable!("three slices") };
                optimizer::ftrl(0.125, &settings, before, w, g, n, z)
            },
        )
    };
    [case(-0.5), case(-0.75), case(0.0)].into_iter().flatten().collect()
}

fn lamb_moments() -> Vec<Case> {
    of_update(
        "",
        2,
        true,
        |g, s| {
            let [m, v] = s else { unreachable!("two slices") };
            reference::lamb_moments(&SETTINGS, g, m, v);
        },
        |g, s| {
            let [m, v] = s else { unreachable!("two slices") };
            optimizer::lamb_moments(&SETTINGS, g, m, v);
        },
    )
}

/// A sum of terms of two slices, the second one positive, which is never cut.
fn of_squares(
    twin: impl Fn(&[f64], &[f64]) -> f64,
    run: impl Fn(&[f32], &[f32]) -> f32 + Copy + 'static,
) -> Vec<Case> {
    SIZES
        .map(|n| {
            let (a, b) = (around_zero(1, n), numbers(2, n, 0.5, 2.0));
            let wanted = vec![twin(&wide(&a), &wide(&b))];
            Case {
                label: format!("{n}"),
                cuts: 1,
                outputs: vec![Output::poisoned(wanted, 0)],
                run: Box::new(move |_, out| out[0][0] = run(&a, &b)),
                tolerance: 2e-6,
            }
        })
        .into()
}

fn lamb_squares() -> Vec<Case> {
    of_squares(
        |m, v| reference::lamb_squares((1.5, 1.25), 1e-3, m, v),
        |m, v| optimizer::lamb_squares((1.5, 1.25), 1e-3, m, v),
    )
}

fn lamb() -> Vec<Case> {
    of_update(
        "",
        2,
        true,
        |m, s| {
            let [w, v] = s else { unreachable!("two slices") };
            reference::lamb(0.125, (1.5, 1.25), f64::from(1e-3f32), w, m, v);
        },
        |m, s| {
            let [w, v] = s else { unreachable!("two slices") };
            optimizer::lamb(0.125, (1.5, 1.25), 1e-3, w, m, v);
        },
    )
}

fn muon_momentum() -> Vec<Case> {
    let case = |nesterov: bool| {
        of_update(
            if nesterov { "nesterov" } else { "momentum" },
            2,
            false,
            move |g, s| {
                let [m, x] = s else { unreachable!("two slices") };
                reference::muon_momentum(0.75, nesterov, g, m, x);
            },
            move |g, s| {
                let [m, x] = s else { unreachable!("two slices") };
                optimizer::muon_momentum(0.75, nesterov, g, m, x);
            },
        )
    };
    [case(false), case(true)].into_iter().flatten().collect()
}

fn adafactor_rows() -> Vec<Case> {
    let mut cases = Vec::new();
    for rows in SIZES {
        for cols in [1, 7, 17] {
            let (g, before) = (around_zero(1, rows * cols), numbers(2, rows, 0.5, 2.0));
            let mut wanted = wide(&before);
            reference::adafactor_rows(0.75, 1e-3, &wide(&g), &mut wanted);
            cases.push(Case {
                label: format!("{rows} x {cols}"),
                cuts: rows,
                outputs: vec![Output::updated(before, wanted, 1)],
                run: Box::new(move |part, out| {
                    optimizer::adafactor_rows(0.75, 1e-3, &g[part.start * cols..part.end * cols], out[0]);
                }),
                tolerance: 2e-6,
            });
        }
    }
    cases
}

fn adafactor_columns() -> Vec<Case> {
    let mut cases = Vec::new();
    for rows in [1, 7, 17] {
        for cols in [1, 7, 17, 65] {
            let (g, before) = (around_zero(1, rows * cols), numbers(2, cols, 0.5, 2.0));
            let mut wanted = wide(&before);
            reference::adafactor_columns(0.75, 1e-3, cols, &wide(&g), 0..cols, &mut wanted);
            cases.push(Case {
                label: format!("{rows} x {cols}"),
                cuts: cols,
                outputs: vec![Output::updated(before, wanted, 1)],
                run: Box::new(move |part, out| {
                    optimizer::adafactor_columns(0.75, 1e-3, cols, &g, part, out[0]);
                }),
                tolerance: 2e-6,
            });
        }
    }
    cases
}

fn adafactor_vector() -> Vec<Case> {
    of_update(
        "",
        1,
        true,
        |g, s| reference::adafactor_vector(0.75, 1e-3, g, &mut s[0]),
        |g, s| optimizer::adafactor_vector(0.75, 1e-3, g, s[0]),
    )
}

fn adafactor_squares() -> Vec<Case> {
    of_squares(reference::adafactor_squares, optimizer::adafactor_squares)
}

fn adafactor() -> Vec<Case> {
    of_update(
        "",
        2,
        true,
        |c, s| {
            let [w, g] = s else { unreachable!("two slices") };
            let old = w.clone();
            let c: Vec<f64> = c.iter().map(|c| c.abs() + 0.5).collect();
            reference::decay(0.0625, w);
            reference::adafactor(0.125, w, g, &c);
            *g = old;
        },
        |c, s| {
            let [w, g] = s else { unreachable!("two slices") };
            let c: Vec<f32> = c.iter().map(|c| c.abs() + 0.5).collect();
            optimizer::adafactor(0.125, 0.0625, w, g, &c);
        },
    )
}

fn clip_values() -> Vec<Case> {
    of_update(
        "",
        1,
        false,
        |_, g| reference::clip_values(0.75, &mut g[0]),
        |_, g| optimizer::clip_values(0.75, g[0]),
    )
}

fn accumulate() -> Vec<Case> {
    let case = |mean_of: Option<f32>| {
        of_update(
            &format!("{mean_of:?}"),
            2,
            false,
            move |_, s| {
                let [g, sum] = s else { unreachable!("two slices") };
                reference::accumulate(mean_of.map(f64::from), g, sum);
            },
            move |_, s| {
                let [g, sum] = s else { unreachable!("two slices") };
                optimizer::accumulate(mean_of, g, sum);
            },
        )
    };
    [case(None), case(Some(3.0))].into_iter().flatten().collect()
}

fn average() -> Vec<Case> {
    of_update(
        "",
        1,
        false,
        |w, s| reference::average(0.9375, w, &mut s[0]),
        |w, s| optimizer::average(0.9375, w, s[0]),
    )
}
