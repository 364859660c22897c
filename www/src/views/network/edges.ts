// The weights as curves: width and opacity say how strong, colour says which sign.
//
//   strength = |w| / max(f rms of the kernel, 1.5 / sqrt(inputs)), at most 1;   f from 1 for one weight to 2.5 for many
//
// The second term keeps the faint weights of a fresh network faint. Edges are sorted by strength into a few dozen
// levels: strong edges lie on top, and the canvas seldom changes its pen.
//
// A drawing has a budget of edges (see shownEdges): beyond it the strongest of each link are drawn and the view says so.
// Canvases without a GPU need about 2 us for a hairline and 9 us for a broader curve (longer when one path holds many
// that cross), so hairlines share a path, broad ones do not, and in a full drawing only the strongest are broad.

import { css, type Palette } from "../palette.js";
import type { NetworkLayout, PlacedColumn, PlacedLink } from "./layout.js";

/** What edges are drawn on. */
export type EdgeTarget = Pick<
  CanvasRenderingContext2D,
  "beginPath" | "moveTo" | "lineTo" | "bezierCurveTo" | "quadraticCurveTo" | "stroke" | "setLineDash" | "arc" | "fill"
> & {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  lineCap: CanvasLineCap;
};

const LEVELS = 32;
/** Edges drawn at most: what a drawing within its share of a frame can hold, and an eye can tell apart. */
export const MOST_EDGES = 1000;
/** Of these the broad ones. */
const MOST_BROAD = 240;
/** Below this strength an edge could not be seen and is not drawn. */
export const FAINTEST = 0.02;

/** Weight from unit `i` to unit `j` of a dense link; 0 where there are no weights yet or they are no numbers. */
export function weightAt(link: PlacedLink, weights: Float32Array | null, i: number, j: number): number {
  if (weights === null || link.kernel === null) return 0;
  const units = link.kernel.shape[1] ?? 0;
  const weight = weights[link.kernel.start + i * units + j];
  return weight !== undefined && Number.isFinite(weight) ? weight : 0;
}

/** What counts as full strength for a link. */
export function linkScale(link: PlacedLink, weights: Float32Array): number {
  if (link.kernel === null) return 1;
  const { start, len, shape } = link.kernel;
  let squares = 0;
  const end = Math.min(weights.length, start + len);
  for (let i = start; i < end; i++) {
    const weight = weights[i] as number;
    // A product with zero would keep infinities and NaN.
    if (weight - weight === 0) squares += weight * weight;
  }
  const rms = Math.sqrt(squares / Math.max(1, len));
  const floor = 1.5 / Math.sqrt(Math.max(1, shape[0] ?? 1));
  // Of many weights some are far above their rms, of one none is.
  const factor = Math.min(2.5, 1 + Math.log2(Math.max(1, len)) / 2);
  return Math.max(Number.isFinite(rms) ? factor * rms : Number.MAX_VALUE, floor);
}

/** How much thinner the edges are where tiles are small and edges many: 1 for tiles of 26 pixels and more. */
export function crowding(tile: number): number {
  return Math.min(1, Math.max(0.38, tile / 26));
}

/** Width of an edge in CSS pixels. */
export function edgeWidth(strength: number, crowd: number): number {
  return (0.4 + 4 * strength) * crowd;
}

function edgeOpacity(strength: number, crowd: number): number {
  return Math.min(0.85, (0.1 + 0.75 * strength) * (0.7 + 0.3 * crowd));
}

/** How many edges of each link are drawn: all, or the link's part of {@link MOST_EDGES}. */
export function shownEdges(layout: NetworkLayout): { shown: number[]; drawn: number; all: number } {
  const weighted = (link: PlacedLink): number =>
    link.kind === "dense" && !link.skips
      ? (layout.columns[link.from]?.ys.length ?? 0) * (layout.columns[link.to]?.ys.length ?? 0)
      : 0;
  const edges = layout.links.map(weighted);
  const all = edges.reduce((sum, count) => sum + count, 0);
  const share = Math.min(1, MOST_EDGES / Math.max(1, all));
  const shown = edges.map((count) => Math.ceil(count * share));
  return { shown, drawn: shown.reduce((sum, count) => sum + count, 0), all };
}

// Grown as needed and used again for every link of every frame.
let levelOf = new Int8Array(0);
let sorted = new Int32Array(0);
const counts = new Int32Array(2 * LEVELS + 1);
const places = new Int32Array(2 * LEVELS + 1);

export interface EdgeOptions {
  palette: Palette;
  /** Width of a device pixel in CSS pixels. */
  hairline: number;
}

