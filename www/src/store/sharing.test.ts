import { describe, expect, it } from "vitest";
import type { ModelSpec } from "../engine/protocol";
import { without } from "./branches";
import { changeLayer } from "./layers";
import { family, ownerOf, possibleOwners, shareWith } from "./sharing";

const model: ModelSpec = {
  version: 1,
  layers: [
    { type: "dense", units: 8, activation: "relu" },
    { type: "dropout", rate: 0.5 },
    { type: "dense", units: 4 },
    { type: "dense", units: 6 },
    { type: "dense", units: 3, activation: "softmax" },
  ],
};

describe("shared weights", () => {
  const shared = shareWith(model, 2, 0);

  it("bring the arguments of their owner with them, and a name to call it by", () => {
    expect(shared.layers[0]).toEqual({ type: "dense", units: 8, activation: "relu", name: "dense" });
    expect(shared.layers[2]).toEqual({ type: "dense", units: 8, activation: "relu", shares: "dense" });
    expect(ownerOf(shared, 2)).toBe(0);
    expect(ownerOf(shared, 3)).toBeNull();
  });

  it("are offered by earlier layers of the same kind that have their own", () => {
    expect(possibleOwners(model, 0)).toEqual([]);
    expect(possibleOwners(model, 3)).toEqual([0, 2]);
    expect(possibleOwners(shared, 3)).toEqual([0]);
    expect(possibleOwners(model, 1)).toEqual([]);
  });

  it("are changed together, whichever is changed", () => {
    const three = shareWith(shared, 3, 0);
    expect(family(three, 3)).toEqual([0, 2, 3]);
    const wider = changeLayer(three, 3, { units: 12 });
    expect(wider.layers.map((layer) => layer.units)).toEqual([12, undefined, 12, 12, 3]);
    const frozen = changeLayer(three, 2, { trainable: false });
    expect(frozen.layers.map((layer) => layer.trainable)).toEqual([undefined, undefined, false, undefined, undefined]);
  });

  it("stay a layer's own when it is left alone again, and no needless name stays", () => {
    const alone = shareWith(shared, 2, null);
    expect(alone.layers[0]?.name).toBeUndefined();
    expect(alone.layers[2]).toEqual({ type: "dense", units: 8, activation: "relu" });
  });

  it("go to the first heir when their owner is removed", () => {
    const three = shareWith(shared, 3, 0);
    const left = without(three, 0);
    expect(left.layers.map(({ shares }) => shares)).toEqual([undefined, undefined, "dense_1", undefined]);
    expect(left.layers[1]?.name).toBe("dense_1");
    expect(ownerOf(left, 2)).toBe(1);
  });
});
