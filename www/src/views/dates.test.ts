import { describe, expect, it } from "vitest";
import { dateLabels, dateTicks } from "./dates.js";

const day = (text: string): number => Date.parse(`${text}T00:00Z`) / 86_400_000;
const labels = (from: string, to: string, count: number): string[] =>
  dateLabels(dateTicks(day(from), day(to), count), "en");

describe("marks of dates", () => {
  it("stand on days, Mondays, months or years, as the range is wide", () => {
    expect(labels("2024-02-27", "2024-03-02", 5)).toEqual([
      "Feb 27, 24",
      "Feb 28, 24",
      "Feb 29, 24",
      "Mar 1, 24",
      "Mar 2, 24",
    ]);
    expect(labels("2024-03-01", "2024-03-31", 4)).toEqual(["Mar 4, 24", "Mar 11, 24", "Mar 18, 24", "Mar 25, 24"]);
    expect(labels("2023-11-15", "2024-04-20", 5)).toEqual(["Dec 2023", "Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024"]);
    expect(labels("2015-06-01", "2024-06-01", 5)).toEqual(["2016", "2018", "2020", "2022", "2024"]);
    expect(labels("1700-01-01", "2024-06-01", 4)).toEqual(["1700", "1800", "1900", "2000"]);
  });

  it("ascend within any range, also before the year 100 and beyond all calendars", () => {
    for (const [low, high] of [
      [0, 0.3],
      [-719_000, -700_000],
      [-1e7, 1e7],
      [-1e12, 1e12],
      [19_000, 19_000.5],
    ] as const) {
      const made = dateTicks(low, high, 5);
      expect(made.length).toBeGreaterThan(0);
      expect(made.length).toBeLessThan(20);
      made.forEach((value, i) => {
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
        if (i > 0) expect(value).toBeGreaterThan(made[i - 1] as number);
      });
      expect(dateLabels(made, "en")).toHaveLength(made.length);
    }
    expect(dateTicks(5, 5, 4)).toEqual([5]);
    expect(dateTicks(NaN, 5, 4)).toEqual([]);
  });
});
