// One column of the table: type, name, range, shape, and the button that makes it the target. Its name opens the rest:
// statistics, the type to be changed, and leaving it out.

import { css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { ColumnReport, ColumnType } from "../engine/protocol";
import { base, buttons, fields } from "../styles/controls";
import { count, day, integer, number } from "../styles/format";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

const glyphs: Record<ColumnType, string> = {
  number: "№",
  category: "Aa",
  date: "31",
  text: "¶",
  id: "#",
  constant: "=",
  empty: "∅",
};

const types: { type: ColumnType; label: string; doc: string }[] = [
  { type: "number", label: "Number", doc: "Measured or counted; enters the network as one value." },
  { type: "category", label: "Category", doc: "One of a few names; enters as one value for each of them." },
  { type: "date", label: "Date", doc: "A day; enters as the number of days." },
  { type: "text", label: "Text", doc: "Free words; the network leaves it out." },
  { type: "id", label: "Identifier", doc: "Names the row and says nothing about it; left out." },
];

const words: Record<ColumnType, string> = {
  number: "number",
  category: "category",
  date: "date",
  text: "text",
  id: "identifier",
  constant: "constant",
  empty: "empty",
};

export class TabgradColumnRow extends LabElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      .row {
        display: grid;
        grid-template-columns: 20px minmax(0, 1fr) 56px auto;
        align-items: center;
        gap: 4px 8px;
        padding: 4px 8px;
        border-radius: var(--tg-radius-small);
      }
      .row.target {
        background: var(--tg-accent-soft);
      }
      .row.ignored .name b,
      .row.ignored .glyph {
        color: var(--tg-muted);
        font-weight: 400;
      }
      .glyph {
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        text-align: center;
      }
      .name {
        display: block;
        justify-self: start;
        max-width: 100%;
        min-height: 36px;
        padding: 0;
        border: 0;
        background: none;
        text-align: left;
        line-height: 18px;
      }
      .name:hover:not(:disabled) {
        background: none;
      }
      .name:hover b {
        text-decoration: underline;
        text-underline-offset: 3px;
        text-decoration-color: var(--tg-edge);
      }
      .name b,
      .name small {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .name b {
        font-weight: 500;
      }
      .target .name b {
        color: var(--tg-accent);
        font-weight: 600;
      }
      .name small {
        white-space: normal;
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
      }
      tabgrad-histogram {
        width: 56px;
        height: 28px;
      }
      .aim {
        width: 24px;
        min-height: 24px;
        padding: 0;
        border: 0;
        background: none;
        border-radius: 50%;
      }
      .aim i {
        display: block;
        width: 14px;
        height: 14px;
        border: 1.5px solid var(--tg-edge);
        border-radius: 50%;
      }
      .aim[aria-checked="true"] i {
        border: 4.5px solid var(--tg-accent);
      }
      @media (pointer: coarse) {
        .aim {
          width: 44px;
          min-height: 44px;
        }
      }
      .more {
        grid-column: 2 / -1;
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 8px;
        padding-bottom: 8px;
      }
      .more p {
        grid-column: 1 / -1;
      }
      dl {
        grid-column: 1 / -1;
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
  @property({ type: Boolean }) open = false;

  focusTarget(): void {
    this.renderRoot.querySelector<HTMLElement>(".aim")?.focus();
  }

  protected override render(): unknown {
    const report = this.state.data.report;
    const column = report?.columns[this.index];
    if (!report || !column) return nothing;
    const target = this.index === report.target;
    const ignored = column.role === "ignored";
    return html`<div class="row ${target ? "target" : ""} ${ignored ? "ignored" : ""}">
      <span class="glyph" aria-hidden="true">${glyphs[column.type]}</span>
      <button
        class="name"
        type="button"
        aria-expanded=${this.open ? "true" : "false"}
        @click=${() => this.dispatchEvent(new CustomEvent("toggle-open"))}
        ${tip(`${column.name}: ${column.note ?? `a ${words[column.type]} column.`} Opens its figures and what can be changed.`)}
      >
        <b>${column.name}</b><small>${this.#line(column, target, report.classes.length)}</small>
      </button>
      <tabgrad-histogram .column=${column} .classes=${target ? report.classes : []}></tabgrad-histogram>
      <button
        class="aim"
        type="button"
        role="radio"
        aria-checked=${target ? "true" : "false"}
        aria-label="Predict ${column.name}"
        tabindex=${target ? "0" : "-1"}
        @click=${() => this.lab.changeTable({ target: this.index })}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
        ${tip(target ? "This column is what the network learns to predict." : `Predict ${column.name} instead.`)}
      >
        <i></i>
      </button>
      ${this.open ? this.#more(column, target) : nothing}
    </div>`;
  }

  #key(event: KeyboardEvent): void {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("move-target", { detail: by }));
  }

  #line(column: ColumnReport, target: boolean, classes: number): string {
    const parts: string[] = [];
    if (target) parts.push("target");
    else if (column.role === "ignored") parts.push(`${words[column.type]}, left out`);
    if (target && classes > 0) parts.push(count(classes, "class", "classes"));
    else if (column.role !== "ignored") {
      if (column.type === "date") parts.push(`${day(column.min)} to ${day(column.max)}`);
      else if (column.min !== undefined) parts.push(`${number(column.min, 3)} to ${number(column.max, 3)}`);
      else parts.push(count(column.distinct, "value"));
    }
    if (column.missing > 0) parts.push(`${integer(column.missing)} missing`);
    return parts.join(" · ");
  }

  #more(column: ColumnReport, target: boolean): unknown {
    const top = (column.categories ?? []).slice(0, 5).map(({ label, count: n }) => `${label} (${integer(n)})`);
    const known = types.some(({ type }) => type === column.type);
    const choices = known
      ? types
      : [...types, { type: column.type, label: words[column.type], doc: column.note ?? "" }];
    const ignored = this.state.data.report?.columns.flatMap((c, i) => (c.role === "ignored" ? [i] : [])) ?? [];
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
      <tabgrad-select-field
        label="Type"
        doc="What the values are."
        .choices=${choices}
        .value=${column.type}
        @change=${(event: CustomEvent<ColumnType>) => this.lab.changeTable({ types: { [this.index]: event.detail } })}
      ></tabgrad-select-field>
      ${
        target
          ? nothing
          : html`<label class="check" ${tip("The network does not see this column.")}>
              <input
                type="checkbox"
                .checked=${column.role === "ignored"}
                @change=${(event: Event) => {
                  const out = (event.target as HTMLInputElement).checked;
                  this.lab.changeTable({
                    ignored: out ? [...ignored, this.index] : ignored.filter((i) => i !== this.index),
                  });
                }}
              />Leave out
            </label>`
      }
    </div>`;
  }
}
