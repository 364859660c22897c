// <tabgrad-surface>: what the network says about every point of the plane, with the rows of the data on it.
//
//   canvas .field    one pixel per cell, stretched by the compositor: all that a frame repaints
//   canvas .points   axes and points, repainted when they, the size or the theme change
//
// Keyboard: one tab stop; the arrow keys move a cross over the plane (with Shift in large steps), Escape leaves.

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import type { Surface } from "../../engine/protocol.js";
import { fitCanvas, writePixels } from "../canvas.js";
import { cssVars } from "../css-vars.js";
import "../data-table.js";
import { classLegend, partLegend } from "../legend.js";
import { formatCount, formatValue } from "../numbers.js";
import { PlaneView, stepped } from "../plane-view.js";
import { fromX, fromY, type PlotFrame, toX, toY } from "../plot-frame.js";
import { nearestPoint } from "../points.js";
import { readoutSentence, renderTooltip } from "../tooltip.js";
import { nameKey } from "../view-element.js";
import { drawFrameAndPoints, surfaceImage, valueExtent } from "./draw.js";
import { describeCell, pointsTable } from "./words.js";

/** In units of the data. */
interface Place {
  x: number;
  y: number;
}

@customElement("tabgrad-surface")
export class TabgradSurface extends PlaneView<Place> {
  static override styles = [
    ...PlaneView.plane,
    css`
      .stage {
        block-size: var(--tg-surface-height, 320px);
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
    `,
  ];

  /** The newest surface; null: none yet. */
  @property({ attribute: false }) surface: Surface | null = null;
  /** What is predicted, for a regression. */
  @property({ attribute: "target-label" }) targetLabel = "value";
  /** Shows the cells instead of smoothing between them. */
  @property({ type: Boolean, reflect: true }) crisp = false;

  @state() protected override plot: PlotFrame | null = null;
  private image: ImageData | null = null;

  protected override get empty(): boolean {
    return this.points === null && this.surface === null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("points") || changed.has("xDate") || changed.has("yDate") || (changed.has("surface") && this.points === null)) this.place();
  }

  protected override resized(): void {
    this.place();
  }

  protected override placed(): void {
    this.place();
  }

  private place(): void {
    if (this.box.width === 0 || this.box.height === 0) return;
    const ranges = this.points ?? this.surface;
    this.plot = this.framed({ x: ranges?.x_range ?? [0, 1], y: ranges?.y_range ?? [0, 1] });
  }

  protected override paint(all: boolean, changed: PropertyValues): void {
    const { plot: frame, palette } = this;
    if (frame === null) return;
    if (all || changed.has("surface") || changed.has("task")) this.paintField();
    const hadSurface = changed.has("surface") && (changed.get("surface") === null) !== (this.surface === null);
    if (
      all ||
      hadSurface ||
      ["points", "plot", "task", "xLabel", "yLabel", "classes"].some((name) => changed.has(name))
    ) {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>("canvas.points");
      const context = canvas === null ? null : fitCanvas(canvas, this.box);
      if (context === null || this.empty) return;
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
    const { plot, points, empty: none } = this;
    const place = plot ?? { left: 0, top: 0, width: 0, height: 0 };
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
        ${guard([nameKey(this.classes), points, this.task, this.targetLabel, String(this.ends)], () => this.renderLegend())}
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
    const [low, high] = this.ends;
    return html`<div class="legend">
      <span class="item values">${this.targetLabel} ${low}<span class="scale"></span>${high}</span>${parts}
    </div>`;
  }

  /** What the scale of values spans: that of the points or, where they are all alike, of the surface. */
  private get ends(): string[] {
    return this.task === "regression" ? valueExtent(this).map((end) => formatValue(end, 3)) : [];
  }

  private renderCross(): TemplateResult | typeof nothing {
    const { at, plot: frame } = this;
    if (at === null || frame === null) return nothing;
    const [x, y] = [toX(frame, at.x), toY(frame, at.y)];
    const tip = renderTooltip(this.readout(at), { x, y, reach: 14, width: this.box.width, height: this.box.height });
    return html`${this.byKey ? html`<div class="cross" ${cssVars({ "--x": px(x), "--y": px(y) })}></div>` : nothing}${tip}`;
  }

  private readout(at: Place) {
    const { plot: frame, points } = this;
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

  protected override pointedAt(frame: PlotFrame, x: number, y: number): Place {
    return { x: fromX(frame, x), y: fromY(frame, y) };
  }

  protected override movedTo(frame: PlotFrame, event: KeyboardEvent): Place | undefined {
    const steps: Partial<Record<string, [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const step = steps[event.key];
    if (step === undefined) return undefined;
    const from = this.at ?? { x: (frame.x[0] + frame.x[1]) / 2, y: (frame.y[0] + frame.y[1]) / 2 };
    return { x: stepped(from.x, frame.x, step[0], event), y: stepped(from.y, frame.y, step[1], event) };
  }
}

const px = (value: number): string => `${value.toFixed(1)}px`;

declare global {
  interface HTMLElementTagNameMap {
    "tabgrad-surface": TabgradSurface;
  }
}
