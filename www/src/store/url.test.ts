import { describe, expect, it } from "vitest";
import { presetOrDefault, presets } from "../presets/presets";
import type { Spec, Task, TrainingSpec } from "../engine/protocol";
import { random } from "../gallery/random";
import type { Choices, DataSource } from "./state";
import { lossOf, metricsOf, weightedMetricsOf } from "./targets";
import { reportOf } from "./testing";
import { fitTargets } from "./outputs";
import { readHash, readModel, writeHash, writeModel } from "./url";

const chosen = (name: string): { source: DataSource; choices: Choices } => {
  const { data, model, training, split } = presetOrDefault(name);
  return {
    source: { kind: "builtin", name: data.name, options: data.options },
    choices: { preset: name, model, training, split },
  };
};

describe("the address", () => {
  it.each(presets.map(({ name }) => name))("of the preset %s is its name and brings it back", (name) => {
    const { source, choices } = chosen(name);
    expect(writeHash(source, choices)).toBe(`preset=${name}`);
    const linked = readHash(`#preset=${name}`);
    expect(linked).toMatchObject({ model: choices.model, training: choices.training, split: choices.split });
  });

  it("brings back everything that was changed", () => {
    const { source, choices } = chosen("spirals");
    const changed: Choices = {
      preset: "spirals",
      model: {
        version: 1,
        layers: [
          { type: "dense", units: 12, activation: "gelu", kernel_regularizer: { type: "l1_l2", l1: 0.1, l2: 0.001 } },
          { type: "dropout", rate: 0.25 },
          { type: "batch_normalization" },
          { type: "dense", units: 1, activation: "sigmoid" },
        ],
      },
      training: {
        ...choices.training,
        optimizer: { type: "sgd", learning_rate: 0.3 },
        batch_size: 8,
        epochs: 250,
        shuffle: false,
        seed: 99,
      },
      split: { validation: 0, test: 0.3, seed: 5 },
    };
    const moved: DataSource = { kind: "builtin", name: "spirals", options: { rows: 800, noise: 0.2, seed: 3 } };
    expect(source).not.toEqual(moved);
    const linked = readHash(`#${writeHash(moved, changed)}`);
    expect(linked).toMatchObject({
      options: { rows: 800, noise: 0.2, seed: 3 },
      model: changed.model,
      training: changed.training,
      split: changed.split,
    });
  });

  it("brings several targets with their outputs and losses", () => {
    const { source, choices } = chosen("iris");
    const several: Choices = {
      ...choices,
      model: {
        version: 1,
        layers: [
          { type: "dense", units: 8, activation: "relu", name: "dense" },
          { type: "dense", units: 3, activation: "softmax", name: "species" },
          { type: "dense", units: 1, activation: "linear", name: "petal_width", inputs: ["dense"] },
        ],
        outputs: ["species", "petal_width"],
      },
      training: { ...choices.training, loss: { species: "sparse_categorical_crossentropy", petal_width: "huber" } },
    };
    const targets = [
      { column: 4, task: "multiclass" as const, classes: ["a", "b", "c"] },
      { column: 3, task: "regression" as const, classes: [] },
    ];
    const linked = readHash(`#${writeHash(source, several, reportOf({ targets }))}`);
    expect(linked).toMatchObject({ targets: [4, 3], model: several.model, training: { loss: several.training.loss } });
    // What is no list of columns, each once, is one target.
    for (const wrong of ["4+", "x", "-1", "4+4", "4+x", "4+-1"]) {
      const hash = `#preset=iris&targets=${wrong}&outputs=species+petal_width`;
      expect(readHash(hash)).not.toHaveProperty("targets");
      expect(readHash(hash)?.model).toEqual(choices.model);
    }
  });

  it("says which column is predicted, where it is not the last one", () => {
    const { source, choices } = chosen("iris");
    const last = reportOf().columns.length - 1;
    expect(writeHash(source, choices, reportOf({ target: last }))).toBe("preset=iris");
    const hash = writeHash(source, choices, reportOf({ target: 1 }));
    expect(hash).toBe("preset=iris&targets=1");
    expect(readHash(hash)?.targets).toEqual([1]);
  });

  it("brings what each output is scored by, what its loss counts, and what losses and metrics take", () => {
    const { source, choices } = chosen("iris");
    const outputs = ["species", "petal_width"];
    const training: TrainingSpec = {
      ...choices.training,
      loss: { species: { type: "categorical_focal_crossentropy", gamma: 3 }, petal_width: { type: "huber", delta: 0.5 } },
      loss_weights: { species: 1, petal_width: 0.25 },
      metrics: { species: ["accuracy", { type: "precision", thresholds: [0.5, 0.7] }, "precision"], petal_width: [] },
      weighted_metrics: { species: [], petal_width: ["mean_absolute_error"] },
    };
    const targets = [
      { column: 4, task: "multiclass" as const, classes: ["a", "b", "c"] },
      { column: 3, task: "regression" as const, classes: [] },
    ];
    const several: Choices = { ...choices, model: { ...choices.model, outputs }, training };
    const hash = writeHash(source, several, reportOf({ targets }));
    expect(hash).toContain("losses=categorical_focal_crossentropy(gamma:3)+huber(delta:0.5)&loss-weights=1+0.25");
    expect(hash).toContain("metrics=accuracy+precision(thresholds:0.5+0.7)+precision;&weighted-metrics=;mean_absolute_error");
    expect(readHash(hash)?.training).toEqual(training);
    // What is said of another number of outputs, or not as it should be, is as if it were not said.
    const begin = "preset=iris&targets=4+3&outputs=species+petal_width";
    const parts = ["metrics=accuracy", "metrics=a;b;c", "metrics=accuracy;Wrong", "metrics=a(b:;c", "loss-weights=1+-2"];
    for (const part of [...parts, "loss-weights=1+2+3", "losses=huber", "weighted-metrics=accuracy"]) {
      expect(readHash(`${begin}&${part}`)?.training, part).toEqual(choices.training);
    }
    // And an old link says nothing of them.
    const old = readHash(`${begin}&losses=sparse_categorical_crossentropy+huber`);
    const loss = { species: "sparse_categorical_crossentropy", petal_width: "huber" };
    expect(old?.training).toEqual({ ...choices.training, loss });
  });

  it("brings the metrics of one output, and a loss with what it takes", () => {
    const { source, choices } = chosen("line");
    const training: TrainingSpec = {
      ...choices.training,
      loss: { type: "huber", delta: 2 },
      metrics: ["mean_absolute_error", { type: "r2_score", num_regressors: 1 }],
      weighted_metrics: ["r2_score"],
    };
    const hash = writeHash(source, { ...choices, training });
    expect(readHash(hash)?.training).toEqual(training);
    const none = { ...choices, training: { ...choices.training, metrics: [] } };
    expect(readHash(writeHash(source, none))?.training.metrics).toEqual([]);
  });

  it("brings any losses, weights and metrics of any number of outputs to the same training", () => {
    for (let seed = 0; seed < 300; seed++) {
      const next = random(seed);
      const upTo = (most: number): number => Math.floor(next() * (most + 1));
      const pick = <T>(all: readonly T[]): T => all[upTo(all.length - 1)] as T;
      const spec = (types: readonly string[]): Spec => {
        const values = [upTo(100) / 8, -1e-7 * (1 + upTo(9)), 1e12, true, false, "same", [0.25, 0.5], [3]];
        const names = ["delta", "axis", "class_id", "from_logits"].filter(() => next() < 0.3);
        const type = pick(types);
        return names.length === 0 ? type : { type, ...Object.fromEntries(names.map((name) => [name, pick(values)])) };
      };
      const list = (types: readonly string[]): Spec[] => Array.from({ length: upTo(3) }, () => spec(types));
      const targets = Array.from({ length: 2 + upTo(2) }, (_, column) => {
        const task: Task = pick(["regression", "multiclass", "binary"]);
        return { column, task, classes: task === "regression" ? [] : ["a", "b", "c"].slice(task === "binary" ? 1 : 0) };
      });
      const report = reportOf({ targets });
      const { source, choices } = chosen("iris");
      const begun = fitTargets(choices.model, choices.training, report, null);
      const outputs = begun.model.outputs ?? [];
      const said = <T>(one: () => T): Record<string, T> => Object.fromEntries(outputs.map((output) => [output, one()]));
      const training: TrainingSpec = {
        ...begun.training,
        ...(next() < 0.8 ? { loss: said(() => spec(["huber", "log_cosh", "dice"])) } : {}),
        ...(next() < 0.8 ? { metrics: said(() => list(["accuracy", "precision", "r2_score"])) } : {}),
        ...(next() < 0.5 ? { weighted_metrics: said(() => list(["accuracy", "recall"])) } : {}),
        ...(next() < 0.5 ? { loss_weights: said(() => upTo(40) / 8) } : {}),
      };
      const hash = writeHash(source, { ...choices, model: begun.model, training }, report);
      const linked = readHash(`#${hash}`);
      if (!linked) throw new Error(`no link of ours: ${hash}`);
      expect(linked.model, hash).toEqual(begun.model);
      // The usual metrics are not written: the lab fits them to the targets, as it does here.
      const isUsual = !hash.includes("&metrics=");
      const scored = isUsual ? fitTargets(linked.model, linked.training, report, null).training : linked.training;
      for (const output of outputs) {
        expect(lossOf(linked.training, output), hash).toEqual(lossOf(training, output));
        expect(linked.training.loss_weights?.[output] ?? 1, hash).toBe(training.loss_weights?.[output] ?? 1);
        expect(metricsOf(scored, output), hash).toEqual(metricsOf(training, output));
        expect(weightedMetricsOf(linked.training, output), hash).toEqual(weightedMetricsOf(training, output));
      }
    }
  });

  it("has the arguments of kinds inside a layer", () => {
    const layers = [
      { type: "dense", units: 4, activation: { type: "leaky_relu", negative_slope: 0.3 } },
      { type: "dense", units: 4, kernel_initializer: { type: "random_normal", mean: 0, stddev: 0.1, seed: null } },
      { type: "bidirectional", layer: { type: "lstm", units: 8 } },
    ];
    const net = writeModel({ version: 1, layers });
    expect(net).toContain("activation:leaky_relu,activation.negative_slope:0.3");
    const initializer = { type: "random_normal", mean: 0, stddev: 0.1 };
    expect(readModel(net)?.layers).toEqual([layers[0], { ...layers[1], kernel_initializer: initializer }, layers[2]]);
    const deep = { type: "bidirectional", layer: { type: "lstm", activation: { type: "elu", alpha: 2 } } };
    expect(writeModel({ version: 1, layers: [deep] }), "deeper than a link says").toBeUndefined();
    for (const text of ["alpha.b.c:1", "units:3,units.type:2", "activation.alpha:2", "a:b,a.constructor:1"]) {
      expect(readModel(`dense(${text})`), text).toBeNull();
    }
  });

  it("can say that training has no end", () => {
    const { source, choices } = chosen("line");
    const endless = { ...choices, training: { ...choices.training, epochs: null } };
    const hash = writeHash(source, endless);
    expect(hash).toContain("epochs=none");
    expect(readHash(hash)?.training.epochs).toBeNull();
  });

  it("says which column weighs the rows, and begins with none", () => {
    const { source, choices } = chosen("iris");
    const [first, second, ...rest] = reportOf().columns;
    if (!first || !second) throw new Error("the report has columns");
    const hash = writeHash(source, choices, reportOf({ columns: [first, { ...second, role: "weight" }, ...rest] }));
    expect(hash).toBe("preset=iris&weight=1");
    expect(readHash(hash)?.weight).toBe(1);
    expect(readHash("preset=iris")).not.toHaveProperty("weight");
    expect(readHash("preset=iris&weight=-1")).not.toHaveProperty("weight");
  });

  it("says nothing at all of data of the user's own", () => {
    const { choices } = chosen("iris");
    expect(writeHash({ kind: "file", name: "patients.csv" }, choices)).toBe("");
    expect(writeHash(null, choices)).toBe("");
  });

  it.each([
    ["", null],
    ["#preset=nonsense", null],
    ["#net=dense(units:3)", null],
    ["#%E0%A4%A", null],
    [`#preset=iris&net=${"dense(units:1);".repeat(400)}`, null],
  ])("that makes no sense is no address of ours: %s", (hash, result) => {
    expect(readHash(hash)).toBe(result);
  });

  it("out of range or misspelt falls back to the preset", () => {
    const { training, split, model } = presetOrDefault("iris");
    const bad = [
      "lr=-1",
      "lr=1e999",
      "lr=NaN",
      "batch=0",
      "batch=1.5",
      "batch=99999999",
      "epochs=0",
      "seed=-3",
      "optimizer=<script>",
      "loss=__proto__()",
      "validation=0.8",
      "test=0.8",
      "net=dense(units:99999)",
      "net=dense(units:3,constructor:4)",
      "net=dense(units:3",
      "net=__proto__(units:3)",
      "unknown=1",
      "=",
      "&&",
    ];
    for (const part of bad) {
      const linked = readHash(`#preset=iris&${part}`);
      expect(linked?.model, part).toEqual(model);
      expect(linked?.training, part).toEqual(training);
    }
    expect(readHash("#preset=iris&validation=0.8&test=0.8")?.split).toEqual(split);
  });
});

