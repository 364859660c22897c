// How the rows are shared out: to learn from, to watch while learning, and to be judged by at the end.

import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import type { Part, SplitSpec } from "../engine/protocol";
import { base, buttons, panel } from "../styles/controls";
import { integer } from "../styles/format";
import { cssVars } from "../views/css-vars";
import { icons } from "./icons";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

const parts: { part: Part; doc: string }[] = [
  { part: "train", doc: "The rows the network learns from." },
  { part: "validation", doc: "Rows it does not learn from; their curve shows when it begins to learn by heart." },
  { part: "test", doc: "Rows kept back to the end: they tell how good it is on what it has never seen." },
];

export class TabgradSplitPanel extends LabElement {
  static override styles = [
    base,
    panel,
    buttons,
    css`
      .bar {
        display: flex;
        gap: 2px;
        height: 8px;
        margin: 4px 0 8px;
      }
      .bar i {
        flex: var(--rows) 0 0;
        border-radius: 2px;
        background: var(--part);
      }
      .bar i:first-child {
        border-radius: 4px 2px 2px 4px;
      }
      .bar i:last-child {
        border-radius: 2px 4px 4px 2px;
      }
      .train {
        --part: var(--tg-train);
      }
      .validation {
        --part: var(--tg-validation);
      }
      .test {
        --part: var(--tg-test);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      dl > div,
      dt {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      dl i {
        width: 8px;
        height: 8px;
        border-radius: 2px;
        background: var(--part);
      }
      dt {
        color: var(--tg-muted);
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(112px, 1fr));
        gap: 8px;
        margin-top: 12px;
      }
    `,
  ];

  protected readonly watches = ["network", "choices", "data"] as const;

  @state() private open = false;

  #rows(): Record<Part, number> {
    const { network, choices, data } = this.state;
    if (network.summary) return network.summary.rows;
    const rows = data.report?.rows ?? 0;
    const validation = Math.round(rows * choices.split.validation);
    const test = Math.round(rows * choices.split.test);
    return { train: Math.max(0, rows - validation - test), validation, test };
  }

  protected override render(): unknown {
    const rows = this.#rows();
    const { split } = this.state.choices;
    return html`<section class="panel" role="group" aria-labelledby="title">
      <header>
        <h2 id="title">Split</h2>
        <span class="grow"></span>
        <button
          class="quiet small"
          type="button"
          aria-expanded=${this.open ? "true" : "false"}
          @click=${() => {
            this.open = !this.open;
          }}
          ${tip("Change the shares, or the seed that says which rows go where.")}
        >
          ${this.open ? icons.down : icons.right}Change
        </button>
      </header>
      <div class="bar" aria-hidden="true">
        ${parts.map(({ part }) =>
          rows[part] > 0 ? html`<i class=${part} ${cssVars({ "--rows": String(rows[part]) })}></i>` : nothing,
        )}
      </div>
      <dl>
        ${parts.map(
          ({ part, doc }) =>
            html`<div class=${part} ${tip(doc)}>
              <dt><i></i>${part}</dt>
              <dd>${integer(rows[part])}</dd>
            </div>`,
        )}
      </dl>
      ${
        this.open
          ? html`<div class="fields">
              ${this.#share("validation", "Validation, %", split)}${this.#share("test", "Test, %", split)}
              <tabgrad-number-field
                label="Seed"
                integer
                doc="Which rows go where: the same seed, the same split."
                .value=${split.seed}
                .min=${0}
                .max=${4_294_967_295}
                @change=${(event: CustomEvent<number>) => this.lab.changeSplit({ seed: event.detail })}
              ></tabgrad-number-field>
            </div>`
          : nothing
      }
    </section>`;
  }

  #share(part: "validation" | "test", label: string, split: SplitSpec): unknown {
    const other = part === "validation" ? split.test : split.validation;
    return html`<tabgrad-number-field
      label=${label}
      doc=${parts.find((entry) => entry.part === part)?.doc ?? ""}
      .value=${Math.round(split[part] * 1000) / 10}
      .min=${0}
      .max=${Math.max(0, Math.round(900 - other * 1000) / 10)}
      .step=${5}
      @change=${(event: CustomEvent<number>) => this.lab.changeSplit({ [part]: event.detail / 100 })}
    ></tabgrad-number-field>`;
  }
}
