import { describe, expect, it } from "vitest";
import { layerNames } from "../engine/names";
import type { ModelSpec } from "../engine/protocol";
import { sourcesOf } from "./branches";
import { addInput, columnsOf } from "./inputs";
import { removeLayer } from "./layers";
import { reportOf } from "./testing";
import { readModel, writeModel } from "./url";

const report = reportOf();
const chain: ModelSpec = {
  version: 1,
  layers: [
    { type: "dense", units: 8, activation: "relu" },
    { type: "dense", units: 3, activation: "softmax" },
  ],
};

const drawn = (model: ModelSpec): string[] => {
  const names = layerNames(model.layers);
  return names.map((name, index) => {
    const sources = sourcesOf(model, index).map(({ layer }) => (layer < 0 ? "columns" : names[layer]));
    return `${name} <- ${sources.join(" ")}`;
  });
};

describe("several inputs", () => {
  const two = addInput(chain, report);

  it("share out the columns, a tower each, and are joined in front of the output", () => {
    expect(drawn(two.model)).toEqual([
      "input <- columns",
      "dense <- input",
      "input_1 <- columns",
      "dense_1 <- input_1",
      "concatenate <- dense dense_1",
      "dense_2 <- concatenate",
    ]);
    expect(two.model.layers[two.index]).toEqual({ type: "input", columns: [2] });
    expect(columnsOf(two.model, report, 0)).toEqual([0, 1]);
  });

  it("may be more than two, and take columns that others take", () => {
    const three = addInput(two.model, report);
    expect(drawn(three.model).slice(-4)).toEqual([
      "input_2 <- columns",
      "dense_2 <- input_2",
      "concatenate_1 <- concatenate dense_2",
      "dense_3 <- concatenate_1",
    ]);
    expect(columnsOf(three.model, report, three.index)).toEqual([0, 1, 2]);
  });

  it("are joined in front of all outputs that read the same", () => {
    const heads: ModelSpec = {
      version: 1,
      layers: [
        { type: "dense", units: 8, name: "body" },
        { type: "dense", units: 1, name: "price" },
        { type: "dense", units: 3, name: "kind", inputs: ["body"] },
      ],
      outputs: ["price", "kind"],
    };
    expect(drawn(addInput(heads, report).model).slice(-3)).toEqual([
      "concatenate <- body dense",
      "price <- concatenate",
      "kind <- concatenate",
    ]);
  });

  it("take what no other takes where they say nothing, and what is still there", () => {
    const silent: ModelSpec = { version: 1, layers: [{ type: "input" }, { type: "input", columns: [1, 3] }] };
    expect(columnsOf(silent, report, 0)).toEqual([0, 2]);
    // The target is no column to learn from.
    expect(columnsOf(silent, report, 1)).toEqual([1]);
  });

  it("stand in links, and leave the network whole when one goes", () => {
    expect(readModel(writeModel(two.model))?.layers.map(({ columns }) => columns)).toEqual(
      two.model.layers.map(({ columns }) => columns),
    );
    expect(drawn(removeLayer(two.model, 2))).toEqual([
      "input <- columns",
      "dense <- input",
      "dense_1 <- input",
      "concatenate <- dense dense_1",
      "dense_2 <- concatenate",
    ]);
  });
});
