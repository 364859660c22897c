// Blending, cells and words of the decision surface.

import { describe, expect, it } from "vitest";
import type { Surface } from "../../engine/protocol.js";
import { makePoints } from "../../gallery/data-fixtures.js";
import { dark, light } from "../../styles/tokens.js";
import { dateLabels, dateTicks } from "../dates.js";
import { type Rgb, themePalette } from "../palette.js";
import { layoutFrame, toX, toY, fromX, fromY } from "../plot-frame.js";
import { nearestPoint } from "../points.js";
import { diverging } from "../scales.js";
import { blendClasses, blendValues, cellAt, probability } from "./blend.js";
import { describeCell, pointsTable, type SurfaceInWords } from "./words.js";

const palettes = [themePalette(light), themePalette(dark)];

const surfaceOf = (outputs: number, values: number[]): Surface => ({
  size: Math.sqrt(values.length / outputs),
  x_range: [0, 2],
  y_range: [10, 20],
  outputs,
  values: Float32Array.from(values),
});

const pixel = (image: ImageData, x: number, y: number): Rgb => {
  const at = (y * image.width + x) * 4;
  return [image.data[at]!, image.data[at + 1]!, image.data[at + 2]!];
};

const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Cosine of the angle between the ways from `origin` to `a` and to `b`. */
const towards = (origin: Rgb, a: Rgb, b: Rgb): number => {
  const [u, v] = [a, b].map((color) => [color[0] - origin[0], color[1] - origin[1], color[2] - origin[2]] as const) as [
    Rgb,
    Rgb,
  ];
  return (u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) / (distance(a, origin) * distance(b, origin));
};

describe("blending classes", () => {
  it("shows the class's colour where the network is sure and the panel where it is not", () => {
    for (const palette of palettes) {
      const third = 1 / 3;
      const image = blendClasses(surfaceOf(3, [1, 0, 0, 0, 1, 0, 0, 0, 1, third, third, third]), palette, null);
      // Row 0 of the values is the lowest of the picture.
      const [first, second, thirdColor, unsure] = [
        pixel(image, 0, 1),
        pixel(image, 1, 1),
        pixel(image, 0, 0),
        pixel(image, 1, 0),
      ];
      [first, second, thirdColor].forEach((color, k) => {
        // Of all classes' colours its own is the one that it lies towards, seen from the panel.
        const likeness = palette.classes.slice(0, 3).map((own) => towards(palette.panel, color, own));
        expect(likeness.indexOf(Math.max(...likeness))).toBe(k);
        expect(likeness[k]).toBeGreaterThan(0.98);
        expect(distance(color, palette.panel)).toBeGreaterThan(40);
      });
      expect(distance(unsure, palette.panel)).toBeLessThan(0.4 * distance(thirdColor, palette.panel));
    }
  });

  it("takes one output for the probability of the second class", () => {
    const palette = palettes[0]!;
    const one = blendClasses(surfaceOf(1, [0, 1, 0.5, 0.9]), palette, null);
    const two = blendClasses(surfaceOf(2, [1, 0, 0, 1, 0.5, 0.5, 0.1, 0.9]), palette, null);
    for (let i = 0; i < one.data.length; i++) expect(Math.abs(one.data[i]! - two.data[i]!)).toBeLessThanOrEqual(1);
    const surface = surfaceOf(1, [0, 1, 0.5, 0.25]);
    expect([0, 1].map((k) => probability(surface, 3, k))).toEqual([0.75, 0.25]);
  });

  it("draws what is no number as the panel", () => {
    for (const palette of palettes) {
      const image = blendClasses(surfaceOf(3, [NaN, NaN, NaN, NaN, 0, 0, NaN, NaN, NaN, NaN, NaN, NaN]), palette, null);
      expect(pixel(image, 0, 1)).toEqual(palette.panel);
    }
    expect(probability(surfaceOf(2, [NaN, NaN, 0, 1, 0, 1, 0, 1]), 0, 1)).toBe(0.5);
  });

  it("writes into the image of the last frame", () => {
    const surface = surfaceOf(1, [0, 1, 0, 1]);
    const image = blendClasses(surface, palettes[0]!, null);
    expect(blendClasses(surface, palettes[0]!, image)).toBe(image);
    expect(blendClasses(surfaceOf(1, [0]), palettes[0]!, image)).not.toBe(image);
  });
});

