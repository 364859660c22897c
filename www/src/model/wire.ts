// What a model and its worker say to each other: calls with a number, and their answers.

import type { EngineInfo, EngineOptions, LayerSpec, Spec } from "../engine/protocol";
import type { OutputPart, Part } from "./parts";
import type { CompileOptions, History, Logs, RangeTest, Summary, Weight } from "./types";

/** What a model is made of: layers, or the bytes of a file. */
export type Start =
  | { layers: LayerSpec[]; outputs: string[] | undefined; input: number[]; seed: number }
  | { file: Uint8Array; compile: boolean };

export interface Opened {
  info: EngineInfo;
  inputs: Part[];
  isCompiled: boolean;
}

/** Rows with their targets and weights. */
export interface GivenRows {
  x: Float32Array;
  y: Float32Array;
  weights: Float32Array | null;
}

/** What `fit` says of training, which is part of what the engine compiles; absent: as usual, or as it was before. */
export interface FitTraining {
  batch_size?: number;
  shuffle?: boolean;
  callbacks?: Spec[];
  class_weight?: Record<number, number> | readonly number[] | null;
}

/** What of `fit` the engine needs to know. */
export interface FitCall {
  rows: GivenRows;
  validation: GivenRows | null;
  epochs: number;
  initial_epoch: number;
  steps_per_epoch: number | null;
  validation_split: number | null;
  validation_freq: number | readonly number[];
  validation_batch_size: number | null;
  validation_steps: number | null;
  resume: boolean;
  training: FitTraining;
  /** When the worker waits for the page's callbacks. */
  moments: Moment[];
}

export type Moment = FitEvent["at"];

/** What happens in a fit; epochs and batches are counted from 0. */
export type FitEvent =
  | { at: "epoch_begin"; epoch: number }
  | { at: "batch_end"; batch: number; logs: Logs }
  | { at: "epoch_end"; epoch: number; logs: Logs };

/** An output: the columns of its targets and of its predictions. */
export interface Output extends OutputPart {
  values: number;
}

/** Scores by name, with the names in Keras' order. */
export interface Scored {
  scores: Logs;
  names: string[];
}

export type FitEnd = Pick<History, "stopped_by" | "diverged" | "log">;

/** All that can be asked for, with what comes back. */
export interface Calls {
  open: (options: EngineOptions, start: Start) => Opened;
  compile: (training: CompileOptions) => void;
  outputs: () => Output[];
  metrics_names: () => string[];
  summary: () => Summary;
  fit: (call: FitCall) => FitEnd;
  train_on_batch: (rows: GivenRows, class_weight: FitTraining["class_weight"]) => Scored;
  evaluate: (rows: GivenRows, batch_size: number | undefined) => Scored;
  predict: (x: Float32Array) => Float32Array;
  layer_output: (name: string, x: Float32Array) => Float32Array;
  learning_rate: () => number;
  set_learning_rate: (rate: number) => void;
  learning_rate_range: (rows: GivenRows, smallest: number, largest: number, steps: number) => RangeTest;
  get_weights: () => Weight[];
  set_weights: (weights: { name: string; values: Float32Array }[]) => void;
  restore_checkpoint: (callback: number) => boolean;
  save: () => Uint8Array<ArrayBuffer>;
}

export type Call = {
  /** `now`: to be carried out while a fit goes on. */
  [K in keyof Calls]: { id: number; call: K; given: Parameters<Calls[K]>; now: boolean };
}[keyof Calls];

export type ToModel =
  | Call
  | { call: "stop" }
  /** The page's callbacks have been called; false: one of them ends training. */
  | { call: "go_on"; goesOn: boolean };

export type FromModel = { id: number; answer: unknown } | { id: number; error: string } | { id: number; event: FitEvent };
