// A report as charts, tables and sentences: which series stand in which picture, and what a reader is told who does not see it.

import type { CalibrationBin, Classification, ClassScores, Regression } from "../../engine/protocol.js";
import type { Chart } from "../chart/draw.js";
import type { TableData } from "../data-table.js";
import { formatCount, formatFixed, formatPercent, formatValue } from "../numbers.js";
import { extent, padRange } from "../ticks.js";

/** A picture with its words. */
export interface Figure {
  label: string;
  sentence: string;
  chart: Chart | null;
  table: () => TableData;
}

/** The class that is chosen at first: of two the second, which is "yes"; else the hardest. */
export function firstClass(classes: readonly ClassScores[]): number {
  if (classes.length === 2) return 1;
  let worst = 0;
  classes.forEach((it, i) => {
    if (it.support > 0 && it.f1 < (classes[worst]?.f1 ?? 1)) worst = i;
  });
  return worst;
}

/** Every second number of a list of pairs. */
const pick = (pairs: Float32Array, which: 0 | 1): Float32Array =>
  Float32Array.from({ length: pairs.length / 2 }, (_, i) => pairs[2 * i + which] as number);

const unit = [0, 1] as const;

export function rocFigure(of: ClassScores | undefined, name: string): Figure {
  const curves = of?.curves ?? null;
  const [x, y] = curves ? [pick(curves.roc, 0), pick(curves.roc, 1)] : [[], []];
  return {
    label: `ROC curve of ${name}`,
    sentence: curves ? `Area under the curve: ${formatFixed(curves.auc, 3)} (guessing: ${formatFixed(0.5, 1)}).` : noCurve(name),
    chart: curves && {
      series: [{ x, y, kind: "line", color: 0 }],
      x: unit,
      y: unit,
      xLabel: "false positive rate",
      yLabel: "true positive rate",
      guide: "rising",
    },
    table: () => pairs(["false positive rate", "true positive rate"], x, y),
  };
}

export function precisionRecallFigure(of: ClassScores | undefined, name: string, rows: number): Figure {
  const curves = of?.curves ?? null;
  const [x, y] = curves ? [pick(curves.precision_recall, 0), pick(curves.precision_recall, 1)] : [[], []];
  const share = rows > 0 ? (of?.support ?? 0) / rows : 0;
  return {
    label: `Precision and recall of ${name}`,
    sentence: curves
      ? `Average precision: ${formatFixed(curves.average_precision, 3)} (guessing: ${formatFixed(share, 3)}).`
      : noCurve(name),
    chart: curves && {
      series: [{ x, y, kind: "line", color: 1 }],
      x: unit,
      y: unit,
      xLabel: "recall",
      yLabel: "precision",
      guide: share,
    },
    table: () => pairs(["recall", "precision"], x, y),
  };
}

const noCurve = (name: string): string => `There is no curve: all of these rows are ${name}, or none is.`;

export function calibrationFigure({ bins, calibration_error }: Classification): Figure {
  const filled = bins.filter(({ rows }) => rows > 0);
  const centre = (i: number) => (i + 0.5) / bins.length;
  return {
    label: "Calibration",
    sentence: `Expected calibration error: ${formatPercent(calibration_error)}. ${leaning(filled)}`,
    chart: {
      series: [
        { x: bins.map((_, i) => centre(i)), y: bins.map((bin) => (bin.rows > 0 ? bin.accuracy : 0)), kind: "bars", color: 0 },
        { x: filled.map((bin) => bin.certainty), y: filled.map((bin) => bin.accuracy), kind: "points", color: 1 },
      ],
      x: unit,
      y: unit,
      xLabel: "certainty",
      yLabel: "share of right answers",
      guide: "rising",
    },
    table: () => ({
      columns: ["certainty", "share of right answers", "rows"],
      rows: filled.map(({ certainty, accuracy, rows }) => [certainty, accuracy, rows]),
    }),
  };
}

/** Which way certainty and right answers part, over all rows. */
function leaning(bins: readonly CalibrationBin[]): string {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const gap = bins.reduce((sum, bin) => sum + (bin.certainty - bin.accuracy) * bin.rows, 0) / Math.max(1, rows);
  if (Math.abs(gap) < 0.01) return "On the whole as sure as it is right.";
  return gap > 0 ? "On the whole surer than it is right." : "On the whole more often right than it is sure.";
}

export function fitFigure({ truth, predicted, r2 }: Regression, target: string): Figure {
  const both = extent([...truth, ...predicted]);
  const range = both ? padRange(...both) : unit;
  return {
    label: `Predicted against true ${target}`,
    sentence:
      r2 === null
        ? "All true values are the same: there is no spread to explain."
        : `R² ${formatValue(r2, 3)}: on the dashed line every prediction would be right.`,
    chart: {
      series: [{ x: truth, y: predicted, kind: "points", color: 0 }],
      x: range,
      y: range,
      xLabel: `true ${target}`,
      yLabel: `predicted ${target}`,
      guide: "rising",
    },
    table: () => pairs([`true ${target}`, `predicted ${target}`], truth, predicted),
  };
}

export function residualFigure({ truth, predicted, mae }: Regression, target: string): Figure {
  const residuals = Float32Array.from(truth, (value, i) => value - (predicted[i] as number));
  const across = extent(predicted);
  const most = Math.max(...(extent(residuals) ?? [0, 0]).map(Math.abs));
  const mean = residuals.reduce((sum, value) => sum + value, 0) / Math.max(1, residuals.length);
  return {
    label: "Residuals",
    sentence: `True minus predicted: ${formatValue(mean, 3)} in the mean, ${formatValue(mae, 3)} off in the mean.`,
    chart: {
      series: [{ x: predicted, y: residuals, kind: "points", color: 1 }],
      x: across ? padRange(...across) : unit,
      y: padRange(-most, most),
      xLabel: `predicted ${target}`,
      yLabel: "residual",
      guide: 0,
    },
    table: () => pairs([`predicted ${target}`, "residual"], predicted, residuals),
  };
}

function pairs(columns: [string, string], x: ArrayLike<number>, y: ArrayLike<number>): TableData {
  return { columns, rows: Array.from({ length: x.length }, (_, i) => [x[i] as number, y[i] as number]) };
}

/** What is said of the predictions as a whole: a word, a value, a sentence about the word. */
export function wholeScores(of: Classification): [string, string, string][] {
  const value = (it: number | null) => (it === null ? "–" : formatValue(it, 3));
  const top = of.top_k.slice(1).map(
    (share, i): [string, string, string] => [
      `top ${formatCount(i + 2)}`,
      formatPercent(share),
      `Rows whose class is among the ${formatCount(i + 2)} likeliest.`,
    ],
  );
  return [
    ["accuracy", formatPercent(of.accuracy), "Rows whose class was found."],
    ...(of.top_k.length > 2 ? top : []),
    [
      "balanced accuracy",
      of.balanced_accuracy === null ? "–" : formatPercent(of.balanced_accuracy),
      "The mean of the recalls: a small class counts as much as a large one.",
    ],
    ["F1, macro", value(of.f1_macro), "The mean of the classes' F1."],
    ["F1, weighted", value(of.f1_weighted), "The mean of the classes' F1, weighed by their rows."],
    ["MCC", value(of.matthews), "Matthews' correlation of true and predicted classes: 1 is perfect, 0 is guessing."],
    ["Cohen's kappa", value(of.kappa), "Agreement beyond chance: 1 is perfect, 0 is guessing."],
  ];
}
