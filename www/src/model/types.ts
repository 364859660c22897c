// The words of a model for programs: Keras' names, and TypeScript's types for them.

import type { LayerSpec, Named, Spec } from "../engine/protocol";

export type { LayerSpec, Named, Spec };

/** Numbers of several rows: one list for all of them, row after row, or nested lists of any depth. */
export type Numbers = Float32Array | readonly number[] | readonly Numbers[];

/** What stands at the beginning: the layers, and the size of a row. */
export interface ModelOptions {
  /** In order; a layer that names its `inputs` makes it a graph. */
  layers: readonly LayerSpec[];
  /** How many numbers a row has, or their shape: `[8, 8, 1]`. */
  input_shape: number | readonly number[];
  /** Where weights, order of rows and dropout come from (0). */
  seed?: number;
  /** Absent: as many as the machine has, less one, where the page allows threads. */
  threads?: number;
  /** The same bits on every machine, a little slower. */
  reproducible?: boolean;
  /** The folder `engine/` of Tabgrad, where it does not lie beside this script's. */
  engine?: string;
}

/** What a row of `y` holds: so many numbers, 0 or 1, the number of a class, or one for each step of a sequence. */
export type Target =
  | { values: number }
  | "binary"
  | { classes: number }
  | { sequence: { classes: number; length: number } };

export interface Optimizer {
  type: string;
  learning_rate?: number | Named;
  [argument: string]: unknown;
}

/** What Keras' `compile` takes. */
export interface CompileOptions {
  optimizer: string | Optimizer;
  /** One, or one for every output by its name. */
  loss: Spec | Record<string, Spec>;
  /** For every output, or lists by the names of outputs. */
  metrics?: readonly Spec[] | Record<string, readonly Spec[]>;
  /** The same, with each row counting as `sample_weight` and `class_weight` say. */
  weighted_metrics?: readonly Spec[] | Record<string, readonly Spec[]>;
  loss_weights?: Record<string, number>;
  /** Absent: as loss and last layer say. Several outputs: one for each. */
  target?: Target | readonly Target[];
}

/** Scores by name: `loss`, `accuracy`, ..., and those of validation with `val_` in front. */
export type Logs = Record<string, number>;

/** A callback of one's own: told of every epoch; training ends when it returns false. */
export interface EpochCallback {
  on_epoch_end(epoch: number, logs: Logs): boolean | void;
}

/** What Keras' `fit` takes. */
export interface FitOptions {
  /** 1 */
  epochs?: number;
  /** 32 */
  batch_size?: number;
  /** The share of the rows, from the end, that is scored after every epoch and not trained on. */
  validation_split?: number;
  /** Rows that are scored after every epoch: x, y and perhaps their weights. */
  validation_data?: readonly [Numbers, Numbers] | readonly [Numbers, Numbers, Numbers];
  /** True. */
  shuffle?: boolean;
  /** Callbacks of the engine by name (`early_stopping`, ...), and of one's own. */
  callbacks?: readonly (Spec | EpochCallback)[];
  /** What the rows of each class count: by its number; of those not named 1. */
  class_weight?: Record<number, number> | readonly number[];
  /** What each row counts. */
  sample_weight?: Numbers;
}

/** How a fit went. */
export interface History {
  /** The epochs, from 0 as Keras counts them. */
  epoch: number[];
  /** Every score by name, one value for each epoch. */
  history: Record<string, number[]>;
  /** The callback that ended it, by its place among those of the engine. */
  stopped_by: number | null;
  /** Loss or weights were no longer finite; the last finite weights are back. */
  diverged: boolean;
  /** What a `csv_logger` has written. */
  log: string | null;
}

/** One tensor of weights. */
export interface Weight {
  /** "dense/kernel" */
  name: string;
  shape: number[];
  /** Row by row. */
  values: Float32Array;
}

/** What a model is made of. */
export interface Summary {
  layers: { name: string; type: string; output_shape: number[]; parameters: number }[];
  parameters: number;
  /** Bytes that training takes. */
  bytes: number;
}
