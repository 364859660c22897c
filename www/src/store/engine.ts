// What the lab is given: an engine, and what it begins with.

import type { BuiltinOptions, Command, EngineInfo, Event, Part, PredictedRow, Report, TableChange, TableReport } from "../engine/protocol";
import { dataUrl } from "../engine/urls";
import type { Preset } from "../presets/presets";
import type { State } from "./state";
import { isOfRow, withoutTargets } from "./targets";
import type { RangeTest, RateCurve } from "./rates";

/** What the lab needs of `EngineClient`; its tests give it one without a worker. */
export interface Engine {
  start(): Promise<EngineInfo>;
  send(command: Command): void;
  on(listener: (event: Event) => void): () => void;
  predict(rows: (string | null)[][]): Promise<PredictedRow[]>;
  report(part: Part, target?: number): Promise<Report>;
  learningRates(): Promise<RateCurve>;
  rangeTest(): Promise<RangeTest>;
  save(): Promise<{ name: string; bytes: ArrayBuffer }>;
  saveKept(callback: number): Promise<{ name: string; bytes: ArrayBuffer }>;
  loadModel(file: File): Promise<unknown>;
  dispose(): void;
}

/** What a playground begins with: a preset, or what a link made of one. */
export type Beginning = Pick<Preset, "model" | "training" | "split"> & {
  preset: Preset;
  options: BuiltinOptions;
  /** Columns to predict, where it is not the last one; none: the row itself, or of a sequence the label so many steps ahead. */
  targets?: readonly number[];
  ahead?: number;
  /** The column that weighs the rows. */
  weight?: number;
};

/** What a link asks of the table besides: other targets than it has. Then it comes again with them, or is as it is. */
export function aimOf({ targets, ahead = 0 }: Beginning, report: TableReport): TableChange | null {
  if (!targets || report.targets || isOfRow(report)) return null;
  if (targets.length > 1) return { targets: [...targets] };
  const [target] = targets;
  if (target !== undefined) return target === report.target ? null : { target };
  return { targets: [], ahead, ignored: withoutTargets(report) };
}

export function choicesOf(beginning: Beginning): State["choices"] {
  const { model, training, split, preset } = beginning;
  return { preset: preset.name, model, training, split };
}

/** Data that lie beside the page. */
export async function fetchTable(name: string): Promise<File> {
  const response = await fetch(dataUrl(name));
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return new File([await response.blob()], name, { type: "text/csv" });
}
