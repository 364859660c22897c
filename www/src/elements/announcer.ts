// What a screen reader hears of the training: when it starts and stops, and in between how it goes, at most every five seconds.

import { html, type PropertyValues } from "lit";
import { state } from "lit/decorators.js";
import type { RunStatus, State } from "../store/state";
import { base } from "../styles/controls";
import { integer, score } from "../styles/format";
import { LabElement } from "./lab-element";
import { headline } from "./scores";

const PAUSE_MS = 5000;

const news: Partial<Record<RunStatus, string>> = {
  running: "Training.",
  paused: "Paused.",
  finished: "Finished.",
};

export class TabgradAnnouncer extends LabElement {
  static override styles = base;

  protected readonly watches = ["run"] as const;

  @state() private words = "";

  #status: RunStatus = "idle";
  #last = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { run } = this.state;
    const now = performance.now();
    const turned = run.status !== this.#status;
    if (!turned && (run.status !== "running" || now - this.#last < PAUSE_MS)) return;
    this.#status = run.status;
    this.#last = now;
    this.words = spoken(this.state, turned);
  }

  protected override render(): unknown {
    return html`<div class="visually-hidden" role="status" aria-live="polite">${this.words}</div>`;
  }
}

function spoken(state: State, turned: boolean): string {
  const { run } = state;
  const best = headline(state);
  const how = best.value === null ? "" : `, ${best.label.toLowerCase()}${best.target ? ` of ${best.target}` : ""} ${score(best.metric, best.value)}`;
  const epoch = run.epoch > 0 ? `Epoch ${integer(run.epoch)}${how}.` : "";
  return [turned ? (news[run.status] ?? "") : "", epoch].filter(Boolean).join(" ");
}
