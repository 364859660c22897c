import { describe, expect, it } from "vitest";
import type { Classification, ClassScores } from "../../engine/protocol";
import { calibrationFigure, firstClass, fitFigure, precisionRecallFigure, residualFigure, rocFigure, wholeScores } from "./charts";
import { scheduleChart, testChart } from "./rates";

const scored = (f1: number, support = 10): ClassScores => ({
  support,
  precision: f1,
  recall: f1,
  f1,
  curves: {
    roc: new Float32Array([0, 0, 0, 0.5, 1, 1]),
    precision_recall: new Float32Array([0.5, 1, 1, 0.75]),
    auc: 0.75,
    average_precision: 0.875,
  },
});

const classification = (classes: ClassScores[]): Classification => ({
  accuracy: 0.9,
  top_k: [0.9, 1],
  balanced_accuracy: null,
  matthews: 0.8,
  kappa: 0.7,
  f1_macro: 0.9,
  f1_micro: 0.9,
  f1_weighted: 0.9,
  calibration_error: 0.05,
  classes,
  bins: [
    { rows: 0, certainty: 0, accuracy: 0 },
    { rows: 4, certainty: 0.9, accuracy: 0.75 },
  ],
});

describe("the class whose curves are drawn first", () => {
  it("is the second of two, else the hardest with rows", () => {
    expect(firstClass([scored(0.2), scored(0.9)])).toBe(1);
    expect(firstClass([scored(0.9), scored(0.5), scored(0, 0), scored(0.7)])).toBe(1);
    expect(firstClass([])).toBe(0);
  });
});

describe("curves", () => {
  it("are taken apart into their axes, with the area in words", () => {
    const roc = rocFigure(scored(0.5), "b");
    expect([...(roc.chart?.series[0]?.x as Float32Array)]).toEqual([0, 0, 1]);
    expect([...(roc.chart?.series[0]?.y as Float32Array)]).toEqual([0, 0.5, 1]);
    expect(roc.sentence).toContain("0.75");
    expect(roc.table().rows).toHaveLength(3);
    const precision = precisionRecallFigure(scored(0.5, 5), "b", 20);
    expect(precision.chart?.guide).toBe(0.25);
    expect(precision.sentence).toContain("0.875");
  });

  it("are missing where all rows or none are of the class, and that is said", () => {
    const roc = rocFigure({ ...scored(0), curves: null }, "c");
    expect(roc.chart).toBeNull();
    expect(roc.sentence).toContain("c");
    expect(roc.table().rows).toEqual([]);
  });
});

it("calibration names the error and which way it leans, and leaves empty bins out of the table", () => {
  const figure = calibrationFigure(classification([]));
  expect(figure.sentence).toMatch(/5.*surer than it is right/);
  expect(figure.table().rows).toEqual([[0.9, 0.75, 4]]);
});

it("scores of the whole show a dash for what cannot be said, and top k only of several classes", () => {
  const words = wholeScores(classification([]));
  expect(words.find(([word]) => word === "balanced accuracy")?.[1]).toBe("–");
  expect(words.some(([word]) => word.startsWith("top"))).toBe(false);
  const many = wholeScores({ ...classification([]), top_k: [0.5, 0.75, 1] });
  expect(many.filter(([word]) => word.startsWith("top")).map(([word]) => word)).toEqual(["top 2", "top 3"]);
});

describe("values", () => {
  const regression = { r2: 0.5, rmse: 2, mae: 1, truth: new Float32Array([1, 3]), predicted: new Float32Array([2, 2]) };

  it("stand against each other on the same range", () => {
    const { chart } = fitFigure(regression, "y");
    expect(chart?.x).toEqual(chart?.y);
    expect(fitFigure({ ...regression, r2: null }, "y").sentence).toContain("no spread");
  });

  it("leave residuals around nought", () => {
    const figure = residualFigure(regression, "y");
    expect([...(figure.chart?.series[0]?.y as Float32Array)]).toEqual([-1, 1]);
    const [low, high] = figure.chart?.y ?? [0, 0];
    expect(low).toBeCloseTo(-high);
  });
});

describe("learning rates", () => {
  it("span the epochs of the run", () => {
    const figure = scheduleChart({ epochs: 20, rates: new Float32Array([0.5, 0.25, 0]) });
    expect([...(figure.chart?.series[0]?.x as Float32Array)]).toEqual([0, 10, 20]);
    expect(figure.sentence).toContain("20 epochs");
  });

  it("of a test are powers of ten, with a mark at the suggestion", () => {
    const tested = { rates: new Float32Array([1e-3, 1e-2, 1e-1]), losses: new Float32Array([1, 0.5, 90]), suggested: 0.01 };
    const { chart } = testChart(tested);
    expect(chart?.mark).toBeCloseTo(-2);
    expect(chart?.y[1]).toBeLessThan(3);
    expect(testChart({ ...tested, suggested: null }).sentence).toContain("No rate");
  });
});
