//! What can be said of predictions of classes, exactly: for evaluation, where all rows are there at once. Scores while
//! training, in bounded memory, are [`crate::Scores`].
//!
//! ```text
//! predictions, classes --> confusion matrix --> per class, averages, agreement
//!                      --> sorted by output --> ROC and precision-recall curves
//!                      --> bins of certainty --> calibration
//! ```

mod curves;

pub use curves::{Curves, POINTS, curves};

use crate::plan::MatrixAnswer;
use crate::program::{bin_of, f_scores, largest, matrix_answer};
use crate::spec::metrics::Average;
use ndarray::ArrayView2;

/// The most classes that a row's own may be among in [`Report::top_k`].
pub const TOP: usize = 5;

/// Bins of certainty in a [`Report`].
pub const BINS: usize = 10;

/// How well classes were predicted. What cannot be said is absent; nothing is NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// `(classes, classes)`: row: true class, column: predicted.
    pub confusion: Vec<u32>,
    /// The share of rows whose class was found.
    pub accuracy: f64,
    /// The shares of rows whose class is among the 1, 2, ... likeliest, at most [`TOP`] of them and fewer than there are
    /// classes.
    pub top_k: Vec<f64>,
    /// The mean of the classes' recalls.
    pub balanced_accuracy: Option<f64>,
    /// The correlation of predicted and true classes.
    pub matthews: Option<f64>,
    /// The share of agreement that is not chance.
    pub kappa: Option<f64>,
    /// F1: the mean over the classes, that over all decisions, and the mean weighed by the classes' rows.
    pub f1_macro: f64,
    /// See `f1_macro`.
    pub f1_micro: f64,
    /// See `f1_macro`.
    pub f1_weighted: f64,
    /// Every class against all others.
    pub classes: Vec<ClassReport>,
    /// [`BINS`] bins of certainty.
    pub bins: Vec<Bin>,
    /// The mean distance between certainty and share of right answers over the rows.
    pub calibration_error: f64,
}

/// One class against all others.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassReport {
    /// Rows of this class.
    pub support: u32,
    /// Of what is said to be this class, the share that is; 0 when nothing is.
    pub precision: f64,
    /// Of what is this class, the share that is said to be; 0 when nothing is.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// The curves of all thresholds; `None` when all rows or none are of this class.
    pub curves: Option<Curves>,
}

/// Rows about which the network was about as sure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub rows: u32,
    /// The mean probability given to the class that was said.
    pub certainty: f64,
    /// The share of right answers.
    pub accuracy: f64,
}

/// The class that a row of outputs says: the likeliest, the first of equals; of one probability, whether it is above one
/// half.
pub fn class_of(outputs: &[f32]) -> usize {
    match outputs {
        [one] => usize::from(*one > 0.5),
        several => largest(several),
    }
}

/// Counts of `(true class, said class)`, row-major; rows of a class that is none are left out.
pub fn confusion(predictions: ArrayView2<'_, f32>, truths: &[f32], classes: usize) -> Vec<u32> {
    let mut counts = vec![0; classes * classes];
    for (outputs, &truth) in predictions.rows().into_iter().zip(truths) {
        let said = outputs.as_slice().map_or_else(|| class_of(&outputs.to_vec()), class_of);
        if truth >= 0.0 && (truth as usize) < classes && said < classes {
            counts[truth as usize * classes + said] += 1;
        }
    }
    counts
}

