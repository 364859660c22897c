// Pure edits of a model: every function takes a spec and returns a new one. Layers are named by their index in the spec.

import { layerNames } from "../engine/names";
import type { Choice, Kind, LayerSpec, ModelSpec, Schema, Spec, Task, TrainingSpec } from "../engine/protocol";
import { insert, without } from "./branches";
import { suits, typeOf } from "./kinds";
import { family, isOfKind } from "./sharing";
import { lossOf, metricsOf } from "./targets";

/** Bounds of what the page offers; the engine checks for itself. */
export const MAX_LAYERS = 32;
export const MAX_UNITS = 4096;

export type Regularizer = { type: string; l1?: number; l2?: number };

const withLayers = (model: ModelSpec, layers: LayerSpec[]): ModelSpec => ({ ...model, layers });

/** Index of the layer that gives the answer: the last one with units. */
export function outputLayer(model: ModelSpec): number {
  return model.layers.findLastIndex((layer) => layer.type === "dense");
}

/** Indices of all outputs, in the order of the targets: the layers that the model names, or the one above. */
export function outputLayers(model: ModelSpec): number[] {
  if (!model.outputs) return [outputLayer(model)];
  const names = layerNames(model.layers);
  return model.outputs.map((name) => names.indexOf(name));
}

export function units(layer: LayerSpec | undefined): number | null {
  return typeof layer?.units === "number" ? layer.units : null;
}

export function changeLayer(model: ModelSpec, index: number, patch: Partial<LayerSpec>): ModelSpec {
  // What is changed about a kind is changed about all layers that share weights.
  const shared = Object.fromEntries(Object.entries(patch).filter(([name]) => isOfKind(name)));
  const sharing = family(model, index);
  const changed = (layer: LayerSpec, i: number) =>
    i === index ? clean({ ...layer, ...patch }) : sharing.includes(i) ? clean({ ...layer, ...shared }) : layer;
  return withLayers(model, model.layers.map(changed));
}

/** An argument without a value is not written: the engine's default holds. (An event's detail is never `undefined`.) */
function clean(layer: LayerSpec): LayerSpec {
  return Object.fromEntries(Object.entries(layer).filter(([, value]) => value != null)) as LayerSpec;
}

/** Adds `delta` units to a hidden layer; the output's size is given by the data. */
export function resizeLayer(model: ModelSpec, index: number, delta: number): ModelSpec {
  const now = units(model.layers[index]);
  if (now === null || outputLayers(model).includes(index)) return model;
  const next = Math.min(MAX_UNITS, Math.max(1, Math.round(now + delta)));
  return next === now ? model : changeLayer(model, index, { units: next });
}

/** Puts a layer after `after`, or before the output layer where `after` is null or the output itself. */
export function addLayer(
  model: ModelSpec,
  layer: LayerSpec,
  after: number | null,
): { model: ModelSpec; index: number } | null {
  if (model.layers.length >= MAX_LAYERS) return null;
  const output = outputLayer(model);
  const last = output < 0 ? model.layers.length : output;
  const at = after === null ? last : Math.min(after + 1, last);
  return { model: insert(model, at, layer), index: at };
}

/** Removes a hidden layer, and the dropout that followed it. The output layer stays. */
export function removeLayer(model: ModelSpec, index: number): ModelSpec {
  if (outputLayers(model).includes(index) || index < 0 || index >= model.layers.length) return model;
  const withDropout = model.layers[index]?.type !== "dropout" && dropoutAfter(model, index) > 0;
  return without(withDropout ? without(model, index + 1) : model, index);
}

/** Rate of the dropout layer that follows `index`; 0: there is none. */
export function dropoutAfter(model: ModelSpec, index: number): number {
  const next = model.layers[index + 1];
  return next?.type === "dropout" && typeof next.rate === "number" ? next.rate : 0;
}

