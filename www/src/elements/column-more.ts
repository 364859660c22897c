// The rest about one column of the table, which its name opens: statistics, the type to be changed, leaving it out, and making
// it say how much each row counts.

import { css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { ColumnReport, ColumnType } from "../engine/protocol";
import { base, fields } from "../styles/controls";
import { integer, number } from "../styles/format";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

const types: { type: ColumnType; label: string; doc: string }[] = [
  { type: "number", label: "Number", doc: "Measured or counted; enters the network as one value." },
  { type: "category", label: "Category", doc: "One of a few names; enters as one value for each of them." },
  { type: "date", label: "Date", doc: "A day; enters as the number of days." },
  { type: "text", label: "Text", doc: "Free words; the network leaves it out." },
  { type: "id", label: "Identifier", doc: "Names the row and says nothing about it; left out." },
];

export class TabgradColumnMore extends LabElement {
  static override styles = [
    base,
    fields,
    css`
      .more {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 8px;
        padding-bottom: 8px;
      }
      p,
      dl,
      .whole {
        grid-column: 1 / -1;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 12px;
        font-size: var(--tg-text-small);
        line-height: 18px;
      }
      dt {
        color: var(--tg-muted);
      }
      dd {
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  protected readonly watches = ["data"] as const;

  @property({ attribute: false }) index = 0;

  protected override render(): unknown {
    const column = this.state.data.report?.columns[this.index];
    if (!column) return nothing;
    const top = (column.categories ?? []).slice(0, 5).map(({ label, count: n }) => `${label} (${integer(n)})`);
    return html`<div class="more">
      ${column.note ? html`<p class="small muted">${column.note}</p>` : nothing}
      <dl>
        ${
          column.mean === undefined || column.type === "date"
            ? nothing
            : html`<dt>Mean</dt>
                <dd>${number(column.mean)} ± ${number(column.std)}</dd>`
        }
        <dt>Different</dt>
        <dd>${integer(column.distinct)}</dd>
        <dt>Missing</dt>
        <dd>${integer(column.missing)}</dd>
        ${
          top.length > 0
            ? html`<dt>Most frequent</dt>
                <dd>${top.join(", ")}</dd>`
            : nothing
        }
      </dl>
      ${this.#type(column)} ${column.role === "target" ? nothing : this.#uses(column)}
    </div>`;
  }

  #type(column: ColumnReport): unknown {
    // A weight is a number.
    if (column.role === "weight") return nothing;
    const known = types.some(({ type }) => type === column.type);
    const choices = known
      ? types
      : [...types, { type: column.type, label: column.type, doc: column.note ?? "" }];
    return html`<tabgrad-select-field
      label="Type"
      doc="What the values are."
      .choices=${choices}
      .value=${column.type}
      @change=${(event: CustomEvent<ColumnType>) => this.lab.changeTable({ types: { [this.index]: event.detail } })}
    ></tabgrad-select-field>`;
  }

  #uses(column: ColumnReport): unknown {
    const { index } = this;
    const ignored = this.state.data.report?.columns.flatMap((c, i) => (c.role === "ignored" ? [i] : [])) ?? [];
    const isNumber = column.type === "number" || column.min !== undefined;
    return html`<div class=${column.role === "weight" ? "whole" : nothing}>
      <label class="check" ${tip("The network does not see this column.")}>
        <input
          type="checkbox"
          .checked=${column.role === "ignored"}
          @change=${({ target }: Event) =>
            this.lab.changeTable({
              ignored: (target as HTMLInputElement).checked ? [...ignored, index] : ignored.filter((i) => i !== index),
            })}
        />Leave out
      </label>
      ${
        isNumber || column.type === "constant" || column.type === "id"
          ? html`<label
              class="check"
              ${tip("Its number says how much each row counts in the loss, in training and in scores; it does not enter the network.")}
            >
              <input
                type="checkbox"
                .checked=${live(column.role === "weight")}
                @change=${({ target }: Event) =>
                  this.lab.changeTable({ weight: (target as HTMLInputElement).checked ? index : null })}
              />Row weight
            </label>`
          : nothing
      }
    </div>`;
  }
}
