// The words that page and engine worker say to each other: commands one way, events the other, plain data both ways.
//
//   page --Command--> worker --> session (Rust) --> Event --> page
//
// Field names are those of the types in crates/session/src/protocol (snake_case: no renaming on the way).
// Every number array in an event is a copy in a buffer of its own; nothing here ever aliases wasm memory.

import type { Report } from "./report";
import type { Schema } from "./schema";

export type * from "./report";
export type * from "./schema";

// ---- models -----------------------------------------------------------------------------------------------------

/** A model in Keras' vocabulary. `layers` in order; a layer that names its `inputs` makes it a graph. */
export interface ModelSpec {
  version: 1;
  layers: LayerSpec[];
  /** Names of the layers that are outputs, in the order of the targets; absent: those that no other layer takes. */
  outputs?: string[];
}

/** One layer: `type` and its arguments by Keras' names (`units`, `activation`, `rate`, ...), see {@link Schema}. */
export interface LayerSpec {
  type: string;
  name?: string;
  inputs?: string[];
  /** The earlier layer of the same arguments whose weights it takes. */
  shares?: string;
  trainable?: boolean;
  [argument: string]: unknown;
}

/** A kind by its name, with the arguments that are not left at their defaults. */
export interface Named {
  type: string;
  [argument: string]: unknown;
}

/** The same; a bare name leaves all arguments at their defaults. */
export type Spec = string | Named;

/** How it is trained: what Keras' `compile` and `fit` take. */
export interface TrainingSpec {
  /** Of several outputs, this may be an object of losses by output, and the weights and metrics below likewise. */
  loss: Spec | Record<string, Spec>;
  /** What the loss of each output is multiplied with in the sum of all; absent: 1. */
  loss_weights?: Record<string, number>;
  /** The learning rate is a number, or a schedule that says one for every step. */
  optimizer: { type: string; learning_rate: number | Named; [argument: string]: unknown };
  metrics: Spec[] | Record<string, Spec[]>;
  /** The same, with each row counting as much as in the loss. */
  weighted_metrics?: Spec[] | Record<string, Spec[]>;
  batch_size: number;
  /** Training stops by itself after this many epochs; `null`: goes on until it is paused. */
  epochs: number | null;
  shuffle: boolean;
  /** Seeds weights, order of rows and dropout. */
  seed: number;
  /** What the rows of each class count in training, in the order of the classes; null: all alike. */
  class_weight?: number[] | null;
  /** What looks on while it trains, and may step in: early stopping, ... */
  callbacks?: Spec[];
}

/** Shares of the rows; what is neither validation nor test is train. */
export interface SplitSpec {
  validation: number;
  test: number;
  seed: number;
}

// ---- data ---------------------------------------------------------------------------------------------------------

/** The last two predict the row itself: as numbers (an autoencoder), or a label at every step of a sequence. */
export type Task = "regression" | "binary" | "multiclass" | "reconstruction" | "sequence";
export type ColumnType = "number" | "category" | "date" | "text" | "id" | "constant" | "empty";
export type Role = "feature" | "target" | "weight" | "ignored";

export interface ColumnReport {
  name: string;
  type: ColumnType;
  role: Role;
  missing: number;
  distinct: number;
  /** Numbers and dates (days since 1970-01-01). */
  min?: number;
  max?: number;
  mean?: number;
  std?: number;
  /** Counts in equal bins from min to max (numbers, dates). */
  histogram?: number[];
  /** Most frequent first, at most 50 (categories, ids, text). */
  categories?: { label: string; count: number }[];
  /** Why it has the type or role it has, when that is not plain ("every value is different"). */
  note?: string;
}

export interface Issue {
  severity: "info" | "warning";
  /** One sentence: what, where, what was done about it. */
  message: string;
  line?: number;
  column?: string;
  /** How many rows or cells it touches. */
  count?: number;
}

/** Rows that are pictures (numbers row by row) or sequences (labels of one vocabulary, whose numbers begin at 1). */
export type Form =
  | { image: { height: number; width: number; channels: number } }
  | { tokens: { length: number; vocabulary: number } };

/** One of the columns to predict. */
export interface TargetReport {
  column: number;
  task: Task;
  /** Class labels in the order of the outputs; empty for regression. */
  classes: string[];
}

