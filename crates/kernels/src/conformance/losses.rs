//! Losses, cut by rows: every kind with targets as numbers and as classes, smoothed, weighted, with and without their
//! gradients.

use super::rows::{logits, probabilities, tables};
use super::{Case, Entry, Output, SIZES, made, numbers, wide};
use crate::loss::{self, Circle, Crowd, Overlap, Pairs, Term};
use crate::reference;
use std::ops::Range;

/// Names and cases.
pub(super) const KERNELS: &[Entry] = &[
    ("loss::mean_of_terms", terms),
    ("loss::crossentropy", || of_loss(|x| x, reference::crossentropy, loss::crossentropy)),
    ("loss::focal_crossentropy", focal),
    ("loss::generalized_crossentropy", || {
        of_loss(
            shares,
            |size, x, t, factor, l, d| reference::generalized_crossentropy(0.7, size, x, t, factor, l, d),
            |pairs, l, d| loss::generalized_crossentropy(0.7, pairs, l, d),
        )
    }),
    ("loss::cosine_similarity", || of_loss(|x| x, reference::cosine_similarity, loss::cosine_similarity)),
    ("loss::categorical_hinge", || of_loss(|x| x, reference::categorical_hinge, loss::categorical_hinge)),
    ("loss::overlap_sums", overlap_sums),
    ("loss::overlap_value", overlap_value),
    ("loss::overlap_gradient", overlap_gradient),
    ("loss::circle_sums", circle_sums),
    ("loss::circle_gradient", circle_gradient),
    ("loss::ctc", ctc),
];

/// Every kind of term with awkward constants.
pub(super) const TERMS: [Term; 13] = [
    Term::Squared,
    Term::Absolute,
    Term::Percentage,
    Term::SquaredLogarithmic,
    Term::Huber { delta: 1.5 },
    Term::LogCosh,
    Term::Poisson,
    Term::Divergence,
    Term::Hinge,
    Term::SquaredHinge,
    Term::BinaryLogits,
    Term::BinaryProbability { gamma: 0.0, yes: 1.0, no: 1.0 },
    Term::BinaryProbability { gamma: 2.0, yes: 0.25, no: 0.75 },
];

/// Whether a kind takes outputs between 0 and 1.
pub(super) fn takes_shares(kind: Term) -> bool {
    matches!(
        kind,
        Term::Poisson | Term::Divergence | Term::SquaredLogarithmic | Term::BinaryProbability { .. }
    )
}

/// Outputs of any size as outputs between 0 and 1.
fn shares(x: Vec<f32>) -> Vec<f32> {
    x.into_iter().map(|x| (x.abs() / 101.0).clamp(0.01, 0.99)).collect()
}

type Twin = fn((usize, usize), &[f64], &[f64], f64, &mut [f64], &mut [f64]);
type Loss = fn(&Pairs<'_>, &mut [f32], &mut [f32]);

const FACTOR: f32 = 0.125;

/// Which targets a case has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    Numbers,
    Classes,
    /// Classes, smoothed, in rows of different weights, some of them 0.
    SmoothedAndWeighted,
}

/// What does not depend on the loss.
struct Batch {
    rows: usize,
    cols: usize,
    x: Vec<f32>,
    target: Vec<f32>,
    style: Style,
    weight: Vec<f32>,
}

impl Batch {
    fn new((rows, cols): (usize, usize), style: Style, outputs: fn(Vec<f32>) -> Vec<f32>) -> Self {
        let is_class = style != Style::Numbers;
        let target = if is_class {
            (0..rows).map(|i| (i * 5 % cols) as f32).collect()
        } else {
            probabilities(2, rows * cols)
        };
        let weight = match style {
            Style::SmoothedAndWeighted => (0..rows).map(|i| (i % 3) as f32 * 0.75).collect(),
            _ => Vec::new(),
        };
        Self { rows, cols, x: outputs(logits(rows * cols)), target, style, weight }
    }

    fn part(&self, rows: Range<usize>) -> Pairs<'_> {
        let per_row = if self.style == Style::Numbers { self.cols } else { 1 };
        let is_smoothed = self.style == Style::SmoothedAndWeighted;
        Pairs {
            rows: rows.len(),
            cols: self.cols,
            x: &self.x[rows.start * self.cols..rows.end * self.cols],
            target: &self.target[rows.start * per_row..rows.end * per_row],
            is_class: self.style != Style::Numbers,
            keep: if is_smoothed { 0.9 } else { 1.0 },
            add: if is_smoothed { 0.1 / self.cols as f32 } else { 0.0 },
            weight: if is_smoothed { &self.weight[rows] } else { &[] },
            factor: FACTOR,
        }
    }

    /// A number for every output.
    fn targets(&self) -> Vec<f64> {
        let pairs = self.part(0..self.rows);
        let target = wide(&self.target);
        let target = if pairs.is_class { reference::one_hot(&target, self.cols) } else { target };
        target.into_iter().map(|t| t * f64::from(pairs.keep) + f64::from(pairs.add)).collect()
    }

    fn weight(&self, row: usize) -> f64 {
        self.weight.get(row).map_or(1.0, |&weight| weight.into())
    }
}

