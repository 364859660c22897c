// The values of one layer for one row, laid out as a mosaic of cells: one pixel per value, enlarged by the compositor.
//
//   (height, width, channels)   a tile of height x width for every channel, side by side
//   (steps, units)              one tile: steps from left to right, units from top to bottom
//   (units)                     one row of cells, broken where it gets long

import type { LayerValues } from "../../engine/protocol.js";
import { scaleIndex } from "../scales.js";

/** Where the cells of a layer stand. */
export interface Mosaic {
  /** Cells of one tile. */
  rows: number;
  columns: number;
  tiles: number;
  /** Tiles side by side. */
  across: number;
  /** Size of the whole in cells, with a gap of one cell between tiles. */
  width: number;
  height: number;
  /** Value of cell (row, column) of a tile: its place in the layer's values, or -1 beyond the last. */
  at(tile: number, row: number, column: number): number;
}

/** Cells of a layer of units in one row. */
const UNITS_ACROSS = 32;

/** The mosaic of a layer; `room` is how many cells fit side by side. */
export function mosaicOf({ shape }: LayerValues, room: number): Mosaic {
  if (shape.length >= 3) {
    const channels = shape[shape.length - 1] ?? 1;
    const columns = shape[shape.length - 2] ?? 1;
    const rows = shape.slice(0, -2).reduce((product, size) => product * size, 1);
    return place(rows, columns, channels, room, (tile, row, column) => (row * columns + column) * channels + tile);
  }
  if (shape.length === 2) {
    const [steps = 1, units = 1] = shape;
    return place(units, steps, 1, room, (_tile, row, column) => column * units + row);
  }
  const units = shape[0] ?? 1;
  const columns = Math.min(units, UNITS_ACROSS, Math.max(1, room));
  const rows = Math.ceil(units / columns);
  return place(rows, columns, 1, room, (_tile, row, column) => {
    const unit = row * columns + column;
    return unit < units ? unit : -1;
  });
}

function place(rows: number, columns: number, tiles: number, room: number, at: Mosaic["at"]): Mosaic {
  const across = Math.max(1, Math.min(tiles, Math.floor((room + 1) / (columns + 1))));
  const down = Math.ceil(tiles / across);
  return { rows, columns, tiles, across, width: across * (columns + 1) - 1, height: down * (rows + 1) - 1, at };
}

/** Largest size of a cell in CSS pixels at which the mosaic is no wider than `width` and its tiles no higher than `tall`. */
export function cellSize({ rows, width: cells }: Mosaic, width: number, tall: number): number {
  return Math.max(1, Math.floor(Math.min(width / cells, tall / rows)));
}

/** A picture in its own colours: grey values go from paper (0) to `ink` (1), three channels are red, green and blue. */
export function paintPicture(data: Uint8ClampedArray, { shape, values }: LayerValues, ink: Uint32Array): void {
  const channels = shape[shape.length - 1] ?? 1;
  if (channels < 3) {
    const pixels = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
    pixels.forEach((_, i) => {
      pixels[i] = ink[scaleIndex(values[i * channels] as number)] as number;
    });
    return;
  }
  for (let i = 0; i < data.length / 4; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = 255 * (values[i * channels + c] as number);
    data[4 * i + 3] = 255;
  }
}

/** Colours all cells; gaps stay transparent. `full`: the value at the end of the scale. */
export function paintMosaic(
  image: { width: number; data: Uint8ClampedArray },
  mosaic: Mosaic,
  values: Float32Array,
  table: Uint32Array,
  full: number,
): void {
  const pixels = new Uint32Array(image.data.buffer, image.data.byteOffset, image.data.byteLength >> 2);
  pixels.fill(0);
  for (let tile = 0; tile < mosaic.tiles; tile++) {
    const left = (tile % mosaic.across) * (mosaic.columns + 1);
    const top = Math.floor(tile / mosaic.across) * (mosaic.rows + 1);
    for (let row = 0; row < mosaic.rows; row++) {
      for (let column = 0; column < mosaic.columns; column++) {
        const place = mosaic.at(tile, row, column);
        if (place < 0) continue;
        const value = values[place] as number;
        pixels[(top + row) * image.width + left + column] = table[scaleIndex(value / full)] as number;
      }
    }
  }
}
