import { expect, it } from "vitest";
import { FEATURES, findSource, firstOf, isFirstOf, referenceTo } from "./names";

const names = ["embedding", "encoder", "encoder_1", "odd:1"];

it("tells the layer and the output of a reference apart", () => {
  expect(findSource(names, "encoder")).toEqual({ layer: 1, output: 0 });
  expect(findSource(names, "encoder:0")).toEqual({ layer: 1, output: 0 });
  expect(findSource(names, "encoder_1:12")).toEqual({ layer: 2, output: 12 });
  expect(findSource(names, "input")).toEqual({ layer: FEATURES, output: 0 });
});

it("takes a layer of the whole name first, as the engine does", () => {
  expect(findSource(names, "odd:1")).toEqual({ layer: 3, output: 0 });
  expect(findSource(names, "odd:1:1")).toEqual({ layer: 3, output: 1 });
  expect(findSource([...names, "input"], "input")).toEqual({ layer: 4, output: 0 });
});

it.each(["decoder", "decoder:1", "encoder:", "encoder:x", "encoder:-1", ":1", "input:1", ""])("finds nothing for %j", (reference) => {
  expect(findSource(names, reference)).toBeUndefined();
});

it("writes a reference as it was read; the first output is the name alone", () => {
  for (const reference of ["encoder", "encoder:1", "odd:1:2"]) {
    const { layer, output } = findSource(names, reference) ?? firstOf(0);
    expect(referenceTo(names[layer] ?? "", output)).toBe(reference);
  }
  expect(isFirstOf(1, findSource(names, "encoder:0"))).toBe(true);
  expect(isFirstOf(1, findSource(names, "encoder:1"))).toBe(false);
  expect(isFirstOf(1, undefined)).toBe(false);
});
