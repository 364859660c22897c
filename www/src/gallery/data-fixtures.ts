// Points, histories, matrices and columns from a seed.

import type { ColumnReport, Curve, EpochRecord, Evaluation, Points } from "../engine/protocol.js";
import { normal, random } from "./random.js";

/** Rows in train, validation and test: about 70, 15 and 15 in a hundred. */
function partOf(share: number): number {
  return share < 0.7 ? 0 : share < 0.85 ? 1 : 2;
}

/** Clouds of `classes` classes on a ring, in the given ranges. */
export function makePoints(
  classes: number,
  count: number,
  x_range: [number, number],
  y_range: [number, number],
  seed = 1,
): Points {
  const next = random(seed);
  const points: Points = {
    x: new Float32Array(count),
    y: new Float32Array(count),
    target: new Float32Array(count),
    part: new Uint8Array(count),
    x_range,
    y_range,
  };
  const scale = (share: number, [low, high]: [number, number]): number =>
    low + Math.min(0.98, Math.max(0.02, share)) * (high - low);
  for (let i = 0; i < count; i++) {
    const k = i % classes;
    const angle = (2 * Math.PI * (k + 0.35)) / classes;
    const spread = 0.34 / Math.sqrt(classes + 1);
    points.x[i] = scale(0.5 + 0.3 * Math.cos(angle) + spread * normal(next), x_range);
    points.y[i] = scale(0.5 + 0.3 * Math.sin(angle) + spread * normal(next), y_range);
    points.target[i] = k;
    points.part[i] = partOf(next());
  }
  return points;
}

/** Points whose target is a smooth function of both columns. */
export function makeValuePoints(count: number, seed = 1): Points {
  const points = makePoints(3, count, [-3, 3], [-3, 3], seed);
  for (let i = 0; i < count; i++)
    points.target[i] = 1000 * Math.sin(points.x[i] as number) + 400 * (points.y[i] as number);
  return points;
}

/** The noisy line y = 3 x + 2. */
export function makeLine(count = 100, seed = 4): Points {
  const next = random(seed);
  const points: Points = {
    x: new Float32Array(count),
    y: new Float32Array(count),
    target: new Float32Array(count),
    part: new Uint8Array(count),
    x_range: [0, 10],
    y_range: [0, 32],
  };
  for (let i = 0; i < count; i++) {
    const x = 10 * next();
    points.x[i] = x;
    points.y[i] = points.target[i] = 3 * x + 2 + normal(next);
    points.part[i] = next() < 0.8 ? 0 : 2;
  }
  return points;
}

/** A function as the curve of a fit. */
export function makeCurve(from: number, to: number, functions: ((x: number) => number)[], count = 120): Curve {
  const x = Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  const y = new Float32Array(count * functions.length);
  x.forEach((value, i) => functions.forEach((f, k) => (y[i * functions.length + k] = f(value))));
  return { x, y, outputs: functions.length };
}

/** A run of `epochs`: loss falls, accuracy rises, validation is worse and noisier. */
export function makeHistory(epochs: number, seed = 1, validation = true, scale = 1): EpochRecord[] {
  const next = random(seed);
  return Array.from({ length: epochs }, (_, i) => {
    const t = i / Math.max(60, epochs / 4);
    const loss = scale * (0.06 + 1.05 * Math.exp(-2.2 * t)) * (1 + 0.06 * normal(next));
    const valid = scale * (0.11 + 1.0 * Math.exp(-1.9 * t) + 0.02 * t) * (1 + 0.09 * normal(next));
    const accuracy = (l: number): number => Math.min(1, Math.max(0, 1 - 0.6 * (l / scale)));
    return {
      epoch: i + 1,
      train: { loss, metrics: { accuracy: accuracy(loss) } },
      validation: validation ? { loss: valid, metrics: { accuracy: accuracy(valid) } } : null,
    };
  });
}

/** A matrix of `k` classes, mostly right. */
export function makeEvaluation(k: number, rows: number, seed = 1): Evaluation {
  const next = random(seed);
  const confusion = new Uint32Array(k * k);
  for (let i = 0; i < rows; i++) {
    const actual = i % k;
    const predicted = next() < 0.86 ? actual : Math.floor(next() * k);
    confusion[actual * k + predicted] = (confusion[actual * k + predicted] ?? 0) + 1;
  }
  return { part: "test", rows, confusion, loss: 0.2, metrics: {} };
}

/** A column of numbers in bins. */
export function numberColumn(name: string, shape: (x: number) => number, bins = 14): ColumnReport {
  return {
    name,
    type: "number",
    role: "feature",
    missing: 0,
    distinct: 43,
    min: 1,
    max: 6.9,
    mean: 3.758,
    std: 1.765,
    histogram: Array.from({ length: bins }, (_, i) => Math.round(30 * Math.max(0, shape((i + 0.5) / bins)))),
  };
}

/** A column of categories. */
export function categoryColumn(name: string, counts: Record<string, number>): ColumnReport {
  const categories = Object.entries(counts).map(([label, count]) => ({ label, count }));
  return { name, type: "category", role: "target", missing: 0, distinct: categories.length, categories };
}
