// Names of layers, and what `inputs` say with them. The rules are those of crates/core/src/plan/graph.rs, which finds what is
// wrong with them.
//
//   inputs: ["input", "encoder", "encoder:1"]      the features, and the first and the second output of the encoder

import type { LayerSpec } from "./protocol";

/** The name under which layers reach the features, and the index that stands for them. */
export const INPUT = "input";
export const FEATURES = -1;

/** An output of a layer: the layer by its index, {@link FEATURES} for what enters the network; the first output is number 0. */
export interface Source {
  layer: number;
  output: number;
}

/** Own names, and Keras' automatic ones for the others: `dense`, `dense_1`, ... */
export function layerNames(layers: readonly LayerSpec[]): string[] {
  const taken = new Set(layers.flatMap(({ name }) => name ?? []));
  return layers.map(({ name, type }) => {
    if (name !== undefined) return name;
    let automatic = type;
    for (let number = 1; taken.has(automatic); number++) automatic = `${type}_${number}`;
    taken.add(automatic);
    return automatic;
  });
}

/** What an entry of `inputs` stands for; undefined: for nothing that these layers have. */
export function findSource(names: readonly string[], reference: string): Source | undefined {
  const whole = names.indexOf(reference);
  if (whole >= 0) return firstOf(whole);
  if (reference === INPUT) return firstOf(FEATURES);
  const [, name = "", output] = /^(.*):(\d+)$/.exec(reference) ?? [];
  const layer = names.indexOf(name);
  return layer < 0 ? undefined : { layer, output: Number(output) };
}

/** The other way: the entry of `inputs` for an output of the layer of that name. */
export const referenceTo = (name: string, output: number): string => (output === 0 ? name : `${name}:${output}`);

/** The first output, which most layers have alone. */
export const firstOf = (layer: number): Source => ({ layer, output: 0 });

export const isFirstOf = (layer: number, source: Source | undefined): boolean =>
  source?.layer === layer && source.output === 0;
