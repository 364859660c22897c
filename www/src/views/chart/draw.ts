// A small chart of lines, points or bars over a plane: what the report and the learning rates are drawn with.

import { css, type Palette, type Rgb } from "../palette.js";
import { drawAxes, layoutFrame, type PlotFrame, toX, toY } from "../plot-frame.js";
import { formatScientific } from "../numbers.js";
import type { PointTarget } from "../points.js";
import type { AxisTarget } from "../plot-frame.js";

export interface Series {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  kind: "line" | "points" | "bars";
  /** Which of the class colours. */
  color: number;
}

export interface Chart {
  series: Series[];
  x: readonly [number, number];
  y: readonly [number, number];
  xLabel: string;
  yLabel: string;
  /** The x of the series are powers of ten, and so are the ticks. */
  powers?: boolean;
  /** A dashed line for comparison: from one corner to the other, or at a height. */
  guide?: "rising" | number;
  /** A dashed line upwards. */
  mark?: number;
}

export type ChartTarget = AxisTarget & PointTarget & Pick<CanvasRenderingContext2D, "setLineDash" | "fillRect" | "arc">;

export interface ChartOptions {
  width: number;
  height: number;
  palette: Palette;
  fontFamily: string;
  measure: (text: string) => number;
}

/** The most points that are drawn in full; of more, each is paler. */
const MANY = 300;
/** Pixels between two bars. */
const GAP = 3;

/** Where the chart's plane stands in its box. */
export function placeChart(chart: Chart, { width, height, measure }: ChartOptions): PlotFrame {
  const frame = layoutFrame({ width, height, x: chart.x, y: chart.y, measure });
  if (chart.powers !== true) return frame;
  const whole = frame.xTicks.filter((tick) => Number.isInteger(tick));
  return { ...frame, xTicks: whole, xLabels: whole.map((power) => formatScientific(10 ** power, 0)) };
}

/** Draws all of it; returns how many marks (line pieces, points, bars) were drawn. */
export function drawChart(target: ChartTarget, chart: Chart, options: ChartOptions): number {
  const { palette, fontFamily } = options;
  const frame = placeChart(chart, options);
  drawAxes(target, frame, { xLabel: chart.xLabel, yLabel: chart.yLabel, palette, fontFamily, grid: true });
  target.save();
  target.beginPath();
  // A line along the edge is drawn in its full width.
  target.rect(frame.left - 2, frame.top - 2, frame.width + 4, frame.height + 4);
  target.clip();
  drawGuides(target, chart, frame, palette);
  let drawn = 0;
  for (const series of chart.series) {
    const color = palette.classes[series.color % palette.classes.length] ?? palette.ink;
    if (series.kind === "line") drawn += drawLine(target, series, frame, color);
    else if (series.kind === "bars") drawn += drawBars(target, series, frame, color);
    else drawn += drawDots(target, series, frame, color);
  }
  target.restore();
  return drawn;
}

function drawGuides(target: ChartTarget, { guide, mark }: Chart, frame: PlotFrame, palette: Palette): void {
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  target.strokeStyle = css(palette.muted);
  target.lineWidth = 1;
  target.setLineDash([4, 4]);
  target.beginPath();
  if (guide === "rising") {
    // From corner to corner only where both axes span the same.
    const low = Math.max(frame.x[0], frame.y[0]);
    const high = Math.min(frame.x[1], frame.y[1]);
    target.moveTo(toX(frame, low), toY(frame, low));
    target.lineTo(toX(frame, high), toY(frame, high));
  } else if (guide !== undefined) {
    target.moveTo(frame.left, toY(frame, guide));
    target.lineTo(right, toY(frame, guide));
  }
  if (mark !== undefined) {
    target.moveTo(toX(frame, mark), frame.top);
    target.lineTo(toX(frame, mark), bottom);
  }
  target.stroke();
  target.setLineDash([]);
}

function drawLine(target: ChartTarget, { x, y }: Series, frame: PlotFrame, color: Rgb): number {
  target.strokeStyle = css(color);
  target.lineWidth = 2;
  target.lineJoin = "round";
  target.beginPath();
  let drawn = 0;
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [toX(frame, x[i] as number), toY(frame, y[i] as number)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    if (drawn++ === 0) target.moveTo(px, py);
    else target.lineTo(px, py);
  }
  target.stroke();
  return drawn;
}

function drawDots(target: ChartTarget, { x, y }: Series, frame: PlotFrame, color: Rgb): number {
  target.fillStyle = css(color, x.length > MANY ? 0.45 : 0.75);
  const radius = x.length > MANY ? 2.2 : 3;
  let drawn = 0;
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [toX(frame, x[i] as number), toY(frame, y[i] as number)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    target.beginPath();
    target.arc(px, py, radius, 0, 2 * Math.PI);
    target.fill();
    drawn++;
  }
  return drawn;
}

/** Bars of one width, the centres of which are the x. */
function drawBars(target: ChartTarget, { x, y }: Series, frame: PlotFrame, color: Rgb): number {
  const step = x.length > 1 ? (x[1] as number) - (x[0] as number) : frame.x[1] - frame.x[0];
  const wide = Math.max(1, toX(frame, frame.x[0] + step) - frame.left - GAP);
  const ground = toY(frame, Math.max(0, frame.y[0]));
  target.fillStyle = css(color, 0.75);
  let drawn = 0;
  for (let i = 0; i < x.length; i++) {
    const value = y[i] as number;
    if (!(value > 0)) continue;
    const top = toY(frame, value);
    target.fillRect(toX(frame, x[i] as number) - wide / 2, top, wide, ground - top);
    drawn++;
  }
  return drawn;
}
