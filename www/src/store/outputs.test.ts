import { describe, expect, it } from "vitest";
import { layerNames } from "../engine/names";
import type { ModelSpec, TableReport, TargetReport, TrainingSpec } from "../engine/protocol";
import { sourcesOf } from "./branches";
import { outputLayers, removeLayer, resizeLayer } from "./layers";
import { addBeforeOutputs, chooseOutput, fitTargets, outputNames } from "./outputs";
import { lossOf, metricsOf } from "./targets";
import { reportOf } from "./testing";

const kind: TargetReport = { column: 3, task: "multiclass", classes: ["a", "b", "c"] };
const length: TargetReport = { column: 0, task: "regression", classes: [] };
const width: TargetReport = { column: 1, task: "regression", classes: [] };

function reportFor(...targets: TargetReport[]): TableReport {
  const [first = kind] = targets;
  const { column: target, task, classes } = first;
  return reportOf({ target, task, classes, ...(targets.length > 1 ? { targets } : {}) });
}

const chain: ModelSpec = {
  version: 1,
  layers: [
    { type: "dense", units: 8, activation: "relu" },
    { type: "dropout", rate: 0.2 },
    { type: "dense", units: 3, activation: "softmax" },
  ],
};
const training: TrainingSpec = {
  loss: "sparse_categorical_crossentropy",
  optimizer: { type: "adam", learning_rate: 0.01 },
  metrics: ["accuracy"],
  batch_size: 16,
  epochs: null,
  shuffle: true,
  seed: 7,
  class_weight: [1, 2, 3],
};

/** "kind <- dropout": what every layer reads, by name. */
const drawn = (model: ModelSpec): string[] => {
  const names = layerNames(model.layers);
  return names.map((name, index) => {
    const sources = sourcesOf(model, index).map(({ layer }) => (layer < 0 ? "input" : names[layer]));
    return `${name} <- ${sources.join(" ")}`;
  });
};

