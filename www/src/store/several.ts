// What other targets than one column take, and other ways in than one: in one piece, which comes when there is any of it.

import type { Configured, ModelSpec, Schema, TableReport, TrainingSpec } from "../engine/protocol";
import { rowTraining } from "../presets/rows";
import { changeLayer, outputLayer, units } from "./layers";
import { fitTargets } from "./outputs";
import type { State } from "./state";
import { isOfRow } from "./targets";

export { proposeRow } from "../presets/rows";
export { addInput } from "./inputs";
export { addBeforeOutputs, chooseOutput } from "./outputs";

/** What kind of network a row that is its own target needs; null: it is not. */
export function rowKind(report: TableReport): string | null {
  return isOfRow(report) ? `${report.task} ${report.ahead ?? 0} ${JSON.stringify(report.form)}` : null;
}

/** A network and a training made to fit what no column alone is the target of; null: one column is. */
export function fit(
  model: ModelSpec,
  training: TrainingSpec,
  report: TableReport,
  schema: Schema | null,
): { model: ModelSpec; training: TrainingSpec } | null {
  if (isOfRow(report)) return { model, training: rowTraining(training, report) };
  return report.targets || model.outputs ? fitTargets(model, training, report, schema) : null;
}

/** How many numbers a row has that is to be made again, only the engine knows. */
export function sized({ choices, data }: State, { task, features }: Configured): Pick<State, "choices"> | null {
  const output = outputLayer(choices.model);
  const known = task !== "reconstruction" || !data.report || data.report.form !== undefined;
  if (known || units(choices.model.layers[output]) === features.length) return null;
  return { choices: { ...choices, model: changeLayer(choices.model, output, { units: features.length }) } };
}
