// Numbers as programs have them, as the engine takes them: one flat list.

import type { Numbers } from "./types";

/** A list of its own: what is given stays with who gave it. */
export function flat(numbers: Numbers): Float32Array<ArrayBuffer> {
  if (numbers instanceof Float32Array) return new Float32Array(numbers);
  const first: unknown = numbers[0];
  if (first === undefined || typeof first === "number") return Float32Array.from(numbers as readonly number[]);
  const parts = (numbers as readonly Numbers[]).map(flat);
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** One weight for each class, from a list or by number. */
export function classWeights(given: Record<number, number> | readonly number[], classes: number): number[] {
  if (Array.isArray(given)) return [...(given as readonly number[])];
  const by = given as Record<number, number>;
  return Array.from({ length: classes }, (_, i) => by[i] ?? 1);
}
