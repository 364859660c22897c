import { describe, expect, it } from "vitest";
import type { LayerSpec, ModelSpec } from "../engine/protocol";
import { FEATURES, insert, layerNames, setSources, sourcesOf, without } from "./branches";

const model = (...layers: LayerSpec[]): ModelSpec => ({ version: 1, layers });
const dense = (units: number, rest: Partial<LayerSpec> = {}): LayerSpec => ({ type: "dense", units, ...rest });

/** dense 8 and dense 6 in a row, added to what came before them. */
const residual = setSources(model(dense(8), dense(8), { type: "add" }, dense(1)), 2, [0, 1]);

describe("branches", () => {
  it("name layers as the engine does: own names first, then the type with the next free number", () => {
    expect(layerNames(model(dense(1), dense(2, { name: "dense" }), { type: "dropout" }, dense(3)))).toEqual([
      "dense_1",
      "dense",
      "dropout",
      "dense_2",
    ]);
  });

  it("are written as names, for those who are referred to alone", () => {
    expect(residual.layers).toEqual([
      dense(8, { name: "dense" }),
      dense(8, { name: "dense_1" }),
      { type: "add", inputs: ["dense", "dense_1"] },
      dense(1),
    ]);
    expect(sourcesOf(residual, 2)).toEqual([0, 1]);
    expect(sourcesOf(residual, 3)).toEqual([2]);
    expect(sourcesOf(residual, 0)).toEqual([FEATURES]);
  });

  it("go back to a plain chain", () => {
    expect(setSources(residual, 2, [1])).toEqual(model(dense(8), dense(8), { type: "add" }, dense(1)));
  });

  it("reach the features", () => {
    const wide = setSources(model(dense(8), { type: "concatenate" }, dense(1)), 1, [FEATURES, 0]);
    expect(wide.layers[1]?.inputs).toEqual(["input", "dense"]);
    expect(sourcesOf(wide, 1)).toEqual([FEATURES, 0]);
  });

  it("keep their ends when a layer comes between", () => {
    const longer = insert(residual, 2, { type: "dropout", rate: 0.2 });
    expect(longer.layers[3]?.inputs).toEqual(["dense", "dropout"]);
    expect(sourcesOf(longer, 2)).toEqual([1]);
    const earlier = insert(residual, 1, dense(4));
    expect(earlier.layers[3]?.inputs, "both ends are where they were").toEqual(["dense", "dense_1"]);
    expect(layerNames(earlier)).toEqual(["dense", "dense_2", "dense_1", "add", "dense_3"]);
  });

  it("keep together when a layer goes", () => {
    const shorter = without(residual, 1);
    expect(sourcesOf(shorter, 1), "the branch that is gone was the other one").toEqual([0]);
    const longer = insert(residual, 2, { type: "dropout", rate: 0.2 });
    expect(without(longer, 2)).toEqual(residual);
    expect(without(residual, 2).layers[2]?.inputs, "who read both reads both").toEqual(["dense", "dense_1"]);
    expect(without(model(dense(1), dense(2)), 0)).toEqual(model(dense(2)));
  });
});
