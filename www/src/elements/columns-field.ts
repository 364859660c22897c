// Which columns of the table an input layer takes: a button for each, pressed where it enters. A column may enter several inputs.

import { css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import { columnsOf, featuresOf } from "../store/inputs";
import { base, buttons, fields } from "../styles/controls";
import { choiceStyles } from "./choice-styles";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

/** More buttons than this nobody reads. */
const MOST = 200;

export class TabgradColumnsField extends LabElement {
  static override styles = [
    base,
    buttons,
    fields,
    choiceStyles,
    css`
      .box {
        max-height: 200px;
        overflow: auto;
      }
      button {
        padding: 0 8px;
        color: var(--tg-muted);
      }
      button[aria-pressed="true"] {
        border-color: var(--tg-accent);
        background: var(--tg-accent-soft);
        color: var(--tg-ink);
      }
    `,
  ];

  protected readonly watches = ["choices", "data"] as const;

  /** The input layer. */
  @property({ attribute: false }) index = 0;

  protected override render(): unknown {
    const { choices, data } = this.state;
    const { report } = data;
    if (!report || choices.model.layers[this.index]?.type !== "input") return nothing;
    const features = featuresOf(report);
    const own = columnsOf(choices.model, report, this.index);
    return html`<div class="box" role="group" aria-label="Columns">
      <span class="label" aria-hidden="true" ${tip("The columns that enter the network here.")}>Columns</span>
      ${features.slice(0, MOST).map((column) => {
        const pressed = own.includes(column);
        return html`<button
          type="button"
          aria-pressed=${pressed ? "true" : "false"}
          ?disabled=${pressed && own.length === 1}
          @click=${() => {
            // In the order of the table, whatever the order of the clicks.
            const columns = features.filter((it) => (it === column ? !pressed : own.includes(it)));
            this.lab.changeLayer(this.index, { columns });
          }}
        >
          ${report.columns[column]?.name ?? ""}
        </button>`;
      })}
    </div>`;
  }
}
