// Several outputs: which layers they are, and a network and a training made to fit the targets of a table. Pure edits. Code that
// one target does not need: it comes when there is a second.
//
//   dense ─┬─ price            { type: "dense", units: 1, name: "price" }
//          └─ kind             { type: "dense", units: 3, activation: "softmax", name: "kind", inputs: ["dense"] }
//
// An output is called after its target, in letters that the spec and a link can hold. Heads that are added grow from what the
// first output reads.

import { findSource, layerNames, referenceTo } from "../engine/names";
import type { LayerSpec, ModelSpec, Schema, Spec, TableReport, TargetReport, TrainingSpec } from "../engine/protocol";
import { insert, named, nameFor, sourcesOf, without, withoutNeedlessNames } from "./branches";
import { changeLayer, lossFor, metricsFor, outputFor, outputLayer, outputLayers } from "./layers";
import { suits, typeOf } from "./kinds";
import { lossOf, metricsOf, nameOf, targetsOf, weightedMetricsOf } from "./targets";

type Kinds = Pick<Schema, "losses" | "metrics"> | null;

/** Names of the outputs of a table's targets: letters, digits and underscores, each once. */
export function outputNames(report: TableReport): string[] {
  const taken = new Set(["input"]);
  return targetsOf(report).map((target) => {
    const words = nameOf(report, target)
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^[_0-9]+|_+$/g, "")
      .slice(0, 30);
    // What could be the automatic name of a layer is not kept as a name.
    const own = words === "" || /^dense(_\d+)?$/.test(words) ? `target${words && `_${words}`}` : words;
    let name = own;
    for (let number = 2; taken.has(name); number++) name = `${own}_${number}`;
    taken.add(name);
    return name;
  });
}

/** The same network and training, with an output for each target: those there are as far as they fit, new heads for the others. */
export function fitTargets(
  model: ModelSpec,
  training: TrainingSpec,
  report: TableReport,
  schema: Kinds,
): { model: ModelSpec; training: TrainingSpec } {
  const targets = targetsOf(report);
  const several = targets.length > 1;
  const names = outputNames(report);
  const before: readonly (string | undefined)[] = model.outputs ?? [undefined];
  // Which output of before becomes which: by name, then those that are left, in order.
  const left = before.filter((name) => name === undefined || !names.includes(name));
  const from = names.map((name) => (before.includes(name) ? name : left.length > 0 ? left.shift() : null));
  let fitted = headsOf(model, before, names, from);
  targets.forEach((target, place) => {
    const index = layerNames(fitted.layers).indexOf(names[place] as string);
    fitted = fitHead(fitted, index, target);
  });
  if (!several) fitted = unnamed(fitted);
  return { model: fitted, training: trainingFor(training, targets, names, from, several, schema) };
}

/** A layer that gives what the target needs, where its kind can. */
function fitHead(model: ModelSpec, index: number, { task, classes }: TargetReport): ModelSpec {
  const layer = model.layers[index];
  const need = outputFor(task, classes.length);
  const fits = layer?.units === need.units && typeOf((layer.activation ?? "linear") as Spec) === need.activation;
  return layer?.type !== "dense" || fits ? model : changeLayer(model, index, need);
}

/** A model whose outputs have these names; `from`: the output of before that each was, null for a new one. */
function headsOf(
  model: ModelSpec,
  before: readonly (string | undefined)[],
  names: readonly string[],
  from: readonly (string | undefined | null)[],
): ModelSpec {
  let next = model;
  if (outputLayer(model) < 0) next = { ...next, layers: [...next.layers, { type: "dense", units: 1 }] };
  const single = outputLayer(next);
  const at = (name: string | undefined): number =>
    name === undefined ? single : layerNames(next.layers).indexOf(name);
  // Old outputs that nothing becomes go, and what led to them alone.
  const gone = before.filter((name) => !from.includes(name));
  // Two may have each other's names: all are renamed at once.
  const renamed = new Map(from.flatMap((old, place) => (old === null ? [] : [[at(old), names[place] as string]])));
  const trunk = sourcesOf(next, at(from.find((old) => old !== null) ?? undefined));
  next = rename(next, renamed);
  const heads = names.filter((_, place) => from[place] === null);
  for (const name of heads) {
    const layers = named(next.layers);
    const inputs = trunk.map(({ layer, output }) => referenceTo(nameFor(layers, layer), output));
    layers.push({ type: "dense", units: 1, name, inputs });
    next = { ...next, layers };
  }
  next = { ...next, outputs: [...names] };
  for (const name of gone) if (name !== undefined) next = withoutLoose(next, name);
  return next;
}

