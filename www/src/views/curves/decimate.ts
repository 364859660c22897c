// A history of any length in at most about a thousand points, with nothing that stands out lost.
//
// Epochs are gathered in buckets of equal width. Of each bucket the first record and, for every series, those of its
// smallest and largest value are kept. When there are too many buckets, neighbours are joined and the width doubles:
//
//   width 1:  [0][1][2][3] ...        width 2:  [0 1][2 3] ...        width 4:  [0 1 2 3] ...
//
// So adding a record costs the same at epoch ten and at epoch ten million, and every extreme of every series is kept
// whatever the width.

/** Values of one record in the order of the series; null where a series has none. */
export type Values = readonly (number | null)[];

interface Bucket {
  /** Index of its first record. */
  first: number;
  /** For each series the records of its smallest and largest value; -1: none. */
  lowAt: Int32Array;
  highAt: Int32Array;
  low: Float64Array;
  high: Float64Array;
}

/** Gathers records one by one; {@link kept} says which to draw. */
export class Decimator {
  private buckets: Bucket[] = [];
  private width = 1;
  private count = 0;

  /** `most`: points kept at most, and the last; each bucket may keep 1 + 2 * `series` of them. */
  constructor(
    private readonly series: number,
    private readonly most = 1000,
  ) {}

  /** Number of records so far. */
  get length(): number {
    return this.count;
  }

  push(values: Values): void {
    const index = this.count++;
    const at = Math.floor(index / this.width);
    let bucket = this.buckets[at];
    if (bucket === undefined) {
      bucket = {
        first: index,
        lowAt: new Int32Array(this.series).fill(-1),
        highAt: new Int32Array(this.series).fill(-1),
        low: new Float64Array(this.series).fill(Infinity),
        high: new Float64Array(this.series).fill(-Infinity),
      };
      this.buckets.push(bucket);
    }
    for (let s = 0; s < this.series; s++) {
      const value = values[s];
      if (value == null || !Number.isFinite(value)) continue;
      if (value < (bucket.low[s] as number)) {
        bucket.low[s] = value;
        bucket.lowAt[s] = index;
      }
      if (value > (bucket.high[s] as number)) {
        bucket.high[s] = value;
        bucket.highAt[s] = index;
      }
    }
    if (this.buckets.length * (1 + 2 * this.series) > this.most) this.join();
  }

  /** Joins neighbours: half as many buckets, each twice as wide. */
  private join(): void {
    const joined: Bucket[] = [];
    for (let i = 0; i < this.buckets.length; i += 2) {
      const bucket = this.buckets[i] as Bucket;
      const next = this.buckets[i + 1];
      if (next !== undefined) {
        for (let s = 0; s < this.series; s++) {
          if ((next.low[s] as number) < (bucket.low[s] as number)) {
            bucket.low[s] = next.low[s] as number;
            bucket.lowAt[s] = next.lowAt[s] as number;
          }
          if ((next.high[s] as number) > (bucket.high[s] as number)) {
            bucket.high[s] = next.high[s] as number;
            bucket.highAt[s] = next.highAt[s] as number;
          }
        }
      }
      joined.push(bucket);
    }
    this.buckets = joined;
    this.width *= 2;
  }

  /** Indices of the records to draw, ascending: the first and last are always among them. */
  kept(): number[] {
    const kept: number[] = [];
    const own: number[] = [];
    for (const bucket of this.buckets) {
      own.length = 0;
      own.push(bucket.first);
      for (let s = 0; s < this.series; s++) own.push(bucket.lowAt[s] as number, bucket.highAt[s] as number);
      own.sort((a, b) => a - b);
      for (const index of own) if (index >= 0 && index !== kept[kept.length - 1]) kept.push(index);
    }
    if (this.count > 0 && kept[kept.length - 1] !== this.count - 1) kept.push(this.count - 1);
    return kept;
  }
}
