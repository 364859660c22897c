import { describe, expect, it } from "vitest";
import * as format from "./format";

// The digits are the reader's; the tests run in English.
const formatters = Object.entries({
  integer: format.integer,
  compact: format.compact,
  percent: format.percent,
  number: format.number,
  steady: format.steady,
  bytes: format.bytes,
  day: format.day,
  accuracy: (value: number | null | undefined) => format.score("accuracy", value),
  rmse: (value: number | null | undefined) => format.score("root_mean_squared_error", value),
});

describe.each(formatters)("%s", (_name, write) => {
  it.each([NaN, Infinity, -Infinity, null, undefined])("never writes %s", (value) => {
    expect(write(value)).toBe(format.NO_NUMBER);
  });

  it.each([0, -0, 1e-320, 1e308, -1e308, Number.MAX_SAFE_INTEGER, 0.1 + 0.2])("writes %s in few digits", (value) => {
    const text = write(value);
    expect(text).not.toMatch(/NaN|Infinity|undefined|null|∞|-/);
    if (Math.abs(value) < 1e6) expect(text.length).toBeLessThan(14);
  });
});

describe("metrics", () => {
  it("that count rows by their weights are written as those that do not", () => {
    expect(format.metricLabel("weighted_mean_squared_error")).toBe("weighted MSE");
    expect(format.metricLabel("weighted_precision_1")).toBe("weighted precision 1");
    expect(format.score("weighted_accuracy", 0.5)).toBe("50.0%");
  });
});

describe("numbers", () => {
  it("have as many digits as mean something", () => {
    expect(format.number(5.843333)).toBe("5.843");
    expect(format.number(1284000)).toBe("1,284,000");
    expect(format.number(0.00001234)).toBe("1.23×10⁻⁵");
    expect(format.number(-2.5)).toBe("−2.5");
    expect(format.percent(0.95652)).toBe("95.7%");
    expect(format.percent(1)).toBe("100.0%");
    expect(format.bytes(3_400_000)).toBe("3.4 MB");
    expect(format.count(1, "row")).toBe("1 row");
    expect(format.count(2, "class", "classes")).toBe("2 classes");
  });

  it("that change before one's eyes keep their decimals", () => {
    expect(format.steady(0.071)).toBe("0.0710");
    expect(format.steady(1.5)).toBe("1.500");
    expect(format.steady(12)).toBe("12.00");
    expect(format.steady(1234.5)).toBe("1,235");
  });
});

describe("reading numbers", () => {
  it.each([
    ["0.01", 0.01],
    ["0,01", 0.01],
    [" 1e-3 ", 0.001],
    ["−2.5", -2.5],
    ["1 000", 1000],
    ["+.5", 0.5],
    ["", null],
    ["abc", null],
    ["1.2.3", null],
    ["NaN", null],
    ["Infinity", null],
    ["1e999", null],
    ["0x10", null],
  ])("%j is %j", (text, value) => {
    expect(format.parseNumber(text)).toBe(value);
  });

  it("reads back what it wrote", () => {
    for (const value of [0, 0.01, 1e-7, 123456.789, 3e15, -4]) {
      expect(format.parseNumber(format.plain(value))).toBe(value);
    }
  });
});
