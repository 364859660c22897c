// What a model and its worker say to each other: calls with a number, and their answers.

import type { EngineInfo, EngineOptions, LayerSpec, Spec } from "../engine/protocol";
import type { OutputPart } from "./parts";
import type { CompileOptions, History, Logs, Summary, Weight } from "./types";

/** Rows with their targets and weights. */
export interface GivenRows {
  x: Float32Array;
  y: Float32Array;
  weights: Float32Array | null;
}

/** What of `fit` the engine needs to know. */
export interface FitCall {
  rows: GivenRows;
  validation: GivenRows | null;
  epochs: number;
  initial_epoch: number;
  validation_split: number | null;
  validation_freq: number | readonly number[];
  validation_batch_size: number | null;
  training: {
    batch_size: number;
    shuffle: boolean;
    callbacks: Spec[];
    class_weight: Record<number, number> | readonly number[] | null;
  };
}

/** An output: the columns of its targets and of its predictions. */
export interface Output extends OutputPart {
  values: number;
}

export type FitEnd = Pick<History, "stopped_by" | "diverged" | "log">;

/** All that can be asked for, with what comes back. */
export interface Calls {
  open: (options: EngineOptions, layers: LayerSpec[], outputs: string[] | undefined, input: number[], seed: number) => EngineInfo;
  compile: (training: CompileOptions) => void;
  outputs: () => Output[];
  summary: () => Summary;
  fit: (call: FitCall) => FitEnd;
  evaluate: (rows: GivenRows, batch_size: number | undefined) => { scores: Logs; names: string[] };
  predict: (x: Float32Array) => Float32Array;
  get_weights: () => Weight[];
  set_weights: (weights: { name: string; values: Float32Array }[]) => void;
  restore_checkpoint: (callback: number) => boolean;
}

export type Call = {
  [K in keyof Calls]: { id: number; call: K; given: Parameters<Calls[K]> };
}[keyof Calls];

export type ToModel = Call | { call: "stop" };

export type FromModel =
  | { id: number; answer: unknown }
  | { id: number; error: string }
  /** An epoch of the fit with that number has ended. */
  | { id: number; epoch: number; logs: Logs };