/** Takes an output away, and the layers that led to nothing else. */
function withoutLoose(model: ModelSpec, name: string): ModelSpec {
  let next = model;
  let index = layerNames(next.layers).indexOf(name);
  while (index >= 0) {
    if (isRead(next, index) || outputLayers(next).includes(index)) return next;
    const sources = sourcesOf(next, index);
    next = without(next, index);
    // What it alone read comes before it, so its place has not changed.
    index = sources.find(({ layer }) => layer >= 0 && !isRead(next, layer) && !outputLayers(next).includes(layer))?.layer ?? -1;
  }
  return next;
}

function isRead(model: ModelSpec, index: number): boolean {
  return model.layers.some((_, at) => at > index && sourcesOf(model, at).some(({ layer }) => layer === index));
}

/** Gives layers new names, and everything that refers to them. A layer that has such a name already gets another. */
function rename(model: ModelSpec, names: ReadonlyMap<number, string>): ModelSpec {
  const before = layerNames(model.layers);
  const wanted = new Set(names.values());
  const after = before.map((name, index) => names.get(index) ?? (wanted.has(name) ? freeName(name, before, wanted) : name));
  const told = (reference: string): string => {
    const source = findSource(before, reference);
    return source === undefined || source.layer < 0 ? reference : referenceTo(after[source.layer] as string, source.output);
  };
  const layers = named(model.layers).map((layer, index): LayerSpec => {
    const { inputs, shares } = layer;
    return {
      ...layer,
      ...(after[index] === before[index] ? {} : { name: after[index] }),
      ...(inputs ? { inputs: inputs.map(told) } : {}),
      ...(shares === undefined ? {} : { shares: told(shares) }),
    };
  });
  return { ...model, layers };
}

