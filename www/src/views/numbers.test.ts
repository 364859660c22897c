import { afterEach, describe, expect, it } from "vitest";
import {
  formatCount,
  formatLive,
  formatMetric,
  formatPercent,
  formatScientific,
  formatSigned,
  formatValue,
  isShare,
  NO_NUMBER,
  setNumberLocale,
  shortFloat,
} from "./numbers.js";

setNumberLocale("en");
afterEach(() => setNumberLocale("en"));

describe("numbers", () => {
  it("never says NaN, whatever comes", () => {
    for (const bad of [NaN, Infinity, -Infinity, null, undefined]) {
      for (const format of [formatValue, formatLive, formatCount, formatPercent, formatSigned])
        expect(format(bad)).toBe(NO_NUMBER);
    }
  });

  it("writes values with their significant digits and a true minus", () => {
    expect(formatValue(3.14159)).toBe("3.142");
    expect(formatValue(-0.5)).toBe("\u22120.5");
    expect(formatValue(0)).toBe("0");
    expect(formatValue(1234567)).toBe("1,235,000");
  });

  it("writes very large and very small values as powers of ten", () => {
    expect(formatValue(1.5e-7)).toBe("1.5×10⁻⁷");
    expect(formatValue(-6.31e31)).toBe("\u22126.31×10³¹");
    expect(formatScientific(1e12, 1)).toBe("1.0×10¹²");
  });

  it("keeps the width of a live value while its digits change", () => {
    expect(formatLive(0.1)).toHaveLength(formatLive(0.123456).length);
    expect(formatLive(12)).toHaveLength(formatLive(98.76).length);
    expect(formatLive(1.2e-8)).toHaveLength(formatLive(9.87654e-8).length);
  });

  it("always says the sign of a weight, save of zero", () => {
    expect([1.234, -1.234, 0].map((weight) => formatSigned(weight))).toEqual(["+1.23", "\u22121.23", "0.00"]);
  });

  it("writes accuracies as per cent and losses as they are", () => {
    expect(formatMetric("accuracy", 0.957)).toBe("95.7%");
    expect(formatMetric("loss", 0.957)).toBe("0.957");
    expect(formatMetric("kind_accuracy", 0.957)).toBe("95.7%");
    for (const name of ["weighted_accuracy", "kind_accuracy_2", "kind_weighted_sparse_categorical_accuracy"]) {
      expect(isShare(name), name).toBe(true);
    }
    // What an output is called says nothing of its scores.
    for (const name of ["accuracy_loss", "accuracy_root_mean_squared_error", "inaccuracy"]) {
      expect(isShare(name), name).toBe(false);
    }
  });

  it("follows the reader's language", () => {
    setNumberLocale("de");
    expect(formatValue(1234.5, 5)).toBe("1.234,5");
    expect(formatCount(1284000)).toBe("1.284.000");
  });

  it("drops the digits that only the 64-bit form of a 32-bit number has", () => {
    expect(shortFloat(Math.fround(5.1))).toBe(5.1);
    expect(shortFloat(NaN)).toBeNaN();
  });
});
