// The learning rates of a schedule, as training makes steps of them: one weight at zero, whose gradient is 1, becomes what the rate is
// below zero, and is put back to zero before the next step.

import type { Glue } from "../engine/glue";
import type { RatesCase } from "./cases";
import { Comparison, type Outcome, type Tolerance } from "./compare";

export function runRates(glue: Glue, it: RatesCase, perOp: Tolerance): Outcome {
  const comparison = new Comparison();
  const layers = [{ type: "dense", units: 1, use_bias: false, kernel_initializer: "zeros" }];
  const training = { loss: "mean_absolute_error", optimizer: { type: "sgd", learning_rate: it.schedule }, batch_size: 1, seed: 1 };
  const model = new glue.Model({ version: 1, layers }, training, 1, { values: 1 });
  const zero = model.state();
  try {
    const [x, y] = [Float32Array.of(1), Float32Array.of(-1e6)];
    const found = it.rates.map(() => {
      model.restore_weights(zero);
      model.train(x, y, 1);
      const after = model.state();
      const [weight = NaN] = after.get("dense/kernel");
      after.free();
      return -weight;
    });
    comparison.values("rates", it.rates, found, perOp);
  } finally {
    zero.free();
    model.free();
  }
  return comparison;
}
