// The gradients of one network against central differences of its loss, weight by weight:
//
//   (loss(w + h) - loss(w - h)) / 2h
//
// as the native test does it (crates/core/tests/gradients/check.rs), with the same rows and the same limit.

import type { Glue } from "../engine/glue";
import type { GradientCase } from "./cases";
import type { Outcome } from "./compare";
import { columnsOf, features, Numbers, targets } from "./numbers";

const ROWS = 12;
/** Half the distance between the two losses of a difference. */
const STEP = Math.fround(4e-3);
/** Relative error of a tensor's gradient, in the norm, that is allowed. */
const LIMIT = 2e-3;

export function runGradients(glue: Glue, it: GradientCase): Outcome {
  const training = { loss: it.loss, optimizer: { type: "sgd", learning_rate: 0 }, batch_size: ROWS, seed: 4 };
  const model = new glue.Model({ version: 1, layers: it.layers }, training, columnsOf(it), it.target);
  model.keep_gradients();
  const numbers = new Numbers(21);
  const x = features(numbers, ROWS, it);
  const y = targets(numbers, ROWS, it.target);
  const start = model.state();
  const outcome: Outcome = { numbers: 0, worst: 0, differences: [] };
  try {
    // Away from zero biases, which would hide mistakes, and from zero weights, where the L1 penalty has no slope.
    for (const name of start.names()) {
      let values = start.get(name);
      if (/(bias|beta)$/.test(name)) values = values.map(() => Math.fround(0.3 * numbers.next()));
      start.set(name, values.map((value) => (Math.abs(value) < 0.02 ? 0.02 : value)));
    }
    const loss = (): number => {
      model.restore(start);
      const trained = model.train(x, y, 1);
      if (trained.loss === null) throw new Error("the loss is not finite");
      return trained.loss;
    };
    const trained = model
      .summary()
      .tensors.filter(({ layer }) => (it.layers[layer] as { trainable?: boolean } | undefined)?.trainable !== false);
    for (const { name } of trained) {
      loss();
      const gradient = model.gradient(name);
      const values = start.get(name);
      let [difference, size] = [0, 0];
      for (let i = 0; i < values.length; i++) {
        const value = values[i] as number;
        const [high, low] = [Math.fround(value + STEP), Math.fround(value - STEP)];
        values[i] = high;
        start.set(name, values);
        const above = loss();
        values[i] = low;
        start.set(name, values);
        const below = loss();
        values[i] = value;
        start.set(name, values);
        const slope = (above - below) / (high - low);
        difference += (slope - (gradient[i] as number)) ** 2;
        size += slope ** 2 + (gradient[i] as number) ** 2;
      }
      const error = Math.sqrt(difference / Math.max(size, 1e-6));
      outcome.numbers += values.length;
      outcome.worst = Math.max(outcome.worst, Number.isNaN(error) ? Infinity : error / LIMIT);
      if (!(error < LIMIT)) {
        outcome.differences.push(`gradient ${name}: relative error ${error.toExponential(1)}, allowed is ${LIMIT}`);
      }
    }
    if (outcome.numbers === 0) outcome.differences.push("no weight is trained: nothing was checked");
  } finally {
    start.free();
    model.free();
  }
  return outcome;
}
