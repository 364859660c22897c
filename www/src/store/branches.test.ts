import { describe, expect, it } from "vitest";
import { FEATURES, firstOf, layerNames } from "../engine/names";
import type { LayerSpec, ModelSpec } from "../engine/protocol";
import { insert, setSources, sourcesOf, without } from "./branches";

const model = (...layers: LayerSpec[]): ModelSpec => ({ version: 1, layers });
/** Each by its first output. */
const all = (...layers: number[]) => layers.map(firstOf);
const dense = (units: number, rest: Partial<LayerSpec> = {}): LayerSpec => ({ type: "dense", units, ...rest });

/** dense 8 and dense 6 in a row, added to what came before them. */
const residual = setSources(model(dense(8), dense(8), { type: "add" }, dense(1)), 2, all(0, 1));

describe("branches", () => {
  it("name layers as the engine does: own names first, then the type with the next free number", () => {
    expect(layerNames([dense(1), dense(2, { name: "dense" }), { type: "dropout" }, dense(3)])).toEqual([
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
    expect(sourcesOf(residual, 2)).toEqual(all(0, 1));
    expect(sourcesOf(residual, 3)).toEqual(all(2));
    expect(sourcesOf(residual, 0)).toEqual(all(FEATURES));
  });

  it("go back to a plain chain", () => {
    expect(setSources(residual, 2, all(1))).toEqual(model(dense(8), dense(8), { type: "add" }, dense(1)));
  });

  it("reach the features", () => {
    const wide = setSources(model(dense(8), { type: "concatenate" }, dense(1)), 1, all(FEATURES, 0));
    expect(wide.layers[1]?.inputs).toEqual(["input", "dense"]);
    expect(sourcesOf(wide, 1)).toEqual(all(FEATURES, 0));
  });

  it("keep their ends when a layer comes between", () => {
    const longer = insert(residual, 2, { type: "dropout", rate: 0.2 });
    expect(longer.layers[3]?.inputs).toEqual(["dense", "dropout"]);
    expect(sourcesOf(longer, 2)).toEqual(all(1));
    const earlier = insert(residual, 1, dense(4));
    expect(earlier.layers[3]?.inputs, "both ends are where they were").toEqual(["dense", "dense_1"]);
    expect(layerNames(earlier.layers)).toEqual(["dense", "dense_2", "dense_1", "add", "dense_3"]);
  });

  it("keep together when a layer goes", () => {
    const shorter = without(residual, 1);
    expect(sourcesOf(shorter, 1), "the branch that is gone was the other one").toEqual(all(0));
    const longer = insert(residual, 2, { type: "dropout", rate: 0.2 });
    expect(without(longer, 2)).toEqual(residual);
    expect(without(residual, 2).layers[2]?.inputs, "who read both reads both").toEqual(["dense", "dense_1"]);
    expect(without(model(dense(1), dense(2)), 0)).toEqual(model(dense(2)));
  });
});

describe("further outputs", () => {
  const lstm = (rest: Partial<LayerSpec> = {}): LayerSpec => ({ type: "lstm", units: 3, ...rest });
  const states = ["input", "encoder:1", "encoder:2"];
  /** The second begins with the states of the first. */
  const handedOn = model(
    lstm({ name: "encoder", return_state: true }),
    lstm({ name: "decoder", inputs: states }),
    dense(1),
  );

  it("are sources with a number, and are written as they were read", () => {
    expect(sourcesOf(handedOn, 1)).toEqual([firstOf(FEATURES), { layer: 0, output: 1 }, { layer: 0, output: 2 }]);
    const again = setSources(handedOn, 1, [...sourcesOf(handedOn, 1), firstOf(0)]);
    expect(again.layers[1]?.inputs).toEqual([...states, "encoder"]);
    expect(setSources(handedOn, 1, [{ layer: 0, output: 1 }]).layers[1]?.inputs, "no chain").toEqual(["encoder:1"]);
    expect(setSources(handedOn, 1, [firstOf(0)]).layers[1]?.inputs, "a chain").toBeUndefined();
  });

  it("keep the name of their layer, automatic as it looks", () => {
    const [, decoder] = handedOn.layers;
    const automatic = model(lstm({ name: "lstm_1" }), { ...(decoder as LayerSpec), inputs: ["input", "lstm_1:1", "lstm_1:2"] }, dense(1));
    expect(setSources(automatic, 2, all(1)).layers[0]?.name).toBe("lstm_1");
    expect(without(insert(automatic, 2, dense(4)), 2)).toEqual(automatic);
  });

  it("are those of the same layer when an edit moves the automatic names", () => {
    const given = model(lstm(), dense(3), lstm({ inputs: ["dense", "lstm:1", "lstm:2"] }), { type: "add", inputs: ["lstm", "lstm_1"] });
    const later = insert(given, 0, lstm());
    expect(sourcesOf(later, 3)).toEqual([firstOf(2), { layer: 1, output: 1 }, { layer: 1, output: 2 }]);
    expect(sourcesOf(later, 4)).toEqual(all(1, 3));
    const earlier = without(later, 0);
    expect(sourcesOf(earlier, 2)).toEqual(sourcesOf(given, 2));
    expect(sourcesOf(earlier, 3)).toEqual(sourcesOf(given, 3));
  });

  it("stay where they are when a layer comes between, which takes the first output alone", () => {
    const joined = model(lstm({ name: "encoder" }), { type: "concatenate", inputs: ["encoder", "encoder:0", "encoder:1"] });
    const longer = insert(joined, 1, { type: "dropout", rate: 0.2 });
    expect(longer.layers[2]?.inputs).toEqual(["dropout", "dropout", "encoder:1"]);
    expect(insert(handedOn, 1, dense(4)).layers[2]?.inputs).toEqual(states);
  });

  it("go with their layer; who read nothing else reads what it read", () => {
    expect(without(handedOn, 0).layers[0]?.inputs, "the features are the layer before it").toBeUndefined();
    const state = model(dense(4, { name: "a" }), dense(4), lstm({ name: "encoder", inputs: ["a"] }), dense(1, { inputs: ["encoder:1"] }));
    expect(without(state, 2).layers[2]?.inputs).toEqual(["a"]);
    const identity = model(lstm({ name: "encoder" }), { type: "identity", inputs: ["encoder:1"] }, dense(1));
    expect(without(identity, 1).layers[1]?.inputs, "handed to the layer behind").toEqual(["encoder:1"]);
  });
});
