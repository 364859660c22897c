// The rows that gradient cases are checked with: the same numbers as the native tests draw (crates/core/tests/common), from a
// linear congruential generator.

import type { GradientCase, Target } from "./cases";

/** Features of a row where the network does not say. */
const FEATURES = 6;

export class Numbers {
  #state: bigint;

  constructor(seed: number) {
    this.#state = BigInt(seed);
  }

  /** The next number, uniform in [-1, 1). */
  next(): number {
    this.#state = BigInt.asUintN(64, this.#state * 6364136223846793005n + 1442695040888963407n);
    return Math.fround(Number(this.#state >> 40n) / 2 ** 24) * 2 - 1;
  }

  matrix(rows: number, columns: number): Float32Array {
    return Float32Array.from({ length: rows * columns }, () => this.next());
  }

  /** Whole numbers from 0 to `count` - 1. */
  whole(length: number, count: number): Float32Array {
    return Float32Array.from({ length }, () => Math.floor(((this.next() + 1) / 2) * count));
  }
}

/** How many numbers a row has: what the network's `input` layers say, or as many as usual. */
export function columnsOf({ layers }: GradientCase): number {
  const shapes = layers.flatMap(({ type, shape }) => (type === "input" && Array.isArray(shape) ? [shape as number[]] : []));
  const sizes = shapes.map((shape) => shape.reduce((product, size) => product * size, 1));
  return sizes.reduce((sum, size) => sum + size, 0) || FEATURES;
}

/** Features that fit: whole numbers where an `embedding` reads them, some steps of zeros where a `masking` comes first. */
export function features(numbers: Numbers, rows: number, it: GradientCase): Float32Array {
  const x = numbers.matrix(rows, columnsOf(it));
  const [input, next] = it.layers;
  if (next?.type === "masking") {
    const width = (input?.shape as number[]).at(-1) ?? 1;
    for (let step = 0; step < x.length; step += width) {
      if ((x[step] as number) < -0.4) x.fill(0, step, step + width);
    }
    return x;
  }
  const read = it.layers.flatMap(({ type, input_dim }) => (/^(reversible_)?embedding$/.test(type) ? [input_dim as number] : []));
  if (read.length === 0) return x;
  const tokens = Math.min(...read);
  return x.map((value) => Math.floor(((value + 1) / 2) * tokens));
}

export function targets(numbers: Numbers, rows: number, target: Target): Float32Array {
  if (target === "binary") return numbers.whole(rows, 2);
  if ("sequence" in target) return numbers.whole(rows * target.sequence.length, target.sequence.classes);
  return "values" in target ? numbers.matrix(rows, target.values) : numbers.whole(rows, target.classes);
}