describe("a network in an address", () => {
  it("has branches, sizes and switches", () => {
    const layers = [
      { type: "conv2d", name: "conv2d", filters: 8, kernel_size: [3, 5], padding: "same", use_bias: false },
      { type: "conv2d", filters: 8, kernel_size: 3, inputs: ["input"], kernel_regularizer: "l2" },
      { type: "add", inputs: ["conv2d", "conv2d_1"] },
      { type: "reshape", target_shape: [64] },
      { type: "layer_normalization", axis: -1, epsilon: 1e-7 },
    ];
    const text = writeModel({ version: 1, layers });
    expect(text).toContain("conv2d(name:conv2d,filters:8,kernel_size:3+5,padding:same,use_bias:false)");
    expect(readModel(text)).toEqual({ version: 1, layers });
  });

  it("has shared weights and a rate of its own", () => {
    const layers = [
      { type: "dense", units: 6, name: "dense_1", learning_rate_multiplier: 0.5 },
      { type: "dense", units: 6, shares: "dense_1" },
      { type: "dense", units: 1 },
    ];
    const text = writeModel({ version: 1, layers });
    expect(readModel(text)?.layers).toEqual(layers);
  });

  it("has further outputs of a layer", () => {
    const layers = [
      { type: "lstm", name: "encoder", units: 3, return_state: true },
      { type: "lstm", units: 3, inputs: ["input", "encoder:1", "encoder:2"] },
      { type: "dense", units: 1, inputs: ["encoder:1"] },
    ];
    const text = writeModel({ version: 1, layers });
    expect(text).toContain("inputs:input+encoder:1+encoder:2");
    expect(readModel(text)?.layers).toEqual(layers);
    expect(readModel("dense(units:1,inputs:encoder:x)")).toBeNull();
  });

  it("is left out where an address cannot say it in full", () => {
    for (const argument of [
      { inputs: ["any (name)"] },
      { layer: { type: "lstm", kernel_initializer: { type: "constant", value: 1 } } },
      { kernel_regularizer: { type: "orthogonal_regularizer", factor: 0.1 } },
      { cropping: [[1, 1], [2, 2]] },
    ]) {
      expect(writeModel({ version: 1, layers: [{ type: "dense", units: 2, ...argument }] })).toBeUndefined();
    }
  });

  it("is refused where any layer is wrong", () => {
    expect(readModel("dense(units:2);dense(units:-1)")).toBeNull();
    expect(readModel(Array.from({ length: 40 }, () => "flatten()").join(";"))).toBeNull();
    expect(readModel("flatten()")).toEqual({ version: 1, layers: [{ type: "flatten" }] });
  });
});
