// What a program needs to know of its layers before it gives rows: names and inputs. The rules are those of
// crates/core/src/plan/graph.rs, which finds what is wrong with them.

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

export function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
