// Networks for the gallery and the tests: real weights from a seed, and what a real forward pass makes of the plane.

import type { Configured, LayerSummary, NeuronMaps, Surface, TensorInfo } from "../engine/protocol.js";
import { normal, random } from "./random.js";

export interface NetworkFixture {
  summary: Configured;
  weights: Float32Array;
}

/** A layer of a fixture: units of a dense layer, or the type of one that keeps its width. */
export type FixtureLayer =
  { units: number; activation?: string; inputs?: number[] } | { type: string; inputs?: number[] };

const ACTIVATIONS: Record<string, (x: number) => number> = {
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};

/** A network of these layers over these features. Weights are Glorot's, `spread` times as large. */
export function makeNetwork(
  features: string[],
  layers: FixtureLayer[],
  outputs: string[],
  seed = 1,
  spread = 1,
): NetworkFixture {
  const next = random(seed);
  const summaries: LayerSummary[] = [];
  const tensors: TensorInfo[] = [];
  const weights: number[] = [];
  let wide = features.length;
  layers.forEach((layer, index) => {
    const name = `${"type" in layer ? layer.type : "dense"}_${String(index + 1)}`;
    if ("type" in layer) {
      const sources = layer.inputs ?? [index - 1];
      const widths = sources.map((source) =>
        source < 0 ? features.length : (summaries[source]?.output_shape[0] ?? 0),
      );
      wide = layer.type === "concatenate" ? widths.reduce((a, b) => a + b, 0) : (widths[0] ?? wide);
      summaries.push({
        type: layer.type,
        name,
        output_shape: [wide],
        parameters: 0,
        ...(layer.inputs ? { inputs: layer.inputs } : {}),
      });
      return;
    }
    const [source = index - 1] = layer.inputs ?? [];
    wide = source < 0 ? features.length : (summaries[source]?.output_shape[0] ?? wide);
    const limit = Math.sqrt(2 / (wide + layer.units)) * spread;
    tensors.push({
      name: `${name}/kernel`,
      layer: index,
      shape: [wide, layer.units],
      start: weights.length,
      len: wide * layer.units,
    });
    for (let i = 0; i < wide * layer.units; i++) weights.push(normal(next) * limit);
    tensors.push({ name: `${name}/bias`, layer: index, shape: [layer.units], start: weights.length, len: layer.units });
    for (let i = 0; i < layer.units; i++) weights.push(normal(next) * 0.3);
    summaries.push({
      type: "dense",
      name,
      output_shape: [layer.units],
      parameters: (wide + 1) * layer.units,
      activation: layer.activation ?? "linear",
      ...(layer.inputs ? { inputs: layer.inputs } : {}),
    });
    wide = layer.units;
  });
  const summary: Configured = {
    features: features.map((name, column) => ({ name, column, kind: "number" })),
    outputs,
    task: outputs.length < 2 ? "regression" : outputs.length === 2 ? "binary" : "multiclass",
    layers: summaries,
    tensors,
    parameters: weights.length,
    bytes: weights.length * 16,
    prediction_bytes: 4_096,
    flops: weights.length * 6,
    rows: { train: 105, validation: 22, test: 23 },
    class_rows: [],
    baseline: null,
    batch_size: 16,
    warnings: [],
  };
  return { summary, weights: Float32Array.from(weights) };
}

/** What every layer gives for one row of features. */
function forward({ summary, weights }: NetworkFixture, row: number[]): number[][] {
  const results: number[][] = [];
  summary.layers.forEach((layer, index) => {
    const sources = (layer.inputs ?? [index - 1]).map((source) => (source < 0 ? row : (results[source] as number[])));
    const kernel = summary.tensors.find((tensor) => tensor.layer === index && tensor.name.endsWith("kernel"));
    if (kernel === undefined) {
      const joined =
        layer.type === "concatenate"
          ? sources.flat()
          : (sources[0] as number[]).map((_, i) => sources.reduce((sum, s) => sum + (s[i] ?? 0), 0));
      results.push(joined);
      return;
    }
    const input = sources[0] as number[];
    const units = layer.output_shape[0] ?? 0;
    const sums = Array.from({ length: units }, (_, j) =>
      input.reduce(
        (sum, value, i) => sum + value * (weights[kernel.start + i * units + j] ?? 0),
        weights[kernel.start + kernel.len + j] ?? 0,
      ),
    );
    if (layer.activation === "softmax") {
      const top = Math.max(...sums);
      const powers = sums.map((sum) => Math.exp(sum - top));
      const total = powers.reduce((a, b) => a + b, 0);
      results.push(powers.map((power) => power / total));
    } else {
      results.push(sums.map(ACTIVATIONS[layer.activation ?? ""] ?? ((x) => x)));
    }
  });
  return results;
}

