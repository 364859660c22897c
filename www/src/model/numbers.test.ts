import { expect, it } from "vitest";
import { classWeights, flat } from "./numbers";
import { targetOf } from "./target";
import { testingSchema as schema } from "../store/testing-schema";

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
  expect(classWeights([2, 3], 2)).toEqual([2, 3]);
  expect(classWeights({ 1: 5 }, 3)).toEqual([1, 5, 1]);
});

it("what a row of targets holds follows from loss and last layer", () => {
  const dense = (units: number) => [{ type: "dense", units: 8 }, { type: "dropout", rate: 0.5 }, { type: "dense", units }];
  expect(targetOf("mean_squared_error", dense(3), schema)).toEqual({ values: 3 });
  expect(targetOf("mse", dense(1), schema)).toEqual({ values: 1 });
  expect(targetOf("binary_crossentropy", dense(1), schema)).toBe("binary");
  expect(targetOf("bce", dense(4), schema), "yes or no, four times").toEqual({ values: 4 });
  expect(targetOf({ type: "sparse_categorical_crossentropy" }, dense(3), schema)).toEqual({ classes: 3 });
  expect(targetOf("mse", [{ type: "flatten" }], schema)).toEqual({ values: 1 });
});
