import { describe, expect, it } from "vitest";
import { normal, random } from "../gallery/random.js";
import { setNumberLocale } from "./numbers.js";
import { extent, padRange, tickLabels, ticks, tickStep } from "./ticks.js";

setNumberLocale("en");

describe("ticks", () => {
  it("stand on round values", () => {
    expect(ticks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(ticks(0.1, 0.7, 6)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(ticks(-3, 3, 3)).toEqual([-2, 0, 2]);
    expect(ticks(-4.4, 4.4, 2), "with a step of 5 there would be 0 alone").toEqual([-4, -2, 0, 2, 4]);
    expect(ticks(11, 19, 1).length).toBeGreaterThan(1);
  });

  it("stay in any range, ascend, and are about as many as asked for, each with a label of its own", () => {
    const next = random(1);
    for (let trial = 0; trial < 2000; trial++) {
      const middle = normal(next) * Math.pow(10, Math.floor(next() * 24) - 12);
      const width = Math.abs(middle) * Math.pow(10, Math.floor(next() * 6) - 4) + 1e-13;
      const [low, high] = [middle - width, middle + width];
      const made = ticks(low, high, 5);
      const slack = width * 1e-6;
      expect(made.every((value) => value >= low - slack && value <= high + slack)).toBe(true);
      expect(made.every((value, i) => i === 0 || value > (made[i - 1] as number))).toBe(true);
      expect(made.length).toBeGreaterThanOrEqual(2);
      expect(made.length).toBeLessThanOrEqual(11);
      const labels = tickLabels(made);
      expect(labels.join()).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it("come to an end for every range a file can hold", () => {
    const ranges: [number, number][] = [
      [0, 0],
      [5, 5],
      [NaN, 1],
      [-Infinity, Infinity],
      [-1e308, 1e308],
      [1, 1 + 1e-16],
      [0, 5e-324],
      [3, -3],
    ];
    for (const range of ranges) {
      expect(ticks(...range).every(Number.isFinite)).toBe(true);
      expect(padRange(...range).every(Number.isFinite)).toBe(true);
    }
    expect(tickStep(Infinity, 5)).toBe(0);
  });

  it("have labels that agree in their digits", () => {
    expect(tickLabels([0, 0.5, 1])).toEqual(["0.0", "0.5", "1.0"]);
    expect(tickLabels([0, 20000, 40000])).toEqual(["0", "20,000", "40,000"]);
    expect(tickLabels([0, 2e-7, 4e-7])).toEqual(["0", "2.0×10⁻⁷", "4.0×10⁻⁷"]);
  });
});

describe("extent", () => {
  it("leaves out what is no number", () => {
    expect(extent([NaN, 3, -Infinity, 1])).toEqual([1, 3]);
    expect(extent([NaN])).toBeNull();
    expect(extent([])).toBeNull();
  });
});
