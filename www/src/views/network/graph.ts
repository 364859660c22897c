// The network as columns and links, before any pixel: what stands in which order and what is joined to what.
//
//   features | dense 8 | dropout | dense 3        columns (one per layer, and one for the inputs)
//            dense     each      dense            links: a weight each, one to one, or a bundle without detail
//
// Graph models place a layer one rank after the last of its sources; layers of one rank stand below one another.

import type { Configured, Feature, LayerSummary, TensorInfo } from "../../engine/protocol.js";

/** What a column stands for. */
export type ColumnKind = "input" | "units" | "pass";

export interface GraphColumn {
  kind: ColumnKind;
  /** Index in the summary's layers; -1 for inputs that the summary does not list. */
  layer: number;
  type: string;
  /** Name of the layer, "input" for the inputs. */
  name: string;
  activation: string | null;
  units: number;
  /** Its shape when it has more than one axis, else null. Units are then its channels. */
  shape: number[] | null;
  /** It has another number of units than what it reads, and no weights that say so: a flattened picture. */
  reshapes: boolean;
  parameters: number;
  /** The user may change its number of units. */
  resizable: boolean;
  /** Number of columns on the longest way from the inputs. */
  rank: number;
  /** Names of its units where they have any (features, classes). */
  labels: string[] | null;
  /** Units stand for classes: unit `i` has the colour of class `classes[i]`. */
  classes: number[] | null;
}

export interface GraphLink {
  /** Indices of columns. */
  from: number;
  to: number;
  kind: "dense" | "each" | "bundle";
  /** Dense: the kernel, `inputs x units` from `start` on in the flat weights. */
  kernel: TensorInfo | null;
  bias: TensorInfo | null;
  /** One to one: unit `i` of `from` goes to unit `i + offset` of `to`. */
  offset: number;
  /** Passes over other columns. */
  skips: boolean;
}

export interface Graph {
  columns: GraphColumn[];
  links: GraphLink[];
}

const DENSE = "dense";
const INPUT = "input";
const MERGES = new Set(["add", "concatenate"]);

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Which columns each layer reads: the one before it, or what the summary says. */
function sourcesOf(layer: LayerSummary, index: number, columnOf: (layer: number) => number): number[] {
  if (layer.inputs !== undefined && layer.inputs.length > 0) return layer.inputs.map(columnOf);
  return [columnOf(index - 1)];
}

/** The last layer that decides how many outputs there are: it cannot be resized. */
function outputLayer(layers: readonly LayerSummary[]): number {
  for (let i = layers.length - 1; i >= 0; i--) if ((layers[i] as LayerSummary).type === DENSE) return i;
  return layers.length - 1;
}

/** Names and classes of the units of an output. */
function outputUnits(
  { outputs, task }: Pick<Configured, "outputs" | "task">,
  units: number,
  features: readonly string[],
): Pick<GraphColumn, "labels" | "classes"> {
  // A row that is made again has the names of what entered.
  if (task === "reconstruction") return { labels: units === features.length ? [...features] : null, classes: null };
  if (task === "sequence") return { labels: null, classes: null };
  if (task === "regression") return { labels: outputs.length === units ? outputs : null, classes: null };
  // One sigmoid unit says how likely the second class is.
  if (units === 1) return { labels: [outputs[1] ?? outputs[0] ?? ""], classes: [outputs.length > 1 ? 1 : 0] };
  if (outputs.length !== units) return { labels: null, classes: null };
  return { labels: outputs, classes: outputs.map((_, i) => i) };
}

