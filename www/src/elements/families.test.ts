import { expect, it } from "vitest";
import { testingSchema } from "../store/testing-schema";
import { best, families, grouped, search } from "./families";

const names = (text: string) => search(testingSchema.layers, text).map(({ type }) => type);

it("groups every layer of the schema, in the order of the families", () => {
  const groups = grouped(testingSchema.layers);
  expect(groups.flatMap(({ kinds }) => kinds)).toHaveLength(testingSchema.layers.length);
  expect(groups.map(({ label }) => label)).toEqual(families.map(([, label]) => label));
  const unknown = { type: "new", label: "New", doc: "", arguments: [], family: "quantum" };
  expect(grouped([unknown])).toEqual([{ label: "Quantum", kinds: [unknown] }]);
});

it("finds layers by name, by family, and else by what is said of them", () => {
  expect(names("conv")).toEqual(["conv1d", "conv2d", "conv2d_transpose", "depthwise_conv2d", "separable_conv2d"]);
  expect(names("Conv2D trans")).toEqual(["conv2d_transpose"]);
  expect(names("recurrent")).toEqual(["lstm", "gru", "simple_rnn", "bidirectional"]);
  expect(names("what lstm")).toEqual(["lstm"]);
  expect(names("nothing of the kind")).toEqual([]);
  expect(names(" ")).toHaveLength(testingSchema.layers.length);
});

it("takes the layer that is called just so, not the first that has the letters in it", () => {
  const kinds = ["zero padding", "additive attention", "add"].map((label) => ({ type: label, label, doc: "", arguments: [] }));
  expect(best(search(kinds, "add"), "add")).toBe(2);
  expect(best(search(kinds, "addi"), "addi")).toBe(1);
  expect(best(kinds, "att")).toBe(0);
  expect(best([], "x")).toBe(0);
});
