// The words of a model for programs: Keras' names, and TypeScript's types for them.

import type { LayerSpec, Named, Spec } from "../engine/protocol";

export type { LayerSpec, Named, Spec };

/** Numbers of several rows: one list for all of them, row after row, or nested lists of any depth. */
export type Numbers = Float32Array | readonly number[] | readonly Numbers[];

/** Something for each of several inputs or outputs: by the names of their layers, or in their order. */
export type Parts<T> = Record<string, T> | readonly T[];

/**
 * Rows for a model of several inputs, or targets for one of several outputs: for each its own, or all side by side in every
 * row. Of a list of lists, as many as there are inputs or outputs are one for each, as in Keras.
 */
export type Rows = Numbers | Parts<Numbers>;

/**
 * What each row counts: one number for each, or as many as it has losses (steps of a sequence, pixels); of several outputs
 * also for each output its own, null for 1.
 */
export type SampleWeight = Numbers | Parts<Numbers | null>;

/** What stands at the beginning: the layers, and the size of a row. */
export interface ModelOptions {
  /** In order; a layer that names its `inputs` makes it a graph. */
  layers: readonly LayerSpec[];
  /** The layers that are outputs, by name; absent: those that no other layer takes. */
  outputs?: readonly string[];
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
  /** One, or one for every output. */
  loss: Spec | Parts<Spec>;
  /** Of the output; of several, one metric or a list for each, or as many as fit it of a list of another length. */
  metrics?: readonly (Spec | readonly Spec[] | null)[] | Record<string, Spec | readonly Spec[]>;
  /** The same, with each row counting as `sample_weight` and `class_weight` say. */
  weighted_metrics?: readonly (Spec | readonly Spec[] | null)[] | Record<string, Spec | readonly Spec[]>;
  /** What the loss of every output counts in their sum; 1 where nothing is said. */
  loss_weights?: number | Parts<number>;
  /** Absent: as losses and outputs say. Several outputs: one for each. */
  target?: Target | readonly Target[];
}

/** Scores by name: `loss`, `accuracy`, ..., and those of validation with `val_` in front. */
export type Logs = Record<string, number>;

/** A callback of one's own: told of every epoch, counted from 0; training ends when `on_epoch_end` returns false. */
export interface EpochCallback {
  on_train_begin?(): void;
  on_epoch_end?(epoch: number, logs: Logs): boolean | void;
  /** With the scores of the last epoch. */
  on_train_end?(logs: Logs): void;
}

/**
 * What Keras' `fit` takes. An epoch is every row once: without `steps_per_epoch`, which is for data that come without end.
 */
export interface FitOptions {
  /** The number of the last epoch and 1, where `initial_epoch` is 0: how many. (1) */
  epochs?: number;
  /** The number of the first epoch, for a training that goes on after another. (0) */
  initial_epoch?: number;
  /** 32 */
  batch_size?: number;
  /** The share of the rows, from the end, that is scored after every epoch and not trained on. */
  validation_split?: number;
  /** Rows that are scored after every epoch: x, y and perhaps their weights. */
  validation_data?: readonly [Rows, Rows] | readonly [Rows, Rows, SampleWeight];
  /** After every how many epochs they are scored, or after which, counted from 1. (1) */
  validation_freq?: number | readonly number[];
  /** How many of them are looked at together: of consequence for losses of whole batches only (`dice`, `circle`). */
  validation_batch_size?: number;
  /** True. */
  shuffle?: boolean;
  /** Callbacks of the engine by name (`early_stopping`, ...), and of one's own. */
  callbacks?: readonly (Spec | EpochCallback)[];
  /** What the rows of each class count: by its number; of those not named 1. */
  class_weight?: Record<number, number> | readonly number[];
  sample_weight?: SampleWeight;
}

/** What Keras' `evaluate` takes. */
export interface EvaluateOptions {
  sample_weight?: SampleWeight;
  /** How many rows are looked at together: of consequence for losses of whole batches only (`dice`, `circle`). */
  batch_size?: number;
  /**
   * True: scores by name. False, which is Keras' default: the loss alone, or a list in the order of `metrics_names`, which
   * are `loss`, those of single outputs, the metrics of each output, and the weighted ones.
   */
  return_dict?: boolean;
}

/** What Keras' `predict` takes. */
export interface PredictOptions {
  /** How many rows are computed before others that ask the model have their turn; absent: all. Answers are the same. */
  batch_size?: number;
}

/** How a fit went. */
export interface History {
  /** The epochs, from `initial_epoch` on. */
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
