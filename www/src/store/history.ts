// The curves' memory: every epoch while there are few, then every second, every fourth, ... so that a run of any length
// takes bounded memory and a chart of bounded work. The first and the latest epoch always stay.

import type { EpochRecord } from "../engine/protocol";

/** More points than a chart has pixels. */
export const HISTORY_LIMIT = 4096;

export function appendHistory(
  history: readonly EpochRecord[],
  more: readonly EpochRecord[],
  limit = HISTORY_LIMIT,
): readonly EpochRecord[] {
  if (more.length === 0) return history;
  // A worker that was restarted from a snapshot may tell of an epoch for the second time: the later word holds.
  const first = more[0]?.epoch ?? 0;
  const last = history[history.length - 1];
  const kept = last !== undefined && last.epoch >= first ? history.filter((record) => record.epoch < first) : history;
  let joined = [...kept, ...more];
  while (joined.length > limit) joined = halve(joined);
  return joined;
}

function halve(records: EpochRecord[]): EpochRecord[] {
  return records.filter((_, index) => index % 2 === 0 || index === records.length - 1);
}
