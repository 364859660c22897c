// Curves, confusion matrices and histograms in their states.

import { html, type TemplateResult } from "lit";
import type { Case } from "./case.js";
import { categoryColumn, makeEvaluation, makeHistory, numberColumn } from "./data-fixtures.js";
import type { ColumnReport, EpochRecord } from "../engine/protocol.js";

const SPECIES = ["setosa", "versicolor", "virginica"];
const DIGITS = Array.from({ length: 10 }, (_, i) => String(i));

const curves = (history: EpochRecord[], metric: string, logarithmic = false): TemplateResult =>
  html`<tabgrad-curves .history=${history} .metric=${metric} ?logarithmic=${logarithmic}></tabgrad-curves>`;

const run = makeHistory(42, 3);
const diverging = makeHistory(30, 5, false).map((record, i) => ({
  ...record,
  train: { loss: Math.pow(10, i * 1.2 - 3), metrics: {} },
}));

export const curveCases: Case[] = [
  { title: "Loss, training", view: () => curves(run, "loss") },
  { title: "Accuracy, training", view: () => curves(run, "accuracy") },
  { title: "Loss, logarithmic", view: () => curves(makeHistory(300, 9), "loss", true) },
  { title: "A million epochs would look the same: 100,000", view: () => curves(makeHistory(100_000, 7), "loss") },
  { title: "Without validation", view: () => curves(makeHistory(80, 11, false), "loss") },
  { title: "One epoch", view: () => curves(makeHistory(1, 2), "loss") },
  { title: "Diverging over 30 powers of ten", view: () => curves(diverging, "loss", true) },
  { title: "Tiny numbers", view: () => curves(makeHistory(60, 4, true, 1e-7), "loss") },
  { title: "Before training", view: () => curves([], "loss") },
  {
    title: "Loading",
    view: () => html`<tabgrad-curves state="loading" message="Starting the engine…"></tabgrad-curves>`,
  },
  {
    title: "Failed",
    view: () =>
      html`<tabgrad-curves
        .history=${run}
        state="failed"
        message="The loss grew without bound at epoch 43."
      ></tabgrad-curves>`,
  },
];

const confusion = (k: number, classes: string[], rows = 23): TemplateResult =>
  html`<tabgrad-confusion .evaluation=${makeEvaluation(k, rows, 3)} .classes=${classes}></tabgrad-confusion>`;

export const confusionCases: Case[] = [
  { title: "Two classes", view: () => confusion(2, ["ham", "spam"], 400) },
  { title: "Three classes", view: () => confusion(3, SPECIES, 69) },
  { title: "Long names", view: () => confusion(3, ["a class with quite a long name", "b", "<b>bold</b>"], 1e6) },
  { title: "Ten classes", wide: 2, view: () => confusion(10, DIGITS, 360) },
  {
    title: "Forty classes",
    view: () =>
      confusion(
        40,
        Array.from({ length: 40 }, (_, i) => `class ${String(i)}`),
        4000,
      ),
  },
  { title: "Before the first epoch", view: () => html`<tabgrad-confusion></tabgrad-confusion>` },
  {
    title: "Failed",
    view: () => html`<tabgrad-confusion state="failed" message="There are no test rows to score."></tabgrad-confusion>`,
  },
];

const bars = (column: ColumnReport | null, classes: string[] = [], table = false): TemplateResult =>
  html`<tabgrad-histogram .column=${column} .classes=${classes} ?table=${table}></tabgrad-histogram>`;

const bell = (middle: number, width: number) => (x: number) => Math.exp(-((x - middle) ** 2) / width);

export const histogramCases: Case[] = [
  {
    title: "Numbers",
    view: () => bars(numberColumn("petal length", (x) => 0.6 * bell(0.1, 0.008)(x) + bell(0.6, 0.04)(x))),
  },
  { title: "Many bins, with a table", view: () => bars(numberColumn("price", bell(0.2, 0.02), 60), [], true) },
  {
    title: "Target",
    view: () => bars(categoryColumn("species", { setosa: 50, versicolor: 50, virginica: 50 }), SPECIES),
  },
  { title: "Categories", view: () => bars(categoryColumn("town", { Ulm: 90, Graz: 44, Bern: 12, Linz: 3, Rom: 1 })) },
  {
    title: "One value",
    view: () => bars({ ...numberColumn("constant", () => 0), type: "constant", min: 1, max: 1, histogram: [150] }),
  },
  { title: "Nothing", view: () => bars(null) },
];