function freeName(name: string, taken: readonly string[], wanted: ReadonlySet<string>): string {
  let number = 1;
  while (taken.includes(`${name}_${number}`) || wanted.has(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}

/** One output is the last layer, without a name. */
function unnamed(model: ModelSpec): ModelSpec {
  const { outputs, ...rest } = model;
  const index = layerNames(model.layers).indexOf(outputs?.[0] ?? "");
  if (index !== model.layers.length - 1) return model;
  const sources = sourcesOf(model, index);
  const layers = rest.layers.map((layer, at) => {
    if (at !== index) return layer;
    const head = { ...layer };
    delete head.name;
    const chain = sources.length === 1 && sources[0]?.layer === index - 1 && sources[0].output === 0;
    if (chain) delete head.inputs;
    return head;
  });
  return { ...rest, layers: withoutNeedlessNames(layers) };
}

/** Losses, their weights and metrics by output; of one output, as ever. */
function trainingFor(
  training: TrainingSpec,
  targets: readonly TargetReport[],
  names: readonly string[],
  from: readonly (string | undefined | null)[],
  several: boolean,
  schema: Kinds,
): TrainingSpec {
  const next: TrainingSpec = { ...training };
  const loss: Record<string, Spec> = {};
  const metrics: Record<string, Spec[]> = {};
  const weighted: Record<string, Spec[]> = {};
  const weights: Record<string, number> = {};
  targets.forEach(({ task }, place) => {
    const name = names[place] as string;
    const old = from[place];
    const fits = (kinds: Schema["metrics"] | undefined, spec: Spec, usual: readonly string[]): boolean =>
      usual.includes(typeOf(spec)) ||
      (kinds?.some((kind) => kind.type === typeOf(spec) && kind.tasks !== undefined && suits(kind, task)) ?? false);
    const given = old === null ? "" : lossOf(training, old);
    loss[name] = fits(schema?.losses, given, [lossFor(task)]) ? given : lossFor(task);
    const suiting = (list: readonly Spec[]): Spec[] =>
      list.filter((metric) => fits(schema?.metrics, metric, metricsFor(task)));
    const scored = old === null ? undefined : metricsOf(training, old);
    const kept = suiting(scored ?? []);
    // Who has taken all of them away wants none.
    metrics[name] = kept.length > 0 || scored?.length === 0 ? kept : metricsFor(task);
    const keptWeighted = old === null ? [] : suiting(weightedMetricsOf(training, old));
    if (keptWeighted.length > 0) weighted[name] = keptWeighted;
    const weight = training.loss_weights?.[old ?? ""];
    if (weight !== undefined) weights[name] = weight;
  });
  const [first = ""] = names;
  next.loss = several ? loss : (loss[first] ?? training.loss);
  next.metrics = several ? metrics : (metrics[first] ?? []);
  delete next.loss_weights;
  if (several && Object.keys(weights).length > 0) next.loss_weights = weights;
  delete next.weighted_metrics;
  if (Object.keys(weighted).length > 0) next.weighted_metrics = several ? weighted : (weighted[first] ?? []);
  // Rows have one weight for all outputs, and classes are those of one of them.
  delete next.class_weight;
  return next;
}

/**
 * Puts a layer after `after`. After a layer that outputs grow from: between it and all of them; after an output: in front of that
 * one alone.
 */
export function addBeforeOutputs(
  model: ModelSpec,
  layer: LayerSpec,
  after: number | null,
): { model: ModelSpec; index: number } {
  const outputs = outputLayers(model);
  const [first = 0] = outputs;
  if (after !== null && outputs.includes(after)) {
    const layers = named(model.layers);
    const inputs = sourcesOf(model, after).map(({ layer: at, output }) => referenceTo(nameFor(layers, at), output));
    // It stands right before the output, reads what that read, and is read by it.
    layers.splice(after, 0, { ...layer, inputs });
    const head = layers[after + 1] as LayerSpec;
    delete head.inputs;
    return { model: { ...model, layers }, index: after };
  }
  const at = (after ?? first - 1) + 1;
  const readers = outputs.filter((head) => {
    const [source, ...others] = sourcesOf(model, head);
    return others.length === 0 && source?.layer === at - 1 && source.output === 0;
  });
  const next = insert(model, at, layer);
  const layers = named(next.layers);
  const own = nameFor(layers, at);
  for (const head of readers) {
    const moved = layers[head >= at ? head + 1 : head] as LayerSpec;
    // The one that comes next reads it by its place.
    if (head !== at) moved.inputs = [own];
    else delete moved.inputs;
  }
  return { model: { ...next, layers }, index: at };
}

/** Makes a layer the output for the target at `place`; the output before it goes, or takes over the target that this one had. */
export function chooseOutput(model: ModelSpec, index: number, place: number, report: TableReport): ModelSpec {
  const outputs = model.outputs ?? [];
  const name = outputs[place];
  const old = layerNames(model.layers).indexOf(name ?? "");
  if (name === undefined || old < 0 || old === index) return model;
  const all = targetsOf(report);
  const target = all[place] as TargetReport;
  const other = outputs.findIndex((own) => own === layerNames(model.layers)[index]);
  if (other >= 0) {
    const swapped = rename(model, new Map([[index, name], [old, outputs[other] as string]]));
    return fitHead(fitHead(swapped, index, target), old, all[other] as TargetReport);
  }
  const spare = freeName("former", layerNames(model.layers), new Set(outputs));
  const renamed = fitHead(rename(model, new Map([[index, name], [old, spare]])), index, target);
  // What others read stays, as a layer among others.
  return isRead(renamed, old) ? renamed : withoutLoose(renamed, spare);
}
