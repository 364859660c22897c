// What a row of targets holds, as losses and outputs say where the program does not.

import type { LayerSpec, Schema, Spec } from "../engine/protocol";
import { namesOf, outputsOf, unitsAt } from "./graph";
import type { Parts, Target } from "./types";

/**
 * One for every output: those that are named, or those that losses are given for; with one loss that is the last layer, and
 * with none (a model that only predicts) whatever no other layer takes.
 */
export function targetsOf(
  loss: Spec | Parts<Spec> | null,
  layers: readonly LayerSpec[],
  outputs: readonly string[] | undefined,
  schema: Schema,
): Target[] {
  const names = namesOf(layers);
  const isOne = typeof loss === "string" || typeof (loss as { type?: unknown } | null)?.type === "string";
  const ends = isOne && !outputs ? [layers.length - 1] : outputsOf(layers, outputs);
  return ends.map((at, place) => {
    const own = loss === null ? undefined : lossOf(loss, names[at] ?? "", place);
    return own === undefined ? { values: unitsAt(layers, at) } : targetOf(own, unitsAt(layers, at), schema);
  });
}

/** The loss of an output, by its name or its place. */
function lossOf(loss: Spec | Parts<Spec>, name: string, place: number): Spec | undefined {
  if (typeof loss === "string") return loss;
  if (Array.isArray(loss)) return (loss as readonly Spec[])[place];
  if (typeof (loss as { type?: unknown }).type === "string") return loss as Spec;
  return (loss as Record<string, Spec>)[name];
}

/**
 * Losses of classes take the number of the class (of two classes and one unit 0 or 1), all others as many numbers as there
 * are units.
 */
function targetOf(loss: Spec, units: number, schema: Schema): Target {
  const type = canonical(typeof loss === "string" ? loss : loss.type);
  const tasks = schema.losses.find((kind) => kind.type === type)?.tasks ?? [];
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
