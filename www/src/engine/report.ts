// What a report says: a part of the protocol (protocol.ts), with the field names of crates/session/src/protocol/reports.rs.

import type { Part } from "./protocol";

/** All that can be said of the predictions of a part of the rows. */
export interface Report {
  part: Part;
  rows: number;
  /** Where classes are predicted. */
  classification: Classification | null;
  /** Where values are predicted. */
  regression: Regression | null;
}

/** Shares from 0 to 1, agreement from -1 to 1; null: it cannot be said. */
export interface Classification {
  accuracy: number;
  /** Rows whose class is among the 1, 2, ... likeliest. */
  top_k: number[];
  /** Mean of the recalls. */
  balanced_accuracy: number | null;
  matthews: number | null;
  kappa: number | null;
  f1_macro: number;
  f1_micro: number;
  f1_weighted: number;
  /** Mean distance between certainty and share of right answers. */
  calibration_error: number;
  /** In the order of the outputs. */
  classes: ClassScores[];
  /** Of equal width, from 0 to 1. */
  bins: CalibrationBin[];
}

/** One class against all others. */
export interface ClassScores {
  /** Rows of it. */
  support: number;
  precision: number;
  recall: number;
  f1: number;
  /** Null: all rows or none are of this class. */
  curves: ThresholdCurves | null;
}

/** What every threshold would give. */
export interface ThresholdCurves {
  /** False positive rate, true positive rate, point by point. */
  roc: Float32Array;
  /** Recall, precision, point by point. */
  precision_recall: Float32Array;
  /** Area under the first. */
  auc: number;
  average_precision: number;
}

/** Rows about which the network was about as sure. */
export interface CalibrationBin {
  rows: number;
  /** Mean probability of the class that was said. */
  certainty: number;
  /** Share of right answers. */
  accuracy: number;
}

/** In the user's units. */
export interface Regression {
  /** Null: the values are all the same. */
  r2: number | null;
  rmse: number;
  mae: number;
  /** Of at most 2,000 rows. */
  truth: Float32Array;
  predicted: Float32Array;
}