export interface TableReport {
  name: string;
  source: "builtin" | "file";
  /** Licence and origin of built-in data, if any. */
  origin?: string;
  rows: number;
  /** "," ";" "\t" "|" */
  delimiter?: string;
  encoding?: string;
  has_header?: boolean;
  columns: ColumnReport[];
  /** What the features of a row are together, where that is more than a list of columns. */
  form?: Form;
  /** One behind the last column where the row itself is predicted. */
  target: number;
  task: Task;
  /** Where labels of a sequence are predicted at every step: of which later step they are; 0: of the same. */
  ahead?: number;
  /** Class labels in the order of the outputs; empty for regression. */
  classes: string[];
  /** Where there are several targets: all of them, the first of which is the one above. */
  targets?: TargetReport[];
  issues: Issue[];
  /** The first rows as they stood in the file. */
  sample: string[][];
}

/** What the user may change about a table. Columns by index. */
export interface TableChange {
  /** The only column to predict. */
  target?: number;
  /** All columns to predict, each with an output of its own, in this order; none: the row itself. */
  targets?: number[];
  /** Of which later step the labels of a sequence are predicted, where there is no column to predict; absent: of the same. */
  ahead?: number;
  types?: Record<number, ColumnType>;
  ignored?: number[];
  /** The column of numbers that says how much each row counts in the loss; null: all rows alike. */
  weight?: number | null;
  drop_duplicates?: boolean;
}

export type BuiltinName =
  | "iris"
  | "line"
  | "moons"
  | "circles"
  | "xor"
  | "spirals"
  | "blobs"
  | "parentheses"
  | "repeats";
export interface BuiltinOptions {
  rows?: number;
  /** Standard deviation of the noise, in units of the data. */
  noise?: number;
  seed: number;
}

// ---- errors -------------------------------------------------------------------------------------------------------

export interface EngineError {
  code: string;
  /** One sentence: what happened, where, and what to do. */
  message: string;
  /** Where: "layers[2].units", "training.batch_size", "data.csv line 17, column \"age\"". */
  path?: string;
  expected?: string;
  found?: string;
  /** Things the page can offer as buttons. */
  advice?: Advice[];
}

export interface Advice {
  label: string;
  command: Command;
}

// ---- commands -----------------------------------------------------------------------------------------------------

/** Files of the engine, resolved by the page: the worker itself contains no `new URL`. */
export interface EngineUrls {
  /** By variant name: "single-simd", "single-relaxed", "threads-simd", "threads-relaxed". */
  variants: Record<string, VariantUrls>;
}

export interface VariantUrls {
  glue: string;
  /** What a first training calls. */
  wasm: string;
  /** The rest of the module. */
  rest: string;
}

export interface EngineOptions {
  urls: EngineUrls;
  /** Absent: as many as the machine has, less one for the page where there are more than two. 1: one thread. */
  threads?: number;
  /** Why `threads` are so few, where nobody asked for that. */
  threads_reason?: string;
  /** True: no relaxed SIMD, the same bits on every machine. */
  reproducible?: boolean;
  /** Absent: as much memory as the browser gives, up to 1 GiB. */
  memory_bytes?: number;
}

/** Weights, order of rows and dropout begin anew from the seed. */
export type Command =
  | { type: "start"; options: EngineOptions }
  | { type: "load_builtin"; name: BuiltinName; options: BuiltinOptions }
  | { type: "load_file"; file: File }
  | { type: "cancel_load" }
  | { type: "change_table"; change: TableChange }
  | { type: "configure"; model: ModelSpec; training: TrainingSpec; split: SplitSpec; keep_weights?: boolean }
  /** The learning rate is a number, or a schedule as in a training. */
  | { type: "set"; learning_rate?: number | Named; epochs?: number | null }
  /** At most so many epochs a second, so that small data can be watched; null: as fast as the machine can. */
  | { type: "tempo"; epochs_per_second: number | null }
  | { type: "play" }
  | { type: "pause" }
  | { type: "step"; unit: "batch" | "epoch" }
  | { type: "reset" }
  | { type: "view"; view: View }
  | { type: "frame_done" }
  | { type: "predict"; request: number; rows: (string | null)[][] }
  | { type: "inspect"; request: number; row: (string | null)[] }
  | { type: "evaluate"; request: number; part: Part }
  /** Of several targets, of the one at that place among them. */
  | { type: "report"; request: number; part: Part; target?: number }
  | { type: "learning_rates"; request: number }
  | { type: "range_test"; request: number }
  /** What a callback has kept, as a file; the callback by its place in the list. */
  | { type: "save_kept"; request: number; callback: number }
  /** Back to the state that a callback has kept. */
  | { type: "restore_kept"; callback: number }
  | { type: "save"; request: number }
  | { type: "load_model"; request: number; file: File };

export type Part = "train" | "validation" | "test";

