// What a confusion matrix says, in shares and words. Rows are true classes, columns predicted ones.

import type { TableData } from "../data-table.js";
import { formatCount, formatPercent } from "../numbers.js";

/** Number of classes of a matrix; 0 when it is not square. */
export function side(matrix: Uint32Array): number {
  const k = Math.round(Math.sqrt(matrix.length));
  return k * k === matrix.length ? k : 0;
}

/** Sums of the rows: how many there are of each true class. */
export function rowSums(matrix: Uint32Array): number[] {
  const k = side(matrix);
  return Array.from({ length: k }, (_, i) =>
    matrix.subarray(i * k, (i + 1) * k).reduce((sum, count) => sum + count, 0),
  );
}

/** Share of a cell in its row, 0 for a class without rows. */
export function share(count: number, sum: number): number {
  return sum > 0 ? count / sum : 0;
}

/** "23 rows, 22 right (95.7 %). Most often taken for another: versicolor for virginica, 1." */
export function describeConfusion(matrix: Uint32Array, classes: readonly string[]): string {
  const k = side(matrix);
  let [total, right, worst] = [0, 0, -1];
  for (let i = 0; i < k * k; i++) {
    const count = matrix[i] as number;
    total += count;
    if (i % (k + 1) === 0) right += count;
    else if (count > 0 && (worst < 0 || count > (matrix[worst] as number))) worst = i;
  }
  const name = (i: number): string => classes[i] ?? String(i);
  const error =
    worst < 0
      ? ""
      : ` Most often taken for another: ${name(Math.floor(worst / k))} for ${name(worst % k)}, ${formatCount(matrix[worst])}.`;
  return `${formatCount(total)} rows, ${formatCount(right)} right (${formatPercent(total > 0 ? right / total : null)}).${error}`;
}

/** The matrix as a table for copying. */
export function confusionTable(matrix: Uint32Array, classes: readonly string[]): TableData {
  const k = side(matrix);
  const names = Array.from({ length: k }, (_, i) => classes[i] ?? String(i));
  return {
    columns: ["true class", ...names],
    rows: names.map((name, i) => [name, ...matrix.subarray(i * k, (i + 1) * k)]),
  };
}
