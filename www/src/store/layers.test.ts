import { describe, expect, it } from "vitest";
import type { ModelSpec, TrainingSpec } from "../engine/protocol";
import {
  addLayer,
  changeLayer,
  dropoutAfter,
  fitTask,
  MAX_LAYERS,
  outputLayer,
  regularizer,
  removeLayer,
} from "./layers";
import { testingSchema } from "./testing-schema";
import { regularizeAll, regularizerOf, resizeLayer, setDropout, sizes } from "./layers";

const model: ModelSpec = {
  version: 1,
  layers: [
    { type: "dense", units: 8, activation: "relu" },
    { type: "dense", units: 6, activation: "relu" },
    { type: "dense", units: 3, activation: "softmax" },
  ],
};
const types = (spec: ModelSpec) =>
  spec.layers.map((layer) => layer.type + JSON.stringify(layer.units ?? layer.rate ?? ""));

describe("layers", () => {
  it("are added after the chosen one, never after the output", () => {
    const dropout = { type: "dropout", rate: 0.2 };
    expect(types(addLayer(model, dropout, 0)?.model ?? model)).toEqual(["dense8", "dropout0.2", "dense6", "dense3"]);
    expect(addLayer(model, dropout, 2)?.index).toBe(2);
    expect(addLayer(model, dropout, null)?.index).toBe(2);
    const full = { ...model, layers: Array.from({ length: MAX_LAYERS }, () => ({ type: "dense", units: 1 })) };
    expect(addLayer(full, dropout, null)).toBeNull();
  });

  it("are removed with their dropout; the output stays", () => {
    const dropped = setDropout(model, 0, 0.3);
    expect(types(dropped)).toEqual(["dense8", "dropout0.3", "dense6", "dense3"]);
    expect(types(removeLayer(dropped, 0))).toEqual(["dense6", "dense3"]);
    expect(types(removeLayer(dropped, 1))).toEqual(["dense8", "dense6", "dense3"]);
    expect(removeLayer(model, 2)).toBe(model);
  });

  it("keep between one unit and the most there may be; the output has the size of the data", () => {
    expect(types(resizeLayer(model, 0, -20))).toEqual(["dense1", "dense6", "dense3"]);
    expect(types(resizeLayer(model, 1, 1e9))).toEqual(["dense8", "dense4096", "dense3"]);
    expect(resizeLayer(model, 2, 1)).toBe(model);
  });

  it("have their dropout changed and taken away in place", () => {
    const dropped = setDropout(model, 1, 0.5);
    expect(dropoutAfter(dropped, 1)).toBe(0.5);
    expect(outputLayer(dropped)).toBe(3);
    expect(types(setDropout(dropped, 1, 0.1))).toEqual(["dense8", "dense6", "dropout0.1", "dense3"]);
    expect(types(setDropout(dropped, 1, 0))).toEqual(types(model));
    expect(setDropout(model, 1, 0)).toBe(model);
  });

  it("do not write an argument that went back to its default", () => {
    const changed = changeLayer(model, 0, { use_bias: false });
    expect(changed.layers[0]).toMatchObject({ use_bias: false });
    expect(changeLayer(changed, 0, { use_bias: undefined })).toEqual(model);
    expect(changeLayer(changed, 0, { use_bias: null })).toEqual(model);
    expect(model.layers[0]).not.toHaveProperty("use_bias");
  });

  it("keep an activation's arguments until another function is chosen", () => {
    const gelu = { type: "gelu", approximate: true };
    const given = { version: 1 as const, layers: [{ type: "dense", units: 8, activation: gelu }, { type: "dense", units: 1 }] };
    const wider = resizeLayer(changeLayer(given, 0, { use_bias: false }), 0, 2);
    expect(wider.layers[0]).toEqual({ type: "dense", units: 10, activation: gelu, use_bias: false });
    expect(changeLayer(wider, 0, { activation: "relu" }).layers[0]?.activation).toBe("relu");
  });

  it("say penalties as Keras does", () => {
    expect(regularizer({ l1: 0, l2: 0 })).toBeUndefined();
    expect(regularizer({ l1: 0, l2: 0.01 })).toEqual({ type: "l2", l2: 0.01 });
    expect(regularizer({ l1: 0.1, l2: 0.01 })).toEqual({ type: "l1_l2", l1: 0.1, l2: 0.01 });
    const all = regularizeAll(setDropout(model, 0, 0.2), { l1: 0.1, l2: 0 });
    expect(all.layers.map((layer) => regularizerOf(layer).l1)).toEqual([0.1, 0, 0.1, 0.1]);
    expect(regularizeAll(all, { l1: 0, l2: 0 })).toEqual(setDropout(model, 0, 0.2));
  });

  it("tell the sizes a row passes through", () => {
    expect(sizes(4, setDropout(model, 0, 0.2))).toEqual([4, 8, 6, 3]);
  });
});

describe("fitting a task", () => {
  const training: TrainingSpec = {
    loss: "sparse_categorical_crossentropy",
    optimizer: { type: "adam", learning_rate: 0.01 },
    metrics: ["accuracy"],
    batch_size: 16,
    epochs: null,
    shuffle: true,
    seed: 7,
  };

  it("changes nothing that fits", () => {
    const fitted = fitTask(model, training, "multiclass", 3);
    expect(fitted.model).toBe(model);
    expect(fitted.training).toEqual(training);
  });

  it("changes nothing where the function fits, as a name or as an object", () => {
    const layers = [{ type: "dense", units: 1, activation: { type: "sigmoid" } }];
    const given = { version: 1 as const, layers };
    expect(fitTask(given, training, "binary", 2).model).toBe(given);
    expect(fitTask(given, training, "regression", 0).model.layers[0]?.activation).toBe("linear");
  });

  it("changes output, loss and metrics, and no more", () => {
    const fitted = fitTask(model, training, "binary", 2);
    expect(fitted.model.layers.at(-1)).toEqual({ type: "dense", units: 1, activation: "sigmoid" });
    expect(fitted.training).toEqual({ ...training, loss: "binary_crossentropy" });
    const huber = { ...training, loss: { type: "huber", delta: 2 }, metrics: ["mean_absolute_error"] };
    const losses = [{ type: "huber", label: "Huber", doc: "", arguments: [], tasks: ["regression" as const] }];
    const metrics = [{ type: "mean_absolute_error", label: "MAE", doc: "", tasks: ["regression" as const] }];
    expect(fitTask(model, huber, "regression", 0, { losses, metrics }).training).toEqual(huber);
  });

  it("keeps a loss and metrics that the schema says are of use for the task", () => {
    const smoothed = { type: "binary_crossentropy", label_smoothing: 0.1 };
    const chosen = { ...training, loss: smoothed, metrics: ["accuracy", "top_k_categorical_accuracy"] };
    expect(fitTask(model, chosen, "binary", 2, testingSchema).training).toEqual({ ...chosen, metrics: ["accuracy"] });
    const weighted = { ...training, weighted_metrics: ["accuracy", "mean_absolute_error"] };
    expect(fitTask(model, weighted, "binary", 2, testingSchema).training.weighted_metrics).toEqual(["accuracy"]);
    const numeric = fitTask(model, chosen, "regression", 0, testingSchema).training;
    expect(numeric.loss).toBe("mean_squared_error");
    expect(numeric.metrics).toEqual(["root_mean_squared_error", "r2_score"]);
  });

  it("gives a model without an output one", () => {
    const bare: ModelSpec = { version: 1, layers: [] };
    expect(fitTask(bare, training, "multiclass", 5).model.layers).toEqual([
      { type: "dense", units: 5, activation: "softmax" },
    ]);
  });
});
