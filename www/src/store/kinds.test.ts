import { describe, expect, it } from "vitest";
import { scoreNames } from "./kinds";

describe("names of scores", () => {
  it("have numbers from the second of a kind on", () => {
    expect(scoreNames(["accuracy", { type: "precision", thresholds: 0.9 }, "precision"])).toEqual([
      "accuracy",
      "precision",
      "precision_1",
    ]);
  });

  it("of weighted metrics say so where the name is taken", () => {
    expect(scoreNames(["accuracy"], ["accuracy", "precision"])).toEqual(["accuracy", "weighted_accuracy", "precision"]);
    expect(scoreNames(["accuracy"], ["accuracy", "accuracy"])).toEqual([
      "accuracy",
      "weighted_accuracy",
      "accuracy_1",
    ]);
  });
});
