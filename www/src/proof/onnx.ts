// ONNX' node tests as small models (tests/onnx), run as the native test runs them (crates/core/tests/onnx.rs).

import type { Glue, WasmModel } from "../engine/glue";
import type { OnnxCase, Packed } from "./cases";
import { Comparison, type Outcome } from "./compare";

/** Of the largest number of the output; ONNX' own tests allow 1e-3 of each number. */
const TOLERANCE = 2e-5;

export function runOnnx(glue: Glue, it: OnnxCase): Outcome {
  const comparison = new Comparison();
  for (let part: OnnxCase | undefined = it, what = "output"; part; part = part.also, what = "further output") {
    const expected = unpacked(part.output);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const absolute = (it.tolerance ?? TOLERANCE) * largest;
    comparison.values(what, expected, outputs(glue, part, expected.length), { absolute, relative: 0 });
  }
  return comparison;
}

/** Little-endian 32-bit floats in base64, or an identity times a factor. */
export function unpacked(packed: Packed): Float32Array {
  if (typeof packed !== "string") {
    const { identity: size, factor } = packed;
    return Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? factor : 0));
  }
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** Predictions, losses, or the weights after a step. */
function outputs(glue: Glue, it: OnnxCase, count: number): Float32Array {
  const training = { loss: it.loss ?? "mean_squared_error", optimizer: it.optimizer ?? "sgd" };
  const target = it.target ?? { values: count / it.rows };
  const model = new glue.Model({ version: 1, layers: it.layers }, training, it.input, target);
  try {
    setWeights(model, it.weights);
    const x = unpacked(it.x);
    if (it.loss === undefined || it.y === undefined) return model.predict(x);
    const y = unpacked(it.y);
    if (it.optimizer !== undefined) {
      model.train(x, y, 1);
      const after = model.state();
      const kernel = after.get("dense/kernel");
      after.free();
      return kernel;
    }
    const weights = it.sample_weight === undefined ? new Float32Array(it.rows).fill(1) : unpacked(it.sample_weight);
    const each = it.each ? 1 : it.rows;
    return Float32Array.from({ length: it.rows / each }, (_, i) => {
      const part = (values: Float32Array): Float32Array => {
        const width = (values.length / it.rows) * each;
        return values.slice(i * width, (i + 1) * width);
      };
      return model.evaluate(part(x), part(y), part(weights))?.loss ?? NaN;
    });
  } finally {
    model.free();
  }
}

function setWeights(model: WasmModel, weights: OnnxCase["weights"]): void {
  const state = model.state();
  try {
    for (const [name, values] of Object.entries(weights)) state.set(name, unpacked(values));
    model.restore(state);
  } finally {
    state.free();
  }
}
