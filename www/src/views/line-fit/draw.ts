// The fitted line and the predictions on it. Axes and points stand on a canvas of their own: they hold still.

import { css, type Palette } from "../palette.js";
import { formatValue } from "../numbers.js";
import { type AxisTarget, drawAxes, type PlotFrame, toX, toY } from "../plot-frame.js";
import { drawPoints, type PointTarget } from "../points.js";
import { classColor } from "../scales.js";
import { type FitData, heights } from "./fit.js";

/** What the line is drawn on. */
export type LineTarget = AxisTarget & PointTarget & Pick<CanvasRenderingContext2D, "setLineDash" | "strokeText">;

export interface FitOptions {
  frame: PlotFrame;
  palette: Palette;
  fontFamily: string;
}

/** Colour of the line of one output: orange beside blue points, or the colour of its class. */
function lineColor(data: FitData, output: number, palette: Palette) {
  if (data.task === "regression") return classColor(palette, output + 1);
  return classColor(palette, data.curve?.outputs === 1 ? 1 : output);
}

/** Axes and points. */
export function drawScatter(target: LineTarget, data: FitData, { frame, palette, fontFamily }: FitOptions): void {
  drawAxes(target, frame, { xLabel: data.xLabel, yLabel: data.yLabel, palette, fontFamily, grid: true });
  if (data.points === null) return;
  const classes = data.task !== "regression";
  drawPoints(
    target,
    frame,
    { ...data.points, y: heights(data.points, data.task) },
    { palette, classes, low: 0, high: 1, plain: !classes },
  );
}

/** The lines of all outputs, cut at the edge of the plot. */
export function drawLines(target: LineTarget, data: FitData, { frame, palette }: FitOptions): void {
  const { curve } = data;
  if (curve === null) return;
  target.save();
  target.beginPath();
  target.rect(frame.left, frame.top, frame.width, frame.height);
  target.clip();
  target.lineJoin = "round";
  for (let output = 0; output < curve.outputs; output++) {
    // A rim in the panel's colour keeps the line apart from the points under it.
    for (const [width, color] of [
      [5, css(palette.panel, 0.75)] as const,
      [2.5, css(lineColor(data, output, palette))] as const,
    ]) {
      target.lineWidth = width;
      target.strokeStyle = color;
      target.beginPath();
      let pen = false;
      for (let i = 0; i < curve.x.length; i++) {
        const x = toX(frame, curve.x[i] as number);
        const y = toY(frame, curve.y[i * curve.outputs + output] as number);
        if (!Number.isFinite(x) || !Number.isFinite(y)) {
          pen = false;
          continue;
        }
        // Far outside, canvases lose precision.
        const near = Math.min(frame.top + 3 * frame.height, Math.max(frame.top - 2 * frame.height, y));
        if (pen) target.lineTo(x, near);
        else target.moveTo(x, near);
        pen = true;
      }
      target.stroke();
    }
  }
  target.restore();
}

/** The marked predictions: a drop line, a mark and the value; one beyond the plot stands at its edge with an arrow. */
export function drawPredictions(target: LineTarget, data: FitData, { frame, palette, fontFamily }: FitOptions): number {
  let drawn = 0;
  const color = lineColor(data, 0, palette);
  const bottom = frame.top + frame.height;
  for (const { x, y } of data.predictions) {
    if (!Number.isFinite(x) || !Number.isFinite(y) || x < frame.x[0] || x > frame.x[1]) continue;
    const px = toX(frame, x);
    const exact = toY(frame, y);
    const py = Math.min(bottom, Math.max(frame.top, exact));
    target.strokeStyle = css(palette.muted, 0.8);
    target.lineWidth = 1;
    target.setLineDash([2, 3]);
    target.beginPath();
    target.moveTo(px, bottom);
    target.lineTo(px, py);
    target.stroke();
    target.setLineDash([]);
    target.beginPath();
    if (exact === py) {
      target.arc(px, py, 5.5, 0, 2 * Math.PI);
    } else {
      const up = exact < py ? 1 : -1;
      target.moveTo(px, py);
      target.lineTo(px - 6, py + 9 * up);
      target.lineTo(px + 6, py + 9 * up);
      target.closePath();
    }
    target.lineWidth = 4;
    target.strokeStyle = css(palette.panel);
    target.stroke();
    target.fillStyle = css(color);
    target.fill();
    target.lineWidth = 1.5;
    target.strokeStyle = css(palette.ink);
    target.stroke();
    drawLabel(target, formatValue(y), px, py, frame, palette, fontFamily);
    drawn++;
  }
  return drawn;
}

/** A value beside its mark, with a rim so that it is read over points and line. */
function drawLabel(
  target: LineTarget,
  text: string,
  x: number,
  y: number,
  frame: PlotFrame,
  palette: Palette,
  fontFamily: string,
): void {
  target.font = `600 12px ${fontFamily}`;
  target.textBaseline = "middle";
  const width = target.measureText(text).width;
  const right = x + 10 + width <= frame.left + frame.width;
  target.textAlign = right ? "left" : "right";
  const at: [number, number] = [
    x + (right ? 10 : -10),
    Math.min(frame.top + frame.height - 10, Math.max(frame.top + 10, y + (right ? 10 : -10))),
  ];
  target.lineWidth = 4;
  target.lineJoin = "round";
  target.strokeStyle = css(palette.panel);
  target.strokeText(text, ...at);
  target.fillStyle = css(palette.ink);
  target.fillText(text, ...at);
}

/** The whole picture, for fixtures, exports and tests. */
export function drawFit(target: LineTarget, data: FitData, options: FitOptions): void {
  drawScatter(target, data, options);
  drawLines(target, data, options);
  drawPredictions(target, data, options);
}
