import { expect, it } from "vitest";
import { inputsOf } from "./graph";
import { firstRows, sideBySide, weightsOf } from "./parts";

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

it("labels of fewer places than there are steps end with zeros", () => {
  const labels = [{ name: "said", width: 4, losses: 1, isPadded: true }];
  expect([...sideBySide("y", [[1, 2], [3, 0]], labels, 2)]).toEqual([1, 2, 0, 0, 3, 0, 0, 0]);
  expect([...sideBySide("y", { said: [1, 3] }, labels, 2)]).toEqual([1, 0, 0, 0, 3, 0, 0, 0]);
  expect([...sideBySide("y", [1, 2, 3], labels, 2)], "no rows: for the engine to refuse").toEqual([1, 2, 3]);
  expect([...sideBySide("y", [5, 1, 2, 6, 3, 4], [...ends.slice(1), ...labels], 2)], "side by side already").toEqual([5, 1, 2, 6, 3, 4]);
  expect([...sideBySide("y", [[5, 6], [[1], [3]]], [...ends.slice(1), ...labels], 2)]).toEqual([5, 1, 0, 0, 0, 6, 3, 0, 0, 0]);
});

it("the first rows are those of every list", () => {
  expect([...firstRows(new Float32Array([1, 2, 3, 4, 5, 6]), 3, 2)]).toEqual([1, 2, 3, 4]);
  expect([...firstRows(new Float32Array([1, 2, 3]), 3, Infinity)]).toEqual([1, 2, 3]);
  expect(firstRows(null, 3, 1)).toBeNull();
});

it("several inputs have their names and their numbers of a row", () => {
  const layers = [{ type: "input", shape: [2, 2] }, { type: "input", shape: [3] }, { type: "dense", units: 1 }];
  expect(inputsOf(layers, [7])).toEqual([{ name: "input", width: 4 }, { name: "input_1", width: 3 }]);
  expect(inputsOf([{ type: "dense", units: 1 }], [2, 3])).toEqual([{ name: "input", width: 6 }]);
  expect(inputsOf([{ type: "input", name: "facts" }], [5])).toEqual([{ name: "facts", width: 5 }]);
});
