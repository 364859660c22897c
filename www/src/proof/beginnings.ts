// What weights begin with: constants of initializers in the weights they belong to, and the distributions of what is drawn.

import type { Glue, WasmModel } from "../engine/glue";
import type { ModelSpec } from "../engine/protocol";
import type { InitialCase, InitializerCase } from "./cases";
import { Comparison, type Outcome, type Tolerance } from "./compare";

const SGD = { type: "sgd", learning_rate: 0.1 };

/** A model of one layer and an output, that is never trained. */
function begun(glue: Glue, layers: ModelSpec["layers"], input: number[], seed: number): WasmModel {
  const ends = [{ type: "flatten" }, { type: "dense", name: "last", units: 1 }];
  const training = { loss: "mse", optimizer: SGD, metrics: [], seed };
  return new glue.Model({ version: 1, layers: [...layers, ...ends] }, training, input, { values: 1 });
}

/** The values of tensors that the model begins with; undefined where there is none of that name. */
function tensors(model: WasmModel, names: readonly string[]): (Float32Array | undefined)[] {
  const state = model.state();
  try {
    const there = new Set(state.names());
    return names.map((name) => (there.has(name) ? state.get(name) : undefined));
  } finally {
    state.free();
  }
}

export function runInitial(glue: Glue, it: InitialCase, perOp: Tolerance): Outcome {
  const comparison = new Comparison();
  const model = begun(glue, it.model.layers, it.input, 1);
  try {
    const names = Object.keys(it.weights);
    tensors(model, names).forEach((found, i) => {
      const name = names[i] as string;
      comparison.values(name, it.weights[name] as number[], found, perOp);
    });
  } finally {
    model.free();
  }
  return comparison;
}

/**
 * Limits, moments and quantiles of a sample beside those of Keras' sample, with the slack of the native test
 * (crates/core/tests/goldens/initializers.rs): six standard errors, three times that for quantiles.
 */
export function runInitializer(glue: Glue, it: InitializerCase): Outcome {
  const comparison = new Comparison();
  const [inputs = 0, units = 0] = it.shape ?? [];
  const dense = { type: "dense", units, kernel_initializer: it.initializer };
  const model = begun(glue, [it.layer ?? dense], it.input ?? [inputs], 3);
  try {
    const [weights] = tensors(model, [it.weight ?? "dense/kernel"]);
    if (weights === undefined) throw new Error(`there is no ${it.weight}`);
    weights.sort();
    const count = weights.length;
    const mean = weights.reduce((sum, w) => sum + w, 0) / count;
    const std = Math.sqrt(weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / count);
    const slack = ((6 * it.std) / Math.sqrt(count)) * Math.SQRT2 + 1e-7;
    const check = (what: string, expected: number, found: number | undefined, absolute: number): void => {
      comparison.number(what, expected, found, { absolute, relative: 0 });
    };
    check("mean", it.mean, mean, slack);
    check("std", it.std, std, slack);
    it.probabilities.forEach((probability, i) => {
      const place = Math.floor(probability * (count - 1));
      check(`quantile ${probability}`, it.quantiles[i] as number, weights[place], 3 * slack);
    });
    const { type, distribution } = it.initializer;
    const isFree = type === "random_normal" || type === "orthogonal" || distribution === "untruncated_normal";
    const ends = isFree ? 1.5 * it.std : 0.01 * it.std + 1e-7;
    check("smallest", it.minimum, weights[0], ends);
    check("largest", it.maximum, weights[count - 1], ends);
  } finally {
    model.free();
  }
  return comparison;
}
