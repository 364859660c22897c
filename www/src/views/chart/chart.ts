// <tabgrad-chart>: one small chart with its title, a sentence that says what it shows, and its numbers as a table.

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { fitCanvas } from "../canvas.js";
import "../data-table.js";
import type { TableData } from "../data-table.js";
import { ViewElement } from "../view-element.js";
import { drawChart, type Chart } from "./draw.js";

export class TabgradChart extends ViewElement {
  static override styles = [
    ViewElement.shared,
    css`
      .stage {
        block-size: var(--tg-chart-height, 240px);
      }
      .said {
        min-inline-size: 0;
      }
    `,
  ];

  /** What is drawn; null: nothing yet. */
  @property({ attribute: false }) chart: Chart | null = null;
  /** What it is called. */
  @property() label = "";
  /** What it shows, in a sentence. */
  @property() sentence = "";
  /** Says in place of a picture why there is none. */
  @property() empty = "";
  /** The numbers. A new function means new data. */
  @property({ attribute: false }) table: (() => TableData) | null = null;

  private readonly ruler = document.createElement("canvas").getContext("2d");

  protected override paint(_all: boolean, _changed: PropertyValues): void {
    const canvas = this.renderRoot.querySelector("canvas");
    const target = canvas && fitCanvas(canvas, this.box);
    if (!target || !this.chart) return;
    const { palette, fontFamily, ruler } = this;
    if (ruler) ruler.font = `12px ${fontFamily}`;
    const measure = (text: string) => ruler?.measureText(text).width ?? text.length * 6;
    drawChart(target, this.chart, { width: this.box.width, height: this.box.height, palette, fontFamily, measure });
  }

  protected override render(): TemplateResult {
    return html`${this.renderProbe()}
      <div class="stage" role="img" aria-label="${this.label}. ${this.sentence || this.empty}">
        <canvas></canvas>${this.renderNotice(this.chart ? null : this.empty)}
      </div>
      <div class="foot">
        <span class="said">${this.sentence}</span>
        ${
          this.table && this.chart
            ? html`<tabgrad-data-table label=${this.label} .source=${this.table}></tabgrad-data-table>`
            : nothing
        }
      </div>`;
  }
}
