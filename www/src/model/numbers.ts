// Numbers as programs have them, as the engine takes them: one flat list.

import type { Numbers, Target } from "./types";

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

/**
 * One weight for each class of the one target, from a list or by number; `outputs`: how many of them are one answer, which
 * are the classes of a target that is one-hot.
 */
export function classWeights(
  given: Record<number, number> | readonly number[],
  targets: readonly Target[],
  outputs: number,
): number[] {
  const [target] = targets;
  if (target === undefined || targets.length > 1) {
    throw new Error(`class_weight: expected a model of one output, found ${String(targets.length)}; give the rows weights instead`);
  }
  const classes = classesOf(target, outputs);
  if (classes < 2) throw new Error("class_weight: expected a target of classes, found numbers");
  if (Array.isArray(given)) return [...(given as readonly number[])];
  const by = given as Record<string, number>;
  const unknown = Object.keys(by).find((key) => !(Number(key) < classes && Number.isInteger(Number(key))));
  if (unknown !== undefined) {
    throw new Error(`class_weight: expected classes from 0 to ${String(classes - 1)}, found ${unknown}`);
  }
  return Array.from({ length: classes }, (_, i) => by[i] ?? 1);
}

function classesOf(target: Target, outputs: number): number {
  if (target === "binary") return 2;
  if ("classes" in target) return target.classes;
  return "sequence" in target ? target.sequence.classes : outputs;
}
