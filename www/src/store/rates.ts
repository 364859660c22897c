// Learning rates: what the chosen schedule makes of them over the run, drawn while its settings stand open, and the range test.

import type { State } from "./state";
import type { Store } from "./store";

export interface RateCurve {
  epochs: number;
  rates: Float32Array;
}

export interface RangeTest {
  rates: Float32Array;
  losses: Float32Array;
  /** Null: no rate made the loss smaller. */
  suggested: number | null;
}

export interface RatesState {
  /** Null: not asked for, or a number that stays. */
  curve: RateCurve | null;
  test: RangeTest | null;
  /** The range test is on its way. */
  testing: boolean;
}

export class Rates {
  readonly #store: Store<State>;
  readonly #askCurve: () => Promise<RateCurve>;
  readonly #askTest: () => Promise<RangeTest>;
  readonly #sayFailure: (reason: unknown) => void;
  #watched = 0;

  constructor(
    store: Store<State>,
    engine: { learningRates(): Promise<RateCurve>; rangeTest(): Promise<RangeTest> },
    sayFailure: (reason: unknown) => void,
  ) {
    this.#store = store;
    this.#askCurve = () => engine.learningRates();
    this.#askTest = () => engine.rangeTest();
    this.#sayFailure = sayFailure;
  }

  /** Somebody looks at the curve, until the returned function is called. */
  watch(): () => void {
    this.#watched += 1;
    this.refresh();
    return () => {
      this.#watched -= 1;
    };
  }

  /** The training is another one. */
  refresh(): void {
    if (this.#watched > 0) void this.#refresh();
  }

  async #refresh(): Promise<void> {
    const { choices, network } = this.#store.state;
    if (typeof choices.training.optimizer.learning_rate === "number" || !network.summary) {
      if (this.#store.state.rates.curve) this.#set({ curve: null });
      return;
    }
    try {
      const { epochs, rates } = await this.#askCurve();
      this.#set({ curve: { epochs, rates } });
    } catch {
      // The network is being changed, or the engine is gone, which has its own message.
      this.#set({ curve: null });
    }
  }

  /** Tries ever larger rates from the first weights; nothing is changed by it. */
  async test(): Promise<void> {
    if (this.#store.state.rates.testing) return;
    this.#set({ testing: true });
    try {
      const { rates, losses, suggested } = await this.#askTest();
      this.#set({ test: { rates, losses, suggested }, testing: false });
    } catch (reason) {
      this.#set({ test: null, testing: false });
      this.#sayFailure(reason);
    }
  }

  closeTest(): void {
    this.#set({ test: null });
  }

  #set(change: Partial<RatesState>): void {
    this.#store.set({ rates: { ...this.#store.state.rates, ...change } });
  }
}
