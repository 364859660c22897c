// Where the marks of an axis stand and how they are written.
//
//   step = the nearest of 1, 2, 5 times a power of ten that gives about `count` marks
//
// Ranges may be anything a file can hold: of no width, reversed, huge or not finite at all.

import { formatFixed, formatScientific } from "./numbers.js";

/** The round step for about `count` marks on a range of that width; 0 if there is none. */
export function tickStep(width: number, count: number): number {
  if (!(width > 0) || !Number.isFinite(width) || count < 1) return 0;
  const raw = width / count;
  const power = Math.pow(10, Math.floor(Math.log10(raw)));
  if (!(power > 0)) return 0;
  const ratio = raw / power;
  const factor = ratio >= 7.07 ? 10 : ratio >= 3.16 ? 5 : ratio >= 1.41 ? 2 : 1;
  const step = factor * power;
  return Number.isFinite(step) ? step : 0;
}

/** Round values from `min` to `max`, about `count` of them and at least two; the one value when the range has no width. */
export function ticks(min: number, max: number, count = 5): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return [];
  if (min > max) return ticks(max, min, count);
  if (min === max) return [min];
  const step = tickStep(max - min, count);
  if (step === 0) return [min, max];
  // Counted in whole steps, so that 0.1 + 0.2 does not become a label.
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return [min, max];
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const made: number[] = [];
  for (let i = first; i <= last && made.length < 1000; i++) {
    const value = i * step;
    made.push(decimals <= 100 ? Number(value.toFixed(Math.min(100, decimals))) + 0 : value);
  }
  // One mark says where something is, and not how far it is from anything.
  return made.length < 2 ? ticks(min, max, count + 1) : made;
}

/** The marks as text, all with the same number of digits after the point. */
export function tickLabels(values: readonly number[]): string[] {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return values.map(() => "");
  const largest = Math.max(...finite.map(Math.abs));
  let step = Infinity;
  for (let i = 1; i < finite.length; i++) {
    const gap = Math.abs((finite[i] as number) - (finite[i - 1] as number));
    if (gap > 0) step = Math.min(step, gap);
  }
  if (!Number.isFinite(step)) step = largest === 0 ? 1 : largest / 10;
  if (largest >= 1e7 || (largest > 0 && largest < 1e-4)) {
    const digits = Math.min(6, Math.max(0, Math.ceil(Math.log10(largest / step) - 1e-9)));
    return values.map((value) => (value === 0 ? "0" : formatScientific(value, digits)));
  }
  const decimals = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return values.map((value) => formatFixed(value, decimals));
}

/** The range grown by a share of itself on both sides; a range of no width becomes one around its value. */
export function padRange(min: number, max: number, share = 0.05): [number, number] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return [0, 1];
  if (min > max) return padRange(max, min, share);
  if (min === max) {
    const half = min === 0 ? 1 : Math.abs(min) * 0.1;
    return [min - half, max + half];
  }
  const pad = (max - min) * share;
  return Number.isFinite(pad) ? [min - pad, max + pad] : [min, max];
}

/** Smallest and largest finite value, or null when there is none. */
export function extent(values: ArrayLike<number>): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
