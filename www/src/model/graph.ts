// What a program needs to know of its layers before the engine has seen them: names, inputs, outputs. The rules are those
// of crates/core/src/plan/graph.rs, which finds what is wrong with them.

import type { LayerSpec } from "../engine/protocol";
import type { Part } from "./parts";

/** Own names, and Keras' automatic ones for the others: `dense`, `dense_1`, ... */
export function namesOf(layers: readonly LayerSpec[]): string[] {
  const taken = new Set(layers.flatMap(({ name }) => (name === undefined ? [] : [name])));
  return layers.map(({ type, name }) => {
    if (name !== undefined) return name;
    let automatic = type;
    for (let number = 1; taken.has(automatic); number++) automatic = `${type}_${String(number)}`;
    taken.add(automatic);
    return automatic;
  });
}

/** The inputs in order with how many numbers of a row are theirs. */
export function inputsOf(layers: readonly LayerSpec[], input: readonly number[]): Part[] {
  const names = namesOf(layers);
  const inputs = layers.flatMap(({ type, shape }, i) =>
    type === "input" && Array.isArray(shape) ? [{ name: names[i] ?? type, width: product(shape as number[]) }] : [],
  );
  const only = names[layers.findIndex(({ type }) => type === "input")] ?? "input";
  return inputs.length > 1 ? inputs : [{ name: only, width: product(input) }];
}

/** The outputs in order, by their places among the layers: those that are named, or those that no other layer takes. */
export function outputsOf(layers: readonly LayerSpec[], named: readonly string[] | undefined): number[] {
  const names = namesOf(layers);
  if (named) return named.map((name) => names.indexOf(name)).filter((at) => at >= 0);
  const taken = new Set(layers.flatMap((_, i) => sourcesOf(layers, names, i)));
  const loose = layers.map((_, i) => i).filter((i) => !taken.has(i));
  return loose.length > 0 ? loose : [layers.length - 1];
}

/** The last size that a layer on the way to this one says: its units or filters. */
export function unitsAt(layers: readonly LayerSpec[], output: number): number {
  const names = namesOf(layers);
  let at: number | undefined = output;
  while (at !== undefined && at >= 0) {
    const layer: LayerSpec | undefined = layers[at];
    const own = layer?.type === "time_distributed" ? (layer["layer"] as LayerSpec | undefined) : layer;
    const size = Number(own?.["units"] ?? own?.["filters"] ?? NaN);
    if (Number.isInteger(size)) return size;
    at = sourcesOf(layers, names, at)[0];
  }
  return 1;
}

/** The earlier layers that a layer takes. */
function sourcesOf(layers: readonly LayerSpec[], names: readonly string[], i: number): number[] {
  const layer = layers[i];
  if (!layer || layer.type === "input") return [];
  if (!layer.inputs) return i > 0 ? [i - 1] : [];
  return layer.inputs.map((name) => names.indexOf(name)).filter((at) => at >= 0 && at < i);
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
