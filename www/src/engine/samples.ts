// One sample of every command and event that the Rust session hears or says, with every optional field in it. The compiler refuses
// a missing one; protocol.test.ts writes them as JSON, which crates/session/tests/protocol.rs reads with its own types.

import type { SessionCommand, SessionEvent } from "./glue";
import type {
  Command,
  EngineError,
  EpochRecord,
  Evaluation,
  Issue,
  ModelSpec,
  Report,
  Sample,
  TableReport,
  TrainingSpec,
} from "./protocol";

/** All fields there, none optional. */
type Whole<T> = T extends Float32Array | Uint32Array | Uint8Array | ArrayBuffer
  ? T
  : T extends object
    ? { [K in keyof T]-?: Whole<Exclude<T[K], undefined>> }
    : T;

type CommandSamples = { [K in SessionCommand["type"]]: Whole<Extract<SessionCommand, { type: K }>> };
type EventSamples = { [K in SessionEvent["type"]]: Extract<SessionEvent, { type: K }> };

const model: ModelSpec = { version: 1, layers: [{ type: "dense", units: 3, activation: "softmax" }] };

const training: TrainingSpec = {
  loss: "sparse_categorical_crossentropy",
  optimizer: { type: "adam", learning_rate: 0.001 },
  metrics: ["accuracy"],
  batch_size: 32,
  epochs: null,
  shuffle: true,
  seed: 42,
};

const split = { validation: 0.15, test: 0.2, seed: 7 };

export const commands: Omit<CommandSamples, "configure"> & Record<"configure", Command> = {
  load_builtin: { type: "load_builtin", name: "moons", options: { rows: 200, noise: 0.1, seed: 1 } },
  change_table: {
    type: "change_table",
    change: {
      target: 4,
      targets: [4, 1],
      ahead: 1,
      types: { 0: "category", 12: "number" },
      ignored: [2, 3],
      weight: null,
      drop_duplicates: true,
    },
  },
  configure: { type: "configure", model, training, split, keep_weights: true },
  set: { type: "set", learning_rate: 0.5, epochs: 100 },
  play: { type: "play" },
  pause: { type: "pause" },
  step: { type: "step", unit: "epoch" },
  reset: { type: "reset" },
  view: { type: "view", view: { x: 2, y: null, surface: 100, neurons: 16, weights: true, sample: 3, target: 1 } },
  predict: { type: "predict", request: 5, rows: [["5.1", null, "red"]] },
  inspect: { type: "inspect", request: 9, row: ["0", null, "16"] },
  evaluate: { type: "evaluate", request: 6, part: "test" },
  report: { type: "report", request: 10, part: "test", target: 1 },
  learning_rates: { type: "learning_rates", request: 11 },
  range_test: { type: "range_test", request: 12 },
  save_kept: { type: "save_kept", request: 13, callback: 1 },
  restore_kept: { type: "restore_kept", callback: 1 },
  save: { type: "save", request: 7 },
};

const issue: Whole<Issue> = {
  severity: "warning",
  message: "2 cells are not numbers and were treated as missing",
  line: 17,
  column: "age",
  count: 2,
};

const report: Whole<TableReport> = {
  name: "people.csv",
  source: "file",
  origin: "by hand",
  rows: 3,
  delimiter: ";",
  encoding: "UTF-8",
  has_header: true,
  columns: [
    {
      name: "age",
      type: "number",
      role: "feature",
      missing: 1,
      distinct: 2,
      min: 1.5,
      max: 60,
      mean: 30.75,
      std: 29.25,
      histogram: [1, 0, 1],
      categories: [{ label: "red", count: 2 }],
      note: "one value is missing",
    },
  ],
  form: { image: { height: 8, width: 8, channels: 1 } },
  target: 0,
  task: "multiclass",
  ahead: 1,
  classes: ["a", "b", "c"],
  targets: [{ column: 0, task: "multiclass", classes: ["a", "b", "c"] }],
  issues: [issue],
  sample: [["1.5", "red"]],
};

const error: Required<EngineError> = {
  code: "diverged",
  message: "The loss is no longer a number.",
  path: "training.optimizer.learning_rate",
  expected: "a smaller learning rate",
  found: "10",
  advice: [{ label: "Divide the learning rate by 10", command: commands.set }],
};

const scores = { loss: 0.25, metrics: { accuracy: 0.75 } };
const history: EpochRecord[] = [
  { epoch: 1, train: scores, validation: scores },
  { epoch: 2, train: scores, validation: null },
];

