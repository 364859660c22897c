// The one state of a playground: what was chosen, and what the engine says of it. Immutable: every change makes a new
// object, and parts that did not change keep their identity, so an element sees by `===` whether it has to draw.

import type {
  BuiltinOptions,
  Configured,
  Curve,
  EngineError,
  EngineInfo,
  EpochRecord,
  Evaluation,
  ModelSpec,
  NeuronMaps,
  Points,
  Kept,
  Part,
  PredictedRow,
  Report,
  Sample,
  Schema,
  SplitSpec,
  Surface,
  TableReport,
  TrainingSpec,
  Advice,
} from "../engine/protocol";
import type { DataName } from "../presets/data";
import type { RatesState } from "./rates";

export type DataSource =
  | { kind: "builtin"; name: DataName; options: BuiltinOptions }
  | { kind: "file"; name: string }
  /** A model was opened without its rows: it predicts, and trains once data are opened. */
  | { kind: "model"; name: string };

export interface EngineState {
  status: "starting" | "ready" | "failed";
  info: EngineInfo | null;
  schema: Schema | null;
  /** Bytes of the engine that have arrived. */
  progress: Progress | null;
  error: EngineError | null;
}

export interface Progress {
  /** Bytes have arrived, or columns were looked at. */
  what: "bytes" | "columns";
  done: number;
  total: number | null;
  rows?: number;
}

export interface DataState {
  status: "none" | "loading" | "ready" | "failed";
  source: DataSource | null;
  /** What is being read, while `loading`. */
  loading: string | null;
  progress: Progress | null;
  report: TableReport | null;
}

/** What the reader chose. The address mirrors it; `configure` sends it. */
export interface Choices {
  /** Name of the preset it began as. */
  preset: string | null;
  model: ModelSpec;
  training: TrainingSpec;
  split: SplitSpec;
}

export interface NetworkState {
  /** Of the last accepted `configure`; stands while the next one is on its way. */
  summary: Configured | null;
  /** Why the last `configure` was refused. */
  error: EngineError | null;
  pending: boolean;
  /** What the layers of the newest network that was looked at, accepted or refused, have behind their first outputs. */
  further: readonly (readonly string[])[];
}

export type RunStatus = "idle" | "running" | "paused" | "finished" | "diverged";

export interface RunState {
  status: RunStatus;
  epoch: number;
  step: number;
  stepsPerEpoch: number;
  rowsPerSecond: number;
  /** Of the next step; null before the first frame. */
  learningRate: number | null;
  /** Mean loss of the epoch so far. */
  loss: number | null;
  test: Evaluation | null;
  /** What there is to be had of callbacks. */
  kept: readonly Kept[];
}

/** All that can be said of the test rows, or of others. */
export interface ReportState {
  open: boolean;
  /** Which rows it is on. */
  part: Part;
  /** Null: none yet. */
  result: Report | null;
  /** Epochs that had ended when it was made. */
  epoch: number;
  /** Why there is none. */
  problem: string | null;
}

/** What frames bring to be drawn. */
export interface Pictures {
  weights: Float32Array | null;
  surface: Surface | null;
  curve: Curve | null;
  neurons: NeuronMaps | null;
  /** One of the test rows on its way through the layers. */
  sample: Sample | null;
}

/** Columns of the result's plane, by index in the table. */
export interface Axes {
  x: number | null;
  y: number | null;
}

export interface PredictState {
  /** One raw value per column of the table; null: not given, or not a feature. */
  values: (string | null)[];
  result: PredictedRow | null;
  /** Raw values of the one feature that the lesson asks about, and what the network says. */
  questions: string[];
  answers: (PredictedRow | null)[];
}

export interface Message {
  id: number;
  subject: "engine" | "load" | "configure" | "run" | "save" | "link";
  kind: "error" | "warning" | "info";
  text: string;
  /** "layers[2].units": where, if it is known. */
  path?: string;
  advice: Advice[];
}

export interface State {
  engine: EngineState;
  data: DataState;
  choices: Choices;
  network: NetworkState;
  run: RunState;
  /** At most so many epochs a second; null: no limit. Not of the model: it learns the same at every tempo. */
  tempo: number | null;
  history: readonly EpochRecord[];
  pictures: Pictures;
  points: Points | null;
  axes: Axes;
  /** Which of several targets scores and pictures are of, by its place among them. */
  target: number;
  /** Which of the test rows is followed through the layers, where rows are pictures or sequences. */
  sample: number;
  /** Index in `choices.model.layers`, or null. */
  selected: number | null;
  predict: PredictState;
  report: ReportState;
  rates: RatesState;
  messages: readonly Message[];
}

/** One epoch a frame is as fast as anyone can follow. */
export const watchable = 30;

export const idle: RunState = {
  status: "idle",
  epoch: 0,
  step: 0,
  stepsPerEpoch: 0,
  rowsPerSecond: 0,
  learningRate: null,
  loss: null,
  test: null,
  kept: [],
};

export const noPictures: Pictures = { weights: null, surface: null, curve: null, neurons: null, sample: null };

/** The state before the engine has said a word. */
export function initial(choices: Choices): State {
  return {
    engine: { status: "starting", info: null, schema: null, progress: null, error: null },
    data: { status: "none", source: null, loading: null, progress: null, report: null },
    choices,
    network: { summary: null, error: null, pending: false, further: [] },
    run: idle,
    tempo: watchable,
    history: [],
    pictures: noPictures,
    points: null,
    axes: { x: null, y: null },
    target: 0,
    sample: 0,
    selected: null,
    predict: { values: [], result: null, questions: [], answers: [] },
    report: { open: false, part: "test", result: null, epoch: 0, problem: null },
    rates: { curve: null, test: null, testing: false },
    messages: [],
  };
}
