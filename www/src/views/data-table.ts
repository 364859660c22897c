// "Show as table": the numbers behind a drawing, for readers who cannot or would rather not read the drawing.
//
// The table is made when it is opened, and again when its source changes while it is open, at most once a second.

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { formatCount, formatValue } from "./numbers.js";

/** Text as it stands, or a number: written for the reader on the page, exactly in CSV. */
export type Cell = string | number | null;

export interface TableData {
  columns: string[];
  rows: Cell[][];
  /** How many rows there are in all, when `rows` leaves some out. */
  total?: number;
}

/** Rows that are shown; copying takes all that the source gives. */
export const SHOWN_ROWS = 200;

/** One cell of CSV: quoted where it must be; text that a spreadsheet would run as a formula is marked as text. */
export function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cellText(cell: Cell): string {
  return typeof cell === "string" ? cell : formatValue(cell, 6);
}

/** A table as CSV with a header (RFC 4180). */
export function toCsv(table: TableData): string {
  return [table.columns, ...table.rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

@customElement("tabgrad-data-table")
export class TabgradDataTable extends LitElement {
  static override styles = css`
    :host {
      display: contents;
      font-variant-numeric: tabular-nums;
    }
    button {
      appearance: none;
      border: 0;
      padding: 4px 6px;
      margin: -4px 0;
      grid-column: -2;
      background: none;
      font: inherit;
      color: var(--tg-muted);
      border-radius: var(--tg-radius-small, 6px);
      cursor: pointer;
    }
    button:hover {
      color: var(--tg-ink);
      background: var(--tg-soft);
    }
    button:focus-visible,
    .scroll:focus-visible {
      outline: 2px solid var(--tg-accent);
      outline-offset: 1px;
    }
    @media (pointer: coarse) {
      button {
        min-block-size: 44px;
        padding-inline: 12px;
        margin-block: -14px;
      }
    }
    /* The host stands in its parent's grid of two columns: the button in the second, the table under both. */
    .open {
      grid-column: 1 / -1;
      min-inline-size: 0;
    }
    .scroll {
      max-block-size: 240px;
      overflow: auto;
      border: 1px solid var(--tg-line);
      border-radius: var(--tg-radius-small, 6px);
    }
    .row {
      display: flex;
      gap: 8px;
      align-items: center;
      margin-block-start: 8px;
    }
    .row > button {
      margin: 0;
      border: 1px solid var(--tg-line);
      color: var(--tg-ink);
    }
    table {
      border-collapse: collapse;
      inline-size: 100%;
    }
    caption {
      text-align: start;
      padding: 4px 8px;
    }
    th,
    td {
      padding: 4px 8px;
      text-align: end;
      font-weight: 400;
      white-space: nowrap;
      border-block-start: 1px solid var(--tg-soft);
      color: var(--tg-ink);
    }
    thead th {
      position: sticky;
      inset-block-start: 0;
      background: var(--tg-panel);
      color: var(--tg-muted);
      border: 0;
    }
    th:first-child,
    td:first-child {
      text-align: start;
    }
  `;

  /** What the table is of: "Loss by epoch". */
  @property() label = "";
  /** Gives the table when it is needed. A new function means new data. */
  @property({ attribute: false }) source: (() => TableData) | null = null;

  @state() private open = false;
  @state() private said = "";
  private table: TableData | null = null;
  private made = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  protected override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    // A closed table does not follow its source: frames would render it for nothing.
    return !(changed.size === 1 && changed.has("source")) || (this.open && this.refresh()) || !this.hasUpdated;
  }

  protected override render(): TemplateResult {
    return html`<button aria-expanded=${this.open ? "true" : "false"} @click=${this.toggle}>
        ${this.open ? "Hide table" : "Table"}<span hidden>: ${this.label}</span>
      </button>
      ${this.open && this.table ? this.renderTable(this.table) : nothing}`;
  }

  private renderTable(table: TableData): TemplateResult {
    const shown = table.rows.slice(0, SHOWN_ROWS);
    const total = table.total ?? table.rows.length;
    const left = total > shown.length ? `: the first ${formatCount(shown.length)} of ${formatCount(total)} rows` : "";
    return html`<div class="open">
      <div class="scroll" tabindex="0" role="group" aria-label=${this.label}>
        <table>
          <caption>
            ${this.label}${left}
          </caption>
          <thead>
            <tr>
              ${table.columns.map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              (row) =>
                html`<tr>
                  ${row.map((cell, i) => (i === 0 ? html`<th scope="row">${cellText(cell)}</th>` : html`<td>${cellText(cell)}</td>`))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="row"><button @click=${this.copy}>Copy as CSV</button><span role="status">${this.said}</span></div>
    </div>`;
  }

  private readonly toggle = (): void => {
    this.open = !this.open;
    this.said = "";
    if (this.open) this.make();
    else this.table = null;
  };

  private make(): void {
    this.table = this.source?.() ?? null;
    this.made = performance.now();
  }

  /** Makes the table anew if it is old enough to be, else later. */
  private refresh(): boolean {
    const wait = this.made + 1000 - performance.now();
    if (wait <= 0) {
      this.make();
      return true;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.open) return;
      this.make();
      this.requestUpdate();
    }, wait);
    return false;
  }

  private readonly copy = async (): Promise<void> => {
    if (this.table === null) return;
    try {
      await navigator.clipboard.writeText(toCsv(this.table));
      this.said = "Copied";
    } catch {
      this.said = "The browser refused access to the clipboard";
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-data-table": TabgradDataTable;
  }
}
