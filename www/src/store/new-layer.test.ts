import { expect, it } from "vitest";
import { FEATURES, firstOf } from "../engine/names";
import { joins, newLayer, partners } from "./new-layer";
import { refusedLayer } from "./refusal";
import { reportOf, summaryOf } from "./testing";
import { layerKind } from "./testing-schema";

it("adds layers in sizes that suit a page", () => {
  expect(newLayer(layerKind("dense"), null)).toEqual({ type: "dense", units: 8, activation: "relu" });
  expect(newLayer(layerKind("dropout"), null)).toEqual({ type: "dropout", rate: 0.2 });
  expect(newLayer(layerKind("conv2d"), null)).toEqual({
    type: "conv2d",
    filters: 8,
    kernel_size: 3,
    activation: "relu",
    padding: "same",
  });
  expect(newLayer(layerKind("multi_head_attention"), null)).toMatchObject({ num_heads: 2, key_dim: 8 });
});

it("gives an embedding the vocabulary of the data", () => {
  const report = reportOf({ form: { tokens: { length: 6, vocabulary: 12 } } });
  expect(newLayer(layerKind("embedding"), report)).toMatchObject({ input_dim: 12, output_dim: 8 });
});

it("joins a layer with an earlier one of the same shape, else with the one before", () => {
  const layer = (units: number) => ({ type: "dense", name: "", output_shape: [units], parameters: 0 });
  const model = { version: 1 as const, layers: [8, 4, 8, 3].map((units) => ({ type: "dense", units })) };
  const summary = summaryOf({ layers: [8, 4, 8, 3].map(layer) });
  expect(joins(layerKind("add"))).toBe(true);
  expect(joins(layerKind("dense"))).toBe(false);
  expect(partners(model, 2, summary)).toEqual([0, 2].map(firstOf));
  expect(partners(model, 1, summary)).toEqual([0, 1].map(firstOf));
  expect(partners(model, 0, null)).toEqual([FEATURES, 0].map(firstOf));
});

it("finds the layer and the argument that a refusal speaks of", () => {
  expect(refusedLayer({ path: "layers[2].kernel_size[0]" })).toEqual({ layer: 2, argument: "kernel_size" });
  expect(refusedLayer({ path: "layers[11]" })).toEqual({ layer: 11, argument: "" });
  expect(refusedLayer({ path: "training.loss" })).toBeNull();
  expect(refusedLayer(null)).toBeNull();
});
