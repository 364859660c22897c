// The frame of a plane: where values stand in pixels, and its axes.
//
//   y label
//   |‾‾‾‾‾‾‾‾‾‾‾‾‾|
//   |   plot      |      labels of the ticks stand left of and below the plot; the y label above it, so that it
//   |_____________|      is read without turning the head
//      x label

import { css, type Palette } from "./palette.js";
import { tickLabels, ticks } from "./ticks.js";

export interface PlotFrame {
  left: number;
  top: number;
  width: number;
  height: number;
  x: readonly [number, number];
  y: readonly [number, number];
  xTicks: number[];
  yTicks: number[];
  xLabels: string[];
  yLabels: string[];
}

/** Where the marks of an axis stand, and how they are written. */
export interface Marks {
  ticks: (min: number, max: number, count: number) => number[];
  labels: (values: readonly number[]) => string[];
}

const numbers: Marks = { ticks, labels: tickLabels };

export interface FrameOptions {
  width: number;
  height: number;
  x: readonly [number, number];
  y: readonly [number, number];
  /** Other marks than those of numbers. */
  xMarks?: Marks | undefined;
  yMarks?: Marks | undefined;
  /** Width of a text in the small size. */
  measure: (text: string) => number;
}

/** What axes are drawn on. */
export type AxisTarget = Pick<
  CanvasRenderingContext2D,
  "beginPath" | "moveTo" | "lineTo" | "stroke" | "strokeRect" | "fillText" | "measureText"
> & {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
};

const ABOVE = 22;
const BELOW = 40;
const RIGHT = 8;

/** Places the plot in its box. */
export function layoutFrame({ width, height, x, y, xMarks, yMarks, measure }: FrameOptions): PlotFrame {
  const top = ABOVE;
  const tall = Math.max(1, height - ABOVE - BELOW);
  const [yTicks, yLabels] = marked(y, Math.max(2, Math.floor(tall / 56)), yMarks);
  const left = Math.min(width / 3, Math.max(16, ...yLabels.map(measure)) + 8);
  const wide = Math.max(1, width - left - RIGHT);
  const [xTicks, xLabels] = marked(x, Math.max(2, Math.floor(wide / (xMarks ? 88 : 72))), xMarks);
  return { left, top, width: wide, height: tall, x, y, xTicks, yTicks, xLabels, yLabels };
}

/** About `count` marks with their labels. */
function marked([low, high]: readonly [number, number], count: number, marks: Marks = numbers): [number[], string[]] {
  const values = marks.ticks(low, high, count);
  return [values, marks.labels(values)];
}

/** Pixel of a value; ranges of no width put everything in the middle. */
export function toX(frame: PlotFrame, value: number): number {
  const [low, high] = frame.x;
  return frame.left + (high > low ? (value - low) / (high - low) : 0.5) * frame.width;
}

export function toY(frame: PlotFrame, value: number): number {
  const [low, high] = frame.y;
  return frame.top + frame.height - (high > low ? (value - low) / (high - low) : 0.5) * frame.height;
}

/** Value at a pixel. */
export function fromX(frame: PlotFrame, pixel: number): number {
  return frame.x[0] + ((pixel - frame.left) / frame.width) * (frame.x[1] - frame.x[0]);
}

export function fromY(frame: PlotFrame, pixel: number): number {
  return frame.y[0] + ((frame.top + frame.height - pixel) / frame.height) * (frame.y[1] - frame.y[0]);
}

/** Whether a pixel lies in the plot. */
export function inPlot(frame: PlotFrame, x: number, y: number): boolean {
  return x >= frame.left && x <= frame.left + frame.width && y >= frame.top && y <= frame.top + frame.height;
}

/** Shortens a text until it fits. */
function fitted(target: AxisTarget, text: string, width: number): string {
  if (target.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && target.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}

/** Draws axes, ticks and labels; `grid` also lines through the plot. */
export function drawAxes(
  target: AxisTarget,
  frame: PlotFrame,
  options: { xLabel: string; yLabel: string; palette: Palette; fontFamily: string; grid?: boolean },
): void {
  const { palette } = options;
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  // On whole and a half pixels hairlines are one pixel wide.
  const crisp = (value: number): number => Math.round(value) + 0.5;
  if (options.grid === true) {
    target.strokeStyle = css(palette.line);
    target.lineWidth = 1;
    target.beginPath();
    for (const tick of frame.xTicks) {
      target.moveTo(crisp(toX(frame, tick)), frame.top);
      target.lineTo(crisp(toX(frame, tick)), bottom);
    }
    for (const tick of frame.yTicks) {
      target.moveTo(frame.left, crisp(toY(frame, tick)));
      target.lineTo(right, crisp(toY(frame, tick)));
    }
    target.stroke();
  }
  target.font = `12px ${options.fontFamily}`;
  target.fillStyle = css(palette.muted);
  target.textBaseline = "middle";
  target.textAlign = "right";
  frame.yTicks.forEach((tick, i) => target.fillText(frame.yLabels[i] ?? "", frame.left - 6, toY(frame, tick)));
  target.textAlign = "center";
  frame.xTicks.forEach((tick, i) => {
    const text = frame.xLabels[i] ?? "";
    const half = target.measureText(text).width / 2;
    target.fillText(text, Math.min(Math.max(toX(frame, tick), half), right + RIGHT - half), bottom + 12);
  });
  target.fillStyle = css(palette.ink);
  target.textAlign = "right";
  target.fillText(fitted(target, options.xLabel, frame.width), right, bottom + 30);
  target.textAlign = "left";
  target.fillText(fitted(target, options.yLabel, frame.left + frame.width), 0, 8);
}
