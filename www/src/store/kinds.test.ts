import { describe, expect, it } from "vitest";
import { scoreNames } from "./kinds";
import { whyNot } from "./why-not";

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

describe("a loss that is not for the target", () => {
  it("says what it needs, and one that is for it says nothing", () => {
    const ctc = { tasks: ["sequence" as const] };
    expect(whyNot(ctc, "multiclass")).toContain("needs a sequence of labels as target");
    expect(whyNot({ tasks: ["embedding"] }, "binary")).toContain("compared by distance");
    expect(whyNot({ tasks: ["binary", "multiclass"] }, "regression")).toBe("needs two classes or several classes");
    expect(whyNot({ tasks: ["binary"] }, "binary")).toBe("");
    expect(whyNot({ tasks: [] }, "binary")).toBe("");
    expect(whyNot(ctc, undefined), "nothing is known yet").toBe("");
  });
});