/** Columns and links of a network. `inputShape`: of a row, where that is more than a list of features. */
export function buildGraph(summary: Configured, inputShape: readonly number[] | null = null): Graph {
  const { layers, features, tensors } = summary;
  const columns: GraphColumn[] = [];
  const links: GraphLink[] = [];
  const several = layers.filter(({ type }) => type === INPUT).length > 1;
  const input = several || layers[0]?.type === INPUT ? 0 : -1;
  const inputColumn = (layer: number, name: string, own: readonly Feature[]): GraphColumn => ({
    kind: "input",
    layer,
    type: INPUT,
    name,
    activation: null,
    units: inputShape?.at(-1) ?? own.length,
    shape: inputShape && [...inputShape],
    reshapes: false,
    parameters: 0,
    resizable: false,
    rank: 0,
    labels: inputShape ? null : own.map((feature) => feature.name),
    classes: null,
  });
  if (!several) columns.push(inputColumn(input, INPUT, features));
  // Several share out the features in their order.
  let taken = 0;
  // Column of a layer of the summary: they stand in the same order.
  const columnOf = (layer: number): number => Math.max(0, layer - input);
  const output = outputLayer(layers);
  // Of several targets, each by the name of its output; else the last layer.
  const outputOf = ({ name }: LayerSummary, index: number) =>
    summary.targets ? summary.targets.find((target) => target.name === name) : index === layers.length - 1 && summary;

  layers.forEach((layer, index) => {
    const shape = layer.output_shape;
    if (several && layer.type === INPUT) {
      columns.push(inputColumn(index, layer.name, features.slice(taken, (taken += size(shape)))));
      return;
    }
    if (index === input && !several) return;
    const sources = sourcesOf(layer, index, columnOf).filter((source) => source < columns.length);
    const rank = 1 + Math.max(0, ...sources.map((source) => columns[source]?.rank ?? 0));
    const units = shape.length > 1 ? (shape[shape.length - 1] ?? 1) : size(shape);
    const to = columns.length;
    const learns = layer.parameters > 0 && tensors.some((t) => t.layer === index && t.shape.length > 1);
    const kind = layer.type === DENSE || learns ? "units" : "pass";
    const target = outputOf(layer, index);
    columns.push({
      kind,
      layer: index,
      type: layer.type,
      name: layer.name,
      activation: layer.activation !== undefined && layer.activation !== "linear" ? layer.activation : null,
      units,
      shape: shape.length > 1 ? shape : null,
      reshapes: kind === "pass" && sources.every((source) => columns[source]?.units !== units),
      parameters: layer.parameters,
      resizable: layer.type === DENSE && (summary.targets ? !outputOf(layer, index) : index !== output),
      rank,
      labels: null,
      classes: null,
      ...(target ? outputUnits(target, units, features.map(({ name }) => name)) : {}),
    });
    let offset = 0;
    for (const from of sources) {
      const source = columns[from] as GraphColumn;
      const kernel =
        tensors.find((t) => t.layer === index && t.name.endsWith("/kernel") && t.shape.length === 2) ?? null;
      const bias = tensors.find((t) => t.layer === index && t.name.endsWith("/bias")) ?? null;
      const flat = source.shape === null;
      const dense = layer.type === DENSE && kernel !== null && flat && kernel.shape[0] === source.units;
      // Of pictures it is the channels that stay apart: in pooling, normalization, dropout.
      const apart = flat ? shape.length <= 1 : shape.length > 1 && kind === "pass";
      const each = layer.type !== DENSE && apart && (MERGES.has(layer.type) || source.units === units);
      const at = layer.type === "concatenate" ? offset : 0;
      offset += source.units;
      // Several outputs of one layer, read in the same place, are one link: drawn over one another they would look stronger.
      if (links.some((link) => link.from === from && link.to === to && link.offset === at)) continue;
      links.push({
        from,
        to,
        kind: dense ? "dense" : each ? "each" : "bundle",
        kernel: dense ? kernel : null,
        bias: dense ? bias : null,
        offset: at,
        skips: rank - source.rank > 1,
      });
    }
  });
  return { columns, links };
}

const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/ normalization$/, " norm"],
  [/^global average /, "global avg "],
  [/^average /, "avg "],
  [/ dropout/, " drop"],
  [/ pooling/, " pool"],
  [/^multi head attention$/, "attention"],
  [/^separable /, "sep "],
  [/ transpose$/, " transp"],
  [/ embedding$/, " embed"],
];

/** A layer's type in words, as short as there is room over a column. */
export function typeInWords(type: string): string {
  return SHORTER.reduce((words, [long, short]) => words.replace(long, short), type.replaceAll("_", " "));
}

/** "dense 8", "input 4", "dropout", "conv2d": the first line over a column. */
export function columnTitle(column: GraphColumn): string {
  const { kind, reshapes, shape, type, units } = column;
  return shape !== null || (kind === "pass" && !reshapes)
    ? typeInWords(type)
    : `${typeInWords(type)} ${String(units)}`;
}

/** "8×8×16 relu": the second line; null: there is none. */
export function columnDetail({ shape, activation }: GraphColumn): string | null {
  const parts = [shape?.join("×"), activation].filter((part) => part != null);
  return parts.length === 0 ? null : parts.join(" ");
}

/** The network in one sentence for those who do not see it. */
export function describeGraph(graph: Graph, parameters: number): string {
  const parts = graph.columns.map((column) =>
    [columnTitle(column), columnDetail(column)].filter((part) => part !== null).join(" "),
  );
  return `Network of ${String(graph.columns.length - 1)} layers with ${String(parameters)} parameters: ${parts.join(", ")}.`;
}
