// <tabgrad-sample-rows>: the first rows of a table whose rows are pictures or sequences, as what they are.

import { css, html, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { TableReport } from "../../engine/protocol.js";
import { rampTable } from "../scales.js";
import { ViewElement } from "../view-element.js";
import { paintPicture } from "./mosaic.js";
import { pictureOf, tokensOf } from "./rows-of.js";

const PICTURES = 12;
const SEQUENCES = 5;
/** Shorter side of a picture, in CSS pixels at most. */
const SIDE = 36;

export class TabgradSampleRows extends ViewElement {
  static override styles = [
    ViewElement.shared,
    css`
      .stage {
        contain: none;
      }
      ul,
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      figure {
        margin: 0;
        text-align: center;
        color: var(--tg-muted);
      }
      .stage > ul canvas {
        display: block;
        border-radius: 2px;
        outline: 1px solid var(--tg-line);
        image-rendering: pixelated;
      }
      figcaption {
        max-inline-size: 64px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .sequences {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 4px 12px;
        align-items: center;
      }
      .sequences li {
        display: contents;
      }
      ol {
        gap: 2px;
      }
      ol > li {
        display: block;
      }
      ol span {
        display: block;
        min-inline-size: 1.6em;
        padding: 0 4px;
        border-radius: 3px;
        background: var(--tg-soft);
        text-align: center;
      }
      b {
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) report: TableReport | null = null;

  protected override render(): unknown {
    const { report } = this;
    const form = report?.form;
    return html`${this.renderProbe()}
      <div class="stage">
        ${!report || !form ? nothing : "image" in form ? this.#pictures(report) : this.#sequences(report)}
      </div>`;
  }

  #target(report: TableReport, row: readonly string[]): string {
    return report.target < report.columns.length ? row[report.target] || "–" : "";
  }

  #pictures(report: TableReport): unknown {
    const name = report.columns[report.target]?.name ?? "";
    return html`<ul aria-label="First pictures">
      ${report.sample.slice(0, PICTURES).map((row) => {
        const target = this.#target(report, row);
        return html`<li>
          <figure>
            <canvas role="img" aria-label="${name} ${target}"></canvas>
            <figcaption aria-hidden="true">${target}</figcaption>
          </figure>
        </li>`;
      })}
    </ul>`;
  }

  #sequences(report: TableReport): unknown {
    return html`<ul class="sequences" aria-label="First sequences">
      ${report.sample.slice(0, SEQUENCES).map(
        (row) =>
          html`<li>
            <ol>
              ${tokensOf(report, row).map((token) => html`<li><span>${token || "–"}</span></li>`)}
            </ol>
            <b>${this.#target(report, row)}</b>
          </li>`,
      )}
    </ul>`;
  }

  protected override paint(): void {
    const { report } = this;
    if (!report?.form || !("image" in report.form)) return;
    const { width, height } = report.form.image;
    const ink = rampTable(this.palette.panel, this.palette.ink);
    const scale = Math.max(1, Math.floor(SIDE / Math.min(width, height)));
    this.renderRoot.querySelectorAll<HTMLCanvasElement>("canvas").forEach((canvas, index) => {
      const picture = pictureOf(report, report.sample[index] ?? []);
      if (!picture) return;
      const image = new ImageData(width, height);
      paintPicture(image.data, picture, ink);
      canvas.width = width;
      canvas.height = height;
      canvas.style.inlineSize = `${width * scale}px`;
      canvas.style.blockSize = `${height * scale}px`;
      canvas.getContext("2d")?.putImageData(image, 0, 0);
    });
  }
}