const confusion = new Uint32Array([3, 0, 1, 0]);
const evaluation: Evaluation = { ...scores, part: "validation", rows: 4, confusion, confusions: [null, confusion] };
const values = new Float32Array([0.5, -1.5, 2, 0.25]);

const said = { value: 2.5, label: "b", probabilities: [0.25, 0.75] };
const row = { ...said, targets: [said, { value: 1.5 }], inputs: [{ value: 0.5 }], error: 0.25, issues: ["colour: 'mauve' was never seen"] };
const sample: Sample = {
  row: 17,
  input: { shape: [2, 2, 1], values },
  tokens: ["a", ""],
  layers: [null, { shape: [4], values }],
  predicted: row,
  truth: "b",
  truths: ["b", "1.5"],
};

const scored: Report = {
  part: "test",
  rows: 4,
  classification: {
    accuracy: 0.75,
    top_k: [0.75, 1],
    balanced_accuracy: 0.625,
    matthews: null,
    kappa: 0.5,
    f1_macro: 0.5,
    f1_micro: 0.75,
    f1_weighted: 0.625,
    calibration_error: 0.125,
    classes: [
      { support: 3, precision: 0.75, recall: 1, f1: 0.875, curves: null },
      {
        support: 1,
        precision: 0,
        recall: 0,
        f1: 0,
        curves: { roc: values, precision_recall: values, auc: 0.5, average_precision: 0.25 },
      },
    ],
    bins: [{ rows: 4, certainty: 0.875, accuracy: 0.75 }],
  },
  regression: { r2: null, rmse: 1.5, mae: 0.5, truth: values, predicted: values },
};

export const events: EventSamples = {
  progress: { type: "progress", what: "file", done: 1024, total: null, rows: 12 },
  table: { type: "table", report },
  configured: {
    type: "configured",
    summary: {
      features: [{ name: "colour = red", column: 1, kind: "one_hot" }],
      outputs: ["a", "b", "c"],
      task: "regression",
      layers: [
        { type: "dense", name: "dense", output_shape: [3], parameters: 6, activation: "softmax", inputs: [-1], further_outputs: ["state"] },
      ],
      tensors: [{ name: "dense/kernel", layer: 0, shape: [1, 3], start: 0, len: 3 }],
      parameters: 6,
      bytes: 4096,
      prediction_bytes: 1024,
      flops: 1200,
      rows: { train: 2, validation: 1, test: 0 },
      class_rows: [2, 0, 0],
      baseline: { metric: "accuracy", value: 0.5 },
      targets: [
        {
          name: "kind",
          column: 1,
          task: "binary",
          outputs: ["no", "yes"],
          class_rows: [2, 1],
          baseline: { metric: "accuracy", value: 0.5 },
        },
      ],
      batch_size: 32,
      warnings: [issue],
    },
  },
  rejected: { type: "rejected", error, further_outputs: [["state"], []] },
  points: {
    type: "points",
    points: {
      x: values,
      y: values,
      target: values,
      part: new Uint8Array([0, 1, 2, 0]),
      x_range: [-2, 2.5],
      y_range: [0, 1],
    },
  },
  frame: {
    type: "frame",
    frame: {
      epoch: 2,
      step: 9,
      steps_per_epoch: 4,
      running: true,
      rows_per_second: 1500.5,
      learning_rate: 0.125,
      loss: 0.5,
      history,
      kept: [{ callback: 1, epoch: 2 }],
      weights: values,
      surface: { size: 2, x_range: [-2, 2.5], y_range: [0, 1], outputs: 1, values },
      curve: { x: values, y: values, outputs: 1 },
      neurons: { size: 2, layers: [null, { units: 1, values }], features: { units: 1, values } },
      sample,
      test: evaluation,
    },
  },
  started: { type: "started" },
  stopped: { type: "stopped", reason: "diverged", epoch: 3, error },
  reset: { type: "reset" },
  prediction: {
    type: "prediction",
    request: 5,
    rows: [row],
  },
  inspection: { type: "inspection", request: 9, sample: { ...sample, row: null, truth: null } },
  evaluation: { type: "evaluation", request: 6, evaluation },
  report: { type: "report", request: 10, report: scored },
  learning_rates: { type: "learning_rates", request: 11, epochs: 20, rates: values },
  range_test: { type: "range_test", request: 12, rates: values, losses: values, suggested: 0.125 },
  went_back: { type: "went_back", epoch: 2 },
  saved: { type: "saved", request: 7, name: "people.tabgrad", bytes: new Uint8Array([1, 2, 255]).buffer },
  model_loaded: { type: "model_loaded", request: 8, model, training, split, report, epoch: 2, history },
  failed: { type: "failed", command: "load_file", request: 8, error },
};
