//! All that can be said of the predictions of a part of the rows.

use tabgrad_json::record;

use super::Part;

record! {
    /// For classes or for values.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Report {
        /// Which rows.
        pub part: Part,
        /// How many.
        pub rows: u32,
        /// Where classes are predicted.
        pub classification: Option<Classification>,
        /// Where values are predicted.
        pub regression: Option<Regression>,
    }
}

record! {
    /// How well classes were predicted; shares from 0 to 1, agreement from -1 to 1. `None`: it cannot be said.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Classification {
        /// Rows whose class was found.
        pub accuracy: f64,
        /// Rows whose class is among the 1, 2, ... likeliest.
        pub top_k: Vec<f64>,
        /// Mean of the recalls.
        pub balanced_accuracy: Option<f64>,
        /// Matthews' correlation.
        pub matthews: Option<f64>,
        /// Cohen's.
        pub kappa: Option<f64>,
        /// Mean over the classes.
        pub f1_macro: f64,
        /// Over all decisions.
        pub f1_micro: f64,
        /// Mean weighed by the classes' rows.
        pub f1_weighted: f64,
        /// Mean distance between certainty and share of right answers.
        pub calibration_error: f64,
        /// In the order of the outputs.
        pub classes: Vec<ClassScores>,
        /// Of equal width, from 0 to 1.
        pub bins: Vec<CalibrationBin>,
    }
}

record! {
    /// One class against all others.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ClassScores {
        /// Rows of it.
        pub support: u32,
        /// Of what is said to be it, the share that is.
        pub precision: f64,
        /// Of what is it, the share that is said to be.
        pub recall: f64,
        /// Harmonic mean of both.
        pub f1: f64,
        /// `None`: all rows or none are of this class.
        pub curves: Option<ThresholdCurves>,
    }
}

record! {
    /// What every threshold would give.
    #[derive(Clone, Debug, PartialEq)]
    pub struct ThresholdCurves {
        /// False positive rate, true positive rate, point by point.
        pub roc: Vec<f32>,
        /// Recall, precision, point by point.
        pub precision_recall: Vec<f32>,
        /// Area under the first.
        pub auc: f64,
        /// Mean precision over the recalls.
        pub average_precision: f64,
    }
}

record! {
    /// Rows about which the network was about as sure.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct CalibrationBin {
        /// How many.
        pub rows: u32,
        /// Mean probability of the class that was said.
        pub certainty: f64,
        /// Share of right answers.
        pub accuracy: f64,
    }
}

record! {
    /// How well values were predicted, in the user's units.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Regression {
        /// Share of the spread that is explained; `None`: there is no spread.
        pub r2: Option<f64>,
        /// Root of the mean squared error.
        pub rmse: f64,
        /// Mean absolute error.
        pub mae: f64,
        /// Of some rows, at most 2,000.
        pub truth: Vec<f32>,
        /// Of the same rows.
        pub predicted: Vec<f32>,
    }
}
