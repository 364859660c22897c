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

/** Shape of one row: what the network's `input` says, or as many numbers as usual. */
export function inputShape({ layers }: GradientCase): number[] {
  const first = layers[0];
  return first?.type === "input" && Array.isArray(first.shape) ? (first.shape as number[]) : [FEATURES];
}

/** Features that fit: whole numbers where an `embedding` reads them. */
export function features(numbers: Numbers, rows: number, it: GradientCase): Float32Array {
  const columns = inputShape(it).reduce((product, size) => product * size, 1);
  const tokens = it.layers.find(({ type }) => type === "embedding")?.input_dim;
  return typeof tokens === "number" ? numbers.whole(rows * columns, tokens) : numbers.matrix(rows, columns);
}

export function targets(numbers: Numbers, rows: number, target: Target): Float32Array {
  if (target === "binary") return numbers.whole(rows, 2);
  return "values" in target ? numbers.matrix(rows, target.values) : numbers.whole(rows, target.classes);
}
