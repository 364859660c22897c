// Numbers of several inputs or outputs, as the engine takes them: side by side in every row.

import { flat } from "./numbers";
import type { Numbers, Parts, Rows, SampleWeight } from "./types";

/** An input or an output: the name of its layer, and how many numbers of a row are its own. */
export interface Part {
  name: string;
  width: number;
}

/** An output with the losses that a row has there: one, or one for every step. */
export interface OutputPart extends Part {
  losses: number;
  /** Whether rows may be shorter: labels, which end with zeros. */
  isPadded?: boolean;
}

/** One flat list, row after row; `what` is what mistakes call it. `count`: of how many rows, where that is known. */
export function sideBySide(
  what: string,
  given: Rows,
  parts: readonly (Part & { isPadded?: boolean })[],
  count?: number,
): Float32Array<ArrayBuffer> {
  const each = byPart(what, given, parts);
  const [only] = parts;
  if (!each) {
    const values = flat(given as Numbers);
    return parts.length === 1 && only?.isPadded ? padded(values, only.width, count) : values;
  }
  const columns = each.map((numbers, i) => {
    const { name, width, isPadded } = parts[i] as OutputPart;
    if (!numbers) throw new Error(`${what}: expected numbers for "${name}", found nothing`);
    const values = flat(numbers);
    return { values: isPadded ? padded(values, width, count) : values, width };
  });
  const [first] = columns as [Column, ...Column[]];
  const rows = count ?? first.values.length / first.width;
  for (const [i, { values, width }] of columns.entries()) {
    if (values.length === rows * width && Number.isInteger(rows)) continue;
    const expected = `${String(Math.floor(rows))} rows of ${String(width)}`;
    throw new Error(`${what}: expected ${expected} for "${parts[i]?.name ?? ""}", found ${String(values.length)} numbers`);
  }
  return columns.length === 1 ? first.values : interleave(columns, rows);
}

/** Weights of so many rows: one for each, or one for every output, or for every loss of every output. */
export function weightsOf(
  given: SampleWeight | undefined,
  outputs: readonly OutputPart[],
  rows: number,
): Float32Array<ArrayBuffer> | null {
  if (given === undefined) return null;
  const each = byPart("sample_weight", given, outputs);
  if (!each) return flat(given as Numbers);
  const columns = each.map((numbers, i) => {
    const { name, losses } = outputs[i] as OutputPart;
    const values = numbers ? flat(numbers) : new Float32Array(rows).fill(1);
    if (values.length === rows) return { values, width: 1, losses };
    if (values.length === rows * losses) return { values, width: losses, losses };
    const expected = losses === 1 ? String(rows) : `${String(rows)} or ${String(rows * losses)}`;
    throw new Error(`sample_weight: expected ${expected} numbers for "${name}", found ${String(values.length)}`);
  });
  if (columns.every(({ width }) => width === 1)) return interleave(columns, rows);
  const wide = columns.map(({ values, width, losses }) => ({
    values: width === losses ? values : repeated(values, losses),
    width: losses,
  }));
  return interleave(wide, rows);
}

/** Rows of fewer numbers, with zeros behind them; what is no such rows is left as it is, and refused where it does not fit. */
function padded(values: Float32Array<ArrayBuffer>, width: number, count: number | undefined): Float32Array<ArrayBuffer> {
  const own = values.length / (count ?? values.length / width);
  if (!(Number.isInteger(own) && own > 0 && own < width)) return values;
  const all = new Float32Array((values.length / own) * width);
  for (let row = 0; row * own < values.length; row++) all.set(values.subarray(row * own, (row + 1) * own), row * width);
  return all;
}

/** The first so many of all rows. */
export function firstRows<T extends Float32Array | null>(values: T, all: number, wanted: number): T {
  if (!values || wanted >= all) return values;
  return values.slice(0, (values.length / all) * wanted) as T;
}

interface Column {
  values: Float32Array<ArrayBuffer>;
  width: number;
}

/** What is given for each part in order; null: it is not given by part. */
function byPart<T extends Numbers | null>(
  what: string,
  given: Numbers | Parts<T>,
  parts: readonly Part[],
): (T | undefined)[] | null {
  if (given instanceof Float32Array) return null;
  if (Array.isArray(given)) {
    const list = given as readonly unknown[];
    const isByPlace = parts.length > 1 && list.length === parts.length && list.every((item) => typeof item !== "number");
    return isByPlace ? [...(list as readonly T[])] : null;
  }
  const named = given as Record<string, T>;
  const names = parts.map(({ name }) => name);
  const unknown = Object.keys(named).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`${what}.${unknown}: expected one of ${names.join(", ")}, found "${unknown}"`);
  }
  return names.map((name) => named[name]);
}

function interleave(columns: readonly Column[], rows: number): Float32Array<ArrayBuffer> {
  const stride = columns.reduce((sum, { width }) => sum + width, 0);
  const all = new Float32Array(rows * stride);
  let first = 0;
  for (const { values, width } of columns) {
    for (let row = 0; row < rows; row++) all.set(values.subarray(row * width, (row + 1) * width), row * stride + first);
    first += width;
  }
  return all;
}

function repeated(values: Float32Array, times: number): Float32Array<ArrayBuffer> {
  const all = new Float32Array(values.length * times);
  values.forEach((value, i) => all.fill(value, i * times, (i + 1) * times));
  return all;
}