/// A loss with and without its gradient.
fn of_loss(outputs: fn(Vec<f32>) -> Vec<f32>, twin: Twin, run: Loss) -> Vec<Case> {
    [Style::Numbers, Style::Classes, Style::SmoothedAndWeighted]
        .into_iter()
        .flat_map(|style| {
            let one_column = SIZES.map(|rows| (rows, 1));
            let sizes = tables().into_iter().chain(one_column);
            sizes.flat_map(move |size| cases(size, style, outputs, twin, run))
        })
        .collect()
}

fn cases(
    size: (usize, usize),
    style: Style,
    outputs: fn(Vec<f32>) -> Vec<f32>,
    twin: impl Fn((usize, usize), &[f64], &[f64], f64, &mut [f64], &mut [f64]),
    run: impl Fn(&Pairs<'_>, &mut [f32], &mut [f32]) + Clone + 'static,
) -> [Case; 2] {
    let (rows, cols) = size;
    let batch = Batch::new(size, style, outputs);
    let mut value = vec![0.0; rows];
    let mut gradient = made(rows * cols, |d| {
        twin(size, &wide(&batch.x), &batch.targets(), FACTOR.into(), &mut value, d);
    });
    value.iter_mut().enumerate().for_each(|(i, value)| *value *= batch.weight(i));
    gradient.iter_mut().enumerate().for_each(|(at, d)| *d *= batch.weight(at / cols));
    [true, false].map(|with_gradient| {
        let (run, batch) = (run.clone(), Batch::new(size, style, outputs));
        let mut outputs = vec![Output::poisoned(value.clone(), 1)];
        if with_gradient {
            outputs.push(Output::poisoned(gradient.clone(), cols));
        }
        Case {
            label: format!("{rows} x {cols}, {style:?}, gradient {with_gradient}"),
            cuts: rows,
            outputs,
            run: Box::new(move |part, out| {
                let pairs = batch.part(part);
                match out {
                    [value, d_x] => run(&pairs, value, d_x),
                    [value] => run(&pairs, value, &mut []),
                    _ => unreachable!("one output or two"),
                }
            }),
            tolerance: 1e-5,
        }
    })
}

fn terms() -> Vec<Case> {
    let mut all = Vec::new();
    for kind in TERMS {
        let outputs: fn(Vec<f32>) -> Vec<f32> = if takes_shares(kind) { shares } else { |x| x };
        for style in [Style::Numbers, Style::Classes, Style::SmoothedAndWeighted] {
            // The slowest kinds do not need every size once more.
            let sizes =
                if kind == Term::Squared { tables() } else { vec![(5, 1), (3, 7), (1, 257), (17, 10)] };
            for size in sizes {
                all.extend(cases(
                    size,
                    style,
                    outputs,
                    move |size, x, t, factor, l, d| reference::mean_of_terms(kind, size, x, t, factor, l, d),
                    move |pairs, l, d| loss::mean_of_terms(kind, pairs, l, d),
                ));
            }
        }
    }
    // A target that is nearly 0 makes percentages of any size.
    for case in &mut all {
        case.tolerance = 2e-5;
    }
    all
}

fn focal() -> Vec<Case> {
    let plain = of_loss(
        shares,
        |size, x, t, factor, l, d| reference::focal_crossentropy(&[1.0], 0.0, size, x, t, factor, l, d),
        |pairs, l, d| loss::focal_crossentropy(&[1.0], 0.0, pairs, l, d),
    );
    let focal = of_loss(
        shares,
        |size, x, t, factor, l, d| reference::focal_crossentropy(&[0.25], 2.0, size, x, t, factor, l, d),
        |pairs, l, d| loss::focal_crossentropy(&[0.25], 2.0, pairs, l, d),
    );
    let of_classes = of_loss(
        shares,
        |size, x, t, factor, l, d| {
            reference::focal_crossentropy(&alphas(size.1), 1.5, size, x, t, factor, l, d);
        },
        |pairs, l, d| loss::focal_crossentropy(&alphas(pairs.cols), 1.5, pairs, l, d),
    );
    plain.into_iter().chain(focal).chain(of_classes).collect()
}

/// A weight for each class.
fn alphas(classes: usize) -> Vec<f32> {
    (0..classes).map(|class| 0.25 * (1 + class % 5) as f32).collect()
}

const OVERLAPS: [Overlap; 2] = [Overlap::DICE, Overlap { alpha: 0.3, beta: 0.8, epsilon: 1e-7 }];

fn overlap_sums() -> Vec<Case> {
    let case = |((rows, cols), by_column): ((usize, usize), bool)| {
        let batch = Batch::new((rows, cols), Style::SmoothedAndWeighted, shares);
        let (x, t) = (wide(&batch.x), batch.targets());
        let width = if by_column { 1 } else { cols };
        let wanted = (0..rows * cols / width.max(1)).flat_map(|i| {
            let part = i * width..(i + 1) * width;
            let both: f64 = part.clone().map(|at| x[at] * t[at]).sum();
            [both, t[part.clone()].iter().sum(), x[part].iter().sum()]
        });
        Case {
            label: format!("{rows} x {cols}{}", if by_column { ", by column" } else { "" }),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted.collect(), 3 * cols / width.max(1))],
            run: Box::new(move |part, out| loss::overlap_sums(by_column, &batch.part(part), out[0])),
            tolerance: 2e-6,
        }
    };
    let sizes = tables().into_iter().filter(|(_, cols)| *cols > 0);
    sizes.flat_map(|size| [(size, false), (size, true)]).map(case).collect()
}

