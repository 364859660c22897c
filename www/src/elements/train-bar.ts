// The one thing that asks to be pressed: Train, with Step and Reset beside it, and how far it is.

import { css, html, nothing } from "lit";
import type { Choice } from "../engine/protocol";
import { base, buttons, progressBar } from "../styles/controls";
import { compact, integer, number, score } from "../styles/format";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { headline } from "./scores";
import { tip } from "./tip";

const tempos: readonly Choice[] = [
  { type: "1", label: "1/s", doc: "One epoch a second, to look closely." },
  { type: "10", label: "10/s", doc: "Ten epochs a second." },
  { type: "30", label: "30/s", doc: "Thirty epochs a second, about one epoch for every picture drawn." },
  { type: "full", label: "Full", doc: "As fast as this machine can." },
];

export class TabgradTrainBar extends LabElement {
  static override styles = [
    base,
    buttons,
    progressBar,
    css`
      :host {
        position: relative;
        container-type: inline-size;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 40px;
      }
      .primary {
        min-width: 108px;
        min-height: calc(var(--tg-control) + 4px);
        font-size: 15px;
      }
      .bar > button:not(.primary) {
        min-height: calc(var(--tg-control) + 4px);
      }
      .tempo {
        flex: none;
        width: 118px;
      }
      dl {
        display: flex;
        gap: 16px;
        margin: 0 0 0 8px;
        min-width: 0;
      }
      dl > div {
        min-width: 0;
      }
      dt {
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
        white-space: nowrap;
      }
      dd {
        font-size: 16px;
        line-height: 20px;
        font-weight: 600;
        white-space: nowrap;
      }
      dd small {
        font-size: var(--tg-text-small);
        font-weight: 400;
        color: var(--tg-muted);
      }
      /* As wide as the longest it will show, so that nothing moves while it counts. */
      .epoch {
        position: relative;
        min-width: 80px;
      }
      .speed {
        min-width: 56px;
      }
      .rate {
        min-width: 68px;
      }
      .score {
        min-width: 84px;
      }
      /* No room for both of them. */
      @container (max-width: 760px) {
        .rate + .speed {
          display: none;
        }
        dl:has(.rate) {
          gap: 8px;
        }
      }
      /* Under the epochs, taking no room of its own. */
      progress {
        position: absolute;
        left: 0;
        bottom: -4px;
        height: 3px;
      }
      @container (max-width: 684px) {
        .bar {
          flex-wrap: wrap;
          row-gap: 8px;
        }
        .primary {
          flex: 1;
          min-width: 88px;
        }
        .bar > button:not(.icon-only) {
          padding: 0 10px;
        }
        dl {
          flex: 1 1 auto;
          justify-content: space-between;
          gap: 8px;
        }
        .speed,
        .rate {
          display: none;
        }
      }
    `,
  ];

  protected readonly watches = ["run", "tempo", "network", "choices", "engine", "data"] as const;

  protected override render(): unknown {
    const { state } = this;
    const { run, choices } = state;
    const running = run.status === "running";
    const able = this.lab.trainable;
    const { epochs } = choices.training;
    // Trained again after the last epoch, it goes on for as many.
    const goal = epochs === null ? null : epochs * Math.max(1, Math.ceil(run.epoch / epochs));
    const best = headline(this.state);
    return html`<div class="bar" role="group" aria-label="Training">
      <button
        class="primary"
        type="button"
        ?disabled=${!able}
        aria-keyshortcuts="Space"
        @click=${() => this.lab.toggle()}
        ${tip(
          running
            ? "Stops for now; the weights stay."
            : "Learns from the training rows, again and again, until it is paused.",
          "space",
        )}
      >
        ${running ? icons.pause : icons.play}${running ? "Pause" : "Train"}
      </button>
      <button
        type="button"
        ?disabled=${!able || running}
        aria-keyshortcuts="."
        @click=${() => this.lab.step()}
        ${tip("Learns for one epoch: once through all training rows.", ".")}
      >
        ${icons.step}Step
      </button>
      <button
        type="button"
        ?disabled=${!able || (run.step === 0 && run.epoch === 0)}
        aria-keyshortcuts="r"
        @click=${() => this.lab.reset()}
        ${tip("Back to the very same start: the seed gives the same weights again.", "r")}
      >
        ${icons.reset}Reset
      </button>
      <tabgrad-select-field
        class="tempo"
        inline
        label="Speed"
        doc="How many epochs a second at most: small data learn faster than anyone can watch. What is learnt is the same at every speed."
        .choices=${tempos}
        .value=${state.tempo === null ? "full" : String(state.tempo)}
        @change=${(event: CustomEvent<string>) => this.lab.setTempo(event.detail === "full" ? null : Number(event.detail))}
      ></tabgrad-select-field>
      <dl>
        <div class="epoch" ${tip("How many times the network has gone through all training rows.")}>
          <dt>Epoch</dt>
          <dd>
            ${integer(run.epoch)}${goal === null ? nothing : html`<small> of ${integer(goal)}</small>`}
            ${
              goal === null
                ? nothing
                : html`<progress max=${goal} .value=${Math.min(run.epoch, goal)} aria-label="Epochs done"></progress>`
            }
          </dd>
        </div>
        <div class="score" ${tip(best.doc)}>
          <dt>${best.label}</dt>
          <dd>${best.value === null ? score(best.metric, null) : score(best.metric, best.value)}</dd>
        </div>
        ${
          typeof choices.training.optimizer.learning_rate === "object" && run.learningRate !== null
            ? html`<div class="rate" ${tip("The learning rate of the next step, as the schedule has it.")}>
                <dt>Rate</dt>
                <dd>${number(run.learningRate, 3)}</dd>
              </div>`
            : nothing
        }
        <div class="speed" ${tip("How many rows the network learns from in a second on this machine.")}>
          <dt>Rows/s</dt>
          <dd>${running && run.rowsPerSecond > 0 ? compact(run.rowsPerSecond) : "–"}</dd>
        </div>
      </dl>
    </div>`;
  }
}
