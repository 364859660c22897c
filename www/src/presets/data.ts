// The built-in data sets: what the chooser says of them and which columns the result is first drawn over.

import type { BuiltinName, BuiltinOptions } from "../engine/protocol";

/** What the engine makes by itself, and the files that lie beside the page. */
export type DataName = BuiltinName | "digits";

export interface BuiltinData {
  name: DataName;
  label: string;
  /** One sentence for the chooser. */
  doc: string;
  options: BuiltinOptions;
  /** Columns of the first plane, where the first two numbers are not the best. */
  axes?: [number, number];
  /** Whether noise and number of rows can be chosen. */
  generated: boolean;
  /** A file in the folder `data/`, fetched when it is chosen. */
  file?: string;
  /** Where that is from, and under which licence. */
  origin?: string;
}

export const builtinData: readonly BuiltinData[] = [
  {
    name: "iris",
    label: "Iris",
    doc: "150 flowers of three species, told apart by the measures of their leaves.",
    options: { seed: 7 },
    axes: [2, 3],
    generated: false,
  },
  {
    name: "line",
    label: "Line",
    doc: "100 noisy points about y = 3x + 2: the smallest network there is learns the slope.",
    options: { rows: 100, noise: 1, seed: 7 },
    generated: true,
  },
  {
    name: "moons",
    label: "Two moons",
    doc: "Two crescents that reach into each other: no straight line parts them.",
    options: { rows: 500, noise: 0.15, seed: 7 },
    generated: true,
  },
  {
    name: "circles",
    label: "Circles",
    doc: "A ring around a ring: the network has to bend space.",
    options: { rows: 500, noise: 0.08, seed: 7 },
    generated: true,
  },
  {
    name: "xor",
    label: "XOR",
    doc: "Opposite corners belong together: impossible without a hidden layer.",
    options: { rows: 500, noise: 0.1, seed: 7 },
    generated: true,
  },
  {
    name: "spirals",
    label: "Spirals",
    doc: "Two arms wound about each other: the hard one, it wants depth and patience.",
    options: { rows: 600, noise: 0.08, seed: 7 },
    generated: true,
  },
  {
    name: "blobs",
    label: "Blobs",
    doc: "Clouds of points, one class each: the easy one.",
    options: { rows: 500, noise: 0.5, seed: 7 },
    generated: true,
  },
  {
    name: "digits",
    label: "Digits",
    doc: "1,797 handwritten digits of 8 × 8 pixels, for networks that look at pictures.",
    options: { seed: 7 },
    generated: false,
    file: "digits.csv",
    origin:
      "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998, doi.org/10.24432/C50P49, CC BY 4.0.",
  },
  {
    name: "parentheses",
    label: "Parentheses",
    doc: "Are 16 parentheses balanced? A recurrent network has to count along the sequence.",
    options: { rows: 1000, seed: 7 },
    generated: true,
  },
  {
    name: "repeats",
    label: "Repeats",
    doc: "Does the first of eight letters come again? Attention compares each with all others.",
    options: { rows: 2000, seed: 7 },
    generated: true,
  },
];

export function findBuiltin(name: string | null | undefined): BuiltinData | undefined {
  return builtinData.find((data) => data.name === name);
}