/// The sums of all rows.
fn all_sums(batch: &Batch) -> [f64; 3] {
    let (x, t) = (wide(&batch.x), batch.targets());
    [x.iter().zip(&t).map(|(x, t)| x * t).sum(), t.iter().sum(), x.iter().sum()]
}

fn overlap_value() -> Vec<Case> {
    let case = |overlap| {
        let batch = Batch::new((9, 7), Style::Numbers, shares);
        let (x, t) = (wide(&batch.x), batch.targets());
        let wanted = reference::overlap(overlap, &x, &t, 1.0, &mut vec![0.0; x.len()]);
        Case {
            label: format!("{overlap:?}"),
            cuts: 1,
            outputs: vec![Output::poisoned(vec![wanted], 0)],
            run: Box::new(move |_, out| out[0][0] = loss::overlap_value(overlap, all_sums(&batch)) as f32),
            tolerance: 1e-6,
        }
    };
    OVERLAPS.map(case).into()
}

fn overlap_gradient() -> Vec<Case> {
    let case = |((rows, cols), overlap): ((usize, usize), Overlap)| {
        let batch = Batch::new((rows, cols), Style::Classes, shares);
        let (x, t) = (wide(&batch.x), batch.targets());
        let wanted = made(rows * cols, |d| {
            reference::overlap(overlap, &x, &t, FACTOR.into(), d);
        });
        let sums = all_sums(&batch);
        Case {
            label: format!("{rows} x {cols}, {overlap:?}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                loss::overlap_gradient(overlap, sums, None, &batch.part(part), out[0]);
            }),
            tolerance: 2e-6,
        }
    };
    let sizes = tables().into_iter().filter(|(rows, _)| *rows > 0);
    let whole = sizes.flat_map(|size| OVERLAPS.map(|overlap| (size, overlap))).map(case);
    whole.chain(OVERLAPS.map(overlap_gradient_by_column)).collect()
}

/// Each column against what the twin makes of it alone.
fn overlap_gradient_by_column(overlap: Overlap) -> Case {
    let (rows, cols) = (9, 5);
    let batch = Batch::new((rows, cols), Style::Classes, shares);
    let (x, t) = (wide(&batch.x), batch.targets());
    let column = |of: &[f64], j: usize| -> Vec<f64> { of.chunks(cols).map(|row| row[j]).collect() };
    let sums: Vec<[f64; 3]> = (0..cols)
        .map(|j| {
            let (x, t) = (column(&x, j), column(&t, j));
            [x.iter().zip(&t).map(|(x, t)| x * t).sum(), t.iter().sum(), x.iter().sum()]
        })
        .collect();
    let wanted = made(rows * cols, |d| {
        for j in 0..cols {
            let mut own = vec![0.0; rows];
            reference::overlap(overlap, &column(&x, j), &column(&t, j), FACTOR.into(), &mut own);
            d.chunks_mut(cols).zip(own).for_each(|(row, own)| row[j] = own);
        }
    });
    Case {
        label: format!("{rows} x {cols} by column, {overlap:?}"),
        cuts: rows,
        outputs: vec![Output::poisoned(wanted, cols)],
        run: Box::new(move |part, out| {
            for (j, sums) in sums.iter().enumerate() {
                loss::overlap_gradient(overlap, *sums, Some(j), &batch.part(part.clone()), out[0]);
            }
        }),
        tolerance: 2e-6,
    }
}

