import { expect, it } from "vitest";
import { balancedWeights } from "./class-weights";

it("makes classes count alike, as scikit-learn's balanced weights do", () => {
  const weights = balancedWeights([10, 30, 60]);
  expect(weights).toEqual([3.333, 1.111, 0.5556]);
  [10, 30, 60].forEach((count, i) => expect(count * (weights?.[i] ?? 0)).toBeCloseTo(100 / 3, 0));
});

it("leaves classes without rows out of the reckoning", () => {
  expect(balancedWeights([5, 0, 5])).toEqual([1, 1, 1]);
  expect(balancedWeights([])).toBeNull();
  expect(balancedWeights([0, 0])).toBeNull();
});