/// Everything about predictions `(rows, classes)`, or `(rows, 1)` for yes and no, of rows whose classes are `truths`.
/// `None` without rows.
pub fn classification(predictions: ArrayView2<'_, f32>, truths: &[f32]) -> Option<Report> {
    let classes = predictions.ncols().max(2);
    let counts = confusion(predictions, truths, classes);
    let rows = f64::from(counts.iter().sum::<u32>());
    if rows == 0.0 {
        return None;
    }
    let cell = |truth: usize, said: usize| f64::from(counts[truth * classes + said]);
    let answer = |answer| matrix_answer(classes, &cell, &answer);
    let columns: Vec<[f64; 3]> = (0..classes)
        .map(|class| {
            let all = |of: &dyn Fn(usize) -> f64| (0..classes).map(of).sum::<f64>();
            [cell(class, class), all(&|truth| cell(truth, class)), all(&|said| cell(class, said))]
        })
        .collect();
    let mean_f1 = |average| f_scores(&columns, 1.0, Some(average)).first().copied().unwrap_or(0.0);
    let (bins, calibration_error) = calibration(predictions, truths);
    Some(Report {
        accuracy: columns.iter().map(|column| column[0]).sum::<f64>() / rows,
        top_k: (1..classes.min(TOP + 1)).map(|k| top_k(predictions, truths, k) / rows).collect(),
        balanced_accuracy: answer(MatrixAnswer::BalancedAccuracy),
        matthews: answer(MatrixAnswer::Matthews),
        kappa: answer(MatrixAnswer::Kappa),
        f1_macro: mean_f1(Average::Macro),
        f1_micro: mean_f1(Average::Micro),
        f1_weighted: mean_f1(Average::Weighted),
        classes: (0..classes).map(|class| class_report(predictions, truths, class, columns[class])).collect(),
        bins,
        calibration_error,
        confusion: counts,
    })
}

/// How many rows give fewer than `k` classes more than their own: equals count for it, as in Keras' `in_top_k`.
fn top_k(predictions: ArrayView2<'_, f32>, truths: &[f32], k: usize) -> f64 {
    let is_found = |(row, &truth): (usize, &f32)| {
        let outputs = predictions.row(row);
        let own = match outputs.len() {
            1 => return class_of(&outputs.to_vec()) as f32 == truth,
            _ => outputs.get(truth.max(0.0) as usize),
        };
        own.is_some_and(|own| outputs.iter().filter(|&other| other > own).count() < k)
    };
    let rows = predictions.nrows().min(truths.len());
    truths[..rows].iter().enumerate().filter(|it| is_found(*it)).count() as f64
}

fn class_report(
    predictions: ArrayView2<'_, f32>,
    truths: &[f32],
    class: usize,
    [both, said, truth]: [f64; 3],
) -> ClassReport {
    let share = |of: f64| if of == 0.0 { 0.0 } else { both / of };
    let is_single = predictions.ncols() == 1;
    // Of yes and no in one output, no has what yes has not.
    let output = |row: usize| match (is_single, class) {
        (true, 0) => 1.0 - predictions[[row, 0]],
        (true, _) => predictions[[row, 0]],
        _ => predictions[[row, class]],
    };
    let rows = predictions.nrows().min(truths.len());
    let pairs = (0..rows).map(|row| (output(row), truths[row] == class as f32));
    ClassReport {
        support: truth as u32,
        precision: share(said),
        recall: share(truth),
        f1: if both == 0.0 { 0.0 } else { 2.0 * both / (said + truth) },
        curves: curves(pairs.collect()),
    }
}

/// Guo et al., "On calibration of modern neural networks", 2017, with bins of equal width.
fn calibration(predictions: ArrayView2<'_, f32>, truths: &[f32]) -> (Vec<Bin>, f64) {
    let mut bins = vec![Bin::default(); BINS];
    for (outputs, &truth) in predictions.rows().into_iter().zip(truths) {
        let outputs = outputs.to_vec();
        let said = class_of(&outputs);
        let certainty = match outputs.as_slice() {
            [one] => one.max(1.0 - one),
            several => several.get(said).copied().unwrap_or(0.0),
        };
        let bin = &mut bins[bin_of(certainty, BINS)];
        bin.rows += 1;
        bin.certainty += f64::from(certainty);
        bin.accuracy += f64::from(u8::from(said as f32 == truth));
    }
    let rows = f64::from(bins.iter().map(|bin| bin.rows).sum::<u32>());
    let mut off = 0.0;
    for bin in bins.iter_mut().filter(|bin| bin.rows > 0) {
        off += (bin.certainty - bin.accuracy).abs();
        bin.certainty /= f64::from(bin.rows);
        bin.accuracy /= f64::from(bin.rows);
    }
    (bins, off / rows.max(1.0))
}
