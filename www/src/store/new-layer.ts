// A new layer as the menu adds it: the schema's defaults for what stands in sight, in sizes that suit a page, and (for layers
// that join branches) something to join. Pure functions.

import { FEATURES, firstOf, type Source } from "../engine/names";
import type { Configured, Kind, LayerSpec, ModelSpec, TableReport } from "../engine/protocol";

/** Smaller than the engine's suggestions, so that a first try is quick and its picture can be read. */
const sizes: Record<string, unknown> = { filters: 8, units: 8, num_heads: 2, key_dim: 8, output_dim: 8, rate: 0.2 };

/** The families whose layers take several inputs. */
export const joins = (kind: Kind | undefined): boolean => kind?.family === "merging";

/** An input for some of the columns: the schema has none, since a network has one by itself. */
export const inputKind: Kind = {
  type: "input",
  label: "Input",
  doc: "Another way in, for columns that you choose, with layers of its own; joined with the others in front of the output.",
  family: "core",
  arguments: [],
};

export function newLayer(kind: Kind, report: TableReport | null): LayerSpec {
  const layer: LayerSpec = { type: kind.type };
  for (const { name, kind: type, default: usual, common } of kind.arguments) {
    if (type === "number" || type === "integer") {
      if (common || name in sizes) layer[name] = sizes[name] ?? usual;
    } else if (common && usual !== null) {
      layer[name] = usual;
    }
  }
  const has = (name: string): boolean => kind.arguments.some((argument) => argument.name === name);
  const learns = kind.type === "dense" || kind.family === "convolution";
  if (learns && has("activation")) layer.activation = "relu";
  // Pictures of few pixels have no edge to lose.
  if (kind.family === "convolution" && has("padding") && has("filters")) layer.padding = "same";
  const form = report?.form;
  if (kind.type === "embedding" && form && "tokens" in form) layer.input_dim = form.tokens.vocabulary;
  return layer;
}

/** What a layer that joins two would join after layer `after`: that layer, and an earlier one of the same shape. */
export function partners({ layers }: ModelSpec, after: number, summary: Configured | null): Source[] {
  const shapes = summary?.layers.length === layers.length ? summary.layers.map((it) => String(it.output_shape)) : [];
  const same = shapes.slice(0, Math.max(0, after)).lastIndexOf(shapes[after] ?? "");
  return (after < 0 ? [FEATURES, FEATURES] : [same >= 0 ? same : after - 1, after]).map(firstOf);
}
