// <tabgrad-line-fit>: one column against the target, the fitted line, and predictions marked on it.
//
//   canvas .scatter   axes and points: repainted when they change
//   canvas .line      line and predictions: repainted by every frame
//
// Keyboard: one tab stop; left and right move along the line (with Shift in large steps), Escape leaves.

import { css, html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Curve, Task } from "../../engine/protocol.js";
import { fitCanvas } from "../canvas.js";
import { cssVars } from "../css-vars.js";
import "../data-table.js";
import { classLegend, partLegend } from "../legend.js";
import { formatCount, formatPlace, formatValue } from "../numbers.js";
import { PlaneView, stepped } from "../plane-view.js";
import { fromX, type PlotFrame, toX, toY } from "../plot-frame.js";
import { nearestPoint } from "../points.js";
import { readoutSentence, renderTooltip } from "../tooltip.js";
import { nameKey } from "../view-element.js";
import { drawLines, drawPredictions, drawScatter, type LineTarget } from "./draw.js";
import { curveAt, describePlace, fitRanges, fitTable, heights, type MarkedPrediction } from "./fit.js";

/** x in units of the data, and the number of the point there; -1: none. */
interface Place {
  x: number;
  near: number;
}

@customElement("tabgrad-line-fit")
export class TabgradLineFit extends PlaneView<Place> {
  static override styles = [
    ...PlaneView.plane,
    css`
      .stage {
        block-size: var(--tg-line-fit-height, 320px);
      }
    `,
  ];

  /** The newest fit; null: none yet. */
  @property({ attribute: false }) curve: Curve | null = null;
  /** Marked on the line. */
  @property({ attribute: false }) predictions: readonly MarkedPrediction[] = [];
  override task: Task = "regression";

  protected override plot: PlotFrame | null = null;
  private frameKey = "";

  protected override get empty(): boolean {
    return this.points === null && this.curve === null;
  }

  protected override placed(): void {
    this.frameKey = "";
    this.requestUpdate();
  }

  /** Lays the frame out; true when it has moved. */
  private place(all: boolean): boolean {
    const { width, height } = this.box;
    const ranges = fitRanges(this);
    const key = JSON.stringify([width, height, ranges, this.xDate]);
    if (!all && key === this.frameKey) return false;
    this.frameKey = key;
    this.plot = this.framed(ranges);
    return true;
  }

  protected override paint(all: boolean, changed: PropertyValues): void {
    const moved = this.place(all);
    const { plot: frame, palette, fontFamily } = this;
    if (frame === null) return;
    const options = { frame, palette, fontFamily };
    if (moved || ["points", "task", "classes", "xLabel", "yLabel", "xDate"].some((name) => changed.has(name))) {
      const scatter = this.context("scatter");
      if (scatter !== null && !this.empty) drawScatter(scatter, this, options);
    }
    if (moved || ["curve", "predictions", "task"].some((name) => changed.has(name))) {
      const line = this.context("line");
      if (line === null) return;
      drawLines(line, this, options);
      drawPredictions(line, this, options);
    }
  }

  private context(name: string): LineTarget | null {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas.${name}`);
    return canvas === null ? null : fitCanvas(canvas, this.box);
  }

  protected override render(): TemplateResult {
    const { points, curve } = this;
    const none = this.empty;
    return html`${this.renderProbe()}
      <div
        class="stage"
        role="img"
        aria-label=${this.describe()}
        tabindex=${none ? nothing : "0"}
        @pointermove=${this.pointed}
        @pointerdown=${this.pointed}
        @pointerleave=${this.left}
        @blur=${this.leave}
        @keydown=${this.pressed}
      >
        <canvas class="scatter"></canvas><canvas class="line"></canvas>
        ${this.renderCross()} ${this.renderNotice(none ? "The data and the line through them appear here." : null)}
      </div>
      <div class="foot">
        ${guard([points, this.task, nameKey(this.classes), curve === null], () => this.renderLegend())}
        <tabgrad-data-table
          label="Points and predictions"
          .source=${guard([points, curve, this.predictions, this.task], () => () => fitTable(this))}
        ></tabgrad-data-table>
      </div>
      <span class="sr" aria-live="polite"
        >${this.byKey && this.at !== null ? readoutSentence(describePlace(this, this.at.x, this.at.near)) : ""}</span
      >`;
  }

  private renderLegend(): TemplateResult {
    const { points, task } = this;
    const regression = task === "regression";
    const parts = points === null ? nothing : partLegend(points.part, regression ? "var(--tg-class-0)" : undefined);
    const fit = svg`<path d="M-6 0H6" stroke="var(--tg-class-1)" stroke-width="2.5" />`;
    return html`<div class="legend">
      ${regression ? nothing : classLegend(this.classes)}${parts}
      ${regression && this.curve !== null ? html`<span class="item"><svg viewBox="-6 -6 12 12" aria-hidden="true">${fit}</svg>fit</span>` : nothing}
    </div>`;
  }

  private renderCross(): TemplateResult | typeof nothing {
    const { at, plot: frame, curve } = this;
    if (at === null || frame === null) return nothing;
    const value = curve === null ? null : curveAt(curve, at.x);
    const [x, y] = [
      toX(frame, at.x),
      value === null
        ? frame.top + frame.height / 2
        : Math.min(frame.top + frame.height, Math.max(frame.top, toY(frame, value))),
    ];
    const tip = renderTooltip(describePlace(this, at.x, at.near), {
      x,
      y,
      reach: 14,
      width: this.box.width,
      height: this.box.height,
    });
    return html`${value === null ? nothing : html`<div class="cross" ${cssVars({ "--x": `${x.toFixed(1)}px`, "--y": `${y.toFixed(1)}px` })}></div>`}${tip}`;
  }

  private describe(): string {
    const { points, curve, predictions } = this;
    const parts = [`${this.yLabel || "y"} by ${this.xLabel || "x"}`];
    if (points !== null) parts.push(`${formatCount(points.x.length)} points`);
    if (curve !== null && curve.x.length > 1 && this.task === "regression") {
      const [first, last] = [curve.x[0] as number, curve.x[curve.x.length - 1] as number];
      parts.push(
        `fit from ${formatValue(curveAt(curve, first), 3)} at ${formatPlace(first, this.xDate, 3)} to ${formatValue(curveAt(curve, last), 3)} at ${formatPlace(last, this.xDate, 3)}`,
      );
    }
    for (const { x, y } of predictions) parts.push(`prediction for ${formatValue(x, 3)}: ${formatValue(y)}`);
    return `${parts.join(", ")}.`;
  }

  protected override pointedAt(frame: PlotFrame, x: number, y: number): Place {
    const { points } = this;
    const near = points === null ? -1 : nearestPoint(frame, { ...points, y: heights(points, this.task) }, x, y);
    return { x: fromX(frame, x), near };
  }

  protected override movedTo(frame: PlotFrame, event: KeyboardEvent): Place | undefined {
    const [low, high] = frame.x;
    const from = this.at?.x ?? (low + high) / 2;
    const moves: Partial<Record<string, number>> = {
      ArrowLeft: stepped(from, frame.x, -1, event),
      ArrowRight: stepped(from, frame.x, 1, event),
      Home: low,
      End: high,
    };
    const x = moves[event.key];
    return x === undefined ? undefined : { x, near: -1 };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-line-fit": TabgradLineFit;
  }
}
