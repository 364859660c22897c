// The bars of a column as one SVG path, and what they say in words.

import type { ColumnReport } from "../../engine/protocol.js";
import type { TableData } from "../data-table.js";
import { formatCount, formatDay, formatValue } from "../numbers.js";

export interface Bar {
  /** "4.3 to 4.6", or a category. */
  label: string;
  count: number;
}

/** Bars drawn at most. */
export const MOST_BARS = 24;

/** The bars of a column: its bins, or its most frequent categories; empty when it has neither. */
export function barsOf(column: ColumnReport): Bar[] {
  const { histogram, categories, min, max } = column;
  if (histogram !== undefined && histogram.length > 0) {
    const at = (i: number): number => (min ?? 0) + ((max ?? 1) - (min ?? 0)) * (i / histogram.length);
    const text = (i: number): string => (column.type === "date" ? formatDay(at(i)) : formatValue(at(i), 3));
    return histogram.map((count, i) => ({ label: `${text(i)} to ${text(i + 1)}`, count }));
  }
  return (categories ?? []).slice(0, MOST_BARS).map(({ label, count }) => ({ label, count }));
}

/** Height of a bar from 0 to 1. What there is at all can be seen. */
export function barHeights(bars: readonly Bar[]): number[] {
  const most = Math.max(...bars.map((bar) => (Number.isFinite(bar.count) ? bar.count : 0)), 0);
  return bars.map(({ count }) => (count > 0 && most > 0 && Number.isFinite(count) ? Math.max(0.06, count / most) : 0));
}

/** The SVG path of bars `from` to `to` in a box of `width` x `height`, with gaps where there is room for them. */
export function barsPath(heights: readonly number[], width: number, height: number, only?: number): string {
  const pitch = width / heights.length;
  const gap = Math.min(1.5, pitch * 0.25);
  return heights
    .map((share, i) => {
      if (share <= 0 || (only !== undefined && only !== i)) return "";
      const tall = share * height;
      return `M${(i * pitch + gap / 2).toFixed(2)} ${height.toFixed(2)}v${(-tall).toFixed(2)}h${(pitch - gap).toFixed(2)}v${tall.toFixed(2)}z`;
    })
    .join("");
}

/** The column's values in one sentence. */
export function describeColumn(column: ColumnReport): string {
  const { name, histogram, categories, min, max, mean } = column;
  if (histogram !== undefined && min !== undefined && max !== undefined) {
    const text = (value: number): string => (column.type === "date" ? formatDay(value) : formatValue(value, 3));
    return `${name}: from ${text(min)} to ${text(max)}${mean === undefined ? "" : `, mean ${text(mean)}`}`;
  }
  if (categories !== undefined && categories.length > 0) {
    const named = categories.slice(0, 3).map(({ label, count }) => `${label} ${formatCount(count)}`);
    return `${name}: ${formatCount(column.distinct)} different values, ${named.join(", ")}${column.distinct > 3 ? ", …" : ""}`;
  }
  return `${name}: no values to show`;
}

/** The bars as a table. */
export function barsTable(column: ColumnReport): TableData {
  return { columns: [column.name, "rows"], rows: barsOf(column).map(({ label, count }) => [label, count]) };
}
