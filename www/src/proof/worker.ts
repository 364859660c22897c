// Runs every case in one build of the engine, and says what came of each. It is stopped by ending it.

import { loadVariant } from "../engine/variants";
import type { Golden, GradientCase } from "./cases";
import { PER_OP, PER_OP_FUSED, type Outcome } from "./compare";
import { runGolden } from "./golden";
import { runGradients } from "./gradients";
import type { FromProof, Start } from "./wire";

interface Scope {
  postMessage(message: FromProof): void;
  onmessage: ((event: MessageEvent<Start>) => void) | null;
}

/** Families of goldens in which roundings of many operations pile up even in one pass. */
const WHOLE_FAMILIES: readonly string[] = ["blocks", "models"];

const scope = self as unknown as Scope;

async function prove({ variant, threads, urls, families }: Start): Promise<void> {
  // Only this build is on offer: another one would be proven under its name.
  const files = urls.variants[variant];
  const only = files ? { [variant]: files } : {};
  const isRelaxed = variant.endsWith("relaxed");
  const loaded = await loadVariant({ urls: { variants: only }, threads, reproducible: !isRelaxed });
  scope.postMessage({ type: "ready", engine: loaded.info });
  const perOp = isRelaxed ? PER_OP_FUSED : PER_OP;
  families.forEach((family, f) => {
    family.cases.forEach((it, index) => {
      let outcome: Outcome;
      try {
        outcome =
          family.kind === "golden"
            ? runGolden(loaded.glue, it as Golden, perOp, WHOLE_FAMILIES.includes(family.name))
            : runGradients(loaded.glue, it as GradientCase);
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
