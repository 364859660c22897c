// Options of calls, checked before anything is done: a misspelt one would otherwise change nothing, without a word.

/** Refuses what is not among the options of a call, with the nearest of them. */
export function allow(call: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${call}: ${notAmong("options among", unknown, known)}`);
}

/** What is said of a name that there is not. */
export function notAmong(expected: string, found: string, known: readonly string[]): string {
  const near = nearest(found, known);
  const hint = near === undefined ? "" : `: did you mean "${near}"?`;
  return `expected ${expected} ${known.join(", ")}, found "${found}"${hint}`;
}

/** Refuses an option that is there and no whole number of at least `least`. */
export function wholeNumber(name: string, value: number | null | undefined, least = 1): void {
  if (value == null || (Number.isInteger(value) && value >= least)) return;
  throw new Error(`${name}: expected a whole number of at least ${String(least)}, found ${String(value)}`);
}

/** The name that was meant: with few letters other, more, fewer or swapped, as in crates/core/src/error.rs. */
export function nearest(found: string, known: readonly string[]): string | undefined {
  const near = known
    .map((name) => ({ name, distance: distance(found.toLowerCase(), name) }))
    .filter(({ name, distance }) => distance <= Math.floor(Math.max(name.length, 3) / 3));
  return near.sort((a, b) => a.distance - b.distance)[0]?.name;
}

/** Damerau and Levenshtein's distance, of neighbours swapped once. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
