import { expect, it } from "vitest";
import { classWeights, flat } from "./numbers";

it("numbers of any nesting become one list of their own", () => {
  const given = new Float32Array([1, 2]);
  const copy = flat(given);
  expect([...copy]).toEqual([1, 2]);
  expect(copy.buffer).not.toBe(given.buffer);
  expect([...flat([1, 2, 3])]).toEqual([1, 2, 3]);
  expect([...flat([[1, 2], [3, 4]])]).toEqual([1, 2, 3, 4]);
  expect([...flat([[[1], [2]], [new Float32Array([3]), [4]]])]).toEqual([1, 2, 3, 4]);
  expect([...flat([])]).toEqual([]);
});

it("weights of classes come as a list, or by number with 1 for the rest", () => {
  expect(classWeights([2, 3], ["binary"], 1)).toEqual([2, 3]);
  expect(classWeights({ 1: 5 }, [{ classes: 3 }], 3)).toEqual([1, 5, 1]);
  expect(classWeights({ 0: 5 }, [{ sequence: { classes: 2, length: 4 } }], 2)).toEqual([5, 1]);
  expect(classWeights({ 2: 5 }, [{ values: 3 }], 3), "one-hot").toEqual([1, 1, 5]);
});

it("weights of classes that would count for nothing are refused", () => {
  expect(() => classWeights({ 1: 5 }, [{ values: 1 }], 1)).toThrow("class_weight: expected a target of classes, found numbers");
  expect(() => classWeights({ 1: 5 }, ["binary", "binary"], 1)).toThrow("class_weight: expected a model of one output, found 2");
  expect(() => classWeights({ 3: 5 }, [{ classes: 3 }], 3)).toThrow("class_weight: expected classes from 0 to 2, found 3");
});
