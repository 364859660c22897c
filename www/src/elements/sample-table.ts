// The first rows of the table as they stood in the file.

import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { TableReport } from "../engine/protocol";
import { base } from "../styles/controls";

const ROWS = 10;
const COLUMNS = 50;

export class TabgradSampleTable extends LitElement {
  static override styles = [
    base,
    css`
      .scroll {
        overflow: auto;
        max-height: 320px;
        margin: 8px 0;
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius-small);
      }
      table {
        border-collapse: collapse;
        font-size: var(--tg-text-small);
        line-height: 16px;
        white-space: nowrap;
      }
      th,
      td {
        max-width: 180px;
        padding: 4px 8px;
        overflow: hidden;
        text-overflow: ellipsis;
        text-align: right;
        border-bottom: 1px solid var(--tg-line);
      }
      th {
        position: sticky;
        top: 0;
        background: var(--tg-panel);
        font-weight: 600;
        color: var(--tg-muted);
      }
      .words {
        text-align: left;
      }
      .target {
        color: var(--tg-accent);
      }
      .missing {
        color: var(--tg-muted);
      }
      tr:last-child td {
        border-bottom: 0;
      }
    `,
  ];

  @property({ attribute: false }) report!: TableReport;

  protected override render(): unknown {
    const { columns, sample } = this.report;
    const shown = columns.slice(0, COLUMNS);
    const look = (index: number) => (shown[index]?.type === "number" ? "" : "words");
    return html`<div class="scroll" tabindex="0" role="region" aria-label="First rows">
      <table>
        <thead>
          <tr>
            ${shown.map(
              ({ name }, index) =>
                html`<th scope="col" class="${look(index)} ${shown[index]?.role === "target" ? "target" : ""}">${name}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${sample.slice(0, ROWS).map(
            (row) =>
              html`<tr>
                ${shown.map((_, index) => {
                  const value = row[index] ?? "";
                  return html`<td class="${look(index)} ${value === "" ? "missing" : ""}">
                    ${value === "" ? "–" : value}
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
      ${
        columns.length > COLUMNS
          ? html`<p class="small muted">and ${columns.length - COLUMNS} columns more</p>`
          : nothing
      }
    </div>`;
  }
}
