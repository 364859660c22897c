// The neurons as tiles, each showing its own map: what the neuron says about every point of the plane.
//
//   maps of all layers --one pixel loop--> atlas --one drawImage per tile--> canvas
//
// Hidden units are drawn on the diverging scale of their layer, units that stand for classes in the colour of their
// class. Without maps a tile is plain, or in the colour of its class.

import type { NeuronMaps } from "../../engine/protocol.js";
import { css, mix, type Palette } from "../palette.js";
import { classColor, divergingTable, rampTable, scaleIndex, SCALE_STEPS, signedScale } from "../scales.js";
import type { NetworkLayout, PlacedColumn } from "./layout.js";

/** What tiles are drawn on. */
export type TileTarget = Pick<
  CanvasRenderingContext2D,
  "beginPath" | "roundRect" | "fill" | "fillRect" | "stroke" | "clip" | "save" | "restore" | "drawImage"
> & {
  strokeStyle: string | CanvasGradient | CanvasPattern;
  fillStyle: string | CanvasGradient | CanvasPattern;
  lineWidth: number;
  imageSmoothingEnabled: boolean;
  imageSmoothingQuality: ImageSmoothingQuality;
};

/** All maps in one picture: tile `n` begins at column `n % across`, row `floor(n / across)` of squares of `size`. */
export interface Atlas {
  size: number;
  across: number;
  image: ImageData;
  /** First tile of each column of the graph, -1 where it has no maps. */
  firstOf: number[];
  /** How many tiles each column has. */
  countOf: number[];
}

/** Tables of colours, made once per theme. */
export interface TileColors {
  diverging: Uint32Array;
  /** Panel to class colour, by class. */
  classes: Map<number, Uint32Array>;
  palette: Palette;
}

export function tileColors(palette: Palette): TileColors {
  return { diverging: divergingTable(palette), classes: new Map(), palette };
}

function classTable(colors: TileColors, index: number): Uint32Array {
  let table = colors.classes.get(index);
  if (table === undefined) {
    table = rampTable(colors.palette.panel, classColor(colors.palette, index));
    colors.classes.set(index, table);
  }
  return table;
}

/** The maps that belong to a column, if it has any. */
export function mapsOf(column: PlacedColumn, maps: NeuronMaps): { units: number; values: Float32Array } | null {
  const own = maps.layers[column.layer] ?? (column.kind === "input" ? maps.features : null);
  if (own == null || own.units === 0 || own.values.length < own.units * maps.size * maps.size) return null;
  return own;
}

/**
 * Colours all maps into one picture. `reuse` is an atlas of the same size whose memory is written again.
 * Rows are turned over: a map's first row is the lowest of the plane.
 */
export function buildAtlas(
  columns: readonly PlacedColumn[],
  maps: NeuronMaps,
  colors: TileColors,
  reuse: Atlas | null,
): Atlas | null {
  const { size } = maps;
  const firstOf: number[] = [];
  const countOf: number[] = [];
  let total = 0;
  for (const column of columns) {
    const own = mapsOf(column, maps);
    const count = own === null ? 0 : Math.min(own.units, column.ys.length);
    firstOf.push(count === 0 ? -1 : total);
    countOf.push(count);
    total += count;
  }
  if (total === 0 || size === 0) return null;
  const across = Math.ceil(Math.sqrt(total));
  const width = across * size;
  const height = Math.ceil(total / across) * size;
  const image =
    reuse !== null && reuse.image.width === width && reuse.image.height === height
      ? reuse.image
      : new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const half = (SCALE_STEPS - 1) / 2;
  columns.forEach((column, c) => {
    const own = mapsOf(column, maps);
    const first = firstOf[c] as number;
    const count = countOf[c] as number;
    if (own === null || first < 0) return;
    const { values } = own;
    const factor = column.classes === null ? half / signedScale(values.subarray(0, count * size * size)) : half;
    for (let unit = 0; unit < count; unit++) {
      const tile = first + unit;
      const corner = Math.floor(tile / across) * size * width + (tile % across) * size;
      const table = column.classes === null ? colors.diverging : classTable(colors, column.classes[unit] ?? unit);
      let at = unit * size * size;
      for (let row = size - 1; row >= 0; row--) {
        let pixel = corner + row * width;
        for (let i = 0; i < size; i++, at++, pixel++) {
          // The same as scaleIndex, without a call per pixel.
          const t = (values[at] as number) * factor;
          const entry = t >= half ? SCALE_STEPS - 1 : t <= -half ? 0 : t === t ? (t + half + 0.5) | 0 : half;
          pixels[pixel] = table[entry] as number;
        }
      }
    }
  });
  return { size, across, image, firstOf, countOf };
}

