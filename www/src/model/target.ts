// What a row of targets holds, as loss and last layer say where the program does not.

import type { LayerSpec, Schema, Spec } from "../engine/protocol";
import type { Target } from "./types";

/**
 * Losses of classes take the number of the class (of two classes and one unit 0 or 1), all others as many numbers as there
 * are units. The last layer that says how many units or filters it has is the output.
 */
export function targetOf(loss: Spec | Record<string, Spec>, layers: readonly LayerSpec[], schema: Schema): Target {
  const sizes = layers.map((layer) => Number(layer["units"] ?? layer["filters"] ?? NaN));
  const units = sizes.findLast((size) => Number.isInteger(size)) ?? 1;
  const spec = typeof loss === "string" || typeof (loss as { type?: unknown }).type === "string" ? (loss as Spec) : null;
  const kind = spec === null ? undefined : schema.losses.find(({ type }) => type === canonical(typeof spec === "string" ? spec : spec.type));
  const tasks = kind?.tasks ?? [];
  const ofClasses = tasks.length > 0 && !tasks.includes("regression");
  if (!ofClasses) return { values: units };
  if (units === 1 && tasks.includes("binary")) return "binary";
  return tasks.includes("multiclass") ? { classes: units } : { values: units };
}

/** Names that Keras shortens; those of values are values under any name. */
function canonical(loss: string): string {
  const short: Record<string, string> = { bce: "binary_crossentropy", kld: "kl_divergence" };
  return short[loss] ?? loss;
}
