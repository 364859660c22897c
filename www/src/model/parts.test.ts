import { expect, it } from "vitest";
import { inputsOf } from "./graph";
import { sideBySide, weightsOf } from "./parts";
import { targetsOf } from "./target";
import { testingSchema as schema } from "../store/testing-schema";

const ends = [
  { name: "price", width: 2, losses: 1 },
  { name: "kind", width: 1, losses: 1 },
];

it("numbers of several inputs or outputs are put side by side, by name or in order", () => {
  const beside = [1, 2, 7, 3, 4, 8];
  expect([...sideBySide("y", { kind: [7, 8], price: [[1, 2], [3, 4]] }, ends)]).toEqual(beside);
  expect([...sideBySide("y", [[[1, 2], [3, 4]], [7, 8]], ends)]).toEqual(beside);
  expect([...sideBySide("y", [new Float32Array([1, 2, 3, 4]), [7, 8]], ends)]).toEqual(beside);
  expect([...sideBySide("y", beside, ends)], "side by side already").toEqual(beside);
  expect([...sideBySide("y", [[1, 2, 7], [3, 4, 8], [5, 6, 9]], ends)], "row after row").toEqual([1, 2, 7, 3, 4, 8, 5, 6, 9]);
  expect([...sideBySide("y", [[1, 2], [3, 4]], ends.slice(0, 1))], "rows of the only one").toEqual([1, 2, 3, 4]);
  expect([...sideBySide("y", { price: [1, 2] }, ends.slice(0, 1))]).toEqual([1, 2]);
});

it("numbers that do not fit their parts are refused by name", () => {
  expect(() => sideBySide("y", { prise: [1], kind: [1] }, ends)).toThrow('y.prise: expected one of price, kind, found "prise"');
  expect(() => sideBySide("y", { kind: [1] }, ends)).toThrow('y: expected numbers for "price", found nothing');
  expect(() => sideBySide("y", { price: [1, 2], kind: [1, 2] }, ends)).toThrow('y: expected 1 rows of 1 for "kind", found 2 numbers');
  expect(() => sideBySide("y", { price: [1, 2, 3], kind: [1] }, ends)).toThrow('y: expected 1 rows of 2 for "price", found 3 numbers');
});

it("rows count for all outputs, for each, or for each of their losses", () => {
  const steps = [{ name: "steps", width: 3, losses: 3 }, ...ends.slice(1)];
  const weights = (given: Parameters<typeof weightsOf>[0], outputs = ends) => {
    const found = weightsOf(given, outputs, 2);
    return found && [...found];
  };
  expect(weights(undefined)).toBeNull();
  expect(weights([1, 2])).toEqual([1, 2]);
  expect(weights({ kind: [3, 4] })).toEqual([1, 3, 1, 4]);
  expect(weights([[5, 6], null])).toEqual([5, 1, 6, 1]);
  expect(weights({ steps: [[1, 2, 3], [4, 5, 6]] }, steps)).toEqual([1, 2, 3, 1, 4, 5, 6, 1]);
  expect(weights({ steps: [2, 3], kind: [7, 8] }, steps)).toEqual([2, 7, 3, 8]);
  expect(weights({ steps: [1, 2, 3, 4, 5, 6], kind: [7, 8] }, steps)).toEqual([1, 2, 3, 7, 4, 5, 6, 8]);
  expect(() => weights({ kind: [3, 4, 5] })).toThrow('sample_weight: expected 2 numbers for "kind", found 3');
  expect(() => weights({ steps: [3, 4, 5] }, steps)).toThrow('sample_weight: expected 2 or 6 numbers for "steps", found 3');
  expect(() => weights({ kynd: [3, 4] })).toThrow("sample_weight.kynd: expected one of price, kind");
});

it("what a row of targets holds follows from loss and last layer", () => {
  const of = (loss: Parameters<typeof targetsOf>[0], units: number) => {
    const layers = [{ type: "dense", units: 8 }, { type: "dense", units }, { type: "dropout", rate: 0.5 }];
    return targetsOf(loss, layers, undefined, schema);
  };
  expect(of("mean_squared_error", 3)).toEqual([{ values: 3 }]);
  expect(of("mse", 1)).toEqual([{ values: 1 }]);
  expect(of("binary_crossentropy", 1)).toEqual(["binary"]);
  expect(of("bce", 4), "yes or no, four times").toEqual([{ values: 4 }]);
  expect(of({ type: "sparse_categorical_crossentropy" }, 3)).toEqual([{ classes: 3 }]);
  expect(targetsOf("mse", [{ type: "flatten" }], undefined, schema)).toEqual([{ values: 1 }]);
});

it("several outputs have a target each, as their losses say", () => {
  const layers = [
    { type: "input", shape: [4] },
    { type: "dense", units: 8, name: "trunk" },
    { type: "dense", units: 2 },
    { type: "dense", units: 3, inputs: ["trunk"] },
    { type: "activation", activation: "softmax" },
  ];
  const both = [{ values: 2 }, { classes: 3 }];
  expect(targetsOf(["mse", "sparse_categorical_crossentropy"], layers, undefined, schema)).toEqual(both);
  expect(targetsOf({ activation: "sparse_categorical_crossentropy", dense: "mse" }, layers, undefined, schema)).toEqual(both);
  expect(targetsOf("mse", layers, ["activation", "dense"], schema)).toEqual([{ values: 3 }, { values: 2 }]);
  expect(targetsOf("mse", layers, undefined, schema), "the last layer, for the engine to say what is lost").toEqual([{ values: 3 }]);
  expect(targetsOf(null, layers, undefined, schema)).toEqual([{ values: 2 }, { values: 3 }]);
});

it("several inputs have their names and their numbers of a row", () => {
  const layers = [{ type: "input", shape: [2, 2] }, { type: "input", shape: [3] }, { type: "dense", units: 1 }];
  expect(inputsOf(layers, [7])).toEqual([{ name: "input", width: 4 }, { name: "input_1", width: 3 }]);
  expect(inputsOf([{ type: "dense", units: 1 }], [2, 3])).toEqual([{ name: "input", width: 6 }]);
  expect(inputsOf([{ type: "input", name: "facts" }], [5])).toEqual([{ name: "facts", width: 5 }]);
});
