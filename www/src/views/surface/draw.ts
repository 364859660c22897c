// The whole picture of a decision surface at once: for fixtures, exports and tests. The element draws the same parts on
// canvases of their own, so that a frame repaints only the surface.

import type { Points, Surface, Task } from "../../engine/protocol.js";
import type { Palette } from "../palette.js";
import { type AxisTarget, drawAxes, type PlotFrame } from "../plot-frame.js";
import { drawPoints, type PointTarget } from "../points.js";
import { extent } from "../ticks.js";
import { blendClasses, blendValues } from "./blend.js";

export interface SurfaceData {
  surface: Surface | null;
  points: Points | null;
}

export interface SurfaceOptions {
  task: Task;
  xLabel: string;
  yLabel: string;
  palette: Palette;
  fontFamily: string;
  frame: PlotFrame;
}

/** Least and greatest value of the data, what the scale of a regression spans. */
export function valueExtent({ points, surface }: SurfaceData): [number, number] {
  return (
    (points === null ? null : spread(extent(points.target))) ?? (surface === null ? null : extent(surface.values)) ?? [-1, 1]
  );
}

/** Points that have all the same value say nothing about a scale. */
function spread(range: [number, number] | null): [number, number] | null {
  return range !== null && range[0] < range[1] ? range : null;
}

/** The surface as pixels, one for each cell. */
export function surfaceImage(
  data: SurfaceData & { surface: Surface },
  task: Task,
  palette: Palette,
  reuse: ImageData | null,
): ImageData {
  if (task !== "regression") return blendClasses(data.surface, palette, reuse);
  const [low, high] = valueExtent(data);
  return blendValues(data.surface, low, high, palette, reuse);
}

/** Axes and points. Returns the number of points drawn. */
export function drawFrameAndPoints(
  target: AxisTarget & PointTarget,
  data: SurfaceData,
  options: SurfaceOptions,
): number {
  const { frame, palette, task } = options;
  drawAxes(target, frame, { ...options, grid: data.surface === null });
  if (data.points === null) return 0;
  const [low, high] = valueExtent(data);
  return drawPoints(target, frame, data.points, { palette, classes: task !== "regression", low, high });
}
