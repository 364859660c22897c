// Scores as Keras gives them.

import type { Logs, ScoreList } from "./types";

/** By name, or in the order of their names; a metric with several values is a list of them, and a loss alone a number. */
export function given(scores: Logs, names: readonly string[], asDict: boolean | undefined): Logs | ScoreList {
  return asDict ? scores : inOrder(scores, names);
}

function inOrder(scores: Logs, names: readonly string[]): ScoreList {
  const list = names.map((name) => {
    const one = scores[name];
    if (one !== undefined) return one;
    const keys = Object.keys(scores).filter((key) => key.startsWith(`${name}/`));
    return keys.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).map((key) => scores[key] ?? NaN);
  });
  const [first] = list;
  return list.length === 1 && typeof first === "number" ? first : list;
}
