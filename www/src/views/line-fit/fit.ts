// The plane of a fit and its place in words: ranges that hold still while the line moves, and the line's value anywhere.

import type { Curve, Points, Task } from "../../engine/protocol.js";
import type { TableData } from "../data-table.js";
import { formatDay, formatPercent, formatPlace, formatValue, shortFloat } from "../numbers.js";
import { PARTS } from "../points.js";
import { extent, padRange, ticks, tickStep } from "../ticks.js";
import type { Readout } from "../tooltip.js";

/** A prediction that is marked in the plot. */
export interface MarkedPrediction {
  x: number;
  y: number;
}

export interface FitData {
  curve: Curve | null;
  points: Points | null;
  predictions: readonly MarkedPrediction[];
  classes: readonly string[];
  task: Task;
  xLabel: string;
  yLabel: string;
  /** The axis is of days since 1970-01-01. */
  xDate?: boolean;
}

/** Grows a range outwards to round values, so that it changes seldom and the axes do not jitter. */
export function roundRange([low, high]: readonly [number, number]): [number, number] {
  const step = tickStep(high - low, 6);
  if (step === 0 || ticks(low, high, 6).length < 2) return [low, high];
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

/** Ranges of the plot: the data, and the predictions as far as they lie within once their width beyond it. */
export function fitRanges(data: FitData): { x: [number, number]; y: [number, number] } {
  const { points, curve, predictions, task } = data;
  const xs = (points && extent(points.x)) ?? (curve && extent(curve.x)) ?? [0, 1];
  const ys =
    task !== "regression" ? ([0, 1] as const) : ((points && extent(points.y)) ?? (curve && extent(curve.y)) ?? [0, 1]);
  const widen = ([low, high]: readonly [number, number], values: number[]): [number, number] => {
    const [least, most] = padRange(low, high, 1);
    const near = values.filter((value) => value >= least && value <= most);
    return [Math.min(low, ...near), Math.max(high, ...near)];
  };
  const x = widen(
    xs,
    predictions.map((prediction) => prediction.x),
  );
  const y =
    task !== "regression"
      ? ys
      : widen(
          ys,
          predictions.map((prediction) => prediction.y),
        );
  const steady = (range: readonly [number, number]): [number, number] =>
    roundRange(range[0] === range[1] ? padRange(range[0], range[1]) : range);
  return { x: steady(x), y: task !== "regression" ? [-0.08, 1.08] : steady(y) };
}

/** Where a point stands: for two classes at 0 or 1, for more at the bottom, for a regression at its value. */
export function heights(points: Points, task: Task): Float32Array {
  if (task === "regression") return points.y;
  return task === "binary" ? points.target : new Float32Array(points.x.length);
}

/** Value of output `output` of the curve at `x`, between its points on a straight line; null beyond them. */
export function curveAt(curve: Curve, x: number, output = 0): number | null {
  const { x: xs, y, outputs } = curve;
  let [low, high] = [0, xs.length - 1];
  if (high < 0 || !(x >= (xs[0] as number) && x <= (xs[high] as number))) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) <= x) low = middle;
    else high = middle;
  }
  const [x0, x1] = [xs[low] as number, xs[high] as number];
  const [y0, y1] = [y[low * outputs + output] as number, y[high * outputs + output] as number];
  const value = x1 > x0 ? y0 + ((x - x0) / (x1 - x0)) * (y1 - y0) : y0;
  return Number.isFinite(value) ? value : null;
}

/** What is predicted at `x`, and which point lies there (-1: none). */
export function describePlace(data: FitData, x: number, near: number): Readout {
  const { curve, points, task, classes } = data;
  const rows: [string, string][] = [];
  if (curve !== null) {
    for (let output = 0; output < Math.min(curve.outputs, 6); output++) {
      const value = curveAt(curve, x, output);
      if (value === null) continue;
      if (task === "regression")
        rows.push([curve.outputs === 1 ? "predicted" : `predicted ${String(output + 1)}`, formatValue(value)]);
      else rows.push([classes[curve.outputs === 1 ? 1 : output] ?? "probability", formatPercent(value)]);
    }
  }
  let note: string | null = null;
  if (points !== null && near >= 0) {
    const target = points.target[near] as number;
    const said = task === "regression" ? formatValue(points.y[near]) : (classes[target] ?? String(target));
    note = `${PARTS[points.part[near] ?? 0] ?? ""} row: ${formatPlace(points.x[near], data.xDate)}, ${said}`;
  }
  return { title: `${data.xLabel || "x"} ${formatPlace(x, data.xDate, 3)}`, rows, note };
}

/** Points, predictions of the fit at each of them, and the marked predictions. */
export function fitTable(data: FitData): TableData {
  const { points, curve, task, classes } = data;
  const y = data.yLabel || "y";
  const columns = [data.xLabel || "x", y, `predicted ${y}`, "part"];
  const rows: TableData["rows"] = data.predictions.map((prediction) => [
    prediction.x,
    null,
    shortFloat(prediction.y),
    "prediction",
  ]);
  if (points !== null) {
    for (let i = 0; i < points.x.length; i++) {
      const x = points.x[i] as number;
      const target = points.target[i] as number;
      const predicted = curve === null ? null : curveAt(curve, x);
      rows.push([
        data.xDate === true ? formatDay(x) : shortFloat(x),
        task === "regression" ? shortFloat(points.y[i] as number) : (classes[target] ?? target),
        predicted === null ? null : shortFloat(predicted),
        PARTS[points.part[i] ?? 0] ?? "",
      ]);
    }
  }
  return { columns, rows };
}
