// The one number that says how good the network is: of the test rows where there are some, else of those it never learnt from,
// else of those it did.

import type { Scores } from "../engine/protocol";
import { metricLabel } from "../styles/format";
import { typeOf } from "../store/kinds";
import type { State } from "../store/state";
import { metricsOf, scoreOf, shownTarget } from "../store/targets";

export interface Headline {
  metric: string;
  label: string;
  doc: string;
  value: number | null;
  /** The one of several targets that it is of. */
  target: string | undefined;
}

const docs: Record<string, string> = {
  accuracy: "The share of rows whose class it found",
  root_mean_squared_error: "How far off it is, as the root of the mean squared error, in units of the target",
  mean_absolute_error: "How far off it is on average, in units of the target",
  mean_squared_error: "The mean of the squared differences from the truth",
  r2_score: "The share of the target's variance it explains: 1 is perfect, 0 no better than the mean",
  loss: "What training makes small",
};

const parts = {
  test: "among the test rows, which it never saw",
  validation: "among the validation rows, which it never learnt from",
  train: "among the rows it learns from",
} as const;

/** The first metric of the target that is looked at, or what stands for it. */
export function mainMetric(state: State): string {
  return typeOf(metricsOf(state.choices.training, shownTarget(state)?.output)[0] ?? "loss");
}

/** One score of the target that is looked at. */
export function valueOf(state: State, scores: Scores | null | undefined, metric: string): number | undefined {
  const name = scoreOf(shownTarget(state)?.output, metric);
  return name === "loss" ? scores?.loss : scores?.metrics[name];
}

export function headline(state: State): Headline {
  const metric = mainMetric(state);
  const rows = state.network.summary?.rows;
  const last = state.history[state.history.length - 1];
  const part = !rows || rows.test > 0 ? "test" : rows.validation > 0 ? "validation" : "train";
  const scores = part === "test" ? state.run.test : part === "validation" ? last?.validation : last?.train;
  const value = valueOf(state, scores, metric);
  const name = metricLabel(metric);
  const shown = shownTarget(state);
  const target = shown?.output && shown.name;
  return {
    metric,
    label: `${part === "test" ? "Test" : part === "validation" ? "Validation" : "Training"} ${name}`,
    doc: `${target ? `${target}: ` : ""}${docs[metric] ?? name}, ${parts[part]}.`,
    value: value ?? null,
    target,
  };
}
