// The engine as wasm-bindgen shows it: crates/wasm/src/engine.rs, by hand, because its generated types exist only after a build.

import type { Span } from "./views";
import type { RangeTest, Target } from "../model/types";
import type { Classification, Command, Event, LayerSpec, LayerSummary, Named, Scores, Spec, TensorInfo } from "./protocol";

/** What the glue module of a variant exports. */
export interface Glue {
  default(options: { module_or_path: string | Promise<Response>; memory?: WebAssembly.Memory }): Promise<{ memory: WebAssembly.Memory }>;
  /** Only where the variant has threads: starts so many besides the worker that calls. */
  initThreadPool?(others: number): Promise<void>;
  /** To be called once they have started: from then on they compute too. */
  threads_started(): void;
  /** `memory_bytes`: what the memory can grow to. */
  Engine: new (threads: number, memory_bytes: number) => WasmEngine;
  Model: {
    /** Without a target, that which losses and outputs say. */
    new (model: unknown, training: unknown, input: number | number[], target?: unknown): WasmModel;
    /** Predicts, but does not train. */
    for_prediction(model: unknown, input: number[]): WasmModel;
    /** From the bytes of a file; without `compile` it only predicts. */
    load(bytes: Uint8Array, compile: boolean): WasmModel;
  };
  /** As JSON, without sentences. */
  schema(): string;
  /** With them, of which this is the text: the section `sentences` of the second half. */
  explained_schema(sentences: string): string;
  /** Of predictions, row after row, and the class of each row; without rows: none. */
  classification_report(p: Float32Array, y: Float32Array, outputs: number): WasmReport | undefined;
  /** Gives this thread the second half of the module. */
  join_rest(module: WebAssembly.Module): void;
  /** Traps, for tests of survival. */
  trap(): void;
  /** Traps on a thread of the pool, for which the caller waits for ever. */
  trap_in_pool(): void;
}

/** Commands the session carries out itself: no files, no worker's affairs. */
export type SessionCommand = Exclude<
  Command,
  { type: "start" | "load_file" | "load_model" | "cancel_load" | "frame_done" | "tempo" }
>;

/** Events the session says itself. */
export type SessionEvent = Exclude<Event, { type: "ready" | "explained" | "engine" | "alive" | "restarted" }>;

/** One session. Every call is synchronous; typed arrays in events are copies of their own. */
export interface WasmEngine {
  handle(command: SessionCommand): SessionEvent[];
  begin_file(name: string, size_bytes: number): SessionEvent[];
  /** Room for the next piece of the file; valid until the next call. */
  reserve(len_bytes: number): Span;
  /** Reads the first `len_bytes` of the room as the next piece of the file. `failed` among the events: the file was refused. */
  commit(len_bytes: number): SessionEvent[];
  /** To be called again while it answers with progress alone. */
  finish_file(): SessionEvent[];
  cancel_file(): SessionEvent[];
  /** Takes the first `len_bytes` of the room as a saved model. */
  load_model(request: number, name: string, len_bytes: number): SessionEvent[];
  /** To the end of at most `most_epochs` epochs. */
  train_for(budget_ms: number, most_epochs: number): SessionEvent[];
  /** Milliseconds in which nothing may be heard, in `train_for` ("") or a command. */
  expected_ms(command: string): number;
  running(): boolean;
  epoch(): number;
  step(): number;
  /** The next picture; nothing has changed: none. */
  frame(): SessionEvent | undefined;
  /** Bytes for {@link restore}; no model: none. The span is valid until the next call. */
  snapshot(): Span | undefined;
  /** Takes the first `len_bytes` of the room as a snapshot. True: the session stands where it was made. */
  restore(len_bytes: number): boolean;
}

/** What some steps of training did. */
export interface TrainedSteps {
  steps: number;
  rows: number;
  /** Mean over the rows of this epoch so far. */
  loss: number | null;
  epoch_end: Scores | null;
  diverged: boolean;
}

/** How long is fitted. */
export interface FitLimits {
  epochs: number;
  initial_epoch: number;
  steps_per_epoch: number | null;
  validation_split: number | null;
  validation_batch_size: number | null;
  validation_steps: number | null;
  /** A saved fit goes on. */
  resume: boolean;
}

/** A training with every argument written out. */
export interface SavedTraining {
  loss: Spec | Spec[] | Record<string, Spec>;
  optimizer: Named;
  metrics: Spec[];
  weighted_metrics?: Spec[];
  loss_weights?: number[] | Record<string, number>;
  class_weight: number[] | null;
  callbacks: Spec[];
  batch_size: number;
  shuffle: boolean;
  seed: number;
}

/** A network for numbers of one's own: crates/wasm/src/model.rs. Throws errors with the path of the mistake. */
export interface WasmModel {
  summary(): { layers: LayerSummary[]; tensors: TensorInfo[]; parameters: number; bytes: number };
  /** Another training, with the weights there are; with `keep_optimizer` all that training has changed. */
  compile(training: unknown, target: unknown, keep_optimizer: boolean): void;
  /** What is predicted, for each output. */
  targets(): Target[];
  learning_rate(): number;
  set_learning_rate(rate: number): void;
  range_test(
    x: Float32Array,
    y: Float32Array,
    sample_weight: Float32Array | undefined,
    smallest: number,
    largest: number,
    steps: number,
  ): RangeTest;
  /** The bytes of a file. */
  save(): Uint8Array;
  /** `training` is null where it only predicts. */
  made_of(): { model: { version: number; layers: LayerSpec[]; outputs?: string[] }; training: SavedTraining | null; input: number[] };
  /** `fit` epoch by epoch: crates/wasm/src/fit.rs. Returns how many have ended. */
  begin_fit(x: Float32Array, y: Float32Array, sample_weight: Float32Array | undefined, options: FitLimits): number;
  validate_on(x: Float32Array, y: Float32Array, sample_weight?: Float32Array): void;
  /** Scores the validation rows at its end if that is true. */
  fit_epoch(validates: boolean): { epoch: number; logs: Record<string, number> } | undefined;
  /** Whether there is another epoch. */
  fit_goes_on(): boolean;
  /** One step of it; it went wrong: undefined. */
  fit_batch(): { batch: number; logs: Record<string, number>; ends_epoch: boolean } | undefined;
  /** It ends with the steps that were made. */
  cut_epoch(): void;
  end_fit(): { stopped_by: number | null; diverged: boolean; log: string | null };
  restore_checkpoint(callback: number): boolean;
  fit(x: Float32Array, y: Float32Array, epochs: number, sample_weight?: Float32Array): Scores[];
  train(x: Float32Array, y: Float32Array, steps: number, sample_weight?: Float32Array): TrainedSteps;
  evaluate(x: Float32Array, y: Float32Array, sample_weight?: Float32Array, batch_size?: number): Scores | undefined;
  /** In order: how many losses a row has there, and how many columns of `y` are its own. */
  outputs(): { name: string; losses: number; targets: number }[];
  /** `loss` and the others, in Keras' order. */
  metrics_names(): string[];
  predict(x: Float32Array): Float32Array;
  layer_output(name: string, x: Float32Array): Float32Array;
  keep_gradients(): void;
  gradient(name: string): Float32Array;
  state(): WasmState;
  restore(state: WasmState): void;
  restore_weights(state: WasmState): number;
  free(): void;
}

/** What a session tells of predictions of classes, with counts of true (rows) and predicted classes. */
export type WasmReport = Classification & { confusion: number[] };

/** Everything that training changes, by name. */
export interface WasmState {
  names(): string[];
  get(name: string): Float32Array;
  set(name: string, values: Float32Array): void;
  free(): void;
}
