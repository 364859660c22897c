// The curves as uPlot draws them: training solid, validation dashed, quiet axes, a cursor.

import type uPlot from "uplot";
import { formatPercent, formatValue, isShare } from "../numbers.js";
import { css, type Palette } from "../palette.js";
import { tickLabels, ticks } from "../ticks.js";

export interface PlotOptions {
  width: number;
  height: number;
  metric: string;
  logarithmic: boolean;
  palette: Palette;
  fontFamily: string;
  /** Called when the cursor is over another point; null: over none. */
  onCursor(index: number | null): void;
}

/** Range of the values on a straight axis: from zero for losses that are near it, never of no width. */
export function valueRange(low: number | null, high: number | null, metric: string): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  if (isShare(metric)) {
    // Shares end at one: there is nothing above 100 %.
    const floor = Math.min(low, high - 0.05);
    return [Math.max(0, Math.floor(floor * 20 - 0.2) / 20), 1];
  }
  const bottom = low >= 0 && low < 0.6 * high ? 0 : low;
  const width = high - bottom || Math.abs(high) || 1;
  return [bottom === 0 ? 0 : bottom - width * 0.08, high + width * 0.08];
}

/** Marks of a logarithmic axis: every power of ten, or every few of many; within one decade round steps. */
export function logTicks(low: number, high: number): number[] {
  if (!(low > 0) || !(high > low)) return [];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first < 1) return ticks(low, high, 3).filter((value) => value > 0);
  const every = Math.ceil((last - first + 1) / 5);
  const made: number[] = [];
  for (let power = first; power <= last; power += every) made.push(Number(`1e${String(power)}`));
  return made;
}

/** Options of uPlot for these curves. */
export function plotOptions(options: PlotOptions): uPlot.Options {
  const { palette, metric, logarithmic } = options;
  const font = `12px ${options.fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: css(palette.muted),
    font,
    grid: { stroke: css(palette.line), width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  const labels = (values: number[]): string[] => {
    if (isShare(metric)) return values.map((value) => formatPercent(value, 0));
    return logarithmic ? values.map((value) => formatValue(value, 2).replace(/^1×/, "")) : tickLabels(values);
  };
  // Labels come again and again, and measuring them is the dearest part of a frame.
  const widths = new Map<string, number>();
  const widthOf = (plot: uPlot, text: string): number => {
    // Digits are of one width, so labels of one pattern are too.
    const pattern = text.replace(/\d/g, "0");
    let width = widths.get(pattern);
    if (width === undefined) {
      plot.ctx.font = font;
      width = plot.ctx.measureText(pattern).width;
      widths.set(pattern, width);
    }
    return width;
  };
  // A run of one epoch is a point; of more, a line.
  const lonely: uPlot.Series.Points = { show: (plot) => plot.data[0].length === 1, size: 7 };
  return {
    width: options.width,
    height: options.height,
    // The last label of the epochs stands half beyond the plot.
    padding: [8, (plot) => 6 + Math.max(8, widthOf(plot, tickLabels([plot.scales["x"]?.max ?? 0])[0] ?? "") / 2), 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 7, width: 2, fill: css(palette.panel) },
      drag: { x: false, y: false, setScale: false },
    },
    scales: {
      x: { time: false, range: (_, low, high) => (low === high ? [low - 1, high + 1] : [low, high]) },
      y: logarithmic
        ? {
            distr: 3,
            log: 10,
            range: (_, low, high) =>
              low > 0 && high > low ? [low * 0.9, high * 1.1] : low > 0 ? [low / 2, low * 2] : [0.1, 1],
          }
        : { range: (_, low, high) => valueRange(low, high, metric) },
    },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 4,
        grid: { show: false },
        splits: (plot, _, low, high) => ticks(low, high, Math.max(2, plot.width / 90)).filter(Number.isInteger),
        values: (_, values) => tickLabels(values),
      },
      {
        ...axis,
        size: (plot, values) => Math.max(36, ...(values ?? []).map((text) => widthOf(plot, text) + 10)),
        gap: 6,
        splits: (_, __, low, high) => (logarithmic ? logTicks(low, high) : ticks(low, high, 3)),
        values: (_, values) => labels(values),
        filter: (_, values) => values,
      },
    ],
    series: [
      {},
      { label: "train", stroke: css(palette.classes[0] ?? palette.ink), width: 1.75, points: lonely, spanGaps: true },
      {
        label: "validation",
        stroke: css(palette.classes[1] ?? palette.ink),
        width: 1.75,
        dash: [5, 4],
        points: lonely,
        spanGaps: true,
      },
    ],
    hooks: { setCursor: [(plot) => options.onCursor(plot.cursor.idx ?? null)] },
  };
}