/** Rows of a plane from -2 to 2 in the first two features, the rest at 0. */
function* plane(size: number, features: number): Generator<{ at: number; row: number[] }> {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const row = new Array<number>(features).fill(0);
      row[0] = -2 + (4 * (j + 0.5)) / size;
      if (features > 1) row[1] = -2 + (4 * (i + 0.5)) / size;
      yield { at: i * size + j, row };
    }
  }
}

/** Every neuron's map of the plane. */
export function makeMaps(network: NetworkFixture, size = 20): NeuronMaps {
  const count = network.summary.features.length;
  const maps = (units: number) => ({
    units: Math.min(32, units),
    values: new Float32Array(Math.min(32, units) * size * size),
  });
  const layers = network.summary.layers.map((layer) => maps(layer.output_shape[0] ?? 0));
  const features = maps(count);
  const put = (map: { units: number; values: Float32Array }, at: number, values: number[]): void => {
    for (let unit = 0; unit < map.units; unit++) map.values[unit * size * size + at] = values[unit] ?? 0;
  };
  for (const { at, row } of plane(size, count)) {
    put(features, at, row);
    forward(network, row).forEach((values, index) => put(layers[index] as (typeof layers)[number], at, values));
  }
  return { size, layers, features };
}

/** What the network predicts over the plane, stretched to the given ranges. */
export function makeSurface(
  network: NetworkFixture,
  size: number,
  x_range: [number, number],
  y_range: [number, number],
): Surface {
  const outputs = network.summary.layers.at(-1)?.output_shape[0] ?? 1;
  const values = new Float32Array(size * size * outputs);
  for (const { at, row } of plane(size, network.summary.features.length))
    values.set(forward(network, row).at(-1) ?? [], at * outputs);
  return { size, x_range, y_range, outputs, values };
}

/** A layer of {@link makeShaped}: its shape, and the shape of its kernel if it has one. */
export type ShapedLayer = {
  type: string;
  shape: number[];
  kernel?: number[];
  activation?: string;
  inputs?: number[];
};

/** A network over pictures or sequences, by the shapes of its layers. */
export function makeShaped(features: string[], layers: ShapedLayer[], outputs: string[], seed = 1): NetworkFixture {
  const { summary } = makeNetwork(features, [], outputs);
  const next = random(seed);
  const weights: number[] = [];
  layers.forEach(({ type, shape, kernel, activation, inputs }, index) => {
    const name = `${type}_${String(index + 1)}`;
    const units = shape.at(-1) ?? 1;
    const start = weights.length;
    const len = kernel?.reduce((product, size) => product * size, 1) ?? 0;
    const limit = Math.sqrt(2 / Math.max(1, len / units));
    for (let i = 0; i < len; i++) weights.push(normal(next) * limit);
    if (kernel) {
      summary.tensors.push({ name: `${name}/kernel`, layer: index, shape: kernel, start, len });
      summary.tensors.push({ name: `${name}/bias`, layer: index, shape: [units], start: start + len, len: units });
      for (let i = 0; i < units; i++) weights.push(normal(next) * 0.1);
    }
    summary.layers.push({
      type,
      name,
      output_shape: shape,
      parameters: kernel ? len + units : 0,
      ...(activation ? { activation } : {}),
      ...(inputs ? { inputs } : {}),
    });
  });
  return { summary: { ...summary, parameters: weights.length }, weights: Float32Array.from(weights) };
}
