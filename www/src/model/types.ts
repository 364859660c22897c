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
  /**
   * Absent: what the loss takes in Keras, for an output of that shape. `sparse_categorical_crossentropy`: the number of a
   * class, or one for each step or pixel; `binary_crossentropy` and other losses of yes or no: 0 or 1, or as many as there
   * are outputs; `ctc`: labels, no more than there are steps; `circle`: the number of a class; all others, the categorical
   * ones among them: as many numbers as there are outputs. Several outputs: one for each.
   */
  target?: Target | readonly Target[];
}

/** Scores by name: `loss`, `accuracy`, ..., and those of validation with `val_` in front. */
export type Logs = Record<string, number>;

/** The loss alone, or scores in the order of `metrics_names`: a metric with several values is a list of them. */
export type ScoreList = number | (number | number[])[];

/**
 * A callback of one's own. Training stands still while one is called and until the promise of an asynchronous one settles, so
 * that what it asks of the model (`save`, `get_weights`, `evaluate`, the learning rate) is of that very moment. One that throws
 * ends training, and `fit` throws that.
 */
export interface Callback {
  on_train_begin?(): unknown;
  /** Before an epoch, counted from 0. */
  on_epoch_begin?(epoch: number): unknown;
  /**
   * After every step, counted from 0 within the epoch, with the scores of the epoch so far; false ends training here. Steps
   * are then computed one by one, which takes longer.
   */
  on_train_batch_end?(batch: number, logs: Logs): unknown;
  /** After an epoch, counted from 0; false ends training. */
  on_epoch_end?(epoch: number, logs: Logs): unknown;
  /** With the scores of the last epoch. */
  on_train_end?(logs: Logs): unknown;
}

/** What Keras' `fit` takes; `verbose` is not among it: nothing is written anywhere. */
export interface FitOptions {
  /** The number of the last epoch and 1, where `initial_epoch` is 0: how many. (1) */
  epochs?: number;
  /** The number of the first epoch, for a training that goes on after another. (0) */
  initial_epoch?: number;
  /** 32 */
  batch_size?: number;
  /**
   * An epoch ends after so many steps, and the next goes on with the rows that are left; it also ends when all rows have had
   * their turn. Absent: an epoch is every row once.
   */
  steps_per_epoch?: number;
  /** The share of the rows, from the end, that is scored after every epoch and not trained on. */
  validation_split?: number;
  /** Rows that are scored after every epoch: x, y and perhaps their weights. */
  validation_data?: readonly [Rows, Rows] | readonly [Rows, Rows, SampleWeight];
  /** After every how many epochs they are scored, or after which, counted from 1. (1) */
  validation_freq?: number | readonly number[];
  /**
   * How many of them are looked at together: of consequence for losses of whole batches (`dice`, `circle`) and for
   * `validation_steps` only. (`batch_size`)
   */
  validation_batch_size?: number;
  /** So many batches of them are scored, from the first. Absent: all. */
  validation_steps?: number;
  /** True. */
  shuffle?: boolean;
  /** Callbacks of the engine by name (`early_stopping`, ...), and of one's own. */
  callbacks?: readonly (Spec | Callback)[];
  /** What the rows of each class count: by its number; of those not named 1. */
  class_weight?: Record<number, number> | readonly number[];
  sample_weight?: SampleWeight;
  /**
   * Not in Keras. True: the fit that was going on when the model was saved goes on, to the very same losses: with the same
   * rows, and of the options that say how it trains (`batch_size`, `shuffle`, the engine's `callbacks`, `class_weight`) those
   * as they were that are not given. Callbacks keep what they know, and epochs are counted from that fit's beginning. (False)
   */
  resume?: boolean;
}

/** What Keras' `evaluate` takes. */
export interface EvaluateOptions {
  sample_weight?: SampleWeight;
  /** How many rows are looked at together: of consequence for losses of whole batches (`dice`, `circle`) and for `steps`. */
  batch_size?: number;
  /** So many batches (of 32) are scored, from the first. Absent: all. */
  steps?: number;
  /** True: scores by name. False: the loss alone, or a list in the order of `metrics_names`. (False) */
  return_dict?: boolean;
}

/** What Keras' `train_on_batch` takes. */
export interface TrainOnBatchOptions {
  sample_weight?: SampleWeight;
  class_weight?: Record<number, number> | readonly number[];
  /** As of {@link EvaluateOptions}. */
  return_dict?: boolean;
}

/** What Keras' `test_on_batch` takes. */
export interface TestOnBatchOptions {
  sample_weight?: SampleWeight;
  /** As of {@link EvaluateOptions}. */
  return_dict?: boolean;
}

/** What Keras' `predict` takes. */
export interface PredictOptions {
  /** How many rows are computed before others that ask the model have their turn; absent: all. Answers are the same. */
  batch_size?: number;
  /** So many batches (of 32) are predicted, from the first. Absent: all. */
  steps?: number;
}

/** Which rates the learning-rate range test tries. */
export interface RangeTestOptions {
  /** Of the first step. (1e-7) */
  smallest?: number;
  /** Of the last one. (10) */
  largest?: number;
  /** How many; each rate is the same multiple of the one before. (100) */
  steps?: number;
  sample_weight?: SampleWeight;
}

/** How the learning-rate range test went. */
export interface RangeTest {
  /** Step by step, until the loss was lost. */
  learning_rates: number[];
  /** The loss of each batch, before its step. */
  losses: number[];
  /** To train with: a tenth of the rate at which the loss was lowest; null where no rate made it smaller. */
  suggested: number | null;
}

/** Where and how a file is opened. */
export interface LoadOptions {
  /** False: the model only predicts, and takes no memory for training. (True, as in Keras' `load_model`) */
  compile?: boolean;
  /** As of {@link ModelOptions}. */
  threads?: number;
  /** As of {@link ModelOptions}: the very same losses as on another machine. */
  reproducible?: boolean;
  /** As of {@link ModelOptions}. */
  engine?: string;
}

/** How a fit went. */
export interface History {
  /** The epochs, from `initial_epoch` on. */
  epoch: number[];
  /** Every score by name, one value for each epoch that has it; and `learning_rate`, that of the step after the epoch. */
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

/** One layer in a summary. */
export interface LayerSummary {
  name: string;
  type: string;
  /** Without the batch. */
  output_shape: number[];
  /** How many weights it has, moving statistics among them. */
  parameters: number;
  /** What its outputs behind the first are ("attention scores"), which `inputs` call "name:1" and so on. */
  further_outputs?: string[];
}

/** What a model is made of. */
export interface Summary {
  layers: LayerSummary[];
  /** How many weights there are, trained or not; moving statistics are not among them. */
  parameters: number;
  /** Bytes that training takes. */
  bytes: number;
}
