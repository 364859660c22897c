//! Reports of predictions of classes against scikit-learn's.

use ndarray::ArrayView2;
use serde::Deserialize;
use tabgrad_core::report;

use crate::compare::{Comparison, WHOLE};
use crate::golden;

/// Predictions and what scikit-learn says of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    name: String,
    rows: usize,
    outputs: usize,
    p: Vec<f32>,
    y: Vec<f32>,
    confusion: Vec<f32>,
    precision: Vec<f32>,
    recall: Vec<f32>,
    f1: Vec<f32>,
    support: Vec<f32>,
    accuracy: f32,
    balanced_accuracy: f32,
    matthews: f32,
    kappa: f32,
    f1_averages: Vec<f32>,
    auc: Vec<f32>,
    average_precision: Vec<f32>,
}

#[test]
fn reports_say_what_scikit_learn_says() {
    let mut comparison = Comparison::default();
    let texts = golden::texts("reports");
    for text in &texts {
        let expected: Expected = serde_json::from_str(text).expect("a golden is JSON");
        comparison.case(&expected.name);
        let p =
            ArrayView2::from_shape((expected.rows, expected.outputs), &expected.p).expect("rows of outputs");
        let found = report::classification(p, &expected.y).expect("there are rows");
        let mut values = |what: &str, expected: &[f32], found: Vec<f64>| {
            let found: Vec<f32> = found.into_iter().map(|value| value as f32).collect();
            comparison.values(what, expected, &found, WHOLE);
        };
        let of = |value: &dyn Fn(&report::ClassReport) -> f64| {
            found.classes.iter().map(value).collect::<Vec<f64>>()
        };
        let area =
            |value: &dyn Fn(&report::Curves) -> f64| of(&|class| class.curves.as_ref().map_or(-1.0, value));
        values("confusion", &expected.confusion, found.confusion.iter().map(|&count| count.into()).collect());
        values("precision", &expected.precision, of(&|class| class.precision));
        values("recall", &expected.recall, of(&|class| class.recall));
        values("f1", &expected.f1, of(&|class| class.f1));
        values("support", &expected.support, of(&|class| class.support.into()));
        values("auc", &expected.auc, area(&|curves| curves.auc));
        values("average precision", &expected.average_precision, area(&|curves| curves.average_precision));
        values("f1 averages", &expected.f1_averages, vec![found.f1_macro, found.f1_micro, found.f1_weighted]);
        let agreement = [found.accuracy, found.balanced_accuracy.unwrap_or(-1.0)];
        values("accuracies", &[expected.accuracy, expected.balanced_accuracy], agreement.to_vec());
        let agreement = [found.matthews, found.kappa].map(|value| value.unwrap_or(-1.0));
        values("agreement", &[expected.matthews, expected.kappa], agreement.to_vec());
    }
    comparison.finish("reports", texts.len());
}

#[test]
fn curves_go_from_corner_to_corner_and_are_never_longer_than_can_be_drawn() {
    let pairs = (0..5000).map(|i| ((i * 7919 % 5000) as f32 / 5000.0, i % 3 == 0)).collect();
    let curves = report::curves(pairs).expect("both are there");
    assert_eq!(curves.roc.len(), report::POINTS);
    assert_eq!((curves.roc.first(), curves.roc.last()), (Some(&[0.0, 0.0]), Some(&[1.0, 1.0])));
    assert_eq!(curves.precision_recall.last().map(|point| point[0]), Some(1.0));
    assert!(report::curves(vec![(0.1, true), (0.9, true)]).is_none(), "without a no there is no curve");
}

#[test]
fn certainty_and_right_answers_are_compared_in_bins() {
    let p = ndarray::arr2(&[[0.95], [0.91], [0.99], [0.55]]);
    let found = report::classification(p.view(), &[1.0, 1.0, 0.0, 0.0]).expect("there are rows");
    let last = found.bins[9];
    assert_eq!(last.rows, 3);
    assert!((last.certainty - 0.95).abs() < 1e-6 && (last.accuracy - 2.0 / 3.0).abs() < 1e-6);
    let off = (3.0 * (0.95 - 2.0 / 3.0) + 0.55) / 4.0;
    assert!((found.calibration_error - off).abs() < 1e-6);
    assert!(report::classification(p.slice(ndarray::s![..0, ..]), &[]).is_none());
}

#[test]
fn the_likeliest_class_wins_and_the_first_of_equals() {
    assert_eq!(report::class_of(&[0.5]), 0);
    assert_eq!(report::class_of(&[0.51]), 1);
    assert_eq!(report::class_of(&[0.1, 0.45, 0.45]), 1);
    let p = ndarray::arr2(&[[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.1, 0.1, 0.8]]);
    let counts = report::confusion(p.view(), &[0.0, 1.0, 1.0, 7.0], 3);
    assert_eq!(counts, [1, 0, 0, 1, 1, 0, 0, 0, 0], "true classes in rows; a class that is none is left out");
}

#[test]
fn a_class_is_among_the_likeliest_where_fewer_are_likelier() {
    let p = ndarray::arr2(&[[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.4, 0.4, 0.2]]);
    let found = report::classification(p.view(), &[0.0, 1.0, 2.0, 1.0]).expect("there are rows");
    assert_eq!(found.top_k, [0.5, 0.75], "the first row, and of equals the second; then all but one");
    let p = ndarray::arr2(&[[0.9], [0.2], [0.4]]);
    let found = report::classification(p.view(), &[1.0, 0.0, 1.0]).expect("there are rows");
    assert_eq!(found.top_k.len(), 1);
    assert!((found.top_k[0] - 2.0 / 3.0).abs() < 1e-12);
}
