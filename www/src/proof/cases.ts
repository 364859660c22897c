// What is proven: goldens (files that Keras made, tests/goldens), ONNX' node tests (tests/onnx) and gradient cases (the networks
// that the native tests check), as the page fetches them. All are data; the engine is the only thing that computes.

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
  /** The same with respect to the rows of `x`. */
  input_gradient?: number[];
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

/** A schedule and the learning rates of the first steps under it. */
export interface RatesCase {
  name: string;
  schedule: unknown;
  rates: number[];
}

/** A layer whose initializers are constants, and the weights it begins with. */
export interface InitialCase {
  name: string;
  model: ModelSpec;
  input: number[];
  weights: Record<string, number[]>;
}

/** What a sample of Keras' initializer looked like: of the kernel of a dense layer, or of a weight of a layer. */
export interface InitializerCase {
  name: string;
  initializer: { type: string; distribution?: string };
  shape?: [number, number];
  layer?: ModelSpec["layers"][number];
  input?: number[];
  weight?: string;
  mean: number;
  std: number;
  minimum: number;
  maximum: number;
  probabilities: number[];
  quantiles: number[];
}

/** Predictions of classes, and what scikit-learn says of them; -1 where it cannot be said. */
export interface ReportCase {
  name: string;
  rows: number;
  outputs: number;
  p: number[];
  y: number[];
  confusion: number[];
  precision: number[];
  recall: number[];
  f1: number[];
  support: number[];
  accuracy: number;
  balanced_accuracy: number;
  matthews: number;
  kappa: number;
  f1_averages: number[];
  auc: number[];
  average_precision: number[];
}

/** Numbers in base64, or an identity times a factor. */
export type Packed = string | { identity: number; factor: number };

/** One of ONNX' node tests as a small model: tests/onnx/README.md. */
export interface OnnxCase {
  name: string;
  operator: string;
  layers: ModelSpec["layers"];
  input: number[];
  rows: number;
  x: Packed;
  weights: Record<string, Packed>;
  /** Predictions; losses where there is a loss; the weights after a step where there is an optimizer. */
  output: Packed;
  y?: Packed;
  sample_weight?: Packed;
  loss?: TrainingSpec["loss"];
  optimizer?: TrainingSpec["optimizer"];
  target?: Target;
  /** A loss for every row, not one for all. */
  each?: boolean;
  /** Of a number of the output where it is wider than usual: what was computed in half precision. */
  tolerance?: number;
  /** Further outputs of the same test. */
  also?: OnnxCase;
}

/** What there is of each kind. */
export interface Kinds {
  golden: Golden;
  rates: RatesCase;
  initial: InitialCase;
  initializer: InitializerCase;
  report: ReportCase;
  onnx: OnnxCase;
  gradient: GradientCase;
}

export type Case = Kinds[keyof Kinds];

/** A list of cases that are shown together. */
export interface Family {
  /** "layers", "optimizers", "gradients of layers" */
  name: string;
  kind: keyof Kinds;
  cases: Case[];
}

/** Folders of tests/goldens/json and what their files are; `arguments` are compared by the native tests alone. */
export const GOLDEN_FOLDERS = {
  layers: "golden",
  blocks: "golden",
  graphs: "golden",
  losses: "golden",
  metrics: "golden",
  optimizers: "golden",
  rates: "rates",
  trajectories: "golden",
  constraints: "golden",
  initial: "initial",
  initializers: "initializer",
  models: "golden",
  reports: "report",
} as const satisfies Record<string, keyof Kinds>;

/** Fetches everything there is to prove; `base` is the address of the folder that the build wrote. */
export async function fetchFamilies(base: string): Promise<Family[]> {
  const json = async (name: string): Promise<unknown> => {
    const response = await fetch(new URL(`${name}.json`, base));
    if (!response.ok) throw new Error(`${name}.json could not be fetched: ${response.status} ${response.statusText}`);
    return response.json();
  };
  const goldens = Object.entries(GOLDEN_FOLDERS).map(
    async ([name, kind]): Promise<Family> => ({ name, kind, cases: (await json(name)) as Case[] }),
  );
  const onnx = json("onnx").then((cases): Family => ({ name: "ONNX node tests", kind: "onnx", cases: cases as Case[] }));
  const gradients = (await json("gradients")) as Record<string, GradientCase[]>;
  return [
    ...(await Promise.all([...goldens, onnx])),
    ...Object.entries(gradients).map(
      ([name, cases]): Family => ({ name: `gradients of ${name}`, kind: "gradient", cases }),
    ),
  ];
}

export function caseName(family: Family, index: number): string {
  const it = family.cases[index];
  return it === undefined ? "" : "name" in it ? it.name : it.what;
}
