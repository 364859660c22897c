// The weights of one layer as a table: a row for each pair of units, and the biases.

import type { Cell, TableData } from "../data-table.js";
import { weightAt } from "./edges.js";
import { denseLinksInto } from "./hit.js";
import type { NetworkLayout } from "./layout.js";
import { unitName } from "./readout.js";

/** Rows that a table is made with at most; the layer's own size is its `total`. */
export const MOST_ROWS = 20_000;

/** The layer whose weights are shown when `layer` has none: the first that has. */
export function columnWithWeights(layout: NetworkLayout, layer: number | null): number | null {
  const wanted = layout.columns.find(
    (column) => column.layer === layer && denseLinksInto(layout, column.index).length > 0,
  );
  const first = layout.columns.find((column) => denseLinksInto(layout, column.index).length > 0);
  return (wanted ?? first)?.index ?? null;
}

/** Weights and biases into one column of the network. */
export function weightsTable(layout: NetworkLayout, weights: Float32Array | null, index: number): TableData {
  const column = layout.columns[index];
  const link = denseLinksInto(layout, index)[0];
  const from = link && layout.columns[link.from];
  const columns = ["from", "to", "weight"];
  if (!column || !link?.kernel || !from || weights === null) return { columns, rows: [] };
  const [inputs = 0, units = 0] = link.kernel.shape;
  const rows: Cell[][] = [];
  if (link.bias !== null) {
    for (let j = 0; j < units && rows.length < MOST_ROWS; j++)
      rows.push(["bias", unitName(column, j), weights[link.bias.start + j] ?? null]);
  }
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < units && rows.length < MOST_ROWS; j++)
      rows.push([unitName(from, i), unitName(column, j), weightAt(link, weights, i, j)]);
  }
  return { columns, rows, total: inputs * units + (link.bias === null ? 0 : units) };
}
