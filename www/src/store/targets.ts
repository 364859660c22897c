// What is predicted: one target of the table or several, each with an output of the network by its name.
//
//   targets [price, kind]     model.outputs ["price", "kind"]     scores price_loss, kind_accuracy, ...
//
// With one target nothing has a name: the scores are `loss`, `accuracy`, ...

import type { Spec, TableReport, TargetReport, TrainingSpec } from "../engine/protocol";
import type { State } from "./state";

/** All targets, in order. */
export function targetsOf(report: TableReport): TargetReport[] {
  return report.targets ?? [{ column: report.target, task: report.task, classes: report.classes }];
}

/** A target as the page looks at it. */
export interface ShownTarget extends TargetReport {
  /** Its place among the targets. */
  place: number;
  /** Name of the column. */
  name: string;
  /** Name of its output, where there are several. */
  output: string | undefined;
}

/** The target that scores and pictures are of: the only one, or the one that the reader looks at. */
export function shownTarget({ data: { report }, choices, target }: Pick<State, "data" | "choices" | "target">) {
  if (!report) return undefined;
  const all = targetsOf(report);
  const place = target < all.length ? target : 0;
  const own = all[place] as TargetReport;
  const output = report.targets && choices.model.outputs?.[place];
  return { ...own, place, name: nameOf(report, own), output } satisfies ShownTarget;
}

/** What a target is called; the row itself, by what the network is to do. */
export const nameOf = ({ columns, ahead }: TableReport, { column }: TargetReport): string =>
  columns[column]?.name ?? (ahead ? "the next token" : "the row itself");

/** Whether the row itself is predicted. */
export const isOfRow = (report: TableReport): boolean => report.target >= report.columns.length;

/** Names of several targets; of one, none. */
export const targetNames = (report: TableReport | null): string[] =>
  report?.targets?.map((target) => nameOf(report, target)) ?? [];

/** What a score is called: of one output of several, with its name. */
export const scoreOf = (output: string | undefined, score: string): string =>
  output === undefined ? score : `${output}_${score}`;

/** The metrics of an output: its own, or those of all. */
export const metricsOf = ({ metrics }: TrainingSpec, output: string | undefined): Spec[] => listOf(metrics, output);

/** The same of those that count rows by their weights. */
export const weightedMetricsOf = ({ weighted_metrics }: TrainingSpec, output: string | undefined): Spec[] =>
  listOf(weighted_metrics ?? [], output);

const listOf = (lists: TrainingSpec["metrics"], output = ""): Spec[] => (Array.isArray(lists) ? lists : (lists[output] ?? []));

/** The loss of an output: its own, or that of all. */
export function lossOf({ loss }: TrainingSpec, output: string | undefined): Spec {
  if (isOne(loss)) return loss;
  return loss[output ?? ""] ?? Object.values(loss)[0] ?? "";
}

const isOne = (loss: TrainingSpec["loss"]): loss is Spec => typeof loss === "string" || typeof loss.type === "string";

/** The training with another loss at an output. */
export const withLoss = ({ loss }: TrainingSpec, output: string | undefined, own: Spec): Pick<TrainingSpec, "loss"> => ({
  loss: output === undefined || isOne(loss) ? own : { ...loss, [output]: own },
});

/** The columns that are left out when the row itself is to be predicted: what was a target is not for the network to see. */
export const withoutTargets = ({ columns }: TableReport): number[] =>
  columns.flatMap(({ role }, index) => (role === "feature" || role === "weight" ? [] : [index]));

/** The column that weighs the rows of a table. */
export function weightOf(report: TableReport | null): number | undefined {
  const at = report?.columns.findIndex(({ role }) => role === "weight") ?? -1;
  return at < 0 ? undefined : at;
}
