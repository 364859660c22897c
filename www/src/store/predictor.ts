// Keeps the predictions on the page true while the network learns: asks again whenever something changed, at most four times
// a second and never twice at once, so that a fast run is not slowed by its own picture.

import type { ColumnReport, PredictedRow } from "../engine/protocol";
import { parseNumber, plain } from "../styles/format";
import type { PredictState, State } from "./state";
import type { Store } from "./store";

const PAUSE_MS = 250;

export class Predictor {
  readonly #store: Store<State>;
  readonly #predict: (rows: (string | null)[][]) => Promise<PredictedRow[]>;
  #asking = false;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store<State>, predict: (rows: (string | null)[][]) => Promise<PredictedRow[]>) {
    this.#store = store;
    this.#predict = predict;
  }

  /** The weights or the form changed. */
  ask(): void {
    this.#again = true;
    if (!this.#asking && this.#timer === undefined) void this.#run();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#asking = true;
  }

  async #run(): Promise<void> {
    const { data, network, predict } = this.#store.state;
    if (!data.report || (!network.summary && data.source?.kind !== "model")) return;
    this.#asking = true;
    this.#again = false;
    const features = data.report.columns.flatMap((column, index) => (column.role === "feature" ? [index] : []));
    const { columns } = data.report;
    const form = features.map((index) => raw(columns[index], predict.values[index] ?? null));
    const rows = [form, ...(features.length === 1 ? predict.questions.map((question) => [question]) : [])];
    try {
      const [result, ...answers] = await this.#predict(rows);
      this.#take({ result: result ?? null, answers });
    } catch {
      // Refused while the network was being changed, or the engine is gone, which has its own message.
      this.#take({ result: null, answers: [] });
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#asking = false;
      if (this.#again) void this.#run();
    }, PAUSE_MS);
  }

  #take(change: Pick<PredictState, "result" | "answers">): void {
    this.#store.set({ predict: { ...this.#store.state.predict, ...change } });
  }
}

/** A number may be typed as the reader's locale writes it; the engine reads a point. */
function raw(column: ColumnReport | undefined, value: string | null): string | null {
  if (value === null || column?.type !== "number") return value;
  const parsed = parseNumber(value);
  return parsed === null ? value : plain(parsed);
}