/// Directions and their classes.
pub(super) fn crowd(rows: usize, cols: usize) -> (Vec<f32>, Vec<f32>) {
    let mut x = numbers(1, rows * cols, -1.0, 1.0);
    for row in x.chunks_exact_mut(cols) {
        let length = row.iter().map(|x| x * x).sum::<f32>().sqrt();
        row.iter_mut().for_each(|x| *x /= length);
    }
    (x, (0..rows).map(|i| (i % 3) as f32).collect())
}

pub(super) const CIRCLES: [Circle; 2] = [
    Circle { gamma: 8.0, margin: 0.4, remove_diagonal: true },
    Circle { gamma: 2.0, margin: 0.25, remove_diagonal: false },
];

fn circle_sums() -> Vec<Case> {
    let case = |circle| {
        let (rows, cols) = (17, 5);
        let (x, class) = crowd(rows, cols);
        let wanted = reference::circle(circle, cols, &wide(&x), &wide(&class));
        Case {
            label: format!("{circle:?}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted.iter().flat_map(|(_, sums)| *sums).collect(), 2)],
            run: Box::new(move |part, out| {
                loss::circle_sums(circle, &Crowd { cols, x: &x, class: &class, weight: &[] }, part, out[0]);
            }),
            tolerance: 2e-5,
        }
    };
    CIRCLES.map(case).into()
}

fn circle_gradient() -> Vec<Case> {
    let case = |circle: Circle| {
        let (rows, cols) = (11, 4);
        let (x, class) = crowd(rows, cols);
        let weight: Vec<f32> = (0..rows).map(|i| (i % 4) as f32).collect();
        let factors: Vec<f64> = weight.iter().map(|&weight| f64::from(weight * FACTOR)).collect();
        let wanted = made(x.len(), |d| {
            reference::circle_gradient(circle, cols, &wide(&x), &wide(&class), &factors, d);
        });
        let sums: Vec<f32> = reference::circle(circle, cols, &wide(&x), &wide(&class))
            .iter()
            .flat_map(|(_, sums)| sums.map(|sum| sum as f32))
            .collect();
        Case {
            label: format!("{circle:?}"),
            cuts: rows,
            outputs: vec![Output::poisoned(wanted, cols)],
            run: Box::new(move |part, out| {
                let crowd = Crowd { cols, x: &x, class: &class, weight: &weight };
                loss::circle_gradient(circle, &crowd, &sums, FACTOR, part, out[0]);
            }),
            tolerance: 2e-4,
        }
    };
    CIRCLES.map(case).into()
}

/// Labels 0 are none. Repetitions need a blank between them; three labels in three steps leave one way.
pub(super) const LABELS: [[f32; 3]; 5] =
    [[1.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0], [2.0, 0.0, 0.0]];

fn ctc() -> Vec<Case> {
    let case = |(steps, with_gradient): (usize, bool)| {
        let (classes, rows) = (3, LABELS.len());
        let cols = steps * classes;
        let x = numbers(1, rows * cols, -3.0, 3.0);
        let target = LABELS.concat();
        let labels = |row: usize| -> Vec<f64> {
            wide(&LABELS[row]).into_iter().filter(|&label| label != 0.0).collect()
        };
        let row_of = |row: usize| wide(&x[row * cols..(row + 1) * cols]);
        let values = (0..rows).map(|row| reference::ctc(classes, &row_of(row), &labels(row))).collect();
        let gradient = |row| {
            made(cols, |d| {
                reference::ctc_gradient(classes, &row_of(row), &labels(row), d);
                d.iter_mut().for_each(|d| *d *= f64::from(FACTOR));
            })
        };
        let gradient = (0..rows).flat_map(gradient).collect();
        let mut outputs = vec![Output::poisoned(values, 1)];
        if with_gradient {
            outputs.push(Output::poisoned(gradient, cols));
        }
        Case {
            label: format!("{steps} steps, gradient {with_gradient}"),
            cuts: rows,
            outputs,
            run: Box::new(move |part, out| {
                let pairs = Pairs {
                    rows: part.len(),
                    cols,
                    x: &x[part.start * cols..part.end * cols],
                    target: &target[part.start * 3..part.end * 3],
                    is_class: true,
                    keep: 1.0,
                    add: 0.0,
                    weight: &[],
                    factor: FACTOR,
                };
                let mut room = vec![f32::NAN; loss::ctc_room(steps, classes, 3)];
                let (value, d_x) = out.split_at_mut(1);
                let d_x = d_x.first_mut().map_or(&mut [][..], |d_x| &mut d_x[..]);
                loss::ctc(classes, 3, &pairs, &mut room, value[0], d_x);
            }),
            tolerance: 2e-5,
        }
    };
    [3, 5].into_iter().flat_map(|steps| [(steps, true), (steps, false)]).map(case).collect()
}
