// Presets: data and a network that suits them, ready at the first press of Train. Every built-in data set has one under its
// own name; two more are the lessons that courses begin with.

import type { BuiltinOptions, LayerSpec, ModelSpec, SplitSpec, TrainingSpec } from "../engine/protocol";
import { findBuiltin, type DataName } from "./data";
import { attentive, convolutional, dense, recurrent } from "./networks";

export interface Preset {
  name: string;
  label: string;
  /** One sentence for the chooser. */
  doc: string;
  /** True: stands among the lessons, not among the data sets. */
  lesson: boolean;
  data: { name: DataName; options: BuiltinOptions };
  model: ModelSpec;
  training: TrainingSpec;
  split: SplitSpec;
  /** Raw values of the one feature whose predictions stand beside the plot. */
  questions?: string[];
}

const model = (...layers: LayerSpec[]): ModelSpec => ({ version: 1, layers });

const split = (validation: number, test: number): SplitSpec => ({ validation, test, seed: 7 });

const classifier = (loss: string, learning_rate: number, batch_size: number): TrainingSpec => ({
  loss,
  optimizer: { type: "adam", learning_rate },
  metrics: ["accuracy"],
  batch_size,
  epochs: null,
  shuffle: true,
  seed: 7,
});

const BINARY = "binary_crossentropy";
const CLASSES = "sparse_categorical_crossentropy";

function ofData(name: DataName, rest: Pick<Preset, "model" | "training"> & { split?: SplitSpec }): Preset {
  const data = findBuiltin(name);
  if (!data) throw new Error(`no built-in data set is named "${name}"`);
  return {
    name,
    label: data.label,
    doc: data.doc,
    lesson: false,
    data: { name, options: data.options },
    split: split(0.15, 0.15),
    ...rest,
  };
}

/** y = 3x + 2 as every course begins: one unit, sgd, mse, 100 epochs, 80 rows to learn from and 20 to be tested on. */
const line: Preset = {
  ...ofData("line", {
    model: model(dense(1, "linear")),
    training: {
      loss: "mean_squared_error",
      optimizer: { type: "sgd", learning_rate: 0.01 },
      metrics: ["root_mean_squared_error", "r2_score"],
      batch_size: 32,
      epochs: 100,
      shuffle: true,
      seed: 7,
    },
    split: split(0, 0.2),
  }),
  label: "Line",
  lesson: true,
  questions: ["0", "5", "10"],
};

/** The first classifier of every course: 64 relu, one sigmoid, adam, binary cross-entropy, with validation data. */
const binary: Preset = {
  ...ofData("circles", {
    model: model(dense(64, "relu"), dense(1, "sigmoid")),
    training: { ...classifier(BINARY, 0.001, 32), epochs: 200 },
    split: split(0.2, 0.1),
  }),
  name: "classifier",
  label: "Binary classifier",
  doc: "64 relu units and one sigmoid, watched on data it does not learn from.",
  lesson: true,
};

export const presets: readonly Preset[] = [
  line,
  binary,
  ofData("iris", {
    model: model(dense(8, "relu"), dense(6, "relu"), dense(3, "softmax")),
    training: classifier(CLASSES, 0.01, 16),
  }),
  ofData("moons", {
    model: model(dense(8, "relu"), dense(6, "relu"), dense(1, "sigmoid")),
    training: classifier(BINARY, 0.01, 16),
  }),
  ofData("circles", {
    model: model(dense(8, "tanh"), dense(4, "tanh"), dense(1, "sigmoid")),
    training: classifier(BINARY, 0.01, 16),
  }),
  ofData("xor", {
    model: model(dense(6, "tanh"), dense(4, "tanh"), dense(1, "sigmoid")),
    training: classifier(BINARY, 0.01, 16),
  }),
  ofData("spirals", {
    model: model(dense(16, "tanh"), dense(12, "tanh"), dense(8, "tanh"), dense(1, "sigmoid")),
    training: classifier(BINARY, 0.01, 32),
  }),
  ofData("blobs", { model: model(dense(8, "relu"), dense(3, "softmax")), training: classifier(CLASSES, 0.01, 16) }),
  ofData("digits", {
    model: model(...convolutional(8, 8), dense(10, "softmax")),
    training: classifier(CLASSES, 0.003, 32),
  }),
  ofData("parentheses", {
    model: model(...recurrent(3), dense(1, "sigmoid")),
    training: classifier(BINARY, 0.01, 32),
  }),
  ofData("repeats", {
    model: model(...attentive(9), dense(1, "sigmoid")),
    training: classifier(BINARY, 0.01, 32),
  }),
];

export const DEFAULT_PRESET = "iris";

export function findPreset(name: string | null | undefined): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}

/** The preset of that name, or the one the page opens on. */
export function presetOrDefault(name: string | null | undefined): Preset {
  const found = findPreset(name) ?? findPreset(DEFAULT_PRESET);
  if (!found) throw new Error("the default preset is missing");
  return found;
}
