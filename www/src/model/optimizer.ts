// What of Keras' `model.optimizer` a page can have of an optimizer that is in a worker.

import type { Channel } from "./channel";

/**
 * The optimizer of a compiled model. It is in a worker, so that the learning rate is read with `await`; it is set as in Keras,
 * also while a fit goes on: from its next epoch on, or from the next step where a callback sets it.
 */
export class ModelOptimizer {
  readonly #channel: Channel;
  readonly #isCompiled: () => boolean;

  /** @internal */
  constructor(channel: Channel, isCompiled: () => boolean) {
    this.#channel = channel;
    this.#isCompiled = isCompiled;
  }

  /** The learning rate of the next step, as the number or the schedule says it, or what was set in its place. */
  get learning_rate(): Promise<number> {
    return this.#channel.urgently(() => this.#channel.call("learning_rate", []));
  }

  /** For all steps to come, in place of the number or schedule that was compiled. */
  set learning_rate(rate: number) {
    if (!(Number.isFinite(rate) && rate >= 0)) {
      throw new Error(`learning_rate: expected a number of at least 0, found ${String(rate)}`);
    }
    if (!this.#isCompiled()) throw new Error("compile the model first: model.compile({ optimizer, loss, metrics })");
    // It can only fail where everything else does: the worker is gone.
    this.#channel.urgently(() => this.#channel.call("set_learning_rate", [rate])).catch(() => undefined);
  }
}