/** Sets, adds or (at 0) removes the dropout that follows a layer. */
export function setDropout(model: ModelSpec, index: number, rate: number): ModelSpec {
  const has = model.layers[index + 1]?.type === "dropout";
  if (rate > 0) {
    return has ? changeLayer(model, index + 1, { rate }) : insert(model, index + 1, { type: "dropout", rate });
  }
  return has ? without(model, index + 1) : model;
}

export function regularizerOf(layer: LayerSpec | undefined): { l1: number; l2: number } {
  const given = layer?.kernel_regularizer as Regularizer | null | undefined;
  return { l1: given?.l1 ?? 0, l2: given?.l2 ?? 0 };
}

/** The spec's word for a pair of penalties; none at all where both are 0. */
export function regularizer({ l1, l2 }: { l1: number; l2: number }): Regularizer | undefined {
  if (l1 > 0 && l2 > 0) return { type: "l1_l2", l1, l2 };
  if (l1 > 0) return { type: "l1", l1 };
  if (l2 > 0) return { type: "l2", l2 };
  return undefined;
}

/** One penalty for all layers with units at once. */
export function regularizeAll(model: ModelSpec, penalty: { l1: number; l2: number }): ModelSpec {
  return withLayers(
    model,
    model.layers.map((layer) =>
      layer.type === "dense" ? clean({ ...layer, kernel_regularizer: regularizer(penalty) }) : layer,
    ),
  );
}

/** What the output layer must be for a task: its size and activation follow from the target. */
export function outputFor(task: Task, classes: number): { units: number; activation: string } {
  if (task === "multiclass") return { units: classes, activation: "softmax" };
  return { units: 1, activation: task === "binary" ? "sigmoid" : "linear" };
}

export function lossFor(task: Task): string {
  if (task === "multiclass") return "sparse_categorical_crossentropy";
  return task === "binary" ? "binary_crossentropy" : "mean_squared_error";
}

export function metricsFor(task: Task): string[] {
  return task === "regression" ? ["root_mean_squared_error", "r2_score"] : ["accuracy"];
}

/** The same network and training, with output, loss and metrics as the task needs them; the schema says which those are. */
export function fitTask(
  model: ModelSpec,
  training: TrainingSpec,
  task: Task,
  classes: number,
  schema: Pick<Schema, "losses" | "metrics"> | null = null,
): { model: ModelSpec; training: TrainingSpec } {
  const need = outputFor(task, classes);
  const index = outputLayer(model);
  const fitted =
    index < 0
      ? withLayers(model, [...model.layers, { type: "dense", ...need }])
      : needsChange(model.layers[index], need)
        ? changeLayer(model, index, need)
        : model;
  const fits = (kinds: readonly (Choice & Partial<Kind>)[] | undefined, spec: Spec): boolean =>
    kinds?.some((kind) => kind.type === typeOf(spec) && kind.tasks !== undefined && suits(kind, task)) ?? false;
  const given = lossOf(training, undefined);
  const loss =
    fits(schema?.losses, given) || typeOf(given) === lossFor(task) ? given : lossFor(task);
  const usual = metricsFor(task);
  const scored = metricsOf(training, undefined);
  const kept = scored.filter((metric) => fits(schema?.metrics, metric) || usual.includes(typeOf(metric)));
  // Who has taken all of them away wants none.
  const metrics = kept.length > 0 || scored.length === 0 ? kept : usual;
  const next: TrainingSpec = { ...training, loss, metrics };
  if (Array.isArray(training.weighted_metrics)) {
    next.weighted_metrics = training.weighted_metrics.filter((metric) => fits(schema?.metrics, metric));
  }
  // Weights of other classes mean nothing here.
  if (next.class_weight && next.class_weight.length !== classes) delete next.class_weight;
  return { model: fitted, training: next };
}

function needsChange(layer: LayerSpec | undefined, need: { units: number; activation: string }): boolean {
  return layer?.units !== need.units || typeOf((layer.activation ?? "linear") as Spec) !== need.activation;
}

/** "4 → 8 → 3": the sizes a row of numbers passes through. */
export function sizes(features: number, model: ModelSpec): number[] {
  return [features, ...model.layers.map(units).filter((n) => n !== null)];
}
