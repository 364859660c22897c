// Values to colours: the diverging scale for signed values, and the colour and mark of each class.
//
//   -1 negative (orange) ---- 0 the panel (white, or near black) ---- +1 positive (blue)
//
// The scale's middle is the panel's own colour, so "nothing" looks like nothing in both themes.

import { type MarkName, MARKS } from "./marks.js";
import { css, mix, type Palette, type Rgb } from "./palette.js";

/** Steps of a tabulated scale: an odd number, so that zero has an entry of its own. */
export const SCALE_STEPS = 511;

/** The colour of a signed value `t` from -1 to 1; outside it the ends; what is no number is the middle. */
export function diverging(palette: Palette, t: number): Rgb {
  if (!Number.isFinite(t))
    return t === Infinity ? palette.positive : t === -Infinity ? palette.negative : palette.panel;
  return t < 0 ? mix(palette.panel, palette.negative, -t) : mix(palette.panel, palette.positive, t);
}

/** A colour as one little-endian RGBA word, what a pixel loop writes. */
export function pack([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** {@link diverging} tabulated from -1 to 1 for pixel loops; see {@link scaleIndex}. */
export function divergingTable(palette: Palette): Uint32Array {
  const half = (SCALE_STEPS - 1) / 2;
  return Uint32Array.from({ length: SCALE_STEPS }, (_, i) => pack(diverging(palette, (i - half) / half)));
}

/** From `from` at 0 to `to` at 1, tabulated in the upper half of the same steps; the lower half stays `from`. */
export function rampTable(from: Rgb, to: Rgb): Uint32Array {
  const half = (SCALE_STEPS - 1) / 2;
  return Uint32Array.from({ length: SCALE_STEPS }, (_, i) => pack(mix(from, to, (i - half) / half)));
}

/** Entry of a table for `t` from -1 to 1. */
export function scaleIndex(t: number): number {
  const half = (SCALE_STEPS - 1) / 2;
  // `t !== t` is NaN, which is drawn as nothing.
  if (t !== t) return half;
  return t <= -1 ? 0 : t >= 1 ? SCALE_STEPS - 1 : Math.round(half + t * half);
}

/** Colour of class `index`; beyond eight they repeat, with other marks. */
export function classColor(palette: Palette, index: number): Rgb {
  const colors = palette.classes;
  return colors[((index % colors.length) + colors.length) % colors.length] ?? palette.muted;
}

/** The same as CSS that follows the theme by itself. */
export function classCss(index: number): string {
  return `var(--tg-class-${String(((index % 8) + 8) % 8)})`;
}

/** Mark of class `index`: no two of the first 64 classes share colour and mark. */
export function classMark(index: number): MarkName {
  const round = Math.floor(index / 8);
  // What is no class has a mark as well.
  return MARKS[(((Math.trunc(index) + round * 3) % MARKS.length) + MARKS.length) % MARKS.length] as MarkName;
}

/** Black or white ink, whichever reads better on `ground`. */
export function inkOn(palette: Palette, ground: Rgb): string {
  const brightness = (0.299 * ground[0] + 0.587 * ground[1] + 0.114 * ground[2]) / 255;
  const dark = palette.dark ? palette.bg : palette.ink;
  const light = palette.dark ? palette.ink : palette.panel;
  return css(brightness > 0.55 ? dark : light);
}

/**
 * What counts as "full" on the diverging scale for a set of signed values: the largest of them, but no more than twice
 * their root mean square, so that one stray value does not wash out the rest; and never nothing.
 */
export function signedScale(values: ArrayLike<number>): number {
  let squares = 0;
  let most = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) {
      squares += value * value;
      most = Math.max(most, Math.abs(value));
      count++;
    }
  }
  const scale = Math.min(most, 2 * Math.sqrt(squares / Math.max(1, count)));
  return Math.max(scale, 1e-9);
}
