// <tabgrad-line-fit>: one column against the target, the fitted line, and predictions marked on it.
//
//   canvas .scatter   axes and points: repainted when they change
//   canvas .line      line and predictions: repainted by every frame
//
// Keyboard: one tab stop; left and right move along the line (with Shift in large steps), Escape leaves.

import { css, html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Curve, Points, Task } from "../../engine/protocol.js";
import { fitCanvas } from "../canvas.js";
import { cssVars } from "../css-vars.js";
import "../data-table.js";
import { classLegend, legendStyles, partLegend } from "../legend.js";
import { formatCount, formatValue } from "../numbers.js";
import { fromX, inPlot, layoutFrame, type PlotFrame, toX, toY } from "../plot-frame.js";
import { nearestPoint } from "../points.js";
import { readoutSentence, renderTooltip, tooltipStyles } from "../tooltip.js";
import { nameKey, NAMES, ViewElement } from "../view-element.js";
import { drawLines, drawPredictions, drawScatter, type LineTarget } from "./draw.js";
import { curveAt, describePlace, fitRanges, fitTable, heights, type MarkedPrediction } from "./fit.js";

@customElement("tabgrad-line-fit")
export class TabgradLineFit extends ViewElement {
  static override styles = [
    ViewElement.shared,
    tooltipStyles,
    legendStyles,
    css`
      .stage {
        block-size: var(--tg-line-fit-height, 320px);
        cursor: crosshair;
        touch-action: pan-y;
      }
      .cross {
        position: absolute;
        left: var(--x);
        top: var(--y);
        inline-size: 13px;
        block-size: 13px;
        translate: -50% -50%;
        border: 2px solid var(--tg-ink);
        border-radius: 50%;
        outline: 2px solid var(--tg-panel);
        pointer-events: none;
      }
    `,
  ];

  /** The newest fit; null: none yet. */
  @property({ attribute: false }) curve: Curve | null = null;
  @property({ attribute: false }) points: Points | null = null;
  /** Marked on the line. */
  @property({ attribute: false }) predictions: readonly MarkedPrediction[] = [];
  /** Class labels; empty for regression. */
  @property(NAMES) classes: readonly string[] = [];
  @property() task: Task = "regression";
  @property({ attribute: "x-label" }) xLabel = "";
  @property({ attribute: "y-label" }) yLabel = "";

  /** Where the reader looks: x in units of the data, and the point there. */
  @state() private at: { x: number; near: number } | null = null;
  private frame: PlotFrame | null = null;
  private frameKey = "";
  private byKey = false;
  private readonly ruler = document.createElement("canvas").getContext("2d");

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("points")) this.at = null;
  }

  /** Lays the frame out; true when it has moved. */
  private place(all: boolean): boolean {
    const { width, height } = this.box;
    const ranges = fitRanges(this);
    const key = JSON.stringify([width, height, ranges]);
    if (!all && key === this.frameKey) return false;
    this.frameKey = key;
    const ruler = this.ruler;
    if (ruler) ruler.font = `12px ${this.fontFamily}`;
    this.frame = layoutFrame({
      width,
      height,
      ...ranges,
      measure: (text) => ruler?.measureText(text).width ?? text.length * 6,
    });
    return true;
  }

  protected override paint(all: boolean, changed: PropertyValues): void {
    const none = this.points === null && this.curve === null;
    const moved = this.place(all);
    const { frame, palette, fontFamily } = this;
    if (frame === null) return;
    const options = { frame, palette, fontFamily };
    if (moved || ["points", "task", "classes", "xLabel", "yLabel"].some((name) => changed.has(name))) {
      const scatter = this.context("scatter");
      if (scatter !== null && !none) drawScatter(scatter, this, options);
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
    const none = points === null && curve === null;
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
    const { at, frame, curve } = this;
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
        `fit from ${formatValue(curveAt(curve, first), 3)} at ${formatValue(first, 3)} to ${formatValue(curveAt(curve, last), 3)} at ${formatValue(last, 3)}`,
      );
    }
    for (const { x, y } of predictions) parts.push(`prediction for ${formatValue(x, 3)}: ${formatValue(y)}`);
    return `${parts.join(", ")}.`;
  }

  private readonly pointed = (event: PointerEvent): void => {
    const box = this.stage?.getBoundingClientRect();
    const { frame, points } = this;
    if (box === undefined || frame === null || (points === null && this.curve === null)) return;
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.byKey = false;
    const near = points === null ? -1 : nearestPoint(frame, { ...points, y: heights(points, this.task) }, x, y);
    this.at = inPlot(frame, x, y) ? { x: fromX(frame, x), near } : null;
  };

  private readonly left = (event: PointerEvent): void => {
    // A finger leaves with every tap; what it tapped stays until it taps elsewhere.
    if (event.pointerType !== "touch") this.leave();
  };

  private readonly leave = (): void => {
    this.at = null;
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    const { frame } = this;
    if (frame === null || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return this.leave();
    const [low, high] = frame.x;
    const step = (event.shiftKey ? 0.1 : 0.02) * (high - low);
    const from = this.at?.x ?? (low + high) / 2;
    const moves: Partial<Record<string, number>> = {
      ArrowLeft: from - step,
      ArrowRight: from + step,
      Home: low,
      End: high,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.byKey = true;
    this.at = { x: Math.min(high, Math.max(low, to)), near: -1 };
  };
}

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-line-fit": TabgradLineFit;
  }
}
