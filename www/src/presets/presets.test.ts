import { describe, expect, it } from "vitest";
import { lossFor, outputLayer } from "../store/layers";
import { reportOf } from "../store/testing";
import { builtinData } from "./data";
import { findPreset, presetOrDefault, presets } from "./presets";
import { countInputs, propose } from "./propose";
import { thumbnail } from "./thumbnails";

describe("presets", () => {
  it("have names of their own, one for every built-in data set", () => {
    const names = presets.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name } of builtinData) expect(findPreset(name)?.data.name, name).toBe(name);
  });

  it("have a last layer that goes with their loss, and leave most rows to learn from", () => {
    for (const { name, model, training, split } of presets) {
      const last = model.layers[outputLayer(model)];
      const task =
        last?.activation === "softmax" ? "multiclass" : last?.activation === "sigmoid" ? "binary" : "regression";
      expect(training.loss, name).toBe(lossFor(task));
      expect(1 - split.validation - split.test, name).toBeGreaterThanOrEqual(0.6);
      expect(outputLayer(model), name).toBe(model.layers.length - 1);
    }
  });

  it("begin the course with the line: one unit, sgd, mse, 100 epochs, 80 to 20, three questions", () => {
    const line = presetOrDefault("line");
    expect(line.data.options).toMatchObject({ rows: 100 });
    expect(line.model.layers).toEqual([{ type: "dense", units: 1, activation: "linear" }]);
    expect(line.training).toMatchObject({ loss: "mean_squared_error", epochs: 100, optimizer: { type: "sgd" } });
    expect(line.split).toMatchObject({ validation: 0, test: 0.2 });
    expect(line.questions).toEqual(["0", "5", "10"]);
  });

  it("go on with the classifier: 64 relu, one sigmoid, adam, binary cross-entropy, validation data", () => {
    const { model, training, split } = presetOrDefault("classifier");
    expect(model.layers).toEqual([
      { type: "dense", units: 64, activation: "relu" },
      { type: "dense", units: 1, activation: "sigmoid" },
    ]);
    expect(training).toMatchObject({ loss: "binary_crossentropy", optimizer: { type: "adam" } });
    expect(split.validation).toBeGreaterThan(0);
  });

  it("fall back to the one the page opens on", () => {
    expect(presetOrDefault("nonsense")).toBe(presetOrDefault("iris"));
    expect(presetOrDefault(null).name).toBe("iris");
  });
});

describe("proposed networks", () => {
  it("fit the task", () => {
    expect(propose(reportOf()).model.layers.at(-1)).toEqual({ type: "dense", units: 3, activation: "softmax" });
    const numeric = propose(reportOf({ task: "regression", classes: [], target: 0 }));
    expect(numeric.model.layers.at(-1)).toEqual({ type: "dense", units: 1, activation: "linear" });
    expect(numeric.training.metrics).not.toContain("accuracy");
  });

  it("look at pictures with convolutions, pooling until few places are left", () => {
    const types = (height: number, width: number) =>
      propose(reportOf({ form: { image: { height, width, channels: 1 } } })).model.layers.map(({ type }) => type);
    expect(types(8, 8)).toEqual(["conv2d", "max_pooling2d", "conv2d", "flatten", "dense"]);
    expect(types(28, 28).filter((type) => type === "max_pooling2d")).toHaveLength(2);
    expect(types(4, 4)).toEqual(["conv2d", "flatten", "dense"]);
  });

  it("read sequences with an embedding of their vocabulary", () => {
    const { layers } = propose(reportOf({ form: { tokens: { length: 9, vocabulary: 5 } } })).model;
    expect(layers[0]).toMatchObject({ type: "embedding", input_dim: 5, mask_zero: true });
    expect(layers.map(({ type }) => type)).toEqual(["embedding", "lstm", "dense"]);
  });

  it("count one input for a number and one for each category", () => {
    expect(countInputs(reportOf())).toBe(2 + 3);
  });

  it("stay small for wide tables and simple for short ones", () => {
    const [first] = reportOf().columns;
    if (!first) throw new Error("no column");
    const wide = propose(reportOf({ columns: Array.from({ length: 5000 }, () => first), rows: 1_000_000 }));
    expect(wide.model.layers[0]?.units).toBe(64);
    expect(wide.training.batch_size).toBe(128);
    expect(propose(reportOf({ rows: 150 })).model.layers).toHaveLength(2);
    expect(propose(reportOf({ rows: 2000 })).model.layers).toHaveLength(3);
    const none = propose(reportOf({ columns: [] }));
    expect(none.model.layers[0]?.units).toBe(16);
  });
});

it("draws every data set's thumbnail within its square", () => {
  for (const { name } of builtinData) {
    const points = thumbnail(name);
    expect(points.length).toBeGreaterThan(30);
    for (const { x, y } of points) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(1);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(1);
    }
  }
});
