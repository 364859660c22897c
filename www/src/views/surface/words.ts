// The surface in words: one place of it, and its points as a table.

import type { Points, Surface, Task } from "../../engine/protocol.js";
import type { TableData } from "../data-table.js";
import { formatDay, formatPercent, formatPlace, formatValue, shortFloat } from "../numbers.js";
import { PARTS } from "../points.js";
import type { Readout } from "../tooltip.js";
import { cellAt, classCount, probability } from "./blend.js";

/** What a description is made from. */
export interface SurfaceInWords {
  surface: Surface | null;
  points: Points | null;
  classes: readonly string[];
  task: Task;
  xLabel: string;
  yLabel: string;
  /** Axes of days since 1970-01-01. */
  xDate?: boolean;
  yDate?: boolean;
  targetLabel: string;
}

/** Classes named beside one place. */
const MOST = 4;

/** Name of a class; its number when it has none. */
function className(view: SurfaceInWords, index: number): string {
  return view.classes[index] ?? String(index);
}

/** What is predicted at `at`, and which point lies there (`near`, -1: none). */
export function describeCell(view: SurfaceInWords, at: { x: number; y: number }, near: number): Readout {
  const title = `${view.xLabel || "x"} ${formatPlace(at.x, view.xDate, 3)}, ${view.yLabel || "y"} ${formatPlace(at.y, view.yDate, 3)}`;
  const { surface, points } = view;
  const rows: [string, string][] = [];
  const cell = surface === null ? -1 : cellAt(surface, at.x, at.y);
  if (surface !== null && cell >= 0) {
    if (view.task === "regression") {
      rows.push([view.targetLabel, formatValue(surface.values[cell * surface.outputs], 4)]);
    } else {
      const all = Array.from({ length: classCount(surface.outputs) }, (_, k) => ({
        k,
        p: probability(surface, cell, k),
      }));
      all.sort((a, b) => b.p - a.p);
      for (const { k, p } of all.slice(0, MOST)) rows.push([className(view, k), formatPercent(p)]);
    }
  }
  if (points === null || near < 0) return { title, rows, note: null };
  const target = points.target[near] as number;
  const said = view.task === "regression" ? `${view.targetLabel} ${formatValue(target)}` : className(view, target);
  return { title, rows, note: `${PARTS[points.part[near] ?? 0] ?? ""} row: ${said}` };
}

/** The points as a table. */
export function pointsTable(view: SurfaceInWords): TableData {
  const { points } = view;
  const columns = [
    view.xLabel || "x",
    view.yLabel || "y",
    view.task === "regression" ? view.targetLabel : "class",
    "part",
  ];
  if (points === null) return { columns, rows: [] };
  const rows = Array.from(points.x, (x, i) => {
    const target = points.target[i] as number;
    return [
      view.xDate === true ? formatDay(x) : shortFloat(x),
      view.yDate === true ? formatDay(points.y[i] ?? NaN) : shortFloat(points.y[i] ?? NaN),
      view.task === "regression" ? shortFloat(target) : className(view, target),
      PARTS[points.part[i] ?? 0] ?? "",
    ];
  });
  return { columns, rows };
}
