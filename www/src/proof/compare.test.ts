import { describe, expect, it } from "vitest";
import { Comparison, PER_OP } from "./compare";
import { Numbers } from "./numbers";
import { unpacked } from "./onnx";
import { products, putBehindInputs } from "./probe";
import { count, text, total } from "./report";

describe("comparison", () => {
  it("is green within the tolerance and says what is furthest off", () => {
    const comparison = new Comparison();
    comparison.values("same", [1, 100], [1.000001, 100.0001], PER_OP);
    expect(comparison.differences).toEqual([]);
    expect(comparison.numbers).toBe(2);
    comparison.values("off", [1, 2], [1, 2.0001], PER_OP);
    expect(comparison.differences[0]).toMatch(/^off\[1\]: expected 2, found 2.0001, 2\d\.\d times/);
  });

  it("is red for what is no number, too short, or not there", () => {
    const comparison = new Comparison();
    comparison.values("nan", [1], [NaN], PER_OP);
    comparison.values("short", [1, 2], [1], PER_OP);
    comparison.number("missing", 1, undefined, PER_OP);
    expect(comparison.differences).toHaveLength(3);
    expect(comparison.worst).toBe(Infinity);
  });
});

it("draws the numbers that the native tests draw", () => {
  // The first of Numbers(21) in crates/core/tests/common.
  const numbers = new Numbers(21);
  let state = 21n;
  const next = () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return (Number(state / 2n ** 40n) / 2 ** 24) * 2 - 1;
  };
  expect([numbers.next(), numbers.next()]).toEqual([next(), next()]);
  const whole = numbers.whole(100, 3);
  expect(new Set(whole)).toEqual(new Set([0, 1, 2]));
});

it("counts what is green, and writes the rest down", () => {
  const family = { name: "layers", kind: "gradient" as const, cases: ["a", "b", "c"].map((what) => ({ what, layers: [], loss: "mse", target: "binary" as const })) };
  const outcomes = [{ numbers: 3, worst: 0.5, differences: [] }, { numbers: 1, worst: 7, differences: ["w[0]: off"] }, undefined];
  const it = count(family, outcomes);
  expect(it).toEqual({ cases: 3, done: 2, failed: 1, numbers: 4, worst: 7 });
  expect(total([it, it]).failed).toBe(2);
  const engine = { variant: "single-simd", threads: 1, relaxed_simd: false, isolated: true };
  expect(text([family], [{ engine, outcomes: [outcomes] }], "a browser")).toContain("b: w[0]: off");
});

describe("probes behind inputs", () => {
  const dense = { type: "dense", units: 2 };

  it("stand in front of a list, and what names the input takes what comes out of them", () => {
    const { model, inputs } = putBehindInputs({ version: 1, layers: [dense, { type: "add", inputs: ["dense", "input"] }] }, [2, 3]);
    expect(model.layers.map(({ type }) => type)).toEqual(["flatten", "dense", "reshape", "dense", "add"]);
    expect(model.layers[4]?.inputs).toEqual(["dense", "input_probed"]);
    expect(model.layers[2]?.target_shape).toEqual([2, 3]);
    expect(inputs).toEqual([{ name: "input", start: 0, end: 6 }]);
  });

  it("share out the columns of several inputs in order", () => {
    const starts = [2, 3].map((size, i) => ({ type: "input", name: `part${i}`, shape: [size] }));
    const { model, inputs } = putBehindInputs({ version: 1, layers: [...starts, { ...dense, inputs: ["part1"] }] }, [5]);
    expect(inputs).toEqual([
      { name: "part0", start: 0, end: 2 },
      { name: "part1", start: 2, end: 5 },
    ]);
    expect(model.layers.at(-1)?.inputs).toEqual(["part1_probed"]);
  });

  it("give products of the input with its gradient, over the rows that have one", () => {
    // Two of three rows, of which the last two columns are this input's.
    const found = products([9, 1, 2, 9, 3, 4, 9, 7, 7], [9, 10, 0, 9, 0, 100], { name: "b", start: 1, end: 3 }, 3);
    expect([...found]).toEqual([10, 300, 20, 400]);
  });
});

it("reads numbers of ONNX' cases to the bit, and identities from words", () => {
  expect([...unpacked("AACAPwAAAMA=")]).toEqual([1, -2]);
  expect([...unpacked({ identity: 2, factor: 3 })]).toEqual([3, 0, 0, 3]);
});
