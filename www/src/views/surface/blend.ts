// What a network says about every point of a plane, as colours.
//
//   classes:    sum of p_k x colour of class k, laid over the panel the more, the surer the network is
//   regression: the diverging scale from the least to the greatest value of the data
//
// Sureness is 0 where all classes are equally likely and 1 where one is certain, so the border between two classes shows
// as the panel's own colour.

import type { Surface } from "../../engine/protocol.js";
import type { Palette } from "../palette.js";
import { classColor, divergingTable, scaleIndex } from "../scales.js";

/** How much of the class's colour covers the panel, unsure and sure. */
const FAINT = 0.1;
const FULL = 0.46;

/** Number of classes that the outputs stand for: one sigmoid unit stands for two. */
export function classCount(outputs: number): number {
  return outputs === 1 ? 2 : outputs;
}

/** Probability of class `k` in cell `cell`; never NaN. */
export function probability(surface: Surface, cell: number, k: number): number {
  const { outputs, values } = surface;
  const value = outputs === 1 ? values[cell] : values[cell * outputs + k];
  if (value === undefined || !Number.isFinite(value)) return 1 / classCount(outputs);
  const p = Math.min(1, Math.max(0, value));
  return outputs === 1 && k === 0 ? 1 - p : p;
}

/** The cell that the values (`x`, `y`) lie in; -1 outside. */
export function cellAt(surface: Surface, x: number, y: number): number {
  const { size, x_range, y_range } = surface;
  const column = Math.floor(((x - x_range[0]) / (x_range[1] - x_range[0])) * size);
  const row = Math.floor(((y - y_range[0]) / (y_range[1] - y_range[0])) * size);
  const clamp = (at: number): number => Math.min(size - 1, Math.max(0, at));
  if (!(column >= -1 && column <= size && row >= -1 && row <= size)) return -1;
  return clamp(row) * size + clamp(column);
}

/** An image of `size` x `size`, `reuse` if it fits. */
function imageFor(size: number, reuse: ImageData | null): ImageData {
  return reuse !== null && reuse.width === size && reuse.height === size ? reuse : new ImageData(size, size);
}

/** Paints the probabilities of classes. The image's first row is the highest of the plane. */
export function blendClasses(surface: Surface, palette: Palette, reuse: ImageData | null): ImageData {
  const { size, outputs, values } = surface;
  const image = imageFor(size, reuse);
  const { data } = image;
  const count = classCount(outputs);
  const colors = Array.from({ length: count }, (_, k) => classColor(palette, k)).flat();
  const [panelR, panelG, panelB] = palette.panel;
  const chance = 1 / count;
  for (let row = 0; row < size; row++) {
    let pixel = (size - 1 - row) * size * 4;
    for (let column = 0; column < size; column++, pixel += 4) {
      const cell = row * size + column;
      let [r, g, b, total, top] = [0, 0, 0, 0, 0];
      for (let k = 0; k < count; k++) {
        let p = outputs === 1 ? (values[cell] as number) : (values[cell * outputs + k] as number);
        if (outputs === 1 && k === 0) p = 1 - p;
        if (!(p > 0)) continue;
        if (p > 1) p = 1;
        if (p > top) top = p;
        // Squared, so that near a border the likelier class is still told from the other.
        const share = p * p;
        total += share;
        r += share * (colors[3 * k] as number);
        g += share * (colors[3 * k + 1] as number);
        b += share * (colors[3 * k + 2] as number);
      }
      const sure = Math.max(0, (top - chance) / (1 - chance));
      const cover = total > 0 ? FAINT + (FULL - FAINT) * sure : 0;
      const scale = total > 0 ? cover / total : 0;
      data[pixel] = panelR * (1 - cover) + r * scale;
      data[pixel + 1] = panelG * (1 - cover) + g * scale;
      data[pixel + 2] = panelB * (1 - cover) + b * scale;
      data[pixel + 3] = 255;
    }
  }
  return image;
}

/** Paints values on the diverging scale from `low` to `high`. */
export function blendValues(
  surface: Surface,
  low: number,
  high: number,
  palette: Palette,
  reuse: ImageData | null,
): ImageData {
  const { size, outputs, values } = surface;
  const image = imageFor(size, reuse);
  const pixels = new Uint32Array(image.data.buffer);
  const table = divergingTable(palette);
  const half = (high - low) / 2;
  const factor = half > 0 ? 1 / half : 0;
  for (let row = 0; row < size; row++) {
    const first = (size - 1 - row) * size;
    for (let column = 0; column < size; column++) {
      const value = values[(row * size + column) * outputs] as number;
      pixels[first + column] = table[scaleIndex((value - low - half) * factor)] as number;
    }
  }
  return image;
}
