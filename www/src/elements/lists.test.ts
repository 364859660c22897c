import { describe, expect, it } from "vitest";
import type { Argument, ArgumentKind } from "../engine/protocol";
import { readList, showList } from "./lists";

const argument = (kind: ArgumentKind, more: Partial<Argument> = {}): Argument => ({
  name: "it",
  label: "It",
  doc: "",
  kind,
  default: null,
  ...more,
});
const read = (kind: ArgumentKind, text: string, more?: Partial<Argument>) => readList(argument(kind, more), text);

describe("lists", () => {
  it("are read with whatever stands between the numbers", () => {
    for (const text of ["3 × 3", "3x3", "3, 3", "3;3", " 3 3 "]) expect(read("sizes", text)).toEqual({ value: [3, 3] });
    expect(read("sizes", "2")).toEqual({ value: 2 });
    expect(read("shape", "16")).toEqual({ value: [16] });
    expect(read("axes", "-1")).toEqual({ value: -1 });
    expect(read("axes", "-2, -1")).toEqual({ value: [-2, -1] });
    expect(read("numbers", "0.1, 0.01; 1e-3 4")).toEqual({ value: [0.1, 0.01, 0.001, 4] });
    expect(read("numbers", "0,5; 0,25")).toEqual({ value: [0.5, 0.25] });
    expect(read("sizes", "(1, 1) (2, 0)")).toEqual({ value: [[1, 1], [2, 0]] });
    expect(read("text", " concat ")).toEqual({ value: "concat" });
    expect(read("sizes", "  ")).toEqual({ value: undefined });
  });

  it("say what is wrong with them", () => {
    expect(read("sizes", "3 by 3")).toHaveProperty("error", expect.stringContaining("by"));
    expect(read("sizes", "2.5")).toHaveProperty("error", "Only whole numbers.");
    expect(read("sizes", "0", { min: 1 })).toHaveProperty("error", "At least 1 each.");
    expect(read("numbers", "7", { max: 1 })).toHaveProperty("error", "At most 1 each.");
  });

  it("are shown as they can be typed", () => {
    const lists: [ArgumentKind, unknown][] = [
      ["sizes", [3, 5]],
      ["sizes", 2],
      ["shape", [4, 4, 2]],
      ["axes", [-2, -1]],
      ["numbers", [0.1, 1e-7]],
      ["sizes", [[1, 1], [2, 0]]],
      ["text", "concat"],
      ["words", ["embedding", "dense_1"]],
    ];
    for (const [kind, value] of lists) expect(read(kind, showList(kind, value)), kind).toEqual({ value });
    expect(showList("shape", null)).toBe("");
  });
});
