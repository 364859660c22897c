// Lists of numbers as they are typed and shown: "3 × 3", "0.1, 0.01", "2". Pure functions.

import type { Argument, ArgumentKind } from "../engine/protocol";
import { parseNumber, plain } from "../styles/format";

/** A list or one number that stands for it, as a field shows it. */
export function showList(kind: ArgumentKind, value: unknown): string {
  if (typeof value === "string") return value;
  const items: unknown[] = Array.isArray(value) ? value : [value];
  const shown = items.map((it) =>
    typeof it === "number" ? plain(it) : typeof it === "string" ? it : Array.isArray(it) ? `(${showList("axes", it)})` : "",
  );
  return shown.join(kind === "shape" || kind === "sizes" ? " × " : ", ");
}

/**
 * What was typed: the value, or why it is none. One number stays a number where one stands for the whole list; nothing at
 * all is `undefined`, the default.
 */
export function readList({ kind, min, max }: Argument, text: string): { value: unknown } | { error: string } {
  const typed = text.trim();
  if (typed === "") return { value: undefined };
  if (kind === "text") return { value: typed };
  if (kind === "words") return { value: typed.split(/[\s,;]+/).filter(Boolean) };
  const pairs = typed.match(/\([^()]*\)/g);
  if (pairs) return { value: pairs.map((pair) => wholeNumbers(pair.slice(1, -1)) ?? []) };
  // Without a space a comma may be that of a decimal fraction.
  const parts = typed.split(kind === "numbers" ? /\s*;\s*|,\s+|\s+/ : /\s*[;,x×*\s]\s*/i).filter((part) => part !== "");
  const numbers: number[] = [];
  for (const part of parts) {
    const number = parseNumber(part);
    if (number === null) return { error: `“${part}” is not a number.` };
    if (kind !== "numbers" && !Number.isInteger(number)) return { error: "Only whole numbers." };
    if (min !== undefined && number < min) return { error: `At least ${plain(min)} each.` };
    if (max !== undefined && number > max) return { error: `At most ${plain(max)} each.` };
    numbers.push(number);
  }
  const single = numbers.length === 1 && (kind === "sizes" || kind === "axes");
  return { value: single ? numbers[0] : numbers };
}

function wholeNumbers(text: string): number[] | null {
  const numbers = text.split(/[,\s]+/).map(Number);
  return numbers.every((number) => Number.isInteger(number)) ? numbers : null;
}