/** What the page wants drawn. Columns by index in the table; numbers only. */
export interface View {
  /** The two columns of the plane, or one column for a curve; null: nothing. */
  x: number | null;
  y: number | null;
  /** Cells along each side of the surface (at most 200); 0: none. */
  surface: number;
  /** Cells along each side of every neuron's own small map (at most 32); 0: none. */
  neurons: number;
  /** False: no weights in frames. */
  weights: boolean;
  /** Which of the test rows is followed through the layers, counted round; null: none. */
  sample: number | null;
  /** Which of several targets is drawn, by its place among them; absent: the first. */
  target?: number;
}

// ---- events -------------------------------------------------------------------------------------------------------

export interface EngineInfo {
  variant: string;
  threads: number;
  relaxed_simd: boolean;
  isolated: boolean;
  /** Why it has no more than one thread: "this page is not isolated", ... */
  threads_reason?: string;
  /** Why it has no relaxed SIMD. */
  simd_reason?: string;
}

export interface TensorInfo {
  /** "dense_1/kernel" */
  name: string;
  layer: number;
  shape: number[];
  /** Where it begins in the flat weights of a frame. */
  start: number;
  len: number;
}

export interface LayerSummary {
  type: string;
  name: string;
  /** Without the batch. */
  output_shape: number[];
  parameters: number;
  activation?: string;
  /** Which layers it reads, by index in `layers`, -1: the network's input; absent: the layer before it. */
  inputs?: number[];
  /** What its outputs behind the first are, which `inputs` of a spec call "name:1" and so on. */
  further_outputs?: string[];
}

/** One value that enters the network. */
export interface Feature {
  /** "petal length", "colour = red" */
  name: string;
  column: number;
  kind: "number" | "date" | "one_hot" | "missing_flag" | "token";
}

/** One of several targets, and the output that predicts it. */
export interface TargetSummary {
  /** Name of the layer that is the output. */
  name: string;
  /** Index of the target in the table. */
  column: number;
  task: Task;
  /** Class labels, or the name of the target. */
  outputs: string[];
  class_rows: number[];
  baseline: { metric: string; value: number } | null;
}

export interface Configured {
  features: Feature[];
  /** Class labels, or the name of the target. */
  outputs: string[];
  task: Task;
  layers: LayerSummary[];
  tensors: TensorInfo[];
  parameters: number;
  /** Bytes that training takes. */
  bytes: number;
  /** Bytes of them that predictions need. */
  prediction_bytes: number;
  /** Floating-point operations of one training step. */
  flops: number;
  rows: Record<Part, number>;
  /** Train rows of every class, in the order of `outputs`; for values: none. */
  class_rows: number[];
  /** Score of always saying the most frequent class (accuracy), or the mean (RMSE), on the test rows. */
  baseline: { metric: string; value: number } | null;
  /** Where there are several targets: each of them, the first of which is the one above. */
  targets?: TargetSummary[];
  batch_size: number;
  warnings: Issue[];
}

/** Points of the data in the plane of the view, in the user's units; at most 2,000, chosen by seed. */
export interface Points {
  x: Float32Array;
  /** The second column, or the target where the view is a curve. */
  y: Float32Array;
  /** Class index, or value of the target. */
  target: Float32Array;
  /** 0 train, 1 validation, 2 test. */
  part: Uint8Array;
  x_range: [number, number];
  y_range: [number, number];
}

export interface Scores {
  loss: number;
  /** By metric name; absent where it cannot be computed. Never NaN. */
  metrics: Record<string, number>;
}

export interface EpochRecord {
  epoch: number;
  train: Scores;
  validation: Scores | null;
}

export interface Evaluation extends Scores {
  part: Part;
  rows: number;
  /** classes x classes, row: true class, column: predicted. */
  confusion: Uint32Array | null;
  /** Of several targets, the matrix of each; that of the first, which is the one above, is not told twice. */
  confusions?: (Uint32Array | null)[];
}

export interface Surface {
  size: number;
  x_range: [number, number];
  y_range: [number, number];
  outputs: number;
  /** size x size x outputs; row 0 is y_range[0]. Probabilities, or values in the user's units. */
  values: Float32Array;
}

export interface Curve {
  x: Float32Array;
  /** points x outputs. */
  y: Float32Array;
  outputs: number;
}

export interface NeuronMaps {
  size: number;
  /** Per layer of the summary: units (at most 32), size x size each; null where there are none to draw. */
  layers: ({ units: number; values: Float32Array } | null)[];
  /** The features' own maps, in the same form. */
  features: { units: number; values: Float32Array };
}

