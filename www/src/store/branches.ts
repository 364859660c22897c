// Branches: layers that name what they read, instead of reading the layer before them. Pure edits, by index in the spec; -1
// is where the features enter.
//
//   conv_a ─┬─ conv_b ── conv_c ─┐
//           └────────────────────┴─ add         { type: "add", inputs: ["conv_a", "conv_c"] }
//
// A name is written into the spec only for layers that are referred to: all others keep the automatic names of the engine,
// which follow from their place.

import type { LayerSpec, ModelSpec } from "../engine/protocol";

/** The name under which layers reach the features. */
export const INPUT = "input";
export const FEATURES = -1;

/** The names of all layers: their own, or (as the engine does it) the type with the first number that is free. */
export function layerNames({ layers }: ModelSpec): string[] {
  const taken = new Set(layers.flatMap(({ name }) => name ?? []));
  return layers.map(({ name, type }) => {
    if (name !== undefined) return name;
    let automatic = type;
    for (let number = 1; taken.has(automatic); number++) automatic = `${type}_${number}`;
    taken.add(automatic);
    return automatic;
  });
}

/** What a layer reads: indices of layers, or {@link FEATURES}. Names that no layer has are left out. */
export function sourcesOf(model: ModelSpec, index: number): number[] {
  const inputs = model.layers[index]?.inputs;
  if (!inputs) return [index - 1];
  const names = layerNames(model);
  return inputs.flatMap((name) => {
    const at = names.indexOf(name);
    return at >= 0 ? at : name === INPUT ? FEATURES : [];
  });
}

/** Makes a layer read others; the layer before it alone is what it reads by itself, and is not written. */
export function setSources(model: ModelSpec, index: number, sources: readonly number[]): ModelSpec {
  const layers = model.layers.map((layer) => ({ ...layer }));
  const layer = layers[index];
  if (!layer) return model;
  if (sources.length === 1 && sources[0] === index - 1) delete layer.inputs;
  else layer.inputs = sources.map((source) => nameFor(layers, source));
  return { ...model, layers: withoutNeedlessNames(layers) };
}

/** A new layer at `at`: who read the layer before it by name reads the new one, if it comes next. */
export function insert(model: ModelSpec, at: number, layer: LayerSpec): ModelSpec {
  const names = layerNames(model);
  const layers = model.layers.map((it) => ({ ...it }));
  layers.splice(at, 0, { ...layer });
  const next = layers[at + 1];
  const before = at > 0 ? names[at - 1] : INPUT;
  if (next?.inputs?.includes(before ?? INPUT)) {
    const own = nameFor(layers, at);
    next.inputs = next.inputs.map((name) => (name === before ? own : name));
  }
  return { ...model, layers };
}

/** Without a layer: who read it by name reads what it read. */
export function without(model: ModelSpec, index: number): ModelSpec {
  const gone = layerNames(model)[index];
  const sources = sourcesOf(model, index);
  const layers = model.layers.map((it) => ({ ...it }));
  const read = (name: string): string[] =>
    name === gone ? sources.map((source) => nameFor(layers, source)) : [name];
  for (const layer of layers) if (layer.inputs) layer.inputs = [...new Set(layer.inputs.flatMap(read))];
  // Who read it as the layer before itself does so still, unless it joined several or stood in for another.
  const next = layers[index + 1];
  if (next && !next.inputs && !(sources.length === 1 && sources[0] === index - 1)) {
    next.inputs = sources.map((source) => nameFor(layers, source));
  }
  // The first of those that took its weights has them now.
  const heirs = layers.filter(({ shares }) => shares === gone);
  const [first] = heirs;
  if (first) delete first.shares;
  for (const heir of heirs.slice(1)) heir.shares = nameFor(layers, layers.indexOf(first as LayerSpec));
  layers.splice(index, 1);
  return tidied({ ...model, layers });
}

/** The name of a layer; from now on its own, because another refers to it. */
export function nameFor(layers: LayerSpec[], source: number): string {
  const layer = layers[source];
  if (!layer) return INPUT;
  layer.name ??= layerNames({ version: 1, layers })[source] ?? layer.type;
  return layer.name;
}

/** `inputs` that say no more than the order of the layers does are taken away, unless a layer joins several. */
function tidied(model: ModelSpec): ModelSpec {
  const names = layerNames(model);
  const layers = model.layers.map((layer, index) => {
    const { inputs, ...rest } = layer;
    const before = index > 0 ? names[index - 1] : INPUT;
    return inputs?.length === 1 && inputs[0] === before ? (rest) : layer;
  });
  return { ...model, layers: withoutNeedlessNames(layers) };
}

/** Names that equal the automatic ones and that nobody refers to need not be written. */
export function withoutNeedlessNames(layers: LayerSpec[]): LayerSpec[] {
  const used = new Set(layers.flatMap(({ inputs, shares }) => [...(inputs ?? []), ...(shares === undefined ? [] : [shares])]));
  return layers.map((layer) => {
    const { name, ...rest } = layer;
    const automatic = name !== undefined && new RegExp(`^${layer.type}(_\\d+)?$`).test(name);
    return automatic && !used.has(name) ? (rest) : layer;
  });
}
