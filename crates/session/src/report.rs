//! All that can be said of predictions of a part of the rows, at the reader's wish: for classes what `tabgrad_core::report`
//! says, for values the residuals in the user's units.
//!
//! ```text
//! R2 = 1 - sum (y - p)^2 / sum (y - mean y)^2        RMSE = sqrt(mean (y - p)^2)        MAE = mean |y - p|
//! ```

use ndarray::Array2;
use tabgrad_core::report::{self, Bin, Curves};
use tabgrad_data::report::Task;

use crate::project::Project;
use crate::protocol::{
    CalibrationBin, ClassScores, Classification, EngineError, Part, Regression, Report, ThresholdCurves,
};
use crate::score::{no_part, not_finite};

/// Points of a regression that are drawn at most; scores are those of all.
const POINTS: usize = 2000;

/// Everything about the predictions of one target of a part.
///
/// # Errors
/// No rows at all or none in this part; predictions that are not finite.
pub fn report(project: &mut Project, part: Part, target: usize) -> Result<Report, EngineError> {
    let rows = project.part(part)?.len();
    if rows == 0 {
        return Err(no_part(part));
    }
    let Project { model, parts: Some(parts), encoding, .. } = project else {
        return Err(crate::failure::no_rows(&project.report.name));
    };
    let of_part = parts.get(part);
    let code = encoding.target_at(target);
    let outputs = model.predict_each(of_part.x.view())?.into_iter().nth(target);
    let (Some(code), Some(outputs)) = (code, outputs) else { return Err(no_target(target)) };
    if !outputs.iter().all(|output| output.is_finite()) {
        return Err(not_finite());
    }
    let (outputs, truths) = match code.task() {
        // Every value, or every step, for itself.
        Task::Reconstruction | Task::Sequence => flat(outputs, &of_part.y),
        _ => (outputs, of_part.y.column(target).to_vec()),
    };
    let (mut classification, mut regression) = (None, None);
    if matches!(code.task(), Task::Regression | Task::Reconstruction) {
        let raw = |value: f32| code.raw(value);
        regression = Some(residuals(&outputs, &truths, &raw));
    } else {
        classification = report::classification(outputs.view(), &truths).map(told);
    }
    // A part has fewer than 2^32 rows: its index is made of u32.
    Ok(Report { part, rows: rows as u32, classification, regression })
}

/// One value, or the labels of one step, in a row.
#[inline(never)]
fn flat(outputs: Array2<f32>, truths: &Array2<f32>) -> (Array2<f32>, Vec<f32>) {
    let labels = outputs.len() / truths.len().max(1);
    let outputs: Vec<f32> = outputs.into_iter().collect();
    let rows = outputs.len() / labels.max(1);
    let outputs = Array2::from_shape_vec((rows, labels), outputs).unwrap_or_default();
    (outputs, truths.iter().copied().collect())
}

#[cold]
fn no_target(target: usize) -> EngineError {
    let found = format!("There is no target number {target}: choose one of those of the table.");
    EngineError::new("no_target", found).at("target")
}

/// What is told of predictions of classes.
pub fn told(found: report::Report) -> Classification {
    Classification {
        accuracy: found.accuracy,
        top_k: found.top_k,
        balanced_accuracy: found.balanced_accuracy,
        matthews: found.matthews,
        kappa: found.kappa,
        f1_macro: found.f1_macro,
        f1_micro: found.f1_micro,
        f1_weighted: found.f1_weighted,
        calibration_error: found.calibration_error,
        classes: found.classes.into_iter().map(class).collect(),
        bins: found.bins.into_iter().map(bin).collect(),
    }
}

fn class(of: report::ClassReport) -> ClassScores {
    ClassScores {
        support: of.support,
        precision: of.precision,
        recall: of.recall,
        f1: of.f1,
        curves: of.curves.map(curves),
    }
}

fn curves(of: Curves) -> ThresholdCurves {
    ThresholdCurves {
        roc: of.roc.into_iter().flatten().collect(),
        precision_recall: of.precision_recall.into_iter().flatten().collect(),
        auc: of.auc,
        average_precision: of.average_precision,
    }
}

fn bin(Bin { rows, certainty, accuracy }: Bin) -> CalibrationBin {
    CalibrationBin { rows, certainty, accuracy }
}

fn residuals(outputs: &Array2<f32>, truths: &[f32], raw: &dyn Fn(f32) -> f64) -> Regression {
    let pairs: Vec<[f64; 2]> =
        outputs.iter().zip(truths).map(|(&output, &truth)| [raw(truth), raw(output)]).collect();
    let count = pairs.len().max(1) as f64;
    let mean = pairs.iter().map(|pair| pair[0]).sum::<f64>() / count;
    let (mut squares, mut absolutes, mut spread) = (0.0, 0.0, 0.0);
    for [truth, said] in &pairs {
        squares += (truth - said) * (truth - said);
        absolutes += (truth - said).abs();
        spread += (truth - mean) * (truth - mean);
    }
    let drawn = pairs.len().min(POINTS);
    // Evenly chosen, the first and the last among them.
    let points = (0..drawn).map(|i| pairs[i * (pairs.len() - 1) / (drawn - 1).max(1)]);
    let (truth, predicted) = points.map(|[truth, said]| (truth as f32, said as f32)).unzip();
    Regression {
        r2: (spread > 0.0).then(|| 1.0 - squares / spread),
        rmse: (squares / count).sqrt(),
        mae: absolutes / count,
        truth,
        predicted,
    }
}

#[cfg(test)]
mod tests {
    use super::residuals;
    use ndarray::arr2;

    #[test]
    fn residuals_are_in_the_users_units() {
        let raw = |value: f32| f64::from(value) * 10.0 + 5.0;
        let found = residuals(&arr2(&[[0.0], [1.0], [3.0]]), &[0.0, 1.0, 2.0], &raw);
        assert_eq!((found.truth, found.predicted), (vec![5.0, 15.0, 25.0], vec![5.0, 15.0, 35.0]));
        assert!((found.rmse - (100.0f64 / 3.0).sqrt()).abs() < 1e-9);
        assert!((found.mae - 10.0 / 3.0).abs() < 1e-9);
        assert_eq!(found.r2, Some(0.5));
    }

    #[test]
    fn without_spread_there_is_no_share_of_it() {
        let found = residuals(&arr2(&[[1.0], [2.0]]), &[1.0, 1.0], &f64::from);
        assert_eq!(found.r2, None);
        assert_eq!(found.truth.len(), 2);
    }

    #[test]
    fn of_many_rows_some_are_drawn_and_all_are_scored() {
        let truths: Vec<f32> = (0..5000).map(|i| i as f32).collect();
        let outputs =
            ndarray::Array2::from_shape_fn((5000, 1), |(i, _)| if i == 4999 { 0.0 } else { i as f32 });
        let found = residuals(&outputs, &truths, &f64::from);
        assert_eq!(found.truth.len(), super::POINTS);
        assert_eq!((found.truth[0], found.truth[1999]), (0.0, 4999.0));
        assert!((found.mae - 4999.0 / 5000.0).abs() < 1e-9);
    }
}