describe("a network for several targets", () => {
  const both = fitTargets(chain, training, reportFor(kind, length), null);

  it("grows one dense head for each from what the output read", () => {
    expect(drawn(both.model)).toEqual([
      "dense <- input",
      "dropout <- dense",
      "species <- dropout",
      "sepal_length <- dropout",
    ]);
    expect(both.model.outputs).toEqual(["species", "sepal_length"]);
    expect(both.model.layers.slice(2).map(({ units, activation }) => [units, activation])).toEqual([
      [3, "softmax"],
      [1, undefined],
    ]);
    expect(outputLayers(both.model)).toEqual([2, 3]);
  });

  it("has a loss and metrics for each, and no weights of classes", () => {
    expect(lossOf(both.training, "species")).toBe("sparse_categorical_crossentropy");
    expect(lossOf(both.training, "sepal_length")).toBe("mean_squared_error");
    expect(metricsOf(both.training, "sepal_length")).toEqual(["root_mean_squared_error", "r2_score"]);
    expect(both.training.class_weight).toBeUndefined();
  });

  it("keeps what was chosen for an output when a third comes and another goes", () => {
    const weighed: TrainingSpec = {
      ...both.training,
      loss: { species: "sparse_categorical_crossentropy", sepal_length: { type: "huber", delta: 2 } },
      loss_weights: { sepal_length: 0.25 },
    };
    const huber = { losses: [{ type: "huber", label: "", doc: "", arguments: [], tasks: ["regression" as const] }], metrics: [] };
    const next = fitTargets(both.model, weighed, reportFor(length, width), huber);
    expect(next.model.outputs).toEqual(["sepal_length", "sepal_width"]);
    expect(drawn(next.model).slice(2)).toEqual(["sepal_width <- dropout", "sepal_length <- dropout"]);
    expect(next.model.layers[2]).toMatchObject({ units: 1, activation: "linear" });
    expect(next.training.loss).toEqual({ sepal_length: { type: "huber", delta: 2 }, sepal_width: "mean_squared_error" });
    expect(next.training.loss_weights).toEqual({ sepal_length: 0.25 });
  });

  it("scores rows by their weights where that suits an output", () => {
    const weighted: TrainingSpec = { ...training, weighted_metrics: ["accuracy"] };
    const two = fitTargets(chain, weighted, reportFor(kind, length), null);
    // An accuracy says nothing of numbers.
    expect(two.training.weighted_metrics).toEqual({ species: ["accuracy"] });
    const both: TrainingSpec = {
      ...two.training,
      weighted_metrics: { species: ["accuracy"], sepal_length: ["root_mean_squared_error"] },
    };
    const others = fitTargets(two.model, both, reportFor(length, width), null);
    expect(others.training.weighted_metrics).toEqual({ sepal_length: ["root_mean_squared_error"] });
    const one = fitTargets(two.model, both, reportFor(kind), null);
    expect(one.training.weighted_metrics).toEqual(["accuracy"]);
    expect(fitTargets(chain, training, reportFor(kind, length), null).training).not.toHaveProperty("weighted_metrics");
  });

  it("becomes the chain that it was when one target is left", () => {
    const one = fitTargets(both.model, both.training, reportFor(kind), null);
    expect(one.model).toEqual(chain);
    expect(one.training).toMatchObject({ loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
    const other = fitTargets(both.model, both.training, reportFor(length), null);
    expect(other.model.outputs).toBeUndefined();
    expect(drawn(other.model)).toEqual(["dense <- input", "dropout <- dense", "dense_1 <- dropout"]);
    expect(other.training).toMatchObject({ loss: "mean_squared_error", metrics: ["root_mean_squared_error", "r2_score"] });
    expect(other.training.loss_weights).toBeUndefined();
  });

  it("is one layer per target where there is no hidden one", () => {
    const bare = fitTargets({ version: 1, layers: [{ type: "dense", units: 3 }] }, training, reportFor(kind, length), null);
    expect(drawn(bare.model)).toEqual(["species <- input", "sepal_length <- input"]);
    const back = fitTargets(bare.model, bare.training, reportFor(length), null);
    expect(drawn(back.model)).toEqual(["dense <- input"]);
  });

  it("gets its layers between the trunk and all heads, or in front of one", () => {
    const relu = { type: "dense", units: 4 };
    const shared = addBeforeOutputs(both.model, relu, 1);
    expect(shared.index).toBe(2);
    expect(drawn(shared.model).slice(2)).toEqual(["dense_1 <- dropout", "species <- dense_1", "sepal_length <- dense_1"]);
    const own = addBeforeOutputs(both.model, relu, 3);
    expect(own.index).toBe(3);
    expect(drawn(own.model).slice(2)).toEqual(["species <- dropout", "dense_1 <- dropout", "sepal_length <- dense_1"]);
    // Where a head goes, what led to it alone goes with it.
    const without = fitTargets(own.model, both.training, reportFor(kind), null);
    expect(without.model).toEqual(chain);
  });

  it("keeps its outputs when others are removed, and their sizes", () => {
    const removed = removeLayer(both.model, 1);
    expect(drawn(removed)).toEqual(["dense <- input", "species <- dense", "sepal_length <- dense"]);
    expect(removed.outputs).toEqual(both.model.outputs);
    expect(removeLayer(both.model, 3)).toBe(both.model);
    expect(resizeLayer(both.model, 2, 1)).toBe(both.model);
  });

  it("lets another layer be the output of a target", () => {
    const report = reportFor(kind, length);
    const swapped = chooseOutput(both.model, 3, 0, report);
    expect(outputLayers(swapped)).toEqual([3, 2]);
    expect(swapped.layers.slice(2).map(({ units }) => units)).toEqual([1, 3]);
    const own = addBeforeOutputs(both.model, { type: "dense", units: 4 }, 3);
    const moved = chooseOutput(own.model, own.index, 1, report);
    // The head behind it is gone: it was read by nothing.
    expect(drawn(moved).slice(2)).toEqual(["species <- dropout", "sepal_length <- dropout"]);
    expect(moved.layers[3]?.units).toBe(1);
  });
});

describe("names of outputs", () => {
  it("are letters, digits and underscores, each once", () => {
    const report = reportFor(kind, length);
    const named = (...names: string[]) =>
      outputNames({
        ...report,
        columns: report.columns.map((column, index) => ({ ...column, name: { 3: names[0], 0: names[1] }[index] ?? "x" })),
      });
    expect(named("Größe (cm)", "größe [cm]")).toEqual(["gro_e_cm", "gro_e_cm_2"]);
    expect(named("2024", "input")).toEqual(["target", "input_2"]);
    expect(named("dense_1", "a/b:1")).toEqual(["target_dense_1", "a_b_1"]);
  });
});
