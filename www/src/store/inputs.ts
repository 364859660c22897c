// Several inputs by hand: input layers that take some of the columns each. Pure edits. Code that one input does not need.
//
//   input (columns 0, 1) ── dense ─────────┐
//   input_1 (columns 2) ─── dense_1 ───────┴─ concatenate ── output

import { referenceTo } from "../engine/names";
import type { LayerSpec, ModelSpec, TableReport } from "../engine/protocol";
import { insert, named, nameFor, sourcesOf } from "./branches";
import { outputLayers } from "./layers";

/** The columns that the network may see, by index. */
export const featuresOf = ({ columns }: TableReport): number[] =>
  columns.flatMap(({ role }, index) => (role === "feature" ? [index] : []));

/** What each input layer takes, by the place of the layer; one that says nothing takes what no other does. */
export function columnsOf(model: ModelSpec, report: TableReport, index: number): number[] {
  const features = featuresOf(report);
  const own = columnsIn(model.layers[index]);
  if (own) return own.filter((column) => features.includes(column));
  const others = new Set(model.layers.flatMap((layer) => columnsIn(layer) ?? []));
  return features.filter((column) => !others.has(column));
}

const columnsIn = (layer: LayerSpec | undefined): number[] | undefined =>
  layer?.type === "input" && Array.isArray(layer["columns"]) ? (layer["columns"] as number[]) : undefined;

/** Another input with a layer of its own, joined with what the outputs read so far. The first one makes two: the columns are shared out. */
export function addInput(model: ModelSpec, report: TableReport): { model: ModelSpec; index: number } {
  const features = featuresOf(report);
  const half = Math.ceil(features.length / 2);
  const first = !model.layers.some(({ type }) => type === "input");
  let next = first ? insert(model, 0, { type: "input", name: "input", columns: features.slice(0, half) }) : model;
  const rest = first ? features.slice(half) : [];
  const outputs = outputLayers(next);
  const at = Math.max(0, Math.min(...outputs));
  const trunk = sourcesOf(next, at);
  const readers = outputs.filter((output) => JSON.stringify(sourcesOf(next, output)) === JSON.stringify(trunk));
  const layers = named(next.layers);
  const inputs = trunk.map(({ layer, output }) => referenceTo(nameFor(layers, layer), output));
  const tower: LayerSpec[] = [
    // A table of one column has it in both.
    { type: "input", columns: rest.length > 0 ? rest : features },
    { type: "dense", units: 8, activation: "relu" },
    { type: "concatenate" },
  ];
  layers.splice(at, 0, ...tower);
  const join = layers[at + 2] as LayerSpec;
  join.inputs = [...inputs, nameFor(layers, at + 1)];
  for (const output of readers) {
    const moved = layers[output + tower.length] as LayerSpec;
    if (output === at) delete moved.inputs;
    else moved.inputs = [nameFor(layers, at + 2)];
  }
  next = { ...next, layers };
  return { model: next, index: at };
}