/** Colour of a tile at one value: the naive twin of {@link buildAtlas}' loop. */
export function tileColor(
  column: PlacedColumn,
  unit: number,
  value: number,
  scale: number,
  colors: TileColors,
): number {
  if (column.classes !== null) return classTable(colors, column.classes[unit] ?? unit)[scaleIndex(value)] as number;
  return colors.diverging[scaleIndex(value / scale)] as number;
}

/** From this side on, tiles have rounded corners; smaller ones are many, and corners cost more than they show. */
const ROUNDED = 16;
const RADIUS = 4;

/** Draws all tiles; `source` holds the picture of `atlas`. */
export function drawTiles(
  target: TileTarget,
  layout: NetworkLayout,
  atlas: Atlas | null,
  source: CanvasImageSource | null,
  palette: Palette,
): void {
  target.imageSmoothingEnabled = true;
  target.imageSmoothingQuality = "low";
  const border = css(mix(palette.panel, palette.ink, 0.38));
  const rounded = layout.columns.filter((column) => column.tile >= ROUNDED);
  for (const column of layout.columns) {
    if (column.tile >= ROUNDED) continue;
    target.fillStyle = border;
    for (const y of column.ys)
      target.fillRect(column.x - column.tile / 2, y - column.tile / 2, column.tile, column.tile);
    drawFaces(target, column, atlas, source, palette, column.tile - 1.5);
  }
  if (rounded.length === 0) return;
  const outline = (inset: number): void => {
    target.beginPath();
    for (const column of rounded) {
      const side = column.tile - inset;
      for (const y of column.ys) target.roundRect(column.x - side / 2, y - side / 2, side, side, RADIUS);
    }
  };
  target.save();
  // One clip with all rounded corners instead of one per tile.
  outline(0);
  target.fillStyle = css(palette.panel);
  target.fill();
  target.clip();
  for (const column of rounded) drawFaces(target, column, atlas, source, palette, column.tile);
  target.restore();
  outline(1);
  target.strokeStyle = border;
  target.lineWidth = 1;
  target.stroke();
}

/** What the tiles of one column show: their maps, or a plain colour. */
function drawFaces(
  target: TileTarget,
  column: PlacedColumn,
  atlas: Atlas | null,
  source: CanvasImageSource | null,
  palette: Palette,
  side: number,
): void {
  const count = atlas?.countOf[column.index] ?? 0;
  const first = atlas?.firstOf[column.index] ?? -1;
  const left = column.x - side / 2;
  column.ys.forEach((y, unit) => {
    const top = y - side / 2;
    if (atlas !== null && source !== null && unit < count) {
      const tile = first + unit;
      // Half a pixel in from the edge, or smoothing would bleed the neighbour's colours in.
      const sx = (tile % atlas.across) * atlas.size + 0.5;
      const sy = Math.floor(tile / atlas.across) * atlas.size + 0.5;
      target.drawImage(source, sx, sy, atlas.size - 1, atlas.size - 1, left, top, side, side);
      return;
    }
    target.fillStyle = css(
      column.classes === null
        ? mix(palette.panel, palette.muted, 0.12)
        : classColor(palette, column.classes[unit] ?? unit),
    );
    target.fillRect(left, top, side, side);
  });
}

/** The ring around a tile that is looked at. */
export function drawRing(target: TileTarget, column: PlacedColumn, unit: number, palette: Palette): void {
  const y = column.ys[unit];
  if (y === undefined) return;
  const side = column.tile + 4;
  target.strokeStyle = css(palette.accent);
  target.lineWidth = 2;
  target.beginPath();
  target.roundRect(column.x - side / 2, y - side / 2, side, side, 5);
  target.stroke();
}
