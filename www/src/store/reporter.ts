// The report on the test rows (or others): asked for when it is opened, and again whenever training stops while it is open. While the
// network learns, the last one stands, with the epoch that it is of.

import type { Part, Report } from "../engine/protocol";
import type { State } from "./state";
import type { Store } from "./store";

export class Reporter {
  readonly #store: Store<State>;
  readonly #ask: (part: Part, target: number | undefined) => Promise<Report>;
  #asked = 0;

  constructor(store: Store<State>, ask: (part: Part, target: number | undefined) => Promise<Report>) {
    this.#store = store;
    this.#ask = ask;
  }

  toggle(): void {
    const { report } = this.#store.state;
    this.#store.set({ report: { ...report, open: !report.open } });
    if (!report.open) void this.#refresh();
  }

  /** Which rows it is on. */
  choose(part: Part): void {
    this.#set({ part });
    void this.#refresh();
  }

  /** The network is another one, or stands still: what is open is made anew. */
  refresh(): void {
    if (this.#store.state.report.open) void this.#refresh();
  }

  async #refresh(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const { run, report, data, target } = this.#store.state;
    const { epoch } = run;
    try {
      const result = await this.#ask(report.part, data.report?.targets ? target : undefined);
      if (asked === this.#asked) this.#set({ result, epoch, problem: null });
    } catch (reason) {
      const problem = reason instanceof Error ? reason.message : String(reason);
      if (asked === this.#asked) this.#set({ result: null, epoch, problem });
    }
  }

  #set(change: Partial<State["report"]>): void {
    this.#store.set({ report: { ...this.#store.state.report, ...change } });
  }
}