/** The `most` strongest edges of one dense link. Returns how many were drawn. */
function drawDense(
  target: EdgeTarget,
  link: PlacedLink,
  from: PlacedColumn,
  to: PlacedColumn,
  weights: Float32Array,
  most: number,
  broad: number,
  { palette, hairline }: EdgeOptions,
): number {
  const kernel = link.kernel;
  if (kernel === null) return 0;
  const rows = from.ys.length;
  const columns = to.ys.length;
  const units = kernel.shape[1] ?? 0;
  const scale = 1 / linkScale(link, weights);
  const edges = rows * columns;
  if (levelOf.length < edges) {
    levelOf = new Int8Array(edges);
    sorted = new Int32Array(edges);
  }
  // Counting sort by level: negative edges have the even buckets, positive ones the odd.
  counts.fill(0);
  for (let i = 0, edge = 0; i < rows; i++) {
    const row = kernel.start + i * units;
    for (let j = 0; j < columns; j++, edge++) {
      const weight = weights[row + j] as number;
      const strength = Math.abs(weight) * scale;
      let level = -1;
      if (strength >= FAINTEST) level = 2 * Math.min(LEVELS - 1, Math.floor(strength * LEVELS)) + (weight > 0 ? 1 : 0);
      levelOf[edge] = level;
      if (level >= 0) counts[level + 1] = (counts[level + 1] as number) + 1;
    }
  }
  for (let level = 0; level < 2 * LEVELS; level++)
    counts[level + 1] = (counts[level + 1] as number) + (counts[level] as number);
  places.set(counts);
  for (let edge = 0; edge < edges; edge++) {
    const level = levelOf[edge] as number;
    if (level >= 0) {
      const at = places[level] as number;
      sorted[at] = edge;
      places[level] = at + 1;
    }
  }
  const visible = counts[2 * LEVELS] as number;
  const skipped = Math.max(0, visible - most);
  const crowd = crowding(Math.min(from.tile, to.tile));
  const middle = (link.x0 + link.x1) / 2;
  const firstBroad = visible - broad;
  for (let level = 0; level < 2 * LEVELS; level++) {
    const begin = Math.max(skipped, counts[level] as number);
    const end = counts[level + 1] as number;
    if (begin >= end) continue;
    const strength = ((level >> 1) + 0.5) / LEVELS;
    const width = edgeWidth(strength, crowd);
    target.strokeStyle = css(level & 1 ? palette.positive : palette.negative, edgeOpacity(strength, crowd));
    let open = false;
    for (let at = begin; at < end; at++) {
      const edge = sorted[at] as number;
      const y0 = from.ys[Math.floor(edge / columns)] as number;
      const y1 = to.ys[edge % columns] as number;
      const thin = width <= 1 || at < firstBroad;
      if (!thin || !open) {
        if (open) target.stroke();
        target.lineWidth = thin ? hairline : width;
        target.beginPath();
        open = true;
      }
      target.moveTo(link.x0, y0);
      target.bezierCurveTo(middle, y0, middle, y1, link.x1, y1);
    }
    if (open) target.stroke();
  }
  return visible - skipped;
}

/** Before there are weights: every edge alike, of many an even selection. */
function drawUnweighted(
  target: EdgeTarget,
  link: PlacedLink,
  from: PlacedColumn,
  to: PlacedColumn,
  most: number,
  { palette, hairline }: EdgeOptions,
): void {
  const middle = (link.x0 + link.x1) / 2;
  const columns = to.ys.length;
  const step = Math.max(1, Math.ceil((from.ys.length * columns) / Math.max(1, most)));
  target.strokeStyle = css(palette.muted, 0.3);
  target.lineWidth = hairline;
  target.beginPath();
  for (let edge = 0; edge < from.ys.length * columns; edge += step) {
    const y0 = from.ys[Math.floor(edge / columns)] as number;
    const y1 = to.ys[edge % columns] as number;
    target.moveTo(link.x0, y0);
    target.bezierCurveTo(middle, y0, middle, y1, link.x1, y1);
  }
  target.stroke();
}

/** Thin lines from each unit to its own. */
function drawEach(target: EdgeTarget, link: PlacedLink, from: PlacedColumn, to: PlacedColumn, palette: Palette): void {
  const middle = (link.x0 + link.x1) / 2;
  target.strokeStyle = css(palette.muted, 0.55);
  target.lineWidth = 1;
  target.beginPath();
  for (let i = 0; i < from.ys.length; i++) {
    const y1 = to.ys[i + link.offset];
    if (y1 === undefined) break;
    const y0 = from.ys[i] as number;
    target.moveTo(link.x0, y0);
    target.bezierCurveTo(middle, y0, middle, y1, link.x1, y1);
  }
  target.stroke();
}

