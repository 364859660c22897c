// Graph, layout, hit testing and drawing of the network, from fixtures.

import { describe, expect, it } from "vitest";
import { type FixtureLayer, makeMaps, makeNetwork, makeShaped, type NetworkFixture } from "../../gallery/network-fixtures.js";
import { random } from "../../gallery/random.js";
import { light } from "../../styles/tokens.js";
import { themePalette } from "../palette.js";
import { signedScale } from "../scales.js";
import { drawEdges, type EdgeTarget, linkScale, MOST_EDGES, shownEdges, weightAt } from "./edges.js";
import { buildGraph, columnDetail, columnTitle, describeGraph } from "./graph.js";
import { curveParameter, hitTest } from "./hit.js";
import { layoutNetwork, type NetworkLayout } from "./layout.js";
import { describeHit } from "./readout.js";
import { buildAtlas, tileColor, tileColors } from "./tiles.js";
import { weightsTable } from "./weights-table.js";

const palette = themePalette(light);
const relu = (units: number): FixtureLayer => ({ units, activation: "relu" });
const softmax = (units: number): FixtureLayer => ({ units, activation: "softmax" });
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `value ${String(i)}`);
const iris = makeNetwork(names(4), [relu(8), relu(6), softmax(3)], ["a", "b", "c"], 3);

const lay = ({ summary }: NetworkFixture, width = 800, height = 420): NetworkLayout =>
  layoutNetwork(buildGraph(summary), { width, height, measure: (text) => text.length * 6 });

