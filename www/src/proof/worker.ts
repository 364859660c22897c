// Runs every case in one build of the engine, and says what came of each. It is stopped by ending it.

import { loadVariant } from "../engine/variants";
import type { Glue } from "../engine/glue";
import { runInitial, runInitializer } from "./beginnings";
import type { Case, Family, Kinds } from "./cases";
import { PER_OP, PER_OP_FUSED, type Outcome, type Tolerance } from "./compare";
import { runGolden } from "./golden";
import { runGradients } from "./gradients";
import { runOnnx } from "./onnx";
import { runRates } from "./rates";
import { runReport } from "./reports";
import type { FromProof, Start } from "./wire";

interface Scope {
  postMessage(message: FromProof): void;
  onmessage: ((event: MessageEvent<Start>) => void) | null;
}

/** Families of goldens in which roundings of many operations pile up even in one pass. */
const WHOLE_FAMILIES: readonly string[] = ["blocks", "models"];

/** How a case of each kind is run. */
const RUNNERS: { [Kind in keyof Kinds]: (glue: Glue, it: Kinds[Kind], perOp: Tolerance, family: Family) => Outcome } = {
  golden: (glue, it, perOp, { name }) => runGolden(glue, it, perOp, WHOLE_FAMILIES.includes(name)),
  rates: runRates,
  initial: runInitial,
  initializer: runInitializer,
  report: runReport,
  onnx: runOnnx,
  gradient: runGradients,
};

const scope = self as unknown as Scope;

async function prove({ variant, threads, urls, families }: Start): Promise<void> {
  // Only this build is on offer: another one would be proven under its name.
  const files = urls.variants[variant];
  const only = files ? { [variant]: files } : {};
  const isRelaxed = variant.endsWith("relaxed");
  const loaded = await loadVariant({ urls: { variants: only }, threads, reproducible: !isRelaxed });
  scope.postMessage({ type: "ready", engine: await loaded.settled });
  const perOp = isRelaxed ? PER_OP_FUSED : PER_OP;
  families.forEach((family, f) => {
    family.cases.forEach((it, index) => {
      let outcome: Outcome;
      try {
        const run = RUNNERS[family.kind] as (glue: Glue, it: Case, perOp: Tolerance, family: Family) => Outcome;
        outcome = run(loaded.glue, it, perOp, family);
      } catch (error) {
        const sentence = error instanceof Error ? error.message : String(error);
        outcome = { numbers: 0, worst: Infinity, differences: [sentence] };
      }
      scope.postMessage({ type: "done", family: f, index, outcome });
    });
  });
  scope.postMessage({ type: "finished" });
}

scope.onmessage = ({ data }) => {
  prove(data).catch((error: unknown) => {
    scope.postMessage({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  });
};
