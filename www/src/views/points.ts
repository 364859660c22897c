// The rows of the data as marks: the class by colour and shape, the part by filling.
//
//   train: filled     validation: filled with a hole     test: an outline

import type { Points } from "../engine/protocol.js";
import { classColor, classMark, diverging } from "./scales.js";
import { css, type Palette, type Rgb } from "./palette.js";
import { traceMark, type PathTarget } from "./marks.js";
import { type PlotFrame, toX, toY } from "./plot-frame.js";

/** What points are drawn on. */
export type PointTarget = PathTarget &
  Pick<CanvasRenderingContext2D, "beginPath" | "fill" | "stroke" | "save" | "restore" | "rect" | "clip"> & {
    strokeStyle: string | CanvasGradient | CanvasPattern;
    fillStyle: string | CanvasGradient | CanvasPattern;
    lineWidth: number;
    lineJoin: CanvasLineJoin;
  };

export const PARTS = ["train", "validation", "test"] as const;

export interface PointStyle {
  palette: Palette;
  /** Targets are class indices; else values, coloured from `low` to `high`. */
  classes: boolean;
  low: number;
  high: number;
  /** All in one colour: where the position already says the value. */
  plain?: boolean;
}

/** Radius of a mark: smaller where there are many. */
export function markRadius(count: number): number {
  return count > 1000 ? 2.4 : count > 400 ? 2.9 : count > 200 ? 3.4 : 4;
}

/** Where `value` lies between `low` and `high`, from -1 to 1. */
export function signedShare(value: number, low: number, high: number): number {
  const half = (high - low) / 2;
  return half > 0 ? (value - low - half) / half : 0;
}

function colorOf(points: Points, i: number, style: PointStyle): Rgb {
  if (style.plain === true) return style.palette.classes[0] ?? style.palette.ink;
  const target = points.target[i] as number;
  return style.classes
    ? classColor(style.palette, target)
    : diverging(style.palette, signedShare(target, style.low, style.high));
}

/** Draws all points that are numbers, those of the test part on top. Returns how many. */
export function drawPoints(target: PointTarget, frame: PlotFrame, points: Points, style: PointStyle): number {
  const { palette } = style;
  const radius = markRadius(points.x.length);
  let drawn = 0;
  target.save();
  target.beginPath();
  target.rect(frame.left - radius, frame.top - radius, frame.width + 2 * radius, frame.height + 2 * radius);
  target.clip();
  target.lineJoin = "round";
  for (let part = 0; part < 3; part++) {
    for (let i = 0; i < points.x.length; i++) {
      if (points.part[i] !== part) continue;
      const x = toX(frame, points.x[i] as number);
      const y = toY(frame, points.y[i] as number);
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      const color = colorOf(points, i, style);
      const mark = style.classes ? classMark(points.target[i] as number) : "circle";
      // Values on a diverging scale may be as pale as the panel: those get an outline of ink.
      const outline = style.classes || style.plain === true ? palette.panel : palette.ink;
      target.beginPath();
      traceMark(target, mark, x, y, part === 2 ? radius - 0.4 : radius);
      if (part === 2 && (style.classes || style.plain === true)) {
        target.lineWidth = 3.4;
        target.strokeStyle = css(palette.panel);
        target.stroke();
        target.fillStyle = css(palette.panel);
        target.fill();
        target.lineWidth = 1.6;
        target.strokeStyle = css(color);
        target.stroke();
      } else {
        target.lineWidth = part === 2 ? 2.4 : 1.6;
        target.strokeStyle = css(outline, style.classes || style.plain === true ? 1 : 0.65);
        target.stroke();
        target.fillStyle = css(color);
        target.fill();
        if (part === 1) {
          target.beginPath();
          traceMark(target, "circle", x, y, radius * 0.4);
          target.fillStyle = css(outline);
          target.fill();
        }
      }
      drawn++;
    }
  }
  target.restore();
  return drawn;
}

/** The point nearest to a pixel within `reach`; -1: none. */
export function nearestPoint(frame: PlotFrame, points: Points, x: number, y: number, reach = 10): number {
  let best = -1;
  let bestSquare = reach * reach;
  for (let i = 0; i < points.x.length; i++) {
    const dx = toX(frame, points.x[i] as number) - x;
    const dy = toY(frame, points.y[i] as number) - y;
    const square = dx * dx + dy * dy;
    if (square <= bestSquare) {
      bestSquare = square;
      best = i;
    }
  }
  return best;
}