/** What a layer makes of one row: of the last axis perhaps only the first part. */
export interface LayerValues {
  /** Without the batch: (height, width, channels), (steps, units) or (units). */
  shape: number[];
  values: Float32Array;
}

/** One row on its way through the layers. */
export interface Sample {
  /** Row of the table; null: the user's own values. */
  row: number | null;
  input: LayerValues;
  /** The words of a sequence, "" for none; empty where a row is none. */
  tokens: string[];
  /** By layer of the summary; null where there is nothing to draw. */
  layers: (LayerValues | null)[];
  predicted: PredictedRow;
  /** The target as it stands in the table. */
  truth: string | null;
  /** Where there are several: each of them. */
  truths?: string[];
}

/** A state of the model or a log that a callback has kept. */
export interface Kept {
  /** The callback's place in the list. */
  callback: number;
  /** Epochs that had ended. */
  epoch: number;
}

/** One picture of the training, sent only after the last was answered with `frame_done`. */
export interface Frame {
  epoch: number;
  /** Steps since the start, and within this epoch. */
  step: number;
  steps_per_epoch: number;
  running: boolean;
  rows_per_second: number;
  /** Of the next step, as a schedule has it there. */
  learning_rate: number;
  /** Mean loss of this epoch so far; null before the first step. */
  loss: number | null;
  /** Epochs that ended since the last frame. */
  history: EpochRecord[];
  /** What there is to be had of callbacks. */
  kept: Kept[];
  weights: Float32Array | null;
  surface: Surface | null;
  curve: Curve | null;
  neurons: NeuronMaps | null;
  sample: Sample | null;
  test: Evaluation | null;
}

/** What the network says about one target. */
export interface Prediction {
  /** Regression: the value in the user's units. */
  value?: number;
  /** Classes: the likeliest, and the probability of each in the order of `outputs`. */
  label?: string;
  probabilities?: number[];
}

export interface PredictedRow extends Prediction {
  /** Where there are several targets: what it says about each, the first of which is the one above. */
  targets?: Prediction[];
  /** Where the row itself is predicted: each of its columns that enters the network, or each step. */
  inputs?: Prediction[];
  /** How far these are from what was given: the mean squared difference of the standardised values, or the share of wrong steps. */
  error?: number;
  /** "colour: 'mauve' was never seen in training; treated as missing" */
  issues: string[];
}

export type StopReason = "paused" | "finished" | "diverged" | "stepped";

export type Event =
  /** The sentences of the schema are still empty. */
  | { type: "ready"; engine: EngineInfo; schema: Schema }
  /** Not all threads came that it said it had. */
  | { type: "engine"; engine: EngineInfo }
  /** The same schema with its sentences, a moment later. */
  | { type: "explained"; schema: Schema }
  | { type: "progress"; what: "engine" | "file" | "columns"; done: number; total: number | null; rows?: number }
  | { type: "table"; report: TableReport }
  | { type: "configured"; summary: Configured }
  /** What the outputs of each of its layers behind the first are, where its layers can be read at all. */
  | { type: "rejected"; error: EngineError; further_outputs?: string[][] }
  | { type: "points"; points: Points | null }
  | { type: "frame"; frame: Frame }
  | { type: "started" }
  | { type: "stopped"; reason: StopReason; epoch: number; error?: EngineError }
  | { type: "reset" }
  | { type: "prediction"; request: number; rows: PredictedRow[] }
  | { type: "inspection"; request: number; sample: Sample }
  | { type: "evaluation"; request: number; evaluation: Evaluation }
  | { type: "report"; request: number; report: Report }
  /** Evenly from the first step of the epochs to the last. */
  | { type: "learning_rates"; request: number; epochs: number; rates: Float32Array }
  /** Step by step; `suggested`: to train with, null where no rate made the loss smaller. */
  | { type: "range_test"; request: number; rates: Float32Array; losses: Float32Array; suggested: number | null }
  /** Back at a state that a callback had kept. */
  | { type: "went_back"; epoch: number }
  | { type: "saved"; request: number; name: string; bytes: ArrayBuffer }
  | {
      type: "model_loaded";
      request: number;
      model: ModelSpec;
      training: TrainingSpec;
      split: SplitSpec;
      /** The table the model was trained on, without its rows: what the form and the network are drawn from. */
      report: TableReport;
      epoch: number;
      history: EpochRecord[];
    }
  /** A command could not be carried out; nothing has changed. `request` when it was one. */
  | { type: "failed"; command: Command["type"]; request?: number; error: EngineError }
  | { type: "alive"; step: number }
  /** From the page's client: the worker died and a new one took over from the last snapshot. */
  | { type: "restarted"; error: EngineError; epoch: number };
