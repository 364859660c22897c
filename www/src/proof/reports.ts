// Reports of predictions of classes beside scikit-learn's, as the native test has it (crates/core/tests/goldens/reports.rs).

import type { Glue } from "../engine/glue";
import type { ReportCase } from "./cases";
import { Comparison, WHOLE, type Outcome } from "./compare";

export function runReport(glue: Glue, it: ReportCase): Outcome {
  const comparison = new Comparison();
  const found = glue.classification_report(Float32Array.from(it.p), Float32Array.from(it.y), it.outputs);
  const values = (what: string, expected: number[], values: (number | null | undefined)[] | undefined): void =>
    comparison.values(what, expected, values?.map((value) => value ?? -1), WHOLE);
  values("confusion", it.confusion, found?.confusion);
  for (const name of ["precision", "recall", "f1", "support"] as const) {
    values(name, it[name], found?.classes.map((of) => of[name]));
  }
  values("auc", it.auc, found?.classes.map(({ curves }) => curves?.auc));
  values("average precision", it.average_precision, found?.classes.map(({ curves }) => curves?.average_precision));
  values("f1 averages", it.f1_averages, found && [found.f1_macro, found.f1_micro, found.f1_weighted]);
  values("accuracies", [it.accuracy, it.balanced_accuracy], found && [found.accuracy, found.balanced_accuracy]);
  values("agreement", [it.matthews, it.kappa], found && [found.matthews, found.kappa]);
  return comparison;
}
