// The charts of a report and of learning rates, in their states.

import { html, type TemplateResult } from "lit";
import type { CalibrationBin, ClassScores } from "../engine/protocol.js";
import { TabgradChart } from "../views/chart/chart.js";
import { calibrationFigure, fitFigure, precisionRecallFigure, residualFigure, rocFigure, type Figure } from "../views/report/charts.js";
import { scheduleChart, testChart } from "../views/report/rates.js";
import type { Case } from "./case.js";
import { random } from "./random.js";

// Where it is part of a playground, it comes when it is needed.
if (!customElements.get("tabgrad-chart")) customElements.define("tabgrad-chart", TabgradChart);

const chart = ({ label, sentence, chart, table }: Figure): TemplateResult =>
  html`<tabgrad-chart .label=${label} .sentence=${sentence} .empty=${sentence} .chart=${chart} .table=${table}></tabgrad-chart>`;

/** A ranking that is right mostly. */
const scored: ClassScores = {
  support: 30,
  precision: 0.9,
  recall: 0.87,
  f1: 0.88,
  curves: {
    roc: Float32Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? i / 78 : Math.pow((i - 1) / 78, 0.25))),
    precision_recall: Float32Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? i / 78 : 1 - 0.6 * Math.pow((i - 1) / 78, 4))),
    auc: 0.8,
    average_precision: 0.88,
  },
};

const bins: CalibrationBin[] = Array.from({ length: 10 }, (_, i) => ({
  rows: i < 4 ? 0 : 5 * i,
  certainty: (i + 0.6) / 10,
  accuracy: Math.min(1, (i + 0.2) / 11),
}));

const next = random(5);
const truth = Float32Array.from({ length: 400 }, () => 40 * next());
const predicted = truth.map((value) => value + 6 * (next() - 0.5));
const regression = { r2: 0.973, rmse: 1.73, mae: 1.5, truth, predicted };

const rates = Float32Array.from({ length: 90 }, (_, i) => 1e-7 * Math.pow(10, i / 11));
const losses = rates.map((rate, i) => 1.1 / (1 + rate * 40) + Math.pow(rate * 2, 3) + 0.05 * Math.sin(i * 9));

export const reportCases: Case[] = [
  { title: "ROC", view: () => chart(rocFigure(scored, "virginica")) },
  { title: "Precision and recall", view: () => chart(precisionRecallFigure(scored, "virginica", 90)) },
  { title: "No curve", view: () => chart(rocFigure({ ...scored, curves: null }, "setosa")) },
  {
    title: "Calibration",
    view: () =>
      chart(
        calibrationFigure({
          accuracy: 0.8,
          top_k: [0.8],
          balanced_accuracy: null,
          matthews: null,
          kappa: null,
          f1_macro: 0.8,
          f1_micro: 0.8,
          f1_weighted: 0.8,
          calibration_error: 0.082,
          classes: [],
          bins,
        }),
      ),
  },
  { title: "Predicted against true", view: () => chart(fitFigure(regression, "price")) },
  { title: "Residuals", view: () => chart(residualFigure(regression, "price")) },
  {
    title: "A schedule",
    view: () =>
      chart(scheduleChart({ epochs: 100, rates: Float32Array.from({ length: 200 }, (_, i) => 0.01 * (1 + Math.cos((i * Math.PI) / 199))) })),
  },
  { title: "A range test", view: () => chart(testChart({ rates, losses, suggested: 0.01 })) },
];
