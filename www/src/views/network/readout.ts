// A unit or an edge in words: what the pointer or the keyboard is on.

import { formatCount, formatSigned } from "../numbers.js";
import type { Readout } from "../tooltip.js";
import { weightAt } from "./edges.js";
import type { Hit } from "./hit.js";
import { denseLinksInto } from "./hit.js";
import type { NetworkLayout, PlacedColumn } from "./layout.js";

const ROWS = 6;

/** "petal length", "dense_1 unit 3". */
export function unitName(column: PlacedColumn, unit: number): string {
  return column.labels?.[unit] ?? `${column.name} unit ${String(unit + 1)}`;
}

/** What stands in the box beside the pointer. */
export function describeHit(layout: NetworkLayout, weights: Float32Array | null, hit: Hit): Readout | null {
  if (hit.kind === "column") return null;
  if (hit.kind === "edge") {
    const link = layout.links[hit.link];
    const from = link && layout.columns[link.from];
    const to = link && layout.columns[link.to];
    if (!link || !from || !to) return null;
    return {
      title: `${unitName(from, hit.from)} → ${unitName(to, hit.to)}`,
      rows: [["weight", formatSigned(weightAt(link, weights, hit.from, hit.to), 3)]],
      note: null,
    };
  }
  const column = layout.columns[hit.column];
  if (column === undefined) return null;
  const title = unitName(column, hit.unit);
  const link = denseLinksInto(layout, column.index)[0];
  if (link?.kernel == null || weights === null) return { title, rows: [], note: null };
  const from = layout.columns[link.from] as PlacedColumn;
  const inputs = link.kernel.shape[0] ?? 0;
  const into = Array.from({ length: inputs }, (_, i) => ({ i, weight: weightAt(link, weights, i, hit.unit) }));
  into.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const rows = into
    .slice(0, ROWS)
    .map(({ i, weight }): [string, string] => [unitName(from, i), formatSigned(weight, 3)]);
  const bias = link.bias === null ? undefined : weights[link.bias.start + hit.unit];
  if (bias !== undefined) rows.push(["bias", formatSigned(bias, 3)]);
  return { title, rows, note: inputs > ROWS ? `and ${formatCount(inputs - ROWS)} weaker` : null };
}
