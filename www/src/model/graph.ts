// What a program needs to know of its layers before it gives rows: the inputs and their widths.

import { layerNames } from "../engine/names";
import type { LayerSpec } from "../engine/protocol";
import type { Part } from "./parts";

/** The inputs in order with how many numbers of a row are theirs. */
export function inputsOf(layers: readonly LayerSpec[], input: readonly number[]): Part[] {
  const names = layerNames(layers);
  const inputs = layers.flatMap(({ type, shape }, i) =>
    type === "input" && Array.isArray(shape) ? [{ name: names[i] ?? type, width: product(shape as number[]) }] : [],
  );
  const only = names[layers.findIndex(({ type }) => type === "input")] ?? "input";
  return inputs.length > 1 ? inputs : [{ name: only, width: product(input) }];
}

export function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
