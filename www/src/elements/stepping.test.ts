import { describe, expect, it } from "vitest";
import { next, type Scale, type Steps } from "./stepping";

const steps = (scale: Scale, change: Partial<Steps> = {}): Steps => ({
  scale,
  min: 0,
  max: 1000,
  step: 1,
  smallest: 0.0001,
  ...change,
});
const climb = (from: number, direction: 1 | -1, times: number, how: Steps): number[] => {
  const values = [from];
  for (let i = 0; i < times; i += 1) values.push(next(values.at(-1) ?? 0, direction, how));
  return values.slice(1);
};

describe("stepping", () => {
  it("goes evenly, onto whole steps first", () => {
    expect(climb(0.15, 1, 3, steps("linear", { step: 0.1 }))).toEqual([0.2, 0.3, 0.4]);
    expect(climb(0.3, -1, 4, steps("linear", { step: 0.1 }))).toEqual([0.2, 0.1, 0, 0]);
  });

  it("doubles and halves", () => {
    expect(climb(16, 1, 2, steps("doubling"))).toEqual([32, 64]);
    expect(climb(20, 1, 1, steps("doubling"))).toEqual([32]);
    expect(climb(3, -1, 3, steps("doubling", { min: 1 }))).toEqual([2, 1, 1]);
  });

  it("climbs 1, 3, 10, 30 as learning rates do", () => {
    expect(climb(0.001, 1, 5, steps("logarithmic"))).toEqual([0.003, 0.01, 0.03, 0.1, 0.3]);
    expect(climb(0.02, -1, 3, steps("logarithmic", { min: 1e-8 }))).toEqual([0.01, 0.003, 0.001]);
    expect(climb(0.3, 1, 9, steps("logarithmic")).at(-1)).toBe(1000);
  });

  it("leaves nought by the smallest rung and comes back to it", () => {
    expect(climb(0, 1, 2, steps("logarithmic"))).toEqual([0.0001, 0.0003]);
    expect(climb(0.0003, -1, 3, steps("logarithmic"))).toEqual([0.0001, 0, 0]);
  });
});