/** A band from all units to all units, for what has no weights to show one by one. */
function drawBundle(
  target: EdgeTarget,
  link: PlacedLink,
  from: PlacedColumn,
  to: PlacedColumn,
  palette: Palette,
): void {
  const ends = ({ ys, tile, top, bottom }: PlacedColumn): [number, number] => {
    const middle = (top + bottom) / 2;
    return [(ys[0] ?? middle) - tile / 2, (ys[ys.length - 1] ?? middle) + tile / 2];
  };
  const [[top0, bottom0], [top1, bottom1]] = [ends(from), ends(to)];
  const middle = (link.x0 + link.x1) / 2;
  target.fillStyle = css(palette.muted, 0.11);
  target.beginPath();
  target.moveTo(link.x0, top0);
  target.bezierCurveTo(middle, top0, middle, top1, link.x1, top1);
  target.lineTo(link.x1, bottom1);
  target.bezierCurveTo(middle, bottom1, middle, bottom0, link.x0, bottom0);
  target.fill();
}

/** One arc over the columns between, with a dot where it arrives. */
function drawSkip(
  target: EdgeTarget,
  from: PlacedColumn,
  to: PlacedColumn,
  columns: readonly PlacedColumn[],
  palette: Palette,
): void {
  const topOf = (column: PlacedColumn): number => (column.ys[0] ?? (column.top + column.bottom) / 2) - column.tile / 2;
  const passed = columns.filter((column) => column.rank > from.rank && column.rank < to.rank);
  const height = Math.min(topOf(from), topOf(to), ...passed.map(topOf)) - 10;
  const [x0, x1, y0, y1] = [from.x, to.x, topOf(from) - 2, topOf(to) - 5];
  const bend = Math.min(24, (x1 - x0) / 3);
  target.strokeStyle = css(palette.muted, 0.9);
  target.fillStyle = css(palette.muted, 0.9);
  target.lineWidth = 1.5;
  target.beginPath();
  target.moveTo(x0, y0);
  target.quadraticCurveTo(x0, height, x0 + bend, height);
  target.lineTo(x1 - bend, height);
  target.quadraticCurveTo(x1, height, x1, y1);
  target.stroke();
  target.beginPath();
  target.arc(x1, y1, 2.5, 0, 2 * Math.PI);
  target.fill();
}

/** All edges. Returns how many weighted ones were drawn. */
export function drawEdges(
  target: EdgeTarget,
  layout: NetworkLayout,
  weights: Float32Array | null,
  options: EdgeOptions,
): number {
  const { shown, drawn: total } = shownEdges(layout);
  const broad = Math.min(1, MOST_BROAD / Math.max(1, total));
  let drawn = 0;
  target.lineCap = "butt";
  target.setLineDash([]);
  for (const link of layout.links) {
    const from = layout.columns[link.from] as PlacedColumn;
    const to = layout.columns[link.to] as PlacedColumn;
    const most = shown[link.index] ?? 0;
    if (link.skips) drawSkip(target, from, to, layout.columns, options.palette);
    else if (link.kind === "bundle") drawBundle(target, link, from, to, options.palette);
    else if (link.kind === "each") drawEach(target, link, from, to, options.palette);
    else if (weights === null) drawUnweighted(target, link, from, to, most, options);
    else drawn += drawDense(target, link, from, to, weights, most, Math.ceil(most * broad), options);
  }
  return drawn;
}

/** One edge that is looked at: full colour, negative ones dashed. */
export function drawEdgeInFocus(
  target: EdgeTarget,
  layout: NetworkLayout,
  link: PlacedLink,
  i: number,
  j: number,
  weights: Float32Array | null,
  palette: Palette,
): void {
  const y0 = layout.columns[link.from]?.ys[i];
  const y1 = layout.columns[link.to]?.ys[j];
  if (y0 === undefined || y1 === undefined) return;
  const weight = weightAt(link, weights, i, j);
  const strength = weights === null ? 0 : Math.min(1, Math.abs(weight) / linkScale(link, weights));
  const middle = (link.x0 + link.x1) / 2;
  target.strokeStyle = css(weight < 0 ? palette.negative : palette.positive);
  target.lineWidth = Math.max(1.25, edgeWidth(strength, 1));
  target.setLineDash(weight < 0 ? [6, 4] : []);
  target.beginPath();
  target.moveTo(link.x0, y0);
  target.bezierCurveTo(middle, y0, middle, y1, link.x1, y1);
  target.stroke();
  target.setLineDash([]);
}
