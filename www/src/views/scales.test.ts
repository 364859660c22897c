import { describe, expect, it } from "vitest";
import { dark, light } from "../styles/tokens.js";
import { markPath, MARKS, traceMark } from "./marks.js";
import { luminance, mix, parseColor, themePalette } from "./palette.js";
import {
  classColor,
  classMark,
  diverging,
  divergingTable,
  pack,
  scaleIndex,
  SCALE_STEPS,
  signedScale,
} from "./scales.js";

const palettes = [themePalette(light), themePalette(dark)];

describe("the diverging scale", () => {
  it("goes from negative over the panel to positive in both themes", () => {
    for (const palette of palettes) {
      expect(diverging(palette, -1)).toEqual(palette.negative);
      expect(diverging(palette, 0)).toEqual(palette.panel);
      expect(diverging(palette, 1)).toEqual(palette.positive);
      expect(diverging(palette, 40)).toEqual(palette.positive);
      expect(diverging(palette, NaN)).toEqual(palette.panel);
    }
  });

  it("has a table that agrees with it", () => {
    for (const palette of palettes) {
      const table = divergingTable(palette);
      for (let i = 0; i < SCALE_STEPS; i++) {
        const t = (2 * i) / (SCALE_STEPS - 1) - 1;
        expect(scaleIndex(t)).toBe(i);
        expect(table[i]).toBe(pack(diverging(palette, t)));
      }
      expect([-9, 9, NaN, Infinity].map(scaleIndex)).toEqual([
        0,
        SCALE_STEPS - 1,
        (SCALE_STEPS - 1) / 2,
        SCALE_STEPS - 1,
      ]);
    }
  });

  it("gets darker in the light theme and lighter in the dark one, the further from zero", () => {
    palettes.forEach((palette, theme) => {
      for (const sign of [-1, 1]) {
        const steps = [0, 0.25, 0.5, 0.75, 1].map((t) => luminance(diverging(palette, sign * t)));
        const sorted = [...steps].sort((a, b) => (theme === 0 ? b - a : a - b));
        expect(steps).toEqual(sorted);
      }
    });
  });

  it("is full at the largest value, a stray one left aside, and never divides by nothing", () => {
    expect(signedScale([3, -3, NaN, 1])).toBe(3);
    expect(signedScale([...new Array<number>(99).fill(1), 1000])).toBeLessThan(210);
    expect(signedScale([])).toBeGreaterThan(0);
    expect(signedScale([0, 0])).toBeGreaterThan(0);
    expect(Number.isFinite(signedScale([1e300, 1e300]))).toBe(true);
  });
});

describe("classes", () => {
  it("are told apart by colour and mark together, 64 of them, and neighbours by both", () => {
    const palette = palettes[0]!;
    const looks = new Set(Array.from({ length: 64 }, (_, i) => `${classColor(palette, i).join()} ${classMark(i)}`));
    expect(looks.size).toBe(64);
    expect(new Set(Array.from({ length: 8 }, (_, i) => classMark(i))).size).toBe(8);
    expect(new Set(Array.from({ length: 8 }, (_, i) => classColor(palette, i).join())).size).toBe(8);
  });

  it("have marks of about the same area", () => {
    for (const mark of MARKS) {
      const corners: [number, number][] = [];
      let circle = 0;
      traceMark(
        {
          moveTo: (x, y) => corners.push([x, y]),
          lineTo: (x, y) => corners.push([x, y]),
          arc: (_x, _y, r) => (circle = Math.PI * r * r),
          closePath: () => undefined,
        },
        mark,
        0,
        0,
        1,
      );
      const area =
        circle ||
        Math.abs(
          corners.reduce(
            (sum, [x, y], i) =>
              sum + x * corners[(i + 1) % corners.length]![1] - y * corners[(i + 1) % corners.length]![0],
            0,
          ),
        ) / 2;
      expect(area / Math.PI).toBeGreaterThan(0.65);
      expect(area / Math.PI).toBeLessThan(1.35);
      expect(markPath(mark, 4)).toMatch(/^M[-\d. LAZ]+Z$/);
    }
  });
});

describe("colours", () => {
  it("are read as browsers write them", () => {
    expect(parseColor("#0072b2")).toEqual([0, 114, 178]);
    expect(parseColor("rgb(1, 2, 3)")).toEqual([1, 2, 3]);
    expect(parseColor("rgba(1, 2, 3, 0.5)")).toEqual([1, 2, 3]);
    expect(parseColor("color(srgb 1 0.5 0)")).toEqual([255, 128, 0]);
    expect(parseColor("red")).toBeNull();
    expect(parseColor("")).toBeNull();
  });

  it("mix within their ends", () => {
    expect(mix([0, 0, 0], [100, 200, 50], 0.5)).toEqual([50, 100, 25]);
    expect(mix([0, 0, 0], [100, 200, 50], 7)).toEqual([100, 200, 50]);
  });
});
