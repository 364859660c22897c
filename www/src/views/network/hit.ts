// What lies under the pointer: a unit, an edge, or the column it is in.
//
// All edges of a link begin and end at the same x, and their control points stand half-way. So the curve's parameter
// follows from x alone, once per link, and each edge's height from it:
//
//   x(t) = x0 + (x1 - x0) (1.5 t - 1.5 t^2 + t^3),   y(t) = y0 + (y1 - y0) (3 t^2 - 2 t^3)

import { FAINTEST, linkScale, weightAt } from "./edges.js";
import type { NetworkLayout, PlacedColumn, PlacedLink } from "./layout.js";

export type Hit =
  | { kind: "unit"; column: number; unit: number }
  | { kind: "edge"; link: number; from: number; to: number }
  | { kind: "column"; column: number };

/** How far from its middle an edge can be pointed at. */
const REACH = 5;

/** The parameter at which a curve has gone `share` of its way in x. */
export function curveParameter(share: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 30; i++) {
    const t = (low + high) / 2;
    if (1.5 * t - 1.5 * t * t + t * t * t < share) low = t;
    else high = t;
  }
  return (low + high) / 2;
}

function unitAt(column: PlacedColumn, x: number, y: number): number {
  if (Math.abs(x - column.x) > Math.max(column.tile, 20) / 2 || column.ys.length === 0) return -1;
  const unit = column.pitch > 0 ? Math.round((y - (column.ys[0] as number)) / column.pitch) : 0;
  const middle = column.ys[unit];
  return middle !== undefined && Math.abs(y - middle) <= Math.max(column.tile, Math.min(20, column.pitch)) / 2
    ? unit
    : -1;
}

function edgeAt(layout: NetworkLayout, weights: Float32Array, x: number, y: number): Hit | null {
  let best: Hit | null = null;
  let bestDistance = REACH;
  for (const link of layout.links) {
    if (link.kind !== "dense" || link.skips || x < link.x0 || x > link.x1) continue;
    const from = layout.columns[link.from] as PlacedColumn;
    const to = layout.columns[link.to] as PlacedColumn;
    const t = curveParameter((x - link.x0) / (link.x1 - link.x0));
    const rise = 3 * t * t - 2 * t * t * t;
    const scale = linkScale(link, weights);
    for (let i = 0; i < from.ys.length; i++) {
      for (let j = 0; j < to.ys.length; j++) {
        const y0 = from.ys[i] as number;
        const distance = Math.abs(y0 + ((to.ys[j] as number) - y0) * rise - y);
        if (distance >= bestDistance) continue;
        const strength = Math.abs(weightAt(link, weights, i, j)) / scale;
        if (strength < FAINTEST) continue;
        // Of two that lie close together the stronger one is meant.
        bestDistance = Math.max(0.5, distance - Math.min(1, strength));
        best = { kind: "edge", link: link.index, from: i, to: j };
      }
    }
  }
  return best;
}

/** What lies at (`x`, `y`) of the drawing; null: nothing. */
export function hitTest(layout: NetworkLayout, weights: Float32Array | null, x: number, y: number): Hit | null {
  for (const column of layout.columns) {
    if (y < column.top || y > column.bottom) continue;
    const unit = unitAt(column, x, y);
    if (unit >= 0) return { kind: "unit", column: column.index, unit };
  }
  const edge = weights === null ? null : edgeAt(layout, weights, x, y);
  if (edge !== null) return edge;
  for (const column of layout.columns) {
    if (y >= column.top && y <= column.bottom && Math.abs(x - column.x) <= Math.max(24, column.tile))
      return { kind: "column", column: column.index };
  }
  return null;
}

/** The links that lead into a column with weights of their own. */
export function denseLinksInto(layout: NetworkLayout, column: number): PlacedLink[] {
  return layout.links.filter((link) => link.to === column && link.kind === "dense");
}
