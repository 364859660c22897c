// Branches: layers that name what they read, instead of reading the layer before them. Pure edits, by index in the spec.
//
//   conv_a ─┬─ conv_b ── conv_c ─┐
//           └────────────────────┴─ add         { type: "add", inputs: ["conv_a", "conv_c"] }
//
// A name is written into the spec only for layers that are referred to: all others keep the automatic names of the engine,
// which follow from their place.

import { FEATURES, findSource, firstOf, INPUT, isFirstOf, layerNames, referenceTo, type Source } from "../engine/names";
import type { LayerSpec, ModelSpec } from "../engine/protocol";

/** What a layer reads. Names that no layer has are left out. */
export function sourcesOf({ layers }: ModelSpec, index: number): Source[] {
  const inputs = layers[index]?.inputs;
  if (layers[index]?.type === "input") return [firstOf(FEATURES)];
  if (!inputs) return [firstOf(index - 1)];
  const names = layerNames(layers);
  return inputs.flatMap((reference) => findSource(names, reference) ?? []);
}

/** Makes a layer read others; the layer before it alone is what it reads by itself, and is not written. */
export function setSources(model: ModelSpec, index: number, sources: readonly Source[]): ModelSpec {
  const layers = named(model.layers);
  const layer = layers[index];
  if (!layer) return model;
  if (isChain(sources, index)) delete layer.inputs;
  else layer.inputs = referencesFor(layers, sources);
  return { ...model, layers: withoutNeedlessNames(layers) };
}

/** A new layer at `at`: who read the layer before it by name reads the new one, if it comes next. */
export function insert(model: ModelSpec, at: number, layer: LayerSpec): ModelSpec {
  const names = layerNames(model.layers);
  const layers = named(model.layers);
  layers.splice(at, 0, { ...layer });
  const next = layers[at + 1];
  // Further outputs are those of the layer before: the new one does not pass them on.
  const readsBefore = (reference: string) => isFirstOf(at - 1, findSource(names, reference));
  if (next?.inputs?.some(readsBefore)) {
    const own = nameFor(layers, at);
    next.inputs = next.inputs.map((reference) => (readsBefore(reference) ? own : reference));
  }
  return { ...model, layers };
}

/** Without a layer: who read it by name reads what it read. Its further outputs are gone with it. */
export function without(model: ModelSpec, index: number): ModelSpec {
  const names = layerNames(model.layers);
  const gone = names[index];
  const sources = sourcesOf(model, index);
  const layers = named(model.layers);
  const read = (reference: string): string[] => {
    const source = findSource(names, reference);
    if (source?.layer !== index) return [reference];
    return source.output === 0 ? referencesFor(layers, sources) : [];
  };
  for (const layer of layers) {
    if (!layer.inputs?.length) continue;
    const left = layer.inputs.flatMap(read);
    layer.inputs = [...new Set(left.length > 0 ? left : referencesFor(layers, sources))];
  }
  // Who read it as the layer before itself does so still, unless it joined several or stood in for another.
  const next = layers[index + 1];
  if (next && !next.inputs && !isChain(sources, index)) next.inputs = referencesFor(layers, sources);
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
  layer.name ??= layerNames(layers)[source] ?? layer.type;
  return layer.name;
}

const referencesFor = (layers: LayerSpec[], sources: readonly Source[]): string[] =>
  sources.map(({ layer, output }) => referenceTo(nameFor(layers, layer), output));

/** Whether a layer reads the one before it and nothing else. */
const isChain = ([source, ...others]: readonly Source[], index: number): boolean =>
  others.length === 0 && isFirstOf(index - 1, source);

/** `inputs` that say no more than the order of the layers does are taken away, unless a layer joins several. */
function tidied(model: ModelSpec): ModelSpec {
  const layers = model.layers.map((layer, index) => {
    const { inputs, ...rest } = layer;
    return inputs?.length === 1 && isChain(sourcesOf(model, index), index) ? rest : layer;
  });
  return { ...model, layers: withoutNeedlessNames(layers) };
}

/** Copies in which those that others refer to have their names written: an edit moves the automatic ones. */
export function named(layers: readonly LayerSpec[]): LayerSpec[] {
  const used = namesInUse(layers);
  return layerNames(layers).map((name, i) => ({ ...(layers[i] as LayerSpec), ...(used.has(name) ? { name } : {}) }));
}

/** Names that equal the automatic ones and that nobody refers to need not be written. */
export function withoutNeedlessNames(layers: LayerSpec[]): LayerSpec[] {
  const used = namesInUse(layers);
  return layers.map((layer) => {
    const { name, ...rest } = layer;
    const automatic = name !== undefined && new RegExp(`^${layer.type}(_\\d+)?$`).test(name);
    return automatic && !used.has(name) ? rest : layer;
  });
}

/** The names of layers whose outputs or weights others take. */
function namesInUse(layers: readonly LayerSpec[]): Set<string | undefined> {
  const names = layerNames(layers);
  const layerOf = (reference: string) => names[findSource(names, reference)?.layer ?? FEATURES];
  return new Set(layers.flatMap(({ inputs = [], shares }) => [...inputs.map(layerOf), shares]));
}
