// Layers that change nothing, put behind the inputs of a model: flattened, times the identity, and back in its shape. The gradient of
// that kernel is x^T d_x, with a row and a column for every number of the input; the native tests look at it in the same way
// (crates/core/tests/goldens/probe.rs).

import type { ModelSpec } from "../engine/protocol";

type Layer = ModelSpec["layers"][number];

/** An input that is looked at: its name, and which numbers of a row are its own. */
export interface Input {
  name: string;
  start: number;
  end: number;
}

export const kernelOf = ({ name }: Input): string => `${name}_probe/kernel`;

/** The model with a probe behind each of its inputs, of which a model that does not say has one of shape `input`. */
export function putBehindInputs(model: ModelSpec, input: readonly number[]): { model: ModelSpec; inputs: Input[] } {
  const starts = model.layers.filter(({ type }) => type === "input");
  const named = starts.map((layer) => ({ name: layer.name ?? "input", shape: (layer.shape as number[] | undefined) ?? input }));
  const shapes = named.length > 0 ? named : [{ name: "input", shape: input }];
  const probed = (name: string): string => (shapes.some((it) => it.name === name) ? `${name}_probed` : name);
  const rest = model.layers
    .slice(starts.length)
    .map((layer): Layer => (layer.inputs ? { ...layer, inputs: layer.inputs.map(probed) } : layer));
  let end = 0;
  const inputs = shapes.map(({ name, shape }): Input => {
    const start = end;
    end += size(shape);
    return { name, start, end };
  });
  const probes = shapes.flatMap(({ name, shape }): Layer[] => [
    { type: "flatten", name: `${name}_flat`, inputs: [name] },
    { type: "dense", name: `${name}_probe`, units: size(shape), use_bias: false },
    { type: "reshape", name: probed(name), target_shape: [...shape] },
  ]);
  return { model: { ...model, layers: [...starts, ...probes, ...rest] }, inputs };
}

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** `x^T d_x` of the rows that `gradient` has, each of `width` numbers. */
export function products(x: readonly number[], gradient: readonly number[], { start, end }: Input, width: number): Float64Array {
  const columns = end - start;
  const sums = new Float64Array(columns * columns);
  for (let row = 0; row < gradient.length; row += width) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        sums[i * columns + j]! += (x[row + start + i] as number) * (gradient[row + start + j] as number);
      }
    }
  }
  return sums;
}
