import { expect, it } from "vitest";
import type { EpochRecord } from "../engine/protocol";
import { appendHistory } from "./history";

const records = (from: number, to: number): EpochRecord[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    epoch: from + i,
    train: { loss: 1 / (from + i), metrics: {} },
    validation: null,
  }));
const epochs = (history: readonly EpochRecord[]) => history.map(({ epoch }) => epoch);

it("keeps every epoch while there are few", () => {
  expect(epochs(appendHistory(records(1, 3), records(4, 5)))).toEqual([1, 2, 3, 4, 5]);
});

it("is the same object where nothing came", () => {
  const history = records(1, 3);
  expect(appendHistory(history, [])).toBe(history);
});

it("stays within its limit over a long run, from the first epoch to the latest", () => {
  let history: readonly EpochRecord[] = [];
  for (let epoch = 1; epoch <= 1000; epoch += 1) {
    history = appendHistory(history, records(epoch, epoch), 64);
    expect(history.length).toBeLessThanOrEqual(64);
    expect(history[0]?.epoch).toBe(1);
    expect(history.at(-1)?.epoch).toBe(epoch);
  }
  expect([...epochs(history)].sort((a, b) => a - b)).toEqual(epochs(history));
  expect(history.length).toBeGreaterThan(30);
});

it("takes the later word where a restarted engine tells of epochs again", () => {
  expect(epochs(appendHistory(records(1, 10), records(6, 8)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
