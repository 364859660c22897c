// What is proven: goldens (files that Keras made, tests/goldens) and gradient cases (the networks that the native tests check),
// as the page fetches them. Both are data; the engine is the only thing that computes.

import type { ModelSpec, TrainingSpec } from "../engine/protocol";

export type Target =
  | { values: number }
  | { classes: number }
  | { sequence: { classes: number; length: number } }
  | "binary";

/** One file of tests/goldens/json: specs, rows, and what Keras made of them. Arrays are flat, row by row. */
export interface Golden {
  name: string;
  model: ModelSpec;
  training: TrainingSpec;
  input: number[];
  /** Several where there are several outputs. */
  target: Target | Target[];
  rows: number;
  x: number[];
  y: number[];
  /** How much each row's loss counts. */
  sample_weight?: number[];
  /** Every tensor before the first step. */
  weights: Record<string, number[]>;
  /** What `predict` answers with these weights. */
  output: number[];
  scores?: Record<string, number>;
  /** Of the first batch's loss. */
  gradients?: Record<string, number[]>;
  /** Loss of each of the first steps. */
  losses?: number[];
  /** Every tensor after so many steps. */
  after?: Record<string, Record<string, number[]>>;
}

/** A network whose gradients are compared with differences of its loss. */
export interface GradientCase {
  what: string;
  layers: ModelSpec["layers"];
  loss: TrainingSpec["loss"];
  target: Target;
}

/** A list of cases that are shown together. */
export interface Family {
  /** "layers", "optimizers", "gradients of layers" */
  name: string;
  kind: "golden" | "gradient";
  cases: (Golden | GradientCase)[];
}

/** Folders of goldens that are cases of a model; initializers draw from distributions and are tested natively. */
export const GOLDEN_FOLDERS = ["layers", "blocks", "graphs", "losses", "metrics", "optimizers", "models"] as const;

/** Fetches everything there is to prove; `base` is the address of the folder that the build wrote. */
export async function fetchFamilies(base: string): Promise<Family[]> {
  const json = async (name: string): Promise<unknown> => {
    const response = await fetch(new URL(`${name}.json`, base));
    if (!response.ok) throw new Error(`${name}.json could not be fetched: ${response.status} ${response.statusText}`);
    return response.json();
  };
  const goldens = GOLDEN_FOLDERS.map(
    async (name): Promise<Family> => ({ name, kind: "golden", cases: (await json(name)) as Golden[] }),
  );
  const gradients = (await json("gradients")) as Record<string, GradientCase[]>;
  return [
    ...(await Promise.all(goldens)),
    ...Object.entries(gradients).map(
      ([name, cases]): Family => ({ name: `gradients of ${name}`, kind: "gradient", cases }),
    ),
  ];
}

export function caseName(family: Family, index: number): string {
  const it = family.cases[index];
  return it === undefined ? "" : "name" in it ? it.name : it.what;
}
