// <tabgrad-confusion>: which classes are taken for which, as a real table.
//
// A cell's tint is its share of its row (of the rows of that true class): in the colour of "right" on the diagonal, of
// "wrong" elsewhere, so that a small class counts as much as a large one.

import { css, html, LitElement, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Evaluation } from "../../engine/protocol.js";
import { cssVars } from "../css-vars.js";
import { formatCount, formatPercent } from "../numbers.js";
import { nameKey, NAMES, ViewElement, type ViewState } from "../view-element.js";
import { describeConfusion, rowSums, share, side } from "./shares.js";

/** Classes that a matrix is drawn for; more would be a table no one reads. */
const MOST = 60;

@customElement("tabgrad-confusion")
export class TabgradConfusion extends LitElement {
  static override styles = [
    ViewElement.shared,
    css`
      .scroll {
        overflow: auto;
        max-block-size: var(--tg-confusion-height, 320px);
        scrollbar-width: thin;
      }
      table {
        border-collapse: separate;
        border-spacing: 2px;
      }
      caption {
        text-align: start;
        padding-block-end: 6px;
        color: var(--tg-muted);
      }
      th {
        font-weight: 400;
        color: var(--tg-muted);
        max-inline-size: 96px;
        padding: 2px 6px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      thead th {
        text-align: center;
        position: sticky;
        inset-block-start: 0;
        background: var(--tg-panel);
        z-index: 1;
      }
      tbody th {
        text-align: end;
        position: sticky;
        inset-inline-start: 0;
        background: var(--tg-panel);
      }
      thead td {
        position: sticky;
        inset-block-start: 0;
        inset-inline-start: 0;
        background: var(--tg-panel);
        z-index: 2;
      }
      tbody td {
        min-inline-size: 40px;
        block-size: 28px;
        padding: 0 6px;
        text-align: center;
        border-radius: 4px;
        color: var(--tg-ink);
        background: color-mix(in srgb, var(--tint) calc(var(--share) * 100%), var(--tg-panel));
        --tint: var(--tg-negative);
      }
      tbody td.right {
        --tint: var(--tg-positive);
        font-weight: 600;
      }
      tbody td.none {
        color: var(--tg-muted);
        background: none;
        font-weight: 400;
      }
      .many {
        inline-size: 100%;
      }
      .many tbody td {
        min-inline-size: 22px;
        block-size: 24px;
        padding: 0 1px;
      }
      .many th {
        padding: 2px;
        max-inline-size: 64px;
      }
      .place {
        position: relative;
        display: grid;
        place-content: center;
        min-block-size: 96px;
        padding: 16px;
        text-align: center;
        text-wrap: balance;
        color: var(--tg-muted);
      }
      .place.failed {
        color: var(--tg-bad);
      }
    `,
  ];

  /** Scores of one part of the rows; its matrix is what is drawn. */
  @property({ attribute: false }) evaluation: Evaluation | null = null;
  @property(NAMES) classes: readonly string[] = [];
  @property() state: ViewState = "ready";
  @property() message = "";

  protected override render(): TemplateResult {
    // A frame brings a new evaluation seldom, and the table is of some size: rendered only when it is another one.
    return html`${guard([this.evaluation, nameKey(this.classes), this.state, this.message], () => this.renderAll())}`;
  }

  private renderAll(): TemplateResult {
    const matrix = this.evaluation?.confusion ?? null;
    const k = matrix === null ? 0 : side(matrix);
    const said = this.state === "ready" ? "" : this.message;
    if (matrix === null || k === 0 || said !== "") {
      return html`<div class="place ${this.state}" role="status">
        ${said || "Which classes are taken for which appears here after the first epoch."}
      </div>`;
    }
    if (k > MOST)
      return html`<div class="place">
        ${formatCount(k)} classes: too many for a table. ${describeConfusion(matrix, this.classes)}
      </div>`;
    return this.renderTable(matrix, k);
  }

  private renderTable(matrix: Uint32Array, k: number): TemplateResult {
    const sums = rowSums(matrix);
    const names = Array.from({ length: k }, (_, i) => this.classes[i] ?? String(i));
    return html`<div class="scroll" tabindex="0" role="group" aria-label="Confusion matrix">
      <table class=${k > 6 ? "many" : ""} aria-label="Confusion matrix. ${describeConfusion(matrix, this.classes)}">
        <caption>
          Rows: true class. Columns: predicted.
        </caption>
        <thead>
          <tr>
            <td></td>
            ${names.map((name) => html`<th scope="col" title=${name}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${names.map(
            (name, i) =>
              html`<tr>
                <th scope="row" title=${name}>${name}</th>
                ${names.map((other, j) => this.renderCell(matrix[i * k + j] ?? 0, sums[i] ?? 0, name, other, i === j))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private renderCell(count: number, sum: number, name: string, other: string, right: boolean): TemplateResult {
    const part = share(count, sum);
    const title = `${name} predicted as ${other}: ${formatCount(count)} of ${formatCount(sum)} (${formatPercent(part)})`;
    return html`<td
      class="${right ? "right" : "wrong"} ${count === 0 ? "none" : ""}"
      title=${title}
      ${cssVars({ "--share": (0.08 + 0.34 * part).toFixed(3) })}
    >
      ${formatCount(count)}
    </td>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-confusion": TabgradConfusion;
  }
}
