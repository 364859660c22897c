// What views of a plane of points share: the frame around it, the place that the reader looks at, by pointer or by keys.
//
//   pointer over the plot ──> pointedAt(frame, x, y) ──┐
//   arrow keys ─────────────> movedTo(frame, event) ───┴─> at ──> the cross and its tooltip (the subclass draws them)
//
// One tab stop; Escape and leaving take the place away.

import { css, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { Points, Task } from "../engine/protocol.js";
import { legendStyles } from "./legend.js";
import { inPlot, layoutFrame, type Marks, type PlotFrame } from "./plot-frame.js";
import { tooltipStyles } from "./tooltip.js";
import { NAMES, ViewElement } from "./view-element.js";

/** Two ends of an axis. */
type Range = readonly [number, number];

let dates: Marks | undefined;

/** Base of the views of a plane; `At` is a place on it in units of the data. */
export abstract class PlaneView<At> extends ViewElement {
  /** Styles every such view begins with. */
  static plane = [
    ViewElement.shared,
    tooltipStyles,
    legendStyles,
    css`
      .stage {
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

  @property({ attribute: false }) points: Points | null = null;
  /** Class labels in the order of the outputs; empty for regression. */
  @property(NAMES) classes: readonly string[] = [];
  @property() task: Task = "multiclass";
  @property({ attribute: "x-label" }) xLabel = "";
  @property({ attribute: "y-label" }) yLabel = "";

  /** Axes of days since 1970-01-01. */
  @property({ type: Boolean, attribute: "x-date" }) xDate = false;
  @property({ type: Boolean, attribute: "y-date" }) yDate = false;

  /** Where the reader looks. */
  @state() protected at: At | null = null;
  /** Whether keys led there: then it is read out. */
  protected byKey = false;
  private readonly ruler = document.createElement("canvas").getContext("2d");

  /** Where the plot lies; null before it was laid out. */
  protected abstract readonly plot: PlotFrame | null;
  /** Lays the frame out anew. */
  protected abstract placed(): void;
  /** Whether there is nothing to look at yet. */
  protected abstract readonly empty: boolean;
  /** The place at a point of the plot, in CSS pixels of the stage. */
  protected abstract pointedAt(frame: PlotFrame, x: number, y: number): At;
  /** The place a key leads to; undefined: not a key of this view. */
  protected abstract movedTo(frame: PlotFrame, event: KeyboardEvent): At | undefined;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("points")) this.at = null;
  }

  /** A frame for these ranges in the stage as it is. */
  protected framed(ranges: { x: Range; y: Range }): PlotFrame {
    const { ruler, box } = this;
    const [xMarks, yMarks] = [this.xDate ? this.#dates() : undefined, this.yDate ? this.#dates() : undefined];
    if (ruler) ruler.font = `12px ${this.fontFamily}`;
    const measure = (text: string): number => ruler?.measureText(text).width ?? text.length * 6;
    return layoutFrame({ width: box.width, height: box.height, ...ranges, xMarks, yMarks, measure });
  }

  /** The marks of dates come when an axis first has them. */
  #dates(): Marks | undefined {
    if (!dates) {
      void import("./dates.js").then(({ dateTicks, dateLabels }) => {
        dates = { ticks: dateTicks, labels: dateLabels };
        this.placed();
      });
    }
    return dates;
  }

  protected readonly pointed = (event: PointerEvent): void => {
    const box = this.stage?.getBoundingClientRect();
    const frame = this.plot;
    if (box === undefined || frame === null || this.empty) return;
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.byKey = false;
    this.at = inPlot(frame, x, y) ? this.pointedAt(frame, x, y) : null;
  };

  protected readonly left = (event: PointerEvent): void => {
    // A finger leaves with every tap; what it tapped stays until it taps elsewhere.
    if (event.pointerType !== "touch") this.leave();
  };

  protected readonly leave = (): void => {
    this.at = null;
  };

  protected readonly pressed = (event: KeyboardEvent): void => {
    const frame = this.plot;
    if (frame === null || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") return this.leave();
    const to = this.movedTo(frame, event);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.byKey = true;
    this.at = to;
  };
}

/** A coordinate `steps` steps (of a 50th, with Shift a tenth of the axis) from another, on the axis. */
export function stepped(from: number, [low, high]: Range, steps: number, event: KeyboardEvent): number {
  const step = (event.shiftKey ? 0.1 : 0.02) * (high - low);
  return Math.min(high, Math.max(low, from + steps * step));
}
