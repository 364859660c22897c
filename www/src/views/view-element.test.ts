import { describe, expect, it } from "vitest";
import { nameKey, NAMES, pixelRatio } from "./view-element.js";

describe("the ratio of pixels", () => {
  it("is that of the box where it says so, else that of the page", () => {
    expect(pixelRatio(333, 500, 1.5)).toBe(500 / 333);
    expect(pixelRatio(333, undefined, 2)).toBe(2);
    expect(pixelRatio(0, 0, 2)).toBe(2);
  });

  it("is not what an emulated scale makes of the box", () => {
    expect(pixelRatio(300, 300, 2)).toBe(2);
  });
});

describe("names", () => {
  it("are the same when they read the same", () => {
    expect(NAMES.hasChanged(["a", "b"], ["a", "b"])).toBe(false);
    expect(NAMES.hasChanged(["a", "b"], ["a b"])).toBe(true);
    expect(NAMES.hasChanged([], undefined)).toBe(false);
    expect(nameKey(undefined)).toBe("");
  });
});
