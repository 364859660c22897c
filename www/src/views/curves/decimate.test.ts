import { describe, expect, it } from "vitest";
import { makeHistory } from "../../gallery/data-fixtures.js";
import { normal, random } from "../../gallery/random.js";
import { light } from "../../styles/tokens.js";
import { setNumberLocale } from "../numbers.js";
import { themePalette } from "../palette.js";
import { Decimator, type Values } from "./decimate.js";
import { HistoryFollower, historyTable, positiveOnly } from "./history.js";
import { logTicks, plotOptions, valueRange } from "./plot.js";

function decimated(rows: Values[], most = 1000): number[] {
  const decimator = new Decimator(rows[0]?.length ?? 1, most);
  for (const row of rows) decimator.push(row);
  return decimator.kept();
}

describe("decimation", () => {
  it("keeps a short run as it is", () => {
    expect(decimated(Array.from({ length: 120 }, (_, i) => [i, -i]))).toEqual(Array.from({ length: 120 }, (_, i) => i));
    expect(decimated([])).toEqual([]);
    expect(decimated([[1]])).toEqual([0]);
  });

  it("keeps about a thousand points of any run, first and last among them, in order", () => {
    const next = random(3);
    for (const length of [900, 2_500, 100_000, 250_001]) {
      const kept = decimated(Array.from({ length }, () => [normal(next), normal(next)]));
      expect(kept.length).toBeLessThanOrEqual(1001);
      expect(kept.length).toBeGreaterThan(300);
      expect(kept[0]).toBe(0);
      expect(kept.at(-1)).toBe(length - 1);
      expect(kept.every((index, i) => i === 0 || index > kept[i - 1]!)).toBe(true);
    }
  });

  it("loses no extreme of any stretch of any series: the naive way finds the same", () => {
    const next = random(5);
    const rows = Array.from({ length: 30_000 }, (): Values => [normal(next), next() < 0.3 ? null : normal(next)]);
    const kept = decimated(rows);
    // The width of the buckets, a power of two: at most 200 of five points each.
    let width = 1;
    while (Math.ceil(rows.length / width) * 5 > 1000) width *= 2;
    const drawn = new Set(kept);
    for (let start = 0; start < rows.length; start += width) {
      const stretch = rows.slice(start, start + width);
      for (const series of [0, 1]) {
        const values = stretch.map((row) => row[series]).filter((value) => value != null);
        if (values.length === 0) continue;
        for (const extreme of [Math.min(...values), Math.max(...values)]) {
          const at = start + stretch.findIndex((row) => row[series] === extreme);
          expect(drawn.has(at)).toBe(true);
        }
      }
    }
  });

  it("is not disturbed by values that are none", () => {
    const kept = decimated(Array.from({ length: 5000 }, (_, i): Values => [i % 3 === 0 ? NaN : i, Infinity]));
    expect(kept.every(Number.isInteger)).toBe(true);
    expect(kept[0]).toBe(0);
  });
});

describe("following a history", () => {
  it("gives the same whether it came at once, grew in place or was replaced by a longer one", () => {
    const history = makeHistory(5000, 1);
    const whole = new HistoryFollower().follow(history, "loss");
    const inPlace = new HistoryFollower();
    const grown = history.slice(0, 10);
    inPlace.follow(grown, "loss");
    grown.push(...history.slice(10));
    expect(inPlace.follow(grown, "loss")).toEqual(whole);
    const replaced = new HistoryFollower();
    replaced.follow(history.slice(0, 4000), "loss");
    expect(replaced.follow(history, "loss")).toEqual(whole);
  });

  it("begins anew after a reset, another metric, or a history cut short", () => {
    const follower = new HistoryFollower();
    follower.follow(makeHistory(50, 1), "loss");
    expect(follower.follow([], "loss")[0]).toEqual([]);
    const other = makeHistory(60, 2);
    expect(follower.follow(other, "loss")[1][0]).toBe(other[0]!.train.loss);
    expect(follower.follow(other, "accuracy")[1][0]).toBe(other[0]!.train.metrics["accuracy"]);
    expect(follower.follow(other.slice(0, 20), "accuracy")[0]).toHaveLength(20);
  });

  it("leaves gaps where there are no values", () => {
    const [epochs, train, validation] = new HistoryFollower().follow(makeHistory(3, 1, false), "r2");
    expect(epochs).toEqual([1, 2, 3]);
    expect(train).toEqual([null, null, null]);
    expect(validation).toEqual([null, null, null]);
    expect(
      positiveOnly([
        [1, 2, 3],
        [0, -1, 2],
        [null, 1, 0],
      ]),
    ).toEqual([
      [1, 2, 3],
      [null, null, 2],
      [null, 1, null],
    ]);
  });

  it("gives the whole history as a table", () => {
    expect(historyTable(makeHistory(1500, 1), "loss").rows).toHaveLength(1500);
  });
});

describe("the axis of values", () => {
  it("ends at 100 % for shares and never has no width", () => {
    expect(valueRange(0.83, 0.97, "accuracy")[1]).toBe(1);
    for (const range of [
      [0, 0],
      [3, 3],
      [null, null],
      [NaN, NaN],
      [1e-9, 2e-9],
      [-5, -5],
    ] as const) {
      const [low, high] = valueRange(range[0], range[1], "loss");
      expect(high).toBeGreaterThan(low);
    }
  });

  it.each([
    ["accuracy", ["50%", "100%"]],
    ["kind_accuracy", ["50%", "100%"]],
    ["kind_weighted_accuracy_2", ["50%", "100%"]],
    ["kind_loss", ["0.5", "1.0"]],
  ])("of %s says %s, of one output as of all", (metric, labels) => {
    setNumberLocale("en");
    const options = plotOptions({
      width: 300,
      height: 150,
      metric,
      logarithmic: false,
      palette: themePalette(light),
      fontFamily: "sans-serif",
      onCursor: () => undefined,
    });
    const { values } = options.axes?.[1] ?? {};
    if (typeof values !== "function") throw new Error("the axis writes its own labels");
    expect(values({} as never, [0.5, 1], 1, 1, 1)).toEqual(labels);
  });

  it("has few marks however many powers of ten it spans", () => {
    expect(logTicks(0.05, 2)).toEqual([0.1, 1]);
    expect(logTicks(1e-3, 1e32).length).toBeLessThanOrEqual(6);
    expect(logTicks(2, 3).length).toBeGreaterThan(1);
    expect(logTicks(0, 1)).toEqual([]);
  });
});
