// <tabgrad-surface>: what the network says about every point of the plane, with the rows of the data on it.
//
//   canvas .field    one pixel per cell, stretched by the compositor: all that a frame repaints
//   canvas .points   axes and points, repainted when they, the size or the theme change
//
// Keyboard: one tab stop; the arrow keys move a cross over the plane (with Shift in large steps), Escape leaves.

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Points, Surface, Task } from "../../engine/protocol.js";
import { fitCanvas, writePixels } from "../canvas.js";
import { cssVars } from "../css-vars.js";
import "../data-table.js";
import { classLegend, legendStyles, partLegend } from "../legend.js";
import { formatCount, formatValue } from "../numbers.js";
import { fromX, fromY, inPlot, layoutFrame, type PlotFrame, toX, toY } from "../plot-frame.js";
import { nearestPoint } from "../points.js";
import { readoutSentence, renderTooltip, tooltipStyles } from "../tooltip.js";
import { nameKey, NAMES, ViewElement } from "../view-element.js";
import { drawFrameAndPoints, surfaceImage, valueExtent } from "./draw.js";
import { describeCell, pointsTable } from "./words.js";

@customElement("tabgrad-surface")
export class TabgradSurface extends ViewElement {
  static override styles = [
    ViewElement.shared,
    tooltipStyles,
    legendStyles,
    css`
      .stage {
        block-size: var(--tg-surface-height, 320px);
        cursor: crosshair;
        touch-action: pan-y;
      }
      .stage > .field {
        inset: auto;
        left: var(--left);
        top: var(--top);
        inline-size: var(--wide);
        block-size: var(--tall);
        border-radius: 2px;
      }
      :host([crisp]) .field {
        image-rendering: pixelated;
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

  /** The newest surface; null: none yet. */
  @property({ attribute: false }) surface: Surface | null = null;
  @property({ attribute: false }) points: Points | null = null;
  /** Class labels in the order of the outputs; empty for regression. */
  @property(NAMES) classes: readonly string[] = [];
  @property() task: Task = "multiclass";
  @property({ attribute: "x-label" }) xLabel = "";
  @property({ attribute: "y-label" }) yLabel = "";
  /** What is predicted, for a regression. */
  @property({ attribute: "target-label" }) targetLabel = "value";
  /** Shows the cells instead of smoothing between them. */
  @property({ type: Boolean, reflect: true }) crisp = false;

  /** Where the reader looks, in units of the data. */
  @state() private at: { x: number; y: number } | null = null;
  @state() private frame: PlotFrame | null = null;
  private byKey = false;
  private image: ImageData | null = null;
  private readonly ruler = document.createElement("canvas").getContext("2d");

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("points")) this.at = null;
    if (changed.has("points") || (changed.has("surface") && this.points === null)) this.place();
  }

  protected override resized(): void {
    this.place();
  }

  private place(): void {
    const { width, height } = this.box;
    const ranges = this.points ?? this.surface;
    if (width === 0 || height === 0) return;
    const ruler = this.ruler;
    if (ruler) ruler.font = `12px ${this.fontFamily}`;
    this.frame = layoutFrame({
      width,
      height,
      x: ranges?.x_range ?? [0, 1],
      y: ranges?.y_range ?? [0, 1],
      measure: (text) => ruler?.measureText(text).width ?? text.length * 6,
    });
  }

  protected override paint(all: boolean, changed: PropertyValues): void {
    const { frame, palette } = this;
    if (frame === null) return;
    if (all || changed.has("surface") || changed.has("task")) this.paintField();
    const hadSurface = changed.has("surface") && (changed.get("surface") === null) !== (this.surface === null);
    if (
      all ||
      hadSurface ||
      ["points", "frame", "task", "xLabel", "yLabel", "classes"].some((name) => changed.has(name))
    ) {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas.points");
      const context = canvas === null ? null : fitCanvas(canvas, this.box);
      if (context === null || (this.points === null && this.surface === null)) return;
      const { task, xLabel, yLabel, fontFamily } = this;
      drawFrameAndPoints(context, this, { task, xLabel, yLabel, palette, fontFamily, frame });
    }
  }

  private paintField(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas.field");
    if (canvas === null) return;
    canvas.hidden = this.surface === null;
    if (this.surface === null || this.surface.size === 0) return;
    this.image = surfaceImage({ surface: this.surface, points: this.points }, this.task, this.palette, this.image);
    writePixels(canvas, this.image);
  }

  protected override render(): TemplateResult {
    const { frame, points, surface } = this;
    const none = points === null && surface === null;
    const place = frame ?? { left: 0, top: 0, width: 0, height: 0 };
    return html`${this.renderProbe()}
      <div
        class="stage"
        role="img"
        aria-label=${this.describe()}
        tabindex=${none ? nothing : "0"}
        ${cssVars({ "--left": px(place.left), "--top": px(place.top), "--wide": px(place.width), "--tall": px(place.height) })}
        @pointermove=${this.pointed}
        @pointerdown=${this.pointed}
        @pointerleave=${this.left}
        @blur=${this.leave}
        @keydown=${this.pressed}
      >
        <canvas class="field" hidden></canvas><canvas class="points"></canvas>
        ${this.renderCross()}
        ${this.renderNotice(none ? "Choose two columns to see how the network divides their plane." : null)}
      </div>
      <div class="foot">
        ${guard([nameKey(this.classes), points, this.task, this.targetLabel], () => this.renderLegend())}
        <tabgrad-data-table
          label="Points in the plane"
          .source=${guard([points, nameKey(this.classes), this.xLabel, this.yLabel], () => () => pointsTable(this))}
        ></tabgrad-data-table>
      </div>
      <span class="sr" aria-live="polite"
        >${this.byKey && this.at !== null ? readoutSentence(this.readout(this.at)) : ""}</span
      >`;
  }

  private renderLegend(): TemplateResult {
    const { points } = this;
    const parts = points === null ? nothing : partLegend(points.part);
    if (this.task !== "regression") return html`<div class="legend">${classLegend(this.classes)}${parts}</div>`;
    const [low, high] = valueExtent({ points, surface: null });
    return html`<div class="legend">
      <span class="item values"
        >${this.targetLabel} ${formatValue(low, 3)}<span class="scale"></span>${formatValue(high, 3)}</span
      >${parts}
    </div>`;
  }

  private renderCross(): TemplateResult | typeof nothing {
    const { at, frame } = this;
    if (at === null || frame === null) return nothing;
    const [x, y] = [toX(frame, at.x), toY(frame, at.y)];
    const tip = renderTooltip(this.readout(at), { x, y, reach: 14, width: this.box.width, height: this.box.height });
    return html`${this.byKey ? html`<div class="cross" ${cssVars({ "--x": px(x), "--y": px(y) })}></div>` : nothing}${tip}`;
  }

  private readout(at: { x: number; y: number }) {
    const { frame, points } = this;
    const near =
      frame === null || points === null ? -1 : nearestPoint(frame, points, toX(frame, at.x), toY(frame, at.y));
    return describeCell(this, at, near);
  }

  private describe(): string {
    const axes = `${this.xLabel || "x"} across and ${this.yLabel || "y"} upwards`;
    const count = this.points === null ? "" : ` ${formatCount(this.points.x.length)} points.`;
    const what =
      this.task === "regression"
        ? `Prediction of ${this.targetLabel}`
        : `Decision surface of ${formatCount(this.classes.length)} classes`;
    return `${what}, ${axes}.${count} Arrow keys read it out.`;
  }

  private readonly pointed = (event: PointerEvent): void => {
    const box = this.stage?.getBoundingClientRect();
    if (box === undefined || this.frame === null || (this.points === null && this.surface === null)) return;
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.byKey = false;
    this.at = inPlot(this.frame, x, y) ? { x: fromX(this.frame, x), y: fromY(this.frame, y) } : null;
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
    const steps: Partial<Record<string, [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 0.1 : 0.02;
    const move = (value: number, [low, high]: readonly [number, number], by: number): number =>
      Math.min(high, Math.max(low, value + by * size * (high - low)));
    const from = this.at ?? { x: (frame.x[0] + frame.x[1]) / 2, y: (frame.y[0] + frame.y[1]) / 2 };
    this.byKey = true;
    this.at = { x: move(from.x, frame.x, step[0]), y: move(from.y, frame.y, step[1]) };
  };
}

const px = (value: number): string => `${value.toFixed(1)}px`;

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-surface": TabgradSurface;
  }
}
