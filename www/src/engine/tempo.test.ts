import { describe, expect, it } from "vitest";
import { Tempo } from "./tempo";

/** Epochs within a second, where one takes `cost` ms. */
function epochsPerSecond(tempo: Tempo, cost: number): number {
  let now = 5000;
  let epochs = 0;
  while (now < 6000) {
    now += tempo.wait(now);
    const most = Math.min(tempo.most(), Math.ceil(12 / cost));
    now += most * cost;
    epochs += most;
    tempo.ended(most, now);
  }
  return epochs;
}

describe("the tempo", () => {
  it("holds small data back to what was asked for", () => {
    for (const asked of [1, 10, 30, 500]) {
      const tempo = new Tempo();
      tempo.set(asked);
      expect(epochsPerSecond(tempo, 0.5)).toBeGreaterThanOrEqual(asked * 0.9);
      expect(epochsPerSecond(tempo, 0.5)).toBeLessThanOrEqual(asked * 1.05 + 2);
    }
  });

  it("does not wait for data that take longer by themselves", () => {
    const tempo = new Tempo();
    tempo.set(30);
    expect(epochsPerSecond(tempo, 100)).toBe(10);
  });

  it("has no limit where none is set, and forgets a wait when it changes", () => {
    const tempo = new Tempo();
    expect(tempo.wait(1)).toBe(0);
    tempo.set(1);
    tempo.ended(1, 5000);
    tempo.ended(1, 5001);
    expect(tempo.wait(5001)).toBeGreaterThan(900);
    tempo.set(null);
    expect(tempo.wait(5001)).toBe(0);
    expect(tempo.most()).toBe(0xffff_ffff);
  });
});
