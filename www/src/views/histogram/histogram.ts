// <tabgrad-histogram>: the values of one column in the space of a word.
//
// Bins of numbers and dates stand side by side; the categories of a target have the colours of their classes. Made for
// lists of many columns: one SVG, at most a path per class, no canvas and no observers.

import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { ColumnReport } from "../../engine/protocol.js";
import { cssVars } from "../css-vars.js";
import "../data-table.js";
import { classCss } from "../scales.js";
import { nameKey, NAMES } from "../view-element.js";
import { barHeights, barsOf, barsPath, barsTable, describeColumn } from "./bars.js";

const WIDTH = 84;
const HEIGHT = 26;

@customElement("tabgrad-histogram")
export class TabgradHistogram extends LitElement {
  static override styles = css`
    :host {
      display: block;
      color: var(--tg-muted);
      font-size: var(--tg-text-small, 12px);
      line-height: 16px;
    }
    svg {
      display: block;
      inline-size: 100%;
      block-size: var(--tg-histogram-height, 26px);
      overflow: visible;
    }
    path {
      fill: var(--fill, color-mix(in srgb, var(--tg-muted) 62%, var(--tg-panel)));
    }
    line {
      stroke: var(--tg-line);
    }
    .foot {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      margin-block-start: 8px;
    }
  `;

  @property({ attribute: false }) column: ColumnReport | null = null;
  /** Class labels in the order of the outputs, for the target: gives bars their classes' colours. */
  @property(NAMES) classes: readonly string[] = [];
  /** Offers the values as a table. */
  @property({ type: Boolean }) table = false;

  protected override render(): TemplateResult {
    return html`${guard([this.column, nameKey(this.classes), this.table], () => this.renderAll())}`;
  }

  private renderAll(): TemplateResult {
    const { column } = this;
    const bars = column === null ? [] : barsOf(column);
    const heights = barHeights(bars);
    const shapes =
      this.classes.length === 0
        ? svg`<path d=${barsPath(heights, WIDTH, HEIGHT)} />`
        : bars.map((bar, i) => {
            const index = this.classes.indexOf(bar.label);
            return svg`<path d=${barsPath(heights, WIDTH, HEIGHT, i)} ${cssVars(index < 0 ? {} : { "--fill": classCss(index) })} />`;
          });
    const label = column === null ? "No column" : describeColumn(column);
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
        <title>${label}</title>
        <line x1="0" x2=${WIDTH} y1=${HEIGHT} y2=${HEIGHT} vector-effect="non-scaling-stroke" />
        ${bars.length === 0 ? nothing : shapes}
      </svg>
      ${
        this.table && column !== null
          ? html`<div class="foot">
              <tabgrad-data-table
                .label=${`Values of ${column.name}`}
                .source=${() => barsTable(column)}
              ></tabgrad-data-table>
            </div>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-histogram": TabgradHistogram;
  }
}
