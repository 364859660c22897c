import { expect, it } from "vitest";
import type { ColumnReport } from "../../engine/protocol";
import { reportOf } from "../../store/testing";
import { brightest, pictureOf, tokensOf } from "./rows-of";

const column = (name: string, role: ColumnReport["role"], max?: number): ColumnReport => ({
  name,
  type: "number",
  role,
  missing: 0,
  distinct: 3,
  ...(max === undefined ? {} : { max }),
});

it("reads a row as a picture, from dark to the brightest pixel of all", () => {
  const report = reportOf({
    columns: [column("digit", "target"), column("p0", "feature", 4), column("p1", "feature", 16)],
    target: 0,
    form: { image: { height: 1, width: 2, channels: 1 } },
  });
  expect(brightest(report)).toBe(16);
  expect(pictureOf(report, ["7", "4", "16"])).toEqual({ shape: [1, 2, 1], values: Float32Array.of(0.25, 1) });
  expect(pictureOf(report, ["7", "", "odd"])?.values).toEqual(Float32Array.of(0, 0));
  expect(pictureOf(reportOf(), ["1", "2"])).toBeNull();
});

it("reads a row as a sequence", () => {
  const report = reportOf({
    columns: [column("token_0", "feature"), column("token_1", "feature"), column("sum", "target")],
    target: 2,
    form: { tokens: { length: 2, vocabulary: 4 } },
  });
  expect(tokensOf(report, ["a", "b", "c"])).toEqual(["a", "b"]);
  expect(tokensOf(report, ["a"])).toEqual(["a", ""]);
});
