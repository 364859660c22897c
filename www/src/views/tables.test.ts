// What stands in tables: confusion matrices, histograms, CSV, and the elements that show them.

import { beforeAll, describe, expect, it } from "vitest";
import { categoryColumn, makeEvaluation, numberColumn } from "../gallery/data-fixtures.js";
import { confusionTable, describeConfusion, rowSums, share, side } from "./confusion/shares.js";
import "./confusion/confusion.js";
import { csvCell, toCsv } from "./data-table.js";
import { barHeights, barsOf, barsPath, describeColumn } from "./histogram/bars.js";
import "./histogram/histogram.js";
import { setNumberLocale } from "./numbers.js";

beforeAll(() => setNumberLocale("en"));

describe("a confusion matrix", () => {
  const matrix = Uint32Array.of(8, 0, 0, 0, 7, 1, 0, 0, 7);

  it("is read by rows", () => {
    expect(side(matrix)).toBe(3);
    expect(side(Uint32Array.of(1, 2, 3))).toBe(0);
    expect(rowSums(matrix)).toEqual([8, 8, 7]);
    expect(share(1, 8)).toBe(0.125);
    expect(share(0, 0)).toBe(0);
  });

  it("is said with its worst mistake", () => {
    expect(describeConfusion(matrix, ["a", "b", "c"])).toBe(
      "23 rows, 22 right (95.7%). Most often taken for another: b for c, 1.",
    );
    expect(describeConfusion(Uint32Array.of(0, 0, 0, 0), [])).toBe("0 rows, 0 right (–).");
    expect(confusionTable(matrix, ["a", "b", "c"]).rows[1]).toEqual(["b", 0, 7, 1]);
  });

  it("is shown as a table with headings, text never as markup", async () => {
    const element = document.createElement("tabgrad-confusion");
    element.evaluation = makeEvaluation(3, 60, 1);
    element.classes = ["<img src=x>", "b", "c"];
    document.body.append(element);
    await element.updateComplete;
    const root = element.shadowRoot!;
    expect(root.querySelectorAll("tbody td")).toHaveLength(9);
    expect(root.querySelectorAll('th[scope="row"]')).toHaveLength(3);
    expect(root.querySelector("thead th")?.textContent).toBe("<img src=x>");
    expect(root.querySelector("img")).toBeNull();
    element.evaluation = { ...makeEvaluation(3, 60, 1), confusion: null };
    await element.updateComplete;
    expect(root.querySelector('[role="status"]')?.textContent).toContain("appears here");
    element.remove();
  });
});

describe("a histogram", () => {
  it("has a bar for each bin or category", () => {
    const numbers = barsOf(numberColumn("length", (x) => x));
    expect(numbers).toHaveLength(14);
    expect(numbers[0]?.label).toBe("1 to 1.42");
    expect(barsOf(categoryColumn("kind", { a: 3, b: 1 }))).toEqual([
      { label: "a", count: 3 },
      { label: "b", count: 1 },
    ]);
    expect(barsOf({ ...categoryColumn("kind", {}), categories: [] })).toEqual([]);
  });

  it("shows what there is at all, and nothing where there is nothing", () => {
    const heights = barHeights([
      { label: "", count: 1e9 },
      { label: "", count: 1 },
      { label: "", count: 0 },
      { label: "", count: NaN },
    ]);
    expect(heights[0]).toBe(1);
    expect(heights[1]).toBeGreaterThan(0.05);
    expect(heights.slice(2)).toEqual([0, 0]);
    expect(barsPath(heights, 84, 26).match(/M/g)).toHaveLength(2);
    expect(barsPath([], 84, 26)).toBe("");
  });

  it("is said in a sentence, dates as dates", () => {
    expect(describeColumn(numberColumn("length", (x) => x))).toBe("length: from 1 to 6.9, mean 3.76");
    expect(describeColumn(categoryColumn("kind", { a: 3, b: 1 }))).toBe("kind: 2 different values, a 3, b 1");
    const date = describeColumn({ ...numberColumn("day", (x) => x), type: "date", min: 0, max: 1e300 });
    expect(date).toContain("1970");
    expect(date).not.toMatch(/NaN|Invalid/);
  });
});

describe("CSV", () => {
  it("quotes what must be quoted and keeps numbers exact", () => {
    expect(
      toCsv({
        columns: ["a", "b, c"],
        rows: [
          ['x "y"', -1.5e-7],
          [null, NaN],
        ],
      }),
    ).toBe('a,"b, c"\r\n"x ""y""",-1.5e-7\r\n,\r\n');
  });

  it("gives spreadsheets no formulas", () => {
    for (const text of ["=1+1", "+1", "-1", "@sum", "\tx"]) expect(csvCell(text).startsWith("'")).toBe(true);
    expect(csvCell(-1)).toBe("-1");
  });
});

describe("a table on demand", () => {
  it("is made when it is opened, says what it leaves out, and is gone when closed", async () => {
    const element = document.createElement("tabgrad-data-table");
    let made = 0;
    element.label = "Weights";
    element.source = () => {
      made++;
      return {
        columns: ["i", "value"],
        rows: Array.from({ length: 500 }, (_, i) => [`row ${String(i)}`, i / 3]),
        total: 9000,
      };
    };
    document.body.append(element);
    await element.updateComplete;
    expect(made).toBe(0);
    const button = element.shadowRoot!.querySelector("button")!;
    button.click();
    await element.updateComplete;
    expect(made).toBe(1);
    expect(button.getAttribute("aria-expanded")).toBe("true");
    expect(element.shadowRoot!.querySelectorAll("tbody tr")).toHaveLength(200);
    expect(element.shadowRoot!.querySelector("caption")?.textContent?.trim()).toBe(
      "Weights: the first 200 of 9,000 rows",
    );
    expect(element.shadowRoot!.querySelector("tbody td")?.textContent).toBe("0");
    button.click();
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector("table")).toBeNull();
    element.remove();
  });
});
