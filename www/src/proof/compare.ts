// Close enough, and what is said when it is not: the same measure as the native tests have
// (crates/core/tests/goldens/compare.rs).
//
//   |found - expected| <= absolute + relative * |expected|

export interface Tolerance {
  relative: number;
  absolute: number;
}

/** One operation, forward or backward, in 32-bit floats. */
export const PER_OP: Tolerance = { relative: 1.3e-6, absolute: 2e-6 };
/** Whole models and many steps: roundings pile up. */
export const WHOLE: Tolerance = { relative: 1e-4, absolute: 1e-5 };
/**
 * Fused multiply-adds round once where Keras rounds twice, so a single operation may be off by as many last bits as its sums have
 * terms.
 */
export const PER_OP_FUSED: Tolerance = { relative: 4e-6, absolute: 3e-6 };

/** What came of one case. */
export interface Outcome {
  /** How many numbers were compared. */
  numbers: number;
  /** The largest difference as a share of what is allowed. */
  worst: number;
  /** One line for everything that differs; none: green. */
  differences: string[];
}

export class Comparison implements Outcome {
  numbers = 0;
  worst = 0;
  differences: string[] = [];

  /** Of a tensor, the element that is furthest off is the one that is told. */
  values(what: string, expected: ArrayLike<number>, found: ArrayLike<number> | undefined, { relative, absolute }: Tolerance): void {
    if (found === undefined || found.length !== expected.length) {
      this.differences.push(`${what}: expected ${expected.length} numbers, found ${found?.length ?? "none"}`);
      return;
    }
    this.numbers += expected.length;
    let worst = 0;
    let place = -1;
    for (let i = 0; i < expected.length; i++) {
      const right = expected[i] as number;
      const off = Math.abs((found[i] as number) - right) / (absolute + relative * Math.abs(right));
      // What is no number is as far off as can be.
      const share = Number.isNaN(off) ? Infinity : off;
      if (share > worst) [worst, place] = [share, i];
    }
    this.worst = Math.max(this.worst, worst);
    if (worst > 1) {
      const times = worst === Infinity ? "" : `, ${worst.toFixed(1)} times what is allowed`;
      this.differences.push(`${what}[${place}]: expected ${expected[place]}, found ${found[place]}${times}`);
    }
  }

  number(what: string, expected: number, found: number | undefined, tolerance: Tolerance): void {
    this.values(what, [expected], found === undefined ? undefined : [found], tolerance);
  }
}
