// A row as it stood in the file, as the picture or the sequence that it is.

import type { LayerValues, TableReport } from "../../engine/protocol.js";
import { parseNumber } from "../../styles/format.js";

/** Where the parts of the picture or the sequence stand among the columns, in their order. */
export function partsOf(report: TableReport): number[] {
  return report.columns.flatMap(({ role }, index) => (role === "feature" ? [index] : []));
}

/** The largest value of any pixel. */
export function brightest(report: TableReport): number {
  return Math.max(0, ...partsOf(report).map((index) => report.columns[index]?.max ?? 0));
}

/** Values from 0 to 1, row by row; what is missing is dark. Null: the rows are no pictures. */
export function pictureOf(report: TableReport, row: readonly string[]): LayerValues | null {
  if (!report.form || !("image" in report.form)) return null;
  const { height, width, channels } = report.form.image;
  const full = brightest(report) || 1;
  const values = partsOf(report).map((index) => (parseNumber(row[index] ?? "") ?? 0) / full);
  return { shape: [height, width, channels], values: Float32Array.from(values) };
}

/** The tokens in order; "" where there is none. */
export function tokensOf(report: TableReport, row: readonly string[]): string[] {
  return partsOf(report).map((index) => row[index] ?? "");
}