describe("blending values", () => {
  it("spans the diverging scale from least to greatest", () => {
    const palette = palettes[0]!;
    const image = blendValues(surfaceOf(1, [-10, 30, 10, NaN]), -10, 30, palette, null);
    expect(pixel(image, 0, 1)).toEqual(palette.negative);
    expect(pixel(image, 1, 1)).toEqual(palette.positive);
    expect(pixel(image, 0, 0)).toEqual(diverging(palette, 0));
    expect(pixel(image, 1, 0)).toEqual(palette.panel);
  });
});

describe("places in the plane", () => {
  it("belong to the cell they lie in", () => {
    const surface = surfaceOf(1, [0, 1, 2, 3]);
    expect(cellAt(surface, 0.5, 12)).toBe(0);
    expect(cellAt(surface, 1.5, 12)).toBe(1);
    expect(cellAt(surface, 0.5, 18)).toBe(2);
    expect(cellAt(surface, 2, 20)).toBe(3);
    expect(cellAt(surface, 9, 12)).toBe(-1);
    expect(cellAt(surface, NaN, 12)).toBe(-1);
  });

  it("go to pixels and back", () => {
    const frame = layoutFrame({ width: 400, height: 300, x: [0, 2], y: [10, 20], measure: (text) => text.length * 6 });
    expect(fromX(frame, toX(frame, 1.3))).toBeCloseTo(1.3);
    expect(fromY(frame, toY(frame, 13))).toBeCloseTo(13);
    expect(toY(frame, 20)).toBeLessThan(toY(frame, 10));
    const flat = layoutFrame({ width: 400, height: 300, x: [1, 1], y: [NaN, NaN], measure: () => 10 });
    expect(Number.isFinite(toX(flat, 1))).toBe(true);
  });

  it("are said with the likeliest classes first and the row that lies there", () => {
    const points = makePoints(2, 20, [0, 2], [10, 20], 1);
    const view: SurfaceInWords = {
      surface: surfaceOf(1, [0.2, 0.2, 0.2, 0.2]),
      points,
      classes: ["no", "yes"],
      task: "binary",
      xLabel: "width",
      yLabel: "height",
      targetLabel: "",
    };
    const frame = layoutFrame({ width: 400, height: 300, x: [0, 2], y: [10, 20], measure: () => 20 });
    const near = nearestPoint(frame, points, toX(frame, points.x[7]!) + 1, toY(frame, points.y[7]!));
    expect(near).toBe(7);
    expect(nearestPoint(frame, points, -500, -500)).toBe(-1);
    const said = describeCell(view, { x: 1, y: 15 }, near);
    expect(said.title).toBe("width 1, height 15");
    expect(said.rows.map(([name]) => name)).toEqual(["no", "yes"]);
    expect(said.note).toContain(view.classes[points.target[7]!]!);
    expect(pointsTable(view).rows).toHaveLength(20);
  });
});

describe("axes of dates", () => {
  it("are marked, read out and listed as dates", () => {
    const [from, to] = [19_723, 19_813]; // 2024-01-01 to 2024-03-31
    const options = { width: 400, height: 300, x: [from, to], y: [0, 1], measure: () => 20 } as const;
    const frame = layoutFrame({ ...options, xMarks: { ticks: dateTicks, labels: dateLabels } });
    expect(frame.xLabels.join()).toMatch(/24/);
    expect(frame.xLabels.join()).not.toMatch(/19,?[78]/);
    expect(layoutFrame(options).xLabels.join()).toMatch(/19,?7/);
    const points = {
      x: Float32Array.of(from),
      y: Float32Array.of(0.5),
      target: Float32Array.of(0),
      part: Uint8Array.of(0),
      x_range: [from, to] as [number, number],
      y_range: [0, 1] as [number, number],
    };
    const view = { surface: null, points, classes: ["a", "b"], task: "binary", xLabel: "day", yLabel: "size" } as const;
    const said = describeCell({ ...view, xDate: true, targetLabel: "" }, { x: from, y: 0.5 }, 0);
    expect(said.title).toContain("2024");
    expect(pointsTable({ ...view, xDate: true, targetLabel: "" }).rows[0]?.[0]).toContain("2024");
    expect(pointsTable({ ...view, targetLabel: "" }).rows[0]?.[0]).toBe(from);
  });
});
