// A network for data that no preset knows: small, and of a size that follows from the rows and features.
//
// Pictures get a small convolutional network, sequences a recurrent one. For columns: one hidden layer for few rows, two else; 16 to 64 units, a power of two near the number of features; adam. Small tables keep a
// larger share for the test, or one row more or less would decide about the score. Nothing clever: a start that learns
// something on nearly any table, to be changed by hand.

import type { LayerSpec, ModelSpec, SplitSpec, TableReport, TrainingSpec } from "../engine/protocol";
import { lossFor, metricsFor, outputFor } from "../store/layers";
import { convolutional, dense, recurrent } from "./networks";

export function propose(report: TableReport): { model: ModelSpec; training: TrainingSpec; split: SplitSpec } {
  const output = outputFor(report.task, report.classes.length);
  return {
    model: { version: 1, layers: [...hidden(report), dense(output.units, output.activation)] },
    training: {
      loss: lossFor(report.task),
      optimizer: { type: "adam", learning_rate: report.rows < 5_000 && !report.form ? 0.01 : 0.003 },
      metrics: metricsFor(report.task),
      batch_size: batchFor(report.rows, report.form !== undefined),
      epochs: null,
      shuffle: true,
      seed: 7,
    },
    split: { validation: 0.15, test: report.rows < 1_000 ? 0.2 : 0.15, seed: 7 },
  };
}

function hidden(report: TableReport): LayerSpec[] {
  const { form } = report;
  if (form && "image" in form) return convolutional(form.image.height, form.image.width);
  if (form) return recurrent(form.tokens.vocabulary);
  const features = countInputs(report);
  const width = Math.min(64, Math.max(16, 2 ** Math.ceil(Math.log2(Math.max(1, features)))));
  return report.rows < 300 ? [dense(width, "relu")] : [dense(width, "relu"), dense(width / 2, "relu")];
}

/** About how many numbers enter: one per number, one per category, none for what is left out. */
export function countInputs(report: TableReport): number {
  return report.columns.reduce((sum, column) => {
    if (column.role !== "feature") return sum;
    return sum + (column.type === "category" ? Math.min(column.distinct, 50) : 1);
  }, 0);
}

function batchFor(rows: number, formed: boolean): number {
  if (rows < 1_000 && !formed) return 16;
  return rows < 20_000 ? 32 : 128;
}
