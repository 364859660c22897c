// What the network makes of a row that it is to give back: how far off it is, and the row again, as picture, tokens or values.

import { css, html, LitElement, nothing } from "lit";
import { property, query } from "lit/decorators.js";
import type { PredictedRow, TableReport } from "../engine/protocol";
import { base } from "../styles/controls";
import { day, number, percent } from "../styles/format";
import { partsOf } from "../views/sample/rows-of";
import { tip } from "./tip";

/** Side of a picture in CSS pixels, about. */
const SIDE = 128;
/** Values that are listed. */
const MOST = 60;

export class TabgradRowAnswer extends LitElement {
  static override styles = [
    base,
    css`
      .value {
        font-size: 28px;
        line-height: 36px;
        font-weight: 650;
        letter-spacing: -0.02em;
      }
      canvas {
        display: block;
        margin-top: 8px;
        image-rendering: pixelated;
        border: 1px solid var(--tg-line);
        border-radius: var(--tg-radius-small);
      }
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin-top: 8px;
      }
      li {
        padding: 0 6px;
        border-radius: 3px;
        background: var(--tg-soft);
      }
      dl {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 12px;
        margin-top: 8px;
      }
      dt {
        color: var(--tg-muted);
        overflow: hidden;
        text-overflow: ellipsis;
      }
      dd {
        text-align: right;
      }
    `,
  ];

  @property({ attribute: false }) report!: TableReport;
  @property({ attribute: false }) row!: PredictedRow;

  @query("canvas") private canvas!: HTMLCanvasElement | null;

  protected override render(): unknown {
    const { report, row } = this;
    const steps = report.task === "sequence";
    const doc = steps
      ? "The share of steps for which it says another token than the right one."
      : "The mean squared difference between what enters the network and what it gives back, of standardised values: large for rows that are like none it has learnt from.";
    return html`<div class="small muted" ${tip(doc)}>${steps ? "wrong steps" : "reconstruction error"}</div>
      <div class="value">${steps ? percent(row.error) : number(row.error, 3)}</div>
      ${row.inputs ? this.#again() : nothing}`;
  }

  #again(): unknown {
    const { report, row } = this;
    const { form } = report;
    const said = row.inputs ?? [];
    if (form && "image" in form) return html`<canvas role="img" aria-label="The picture as it is given back"></canvas>`;
    if (form) return html`<ol aria-label="What it says">${said.map(({ label }) => html`<li>${label || "–"}</li>`)}</ol>`;
    const columns = partsOf(report).map((index) => report.columns[index]);
    return html`<dl>
      ${said.slice(0, MOST).map(({ value, label }, i) => {
        const column = columns[i];
        return html`<dt>${column?.name ?? ""}</dt>
          <dd>${label ?? (column?.type === "date" ? day(value) : number(value))}</dd>`;
      })}
    </dl>`;
  }

  protected override updated(): void {
    const { canvas, report, row } = this;
    const { form } = report;
    if (!canvas || !form || !("image" in form)) return;
    const { width, height, channels } = form.image;
    const full = Math.max(1e-9, ...partsOf(report).map((index) => report.columns[index]?.max ?? 0));
    const image = new ImageData(width, height);
    const ink = getComputedStyle(this).color.match(/\d+/g)?.map(Number) ?? [0, 0, 0];
    const at = (pixel: number, channel: number) =>
      Math.min(1, Math.max(0, (row.inputs?.[pixel * channels + channel]?.value ?? 0) / full));
    for (let i = 0; i < width * height; i++) {
      // Grey values are how much ink there is on the paper; three channels are red, green and blue.
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = channels < 3 ? (ink[c] ?? 0) : 255 * at(i, c);
      image.data[4 * i + 3] = channels < 3 ? 255 * at(i, 0) : 255;
    }
    canvas.width = width;
    canvas.height = height;
    const scale = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
    canvas.style.inlineSize = `${width * scale}px`;
    canvas.style.blockSize = `${height * scale}px`;
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }
}
