// One golden run in the engine: prediction, scores, gradients of the first step, with respect to weights and inputs, and the path of
// training, each beside Keras' own.

import type { Glue, TrainedSteps, WasmModel } from "../engine/glue";
import type { Golden } from "./cases";
import { Comparison, WHOLE, type Outcome, type Tolerance } from "./compare";
import { kernelOf, products, putBehindInputs } from "./probe";

/** What a model is trained and scored with. */
interface Rows {
  x: Float32Array;
  y: Float32Array;
  weights: Float32Array | undefined;
}

/** Runs a golden. `whole`: a whole model, held to the tolerance of many operations even before it is trained. */
export function runGolden(glue: Glue, golden: Golden, perOp: Tolerance, whole: boolean): Outcome {
  const comparison = new Comparison();
  const onePass = whole ? WHOLE : perOp;
  const x = Float32Array.from(golden.x);
  const y = Float32Array.from(golden.y);
  const weights = golden.sample_weight?.length ? Float32Array.from(golden.sample_weight) : undefined;
  const model = compile(glue, golden);
  try {
    comparison.values("output", golden.output, model.predict(x), onePass);
    if (golden.scores) {
      // As one batch, as Keras was asked: where losses are sums, it matters.
      const scores = model.evaluate(x, y, weights, golden.rows);
      for (const [name, expected] of Object.entries(golden.scores)) {
        const found = name === "loss" ? scores?.loss : scores?.metrics[name];
        comparison.number(`score ${name}`, expected, found, onePass);
      }
    }
    train(model, golden, { x, y, weights }, comparison, onePass);
  } finally {
    model.free();
  }
  if (golden.input_gradient) compareInputGradient(glue, golden, golden.input_gradient, { x, y, weights }, comparison, onePass);
  return comparison;
}

/** The gradient with respect to the inputs, as the kernels of probes behind them show it. */
function compareInputGradient(
  glue: Glue,
  golden: Golden,
  gradient: number[],
  { x, y, weights }: Rows,
  comparison: Comparison,
  onePass: Tolerance,
): void {
  const { model: spec, inputs } = putBehindInputs(golden.model, golden.input);
  const identities = inputs.map((input) => [kernelOf(input), identity(input.end - input.start)] as const);
  const model = compile(glue, { ...golden, model: spec, weights: { ...golden.weights, ...Object.fromEntries(identities) } });
  try {
    model.train(x, y, 1, weights);
    for (const input of inputs) {
      const expected = products(golden.x, gradient, input, x.length / golden.rows);
      comparison.values(`gradient of ${input.name}`, expected, model.gradient(kernelOf(input)), onePass);
    }
  } finally {
    model.free();
  }
}

/** Of the identity matrix, row by row. */
const identity = (size: number): number[] => Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));

/** The golden's model with the golden's weights; every one of them must have its place. */
function compile(glue: Glue, { model: spec, training, input, target, weights }: Golden): WasmModel {
  const model = new glue.Model(spec, training, input, target);
  model.keep_gradients();
  const state = model.state();
  try {
    for (const name of state.names().filter((name) => !name.startsWith("optimizer/"))) {
      const values = weights[name];
      if (values === undefined) throw new Error(`Keras has no ${name}`);
      state.set(name, Float32Array.from(values));
    }
    model.restore(state);
  } finally {
    state.free();
  }
  return model;
}

function train(
  model: WasmModel,
  golden: Golden,
  { x, y, weights }: Rows,
  comparison: Comparison,
  onePass: Tolerance,
): void {
  const { losses = [], after = {}, gradients = {} } = golden;
  const last = Math.max(losses.length, ...Object.keys(after).map(Number), Object.keys(gradients).length > 0 ? 1 : 0);
  let [sum, rows] = [0, 0];
  for (let step = 1; step <= last; step++) {
    const trained: TrainedSteps = model.train(x, y, 1, weights);
    if (trained.steps !== 1 || trained.loss === null) {
      comparison.differences.push(`step ${step}: training stopped`);
      return;
    }
    if (step === 1) {
      for (const [name, expected] of Object.entries(gradients)) {
        comparison.values(`gradient ${name}`, expected, model.gradient(name), onePass);
      }
    }
    // The engine gives the mean over the epoch so far; the batch's own loss is what it adds to that.
    const total = trained.loss * (rows + trained.rows);
    const expected = losses[step - 1];
    if (expected !== undefined) comparison.number(`loss of step ${step}`, expected, (total - sum) / trained.rows, WHOLE);
    [sum, rows] = trained.epoch_end ? [0, 0] : [total, rows + trained.rows];
    const tensors = after[step];
    if (tensors) {
      const state = model.state();
      for (const [name, values] of Object.entries(tensors)) {
        comparison.values(`${name} after ${step} steps`, values, state.get(name), WHOLE);
      }
      state.free();
    }
  }
}
