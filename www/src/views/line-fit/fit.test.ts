// Ranges, values and words of a fit.

import { describe, expect, it } from "vitest";
import { makeCurve, makeLine } from "../../gallery/data-fixtures.js";
import { curveAt, describePlace, type FitData, fitRanges, fitTable, roundRange } from "./fit.js";

const data = (over: Partial<FitData> = {}): FitData => ({
  curve: makeCurve(0, 10, [(x) => 3 * x + 2]),
  points: makeLine(),
  predictions: [],
  classes: [],
  task: "regression",
  xLabel: "x",
  yLabel: "y",
  ...over,
});

describe("the ranges of a fit", () => {
  it("hold still while the line moves", () => {
    const still = fitRanges(data());
    for (const slope of [-5, 0, 1.5, 2.9])
      expect(fitRanges(data({ curve: makeCurve(0, 10, [(x) => slope * x]) }))).toEqual(still);
    expect(fitRanges(data({ predictions: [{ x: 5, y: 17.1 }] }))).toEqual(
      fitRanges(data({ predictions: [{ x: 5, y: 16.8 }] })),
    );
  });

  it("take in predictions nearby, and are not torn apart by those far away", () => {
    expect(fitRanges(data({ predictions: [{ x: 15, y: 47 }] })).x[1]).toBeGreaterThanOrEqual(15);
    expect(fitRanges(data({ predictions: [{ x: 5, y: 1e9 }] })).y[1]).toBeLessThan(100);
    const bad = fitRanges(data({ predictions: [{ x: NaN, y: Infinity }] }));
    expect([...bad.x, ...bad.y].every(Number.isFinite)).toBe(true);
  });

  it("are those of probabilities for classes, and never of no width", () => {
    expect(fitRanges(data({ task: "binary" })).y).toEqual([-0.08, 1.08]);
    const one = { ...makeLine(1), x: Float32Array.of(4), y: Float32Array.of(4) };
    const { x, y } = fitRanges(data({ points: one, curve: null }));
    expect(x[1]).toBeGreaterThan(x[0]);
    expect(y[1]).toBeGreaterThan(y[0]);
    expect(roundRange([0.3, 31.4])).toEqual([0, 35]);
  });
});

describe("the value of a curve", () => {
  it("lies on a straight line between its points", () => {
    const curve = makeCurve(0, 10, [(x) => 3 * x + 2, (x) => -x], 11);
    for (const x of [0, 0.3, 4.75, 10]) {
      expect(curveAt(curve, x)).toBeCloseTo(3 * x + 2, 4);
      expect(curveAt(curve, x, 1)).toBeCloseTo(-x, 4);
    }
  });

  it("is none beyond its ends, of an empty curve, or where it is no number", () => {
    const curve = makeCurve(0, 1, [() => NaN], 3);
    expect(curveAt(curve, 0.5)).toBeNull();
    expect(curveAt(makeCurve(0, 1, [(x) => x]), 2)).toBeNull();
    expect(curveAt({ x: new Float32Array(0), y: new Float32Array(0), outputs: 1 }, 0)).toBeNull();
  });
});

describe("a fit in words", () => {
  it("says what is predicted and which row lies there", () => {
    const said = describePlace(data(), 5, 0);
    expect(said.title).toBe("x 5");
    expect(said.rows).toEqual([["predicted", "17"]]);
    expect(said.note).toMatch(/^(train|test) row: /);
  });

  it("is a table of rows and marked predictions", () => {
    const table = fitTable(data({ predictions: [{ x: 5, y: 17 }] }));
    expect(table.rows).toHaveLength(101);
    expect(table.rows[0]).toEqual([5, null, 17, "prediction"]);
    expect(table.rows[1]?.[2]).toBeCloseTo(3 * (table.rows[1]?.[0] as number) + 2, 3);
  });
});
