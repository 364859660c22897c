// One column of the table: type, name, range, shape, and the button that makes it the target. Its name opens the rest
// (column-more.ts).

import { css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { ColumnReport, ColumnType, TableReport } from "../engine/protocol";
import { targetsOf } from "../store/targets";
import { base, buttons } from "../styles/controls";
import { count, day, integer, number } from "../styles/format";
import { LabElement } from "./lab-element";
import { need } from "./lazy";
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
      .aim[role="checkbox"] i {
        border-radius: 4px;
      }
      @media (pointer: coarse) {
        .aim {
          width: 44px;
          min-height: 44px;
        }
      }
      tabgrad-column-more {
        grid-column: 2 / -1;
      }
    `,
  ];

  protected readonly watches = ["data"] as const;

  @property({ attribute: false }) index = 0;
  @property({ type: Boolean }) open = false;
  /** Several columns may be predicted. */
  @property({ type: Boolean }) several = false;

  focusTarget(): void {
    this.renderRoot.querySelector<HTMLElement>(".aim")?.focus();
  }

  protected override render(): unknown {
    const report = this.state.data.report;
    const column = report?.columns[this.index];
    if (!report || !column) return nothing;
    const goal = targetsOf(report).find((it) => it.column === this.index);
    const target = goal !== undefined;
    const classes = goal?.classes ?? [];
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
        <b>${column.name}</b><small>${this.#line(column, target, classes.length)}</small>
      </button>
      <tabgrad-histogram .column=${column} .classes=${classes}></tabgrad-histogram>
      <button
        class="aim"
        type="button"
        role=${this.several ? "checkbox" : "radio"}
        aria-checked=${target ? "true" : "false"}
        aria-label="Predict ${column.name}"
        tabindex=${target || this.several ? "0" : "-1"}
        @click=${() => this.#aim(report)}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
        ${tip(target ? "This column is what the network learns to predict." : `Predict ${column.name}${this.several ? " too" : " instead"}.`)}
      >
        <i></i>
      </button>
      ${this.open ? this.#more() : nothing}
    </div>`;
  }

  /** The only target; of several, one more or one less, but never none. */
  #aim(report: TableReport): void {
    if (!this.several) {
      this.lab.changeTable({ target: this.index });
      return;
    }
    const before = targetsOf(report).flatMap(({ column }) => (column < report.columns.length ? [column] : []));
    const others = before.filter((column) => column !== this.index);
    const targets = others.length < before.length ? others : [...before, this.index];
    if (targets.length > 0) this.lab.changeTable({ targets });
  }

  #more(): unknown {
    need("tabgrad-column-more");
    return html`<tabgrad-column-more .lab=${this.lab} .index=${this.index}></tabgrad-column-more>`;
  }

  #key(event: KeyboardEvent): void {
    if (this.several) return;
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("move-target", { detail: by }));
  }

  #line(column: ColumnReport, target: boolean, classes: number): string {
    const parts: string[] = [];
    if (target) parts.push("target");
    else if (column.role === "weight") parts.push("weight of the row");
    else if (column.role === "ignored") parts.push(`${words[column.type]}, left out`);
    if (target && classes > 0) parts.push(count(classes, "class", "classes"));
    else if (column.role !== "ignored") {
      if (column.type === "date") parts.push(`${day(column.min)} to ${day(column.max)}`);
      else if (column.min !== undefined) parts.push(`${number(column.min, 3)} to ${number(column.max, 3)}`);
      else if (column.distinct > 0) parts.push(count(column.distinct, "value"));
    }
    if (column.missing > 0) parts.push(`${integer(column.missing)} missing`);
    return parts.join(" · ");
  }
}
