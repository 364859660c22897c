// Weights of classes.

/**
 * Weights with which every class counts as much as any other, from the train rows of each: rows / (classes * rows of the class),
 * to four digits. A class without rows counts 1. Null: there are no rows.
 */
export function balancedWeights(rows: readonly number[]): number[] | null {
  const present = rows.filter((count) => count > 0);
  const all = present.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  return rows.map((count) => (count > 0 ? Number((all / (present.length * count)).toPrecision(4)) : 1));
}
