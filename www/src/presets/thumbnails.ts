// The little pictures of the data chooser: some forty points of each shape, the same every time. Not the data themselves,
// which the engine makes from a seed; only what they look like.

import type { DataName } from "./data";

/** A point in a square from 0 to 1, y upwards. */
export interface ThumbnailPoint {
  x: number;
  y: number;
  kind: number;
}

const POINTS = 42;

/** Evenly spread numbers without pattern: the fractional parts of multiples of an irrational one. */
const scatter = (i: number, salt: number): number => ((i + 1) * (0.6180339887 + salt * 0.1319) + salt * 0.37) % 1;

const jitter = (i: number, salt: number): number => (scatter(i, salt) + scatter(i, salt + 1) - 1) * 0.09;

/** Cells of a picture with something in them, evenly over all points. */
const drawn = (...rows: string[]) => {
  const cells = rows.flatMap((row, y) => [...row].flatMap((cell, x) => (cell === "#" ? [[x, y] as const] : [])));
  const middle = ((rows[0]?.length ?? 1) - 1) / 2;
  return (_t: number, _kind: number, i: number): [number, number] => {
    const [x, y] = cells[i % cells.length] ?? [0, 0];
    return [0.5 + (x - middle) * 0.11, 0.5 + (3.5 - y) * 0.11];
  };
};

const shapes: Record<DataName, (t: number, kind: number, i: number) => [number, number]> = {
  iris: (_t, kind, i) => {
    const spread = kind === 0 ? 0.7 : 1.5;
    const [x, y] = (
      [
        [0.18, 0.18],
        [0.52, 0.52],
        [0.78, 0.8],
      ] as const
    )[kind] ?? [0, 0];
    return [x + jitter(i, 1) * spread, y + jitter(i, 3) * spread];
  },
  line: (t, _kind, i) => [0.08 + 0.84 * t, 0.12 + 0.76 * t + jitter(i, 1)],
  moons: (t, kind, i) => {
    const angle = Math.PI * t;
    const x = kind === 0 ? 0.37 + 0.28 * Math.cos(angle) : 0.63 - 0.28 * Math.cos(angle);
    const y = kind === 0 ? 0.4 + 0.36 * Math.sin(angle) : 0.6 - 0.36 * Math.sin(angle);
    return [x + jitter(i, 1) * 0.6, y + jitter(i, 3) * 0.6];
  },
  circles: (t, kind, i) => {
    const radius = kind === 0 ? 0.4 : 0.17;
    return [
      0.5 + radius * Math.cos(2 * Math.PI * t) + jitter(i, 1) * 0.5,
      0.5 + radius * Math.sin(2 * Math.PI * t) + jitter(i, 3) * 0.5,
    ];
  },
  xor: (_t, kind, i) => {
    const right = i % 4 < 2;
    const x = 0.1 + 0.34 * scatter(i, 2);
    const y = 0.1 + 0.34 * scatter(i, 5);
    return [right ? x + 0.46 : x, right === (kind === 0) ? y + 0.46 : y];
  },
  spirals: (t, kind) => {
    const angle = 0.6 + 3.4 * Math.PI * t * 0.55 + kind * Math.PI;
    const radius = 0.06 + 0.36 * t;
    return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)];
  },
  blobs: (_t, kind, i) => {
    const [x, y] = (
      [
        [0.26, 0.3],
        [0.72, 0.34],
        [0.48, 0.76],
      ] as const
    )[kind] ?? [0, 0];
    return [x + jitter(i, 1) * 1.5, y + jitter(i, 3) * 1.5];
  },
  digits: drawn(".####.", "#....#", ".....#", "..###.", ".....#", ".....#", "#....#", ".####."),
  parentheses: drawn("..#..#..", ".#....#.", "#......#", "#......#", "#......#", ".#....#.", "..#..#.."),
  repeats: drawn("........", ".##..##.", "...#...#", ".###.###", "#..##..#", ".###.###", "........"),
};

const kinds: Partial<Record<DataName, number>> = { iris: 3, blobs: 3, line: 1, digits: 1, parentheses: 1, repeats: 1 };

export function thumbnail(name: DataName): ThumbnailPoint[] {
  const classes = kinds[name] ?? 2;
  return Array.from({ length: POINTS }, (_, i) => {
    const kind = i % classes;
    const [x, y] = shapes[name](Math.floor(i / classes) / (POINTS / classes - 1), kind, i);
    return { x: Math.min(0.97, Math.max(0.03, x)), y: Math.min(0.97, Math.max(0.03, y)), kind };
  });
}