describe("the graph", () => {
  it("has a column for the inputs and one for each layer, whether or not the summary lists the input", () => {
    const bare = buildGraph(iris.summary);
    expect(bare.columns.map((column) => column.units)).toEqual([4, 8, 6, 3]);
    const listed = {
      ...iris.summary,
      layers: [{ type: "input", name: "input", output_shape: [4], parameters: 0 }, ...iris.summary.layers],
      tensors: iris.summary.tensors.map((tensor) => ({ ...tensor, layer: tensor.layer + 1 })),
    };
    const graph = buildGraph(listed);
    expect(graph.columns.map((column) => column.units)).toEqual([4, 8, 6, 3]);
    expect(graph.columns.map((column) => column.layer)).toEqual([0, 1, 2, 3]);
    expect(graph.links.map(({ from, to, kind }) => [from, to, kind])).toEqual(
      bare.links.map(({ from, to, kind }) => [from, to, kind]),
    );
  });

  it("has a column for each of several inputs, with the features that it takes", () => {
    const layer = (type: string, name: string, size: number, inputs: number[]) => ({
      type,
      name,
      output_shape: [size],
      parameters: type === "dense" ? 4 : 0,
      inputs,
    });
    const graph = buildGraph({
      ...iris.summary,
      layers: [
        layer("input", "input", 3, [-1]),
        layer("dense", "dense", 2, [0]),
        layer("input", "input_1", 1, [-1]),
        layer("concatenate", "concatenate", 3, [1, 2]),
      ],
      tensors: [],
    });
    expect(graph.columns.map(({ kind, rank, units }) => [kind, rank, units])).toEqual([
      ["input", 0, 3],
      ["units", 1, 2],
      ["input", 0, 1],
      ["pass", 2, 3],
    ]);
    expect(graph.columns.slice(0, 3).map(({ labels }) => labels)).toEqual([names(4).slice(0, 3), null, names(4).slice(3)]);
    expect(graph.links.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 3],
      [2, 3],
    ]);
  });

  it("names the units of every output of several", () => {
    const [, , output] = iris.summary.layers;
    if (!output) throw new Error("the fixture has three layers");
    const heads = [
      { ...output, name: "kind", inputs: [1] },
      { ...output, name: "price", output_shape: [1], inputs: [1] },
    ];
    const target = { column: 0, class_rows: [], baseline: null };
    const { columns } = buildGraph({
      ...iris.summary,
      layers: [...iris.summary.layers.slice(0, 2), ...heads],
      targets: [
        { ...target, name: "kind", task: "multiclass", outputs: ["a", "b", "c"] },
        { ...target, name: "price", task: "regression", outputs: ["price"] },
      ],
    });
    expect(columns.slice(3).map(({ labels, classes, resizable }) => [labels, classes, resizable])).toEqual([
      [["a", "b", "c"], [0, 1, 2], false],
      [["price"], null, false],
    ]);
    expect(columns[2]?.resizable).toBe(true);
  });

  it("lets hidden layers be resized, not the outputs", () => {
    expect(buildGraph(iris.summary).columns.map((column) => column.resizable)).toEqual([false, true, true, false]);
    const activated = makeNetwork(names(2), [relu(4), { units: 2 }, { type: "activation" }], ["a", "b"]);
    expect(buildGraph(activated.summary).columns.map((column) => column.resizable)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  it("has a unit for every channel of a picture, and says the shapes", () => {
    const pictures = makeShaped(
      names(64),
      [
        { type: "conv2d", shape: [8, 8, 4], kernel: [3, 3, 1, 4], activation: "relu" },
        { type: "max_pooling2d", shape: [4, 4, 4] },
        { type: "flatten", shape: [64] },
        { type: "dense", shape: [3], kernel: [64, 3], activation: "softmax" },
      ],
      ["a", "b", "c"],
    );
    const graph = buildGraph(pictures.summary, [8, 8, 1]);
    expect(graph.columns.map(({ units }) => units)).toEqual([1, 4, 4, 64, 3]);
    expect(graph.columns.map(columnTitle)).toEqual(["input", "conv2d", "max pool2d", "flatten 64", "dense 3"]);
    expect(graph.columns.map(columnDetail)).toEqual(["8×8×1", "8×8×4 relu", "4×4×4", null, "softmax"]);
    expect(graph.links.map(({ kind }) => kind)).toEqual(["bundle", "each", "bundle", "dense"]);
    expect(graph.columns[0]?.labels, "nobody reads the names of pixels").toBeNull();
  });

  it("names outputs by class; one sigmoid unit is the second class", () => {
    expect(buildGraph(iris.summary).columns.at(-1)?.labels).toEqual(["a", "b", "c"]);
    const binary = makeNetwork(names(2), [{ units: 1, activation: "sigmoid" }], ["no", "yes"]);
    expect(buildGraph(binary.summary).columns.at(-1)).toMatchObject({ labels: ["yes"], classes: [1] });
  });

  it("ranks branches beside one another and marks links that skip a layer", () => {
    const fixture = makeNetwork(
      names(3),
      [
        relu(5),
        { units: 5, inputs: [-1] },
        { type: "add", inputs: [0, 1] },
        relu(4),
        { type: "concatenate", inputs: [2, 3] },
        softmax(2),
      ],
      ["a", "b"],
    );
    const graph = buildGraph(fixture.summary);
    expect(graph.columns.map((column) => column.rank)).toEqual([0, 1, 1, 2, 3, 4, 5]);
    expect(graph.links.filter((link) => link.skips).map(({ from, to }) => [from, to])).toEqual([[3, 5]]);
    const joined = graph.links.filter((link) => link.to === 5);
    expect(joined.map((link) => link.offset)).toEqual([0, 5]);
    const layout = lay(fixture);
    expect(layout.columns[1]?.x).toBe(layout.columns[2]?.x);
    expect(layout.columns[1]?.bottom).toBeLessThanOrEqual(layout.columns[2]?.top ?? 0);
  });

  it("has one link for several outputs of a layer, unless they lie beside one another", () => {
    const layers = [
      { type: "lstm", shape: [3], kernel: [2, 12] },
      { type: "lstm", shape: [3], kernel: [2, 12], inputs: [-1, 0, 0] },
      { type: "concatenate", shape: [6], inputs: [0, 0] },
    ];
    const { links } = buildGraph(makeShaped(names(2), layers, ["y"]).summary);
    expect(links.filter(({ to }) => to === 2).map(({ from }) => from)).toEqual([0, 1]);
    expect(links.filter(({ to }) => to === 3).map(({ from, offset }) => [from, offset])).toEqual([[1, 0], [1, 3]]);
  });

  it("is said in a sentence", () => {
    expect(describeGraph(buildGraph(iris.summary), 115)).toBe(
      "Network of 3 layers with 115 parameters: input 4, dense 8 relu, dense 6 relu, dense 3 softmax.",
    );
  });
});

describe("the layout", () => {
  it("keeps all units in their box, evenly spaced, and counts those that do not fit", () => {
    const next = random(8);
    for (let trial = 0; trial < 100; trial++) {
      const hidden = Array.from({ length: 1 + Math.floor(next() * 5) }, () => relu(1 + Math.floor(next() * 60)));
      const fixture = makeNetwork(names(1 + Math.floor(next() * 200)), [...hidden, softmax(3)], ["a", "b", "c"]);
      const height = 240 + next() * 500;
      const layout = lay(fixture, 200 + next() * 1200, height);
      for (const column of layout.columns) {
        expect(column.ys.length + column.more).toBe(column.units);
        expect(column.ys.length).toBeGreaterThan(0);
        for (const [i, y] of column.ys.entries()) {
          expect(y - column.tile / 2).toBeGreaterThanOrEqual(column.top);
          expect(y + column.tile / 2).toBeLessThanOrEqual(column.bottom);
          if (i > 0) expect(y - (column.ys[i - 1] ?? 0)).toBeGreaterThan(column.tile);
        }
        expect(column.x - column.tile / 2).toBeGreaterThanOrEqual(0);
        expect(column.x + column.tile / 2).toBeLessThanOrEqual(layout.width);
      }
    }
  });

  it("puts columns from left to right and grows wider than its box rather than crowd them", () => {
    const deep = makeNetwork(names(2), [...Array.from({ length: 12 }, () => relu(4)), softmax(2)], ["a", "b"]);
    const layout = lay(deep, 320);
    expect(layout.width).toBeGreaterThan(320);
    layout.columns.forEach((column, i) => {
      if (i > 0) expect(column.x - (layout.columns[i - 1]?.x ?? 0)).toBeGreaterThanOrEqual(72);
    });
  });
});

describe("hit testing", () => {
  const layout = lay(iris);

  it("finds every tile by its middle", () => {
    for (const column of layout.columns) {
      column.ys.forEach((y, unit) =>
        expect(hitTest(layout, iris.weights, column.x, y)).toEqual({ kind: "unit", column: column.index, unit }),
      );
    }
  });

  it("finds an edge on the curve that the canvas draws", () => {
    // One strong weight alone, so that no other edge lies nearer.
    const link = layout.links[1]!;
    const weights = new Float32Array(iris.weights.length);
    weights[link.kernel!.start + 2 * 6 + 5] = 2;
    const [from, to] = [layout.columns[link.from]!, layout.columns[link.to]!];
    const [p0, p1] = [[link.x0, from.ys[2]!] as const, [link.x1, to.ys[5]!] as const];
    const middle = (link.x0 + link.x1) / 2;
    for (const t of [0.1, 0.35, 0.5, 0.8]) {
      // The Bezier curve of the canvas, by its definition.
      const mix = (a: number, b: number, c: number, d: number): number =>
        (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t ** 2 * c + t ** 3 * d;
      const x = mix(p0[0], middle, middle, p1[0]);
      const y = mix(p0[1], p0[1], p1[1], p1[1]);
      expect(hitTest(layout, weights, x, y)).toEqual({ kind: "edge", link: 1, from: 2, to: 5 });
      expect(hitTest(layout, weights, x, y + 60)?.kind).not.toBe("edge");
    }
    expect(curveParameter(0.5)).toBeCloseTo(0.5, 6);
  });

  it("finds the column elsewhere in its band, and nothing between columns", () => {
    expect(hitTest(layout, null, layout.columns[1]!.x, 8)).toEqual({ kind: "column", column: 1 });
    expect(hitTest(layout, null, (layout.columns[0]!.x + layout.columns[1]!.x) / 2, 8)).toBeNull();
  });

  it("says in words what it found", () => {
    const weights = iris.weights.slice();
    const start = iris.summary.tensors[0]!.start;
    weights[start + 3] = 9;
    expect(describeHit(layout, weights, { kind: "edge", link: 0, from: 0, to: 3 })?.rows).toEqual([
      ["weight", "+9.000"],
    ]);
    expect(describeHit(layout, weights, { kind: "unit", column: 1, unit: 3 })?.rows[0]).toEqual(["value 0", "+9.000"]);
    expect(describeHit(layout, weights, { kind: "column", column: 1 })).toBeNull();
  });
});

/** Records strokes with the pen they were made with. */
class Recorder implements EdgeTarget {
  strokeStyle: EdgeTarget["strokeStyle"] = "";
  fillStyle: EdgeTarget["fillStyle"] = "";
  lineWidth = 0;
  lineCap: CanvasLineCap = "butt";
  curves: { color: string; width: number; points: number[] }[] = [];
  private at: [number, number] = [0, 0];
  beginPath(): void {}
  stroke(): void {}
  fill(): void {}
  setLineDash(): void {}
  arc(): void {}
  lineTo(): void {}
  quadraticCurveTo(): void {}
  moveTo(x: number, y: number): void {
    this.at = [x, y];
  }
  bezierCurveTo(...points: number[]): void {
    this.curves.push({
      color: typeof this.strokeStyle === "string" ? this.strokeStyle : "",
      width: this.lineWidth,
      points: [...this.at, ...points],
    });
  }
}

describe("edges", () => {
  const options = { palette, hairline: 0.5 };

  it("are drawn once each, coloured by sign, the strongest broadest and last", () => {
    const layout = lay(iris);
    const target = new Recorder();
    const drawn = drawEdges(target, layout, iris.weights, options);
    expect(drawn).toBe(target.curves.length);
    const seen = layout.links.flatMap((link) => {
      const scale = linkScale(link, iris.weights);
      const [rows, columns] = link.kernel!.shape as [number, number];
      return Array.from(
        { length: rows * columns },
        (_, e) => Math.abs(weightAt(link, iris.weights, Math.floor(e / columns), e % columns)) / scale,
      ).filter((s) => s >= 0.02);
    });
    expect(drawn).toBe(seen.length);
    const first = target.curves.slice(0, 30).map((curve) => curve.width);
    expect(first).toEqual([...first].sort((a, b) => a - b));
    const link = layout.links[0]!;
    const strongest = [...target.curves].filter((curve) => curve.points[0] === link.x0).at(-1)!;
    const weights = Array.from({ length: 32 }, (_, e) => weightAt(link, iris.weights, Math.floor(e / 8), e % 8));
    const top = Math.max(...weights.map(Math.abs));
    const at = weights.findIndex((weight) => Math.abs(weight) === top);
    const sign = weights[at]! > 0 ? palette.positive : palette.negative;
    expect(strongest.color).toContain(sign.join(" "));
  });

  it("stay within the budget of a frame and say how many there are", () => {
    const deep = makeNetwork(names(2), [...Array.from({ length: 8 }, () => relu(32)), softmax(3)], ["a", "b", "c"], 7);
    const layout = lay(deep, 1400, 700);
    const target = new Recorder();
    const { drawn, all } = shownEdges(layout);
    expect(all).toBe(2 * 32 + 7 * 32 * 32 + 32 * 3);
    expect(drawEdges(target, layout, deep.weights, options)).toBeLessThanOrEqual(drawn);
    expect(drawn).toBeLessThanOrEqual(MOST_EDGES + layout.links.length);
    expect(target.curves.filter((curve) => curve.width > 1).length).toBeLessThanOrEqual(260);
  });

  it("survive weights that are no numbers", () => {
    const weights = iris.weights.slice();
    weights.fill(NaN, 0, 20);
    weights.fill(Infinity, 20, 40);
    const target = new Recorder();
    drawEdges(target, lay(iris), weights, options);
    expect(
      target.curves.every(
        (curve) => Number.isFinite(curve.width) && curve.points.every(Number.isFinite) && !curve.color.includes("NaN"),
      ),
    ).toBe(true);
  });

  it("are all alike before there are weights", () => {
    const target = new Recorder();
    expect(drawEdges(target, lay(iris), null, options)).toBe(0);
    expect(target.curves).toHaveLength(4 * 8 + 8 * 6 + 6 * 3);
    expect(new Set(target.curves.map((curve) => curve.color)).size).toBe(1);
  });
});

describe("tiles", () => {
  it("show each map turned over, in the colours that the naive way gives", () => {
    const layout = lay(iris);
    const maps = makeMaps(iris, 6);
    maps.layers[0]!.values[3] = NaN;
    const colors = tileColors(palette);
    const atlas = buildAtlas(layout.columns, maps, colors, null)!;
    const pixels = new Uint32Array(atlas.image.data.buffer);
    layout.columns.forEach((column, c) => {
      const own = c === 0 ? maps.features : maps.layers[c - 1]!;
      const scale = signedScale(own.values);
      for (let unit = 0; unit < own.units; unit++) {
        const tile = atlas.firstOf[c]! + unit;
        for (let row = 0; row < 6; row++) {
          for (let i = 0; i < 6; i++) {
            const x = (tile % atlas.across) * 6 + i;
            const y = Math.floor(tile / atlas.across) * 6 + (5 - row);
            const value = own.values[(unit * 6 + row) * 6 + i]!;
            const naive = tileColor(column, unit, value, scale, colors);
            const found = pixels[y * atlas.image.width + x]!;
            // Rounding may differ by one step of the table.
            for (const shift of [0, 8, 16])
              expect(Math.abs(((found >> shift) & 255) - ((naive >> shift) & 255))).toBeLessThanOrEqual(1);
          }
        }
      }
    });
    expect(buildAtlas(layout.columns, maps, colors, atlas)!.image).toBe(atlas.image);
  });

  it("have no maps where the engine sends none", () => {
    const maps = makeMaps(iris, 4);
    maps.layers[1] = null;
    const atlas = buildAtlas(lay(iris).columns, maps, tileColors(palette), null)!;
    expect(atlas.countOf).toEqual([4, 8, 0, 3]);
  });
});

describe("the table of weights", () => {
  it("has every weight and bias of a layer", () => {
    const table = weightsTable(lay(iris), iris.weights, 1);
    expect(table.rows).toHaveLength(4 * 8 + 8);
    expect(table.rows[8]).toEqual(["value 0", "dense_1 unit 1", iris.weights[0]]);
  });

  it("says how many there are when they are too many", () => {
    const wide = makeNetwork(names(784), [relu(128), softmax(10)], names(10));
    const table = weightsTable(lay(wide), wide.weights, 1);
    expect(table.total).toBe(784 * 128 + 128);
    expect(table.rows.length).toBeLessThan(table.total ?? 0);
  });
});
