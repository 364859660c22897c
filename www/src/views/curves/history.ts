// From the records of a run to the points that are drawn: which series, how many points, in which order.

import type { EpochRecord } from "../../engine/protocol.js";
import type { TableData } from "../data-table.js";
import { Decimator } from "./decimate.js";

/** Epochs, and the values of training and validation at them; null where there are none. */
export type CurveData = [epochs: number[], train: (number | null)[], validation: (number | null)[]];

/** "loss" or a metric's name out of a record's scores. */
export function scoreOf(scores: EpochRecord["train"] | null, metric: string): number | null {
  if (scores === null) return null;
  const value = metric === "loss" ? scores.loss : scores.metrics[metric];
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Follows a history that grows, and begins anew when it is another one. */
export class HistoryFollower {
  private decimator = new Decimator(2);
  private metric = "";
  private last: EpochRecord | undefined;

  /** The points of `history` to draw; only records that came since the last call are looked at. */
  follow(history: readonly EpochRecord[], metric: string): CurveData {
    const seen = this.decimator.length;
    const grown = metric === this.metric && history.length >= seen && (seen === 0 || history[seen - 1] === this.last);
    if (!grown) this.decimator = new Decimator(2);
    this.metric = metric;
    for (let i = this.decimator.length; i < history.length; i++) {
      const record = history[i] as EpochRecord;
      this.decimator.push([scoreOf(record.train, metric), scoreOf(record.validation, metric)]);
    }
    this.last = history[history.length - 1];
    return pick(history, this.decimator.kept(), metric);
  }
}

function pick(history: readonly EpochRecord[], indices: readonly number[], metric: string): CurveData {
  const data: CurveData = [[], [], []];
  for (const index of indices) {
    const record = history[index] as EpochRecord;
    data[0].push(record.epoch);
    data[1].push(scoreOf(record.train, metric));
    data[2].push(scoreOf(record.validation, metric));
  }
  return data;
}

/** What a logarithmic axis can show: nothing at or below zero. */
export function positiveOnly(data: CurveData): CurveData {
  const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
  return [data[0], data[1].map(positive), data[2].map(positive)];
}

/** The whole history of one metric as a table. */
export function historyTable(history: readonly EpochRecord[], metric: string): TableData {
  return {
    columns: ["epoch", `train ${metric}`, `validation ${metric}`],
    rows: history.map((record) => [record.epoch, scoreOf(record.train, metric), scoreOf(record.validation, metric)]),
  };
}
