// What the tests of the store share: an engine that notes what it is told and says what the test wants, and reports.

import type { Command, Configured, EngineInfo, Event, Part, PredictedRow, Report, TableReport } from "../engine/protocol";
import { presetOrDefault } from "../presets/presets";
import { Lab, type Engine } from "./lab";

export class NotedEngine implements Engine {
  readonly sent: Command[] = [];
  readonly asked: (string | null)[][][] = [];
  disposed = false;
  scored: Report = { part: "test", rows: 30, classification: null, regression: null };
  #listeners = new Set<(event: Event) => void>();

  start(): Promise<EngineInfo> {
    return Promise.resolve({ variant: "single-simd", threads: 1, relaxed_simd: false, isolated: false });
  }

  send(command: Command): void {
    this.sent.push(command);
  }

  on(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  say(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  predict(rows: (string | null)[][]): Promise<PredictedRow[]> {
    this.asked.push(rows);
    return Promise.resolve(rows.map((row) => ({ value: Number(row[0]) * 3 + 2, issues: [] })));
  }

  report(part: Part): Promise<Report> {
    return Promise.resolve({ ...this.scored, part });
  }

  learningRates(): Promise<{ epochs: number; rates: Float32Array }> {
    return Promise.resolve({ epochs: 10, rates: new Float32Array([0.1, 0.05]) });
  }

  rangeTest(): Promise<{ rates: Float32Array; losses: Float32Array; suggested: number | null }> {
    return Promise.resolve({ rates: new Float32Array([0.1]), losses: new Float32Array([1]), suggested: 0.25 });
  }

  saveKept(): Promise<{ name: string; bytes: ArrayBuffer }> {
    return Promise.resolve({ name: "iris log.csv", bytes: new ArrayBuffer(4) });
  }

  save(): Promise<{ name: string; bytes: ArrayBuffer }> {
    return Promise.resolve({ name: "iris.tabgrad", bytes: new ArrayBuffer(4) });
  }

  loadModel(): Promise<unknown> {
    return Promise.resolve();
  }

  dispose(): void {
    this.disposed = true;
  }

  /** The last command of a type. */
  last<T extends Command["type"]>(type: T): Extract<Command, { type: T }> | undefined {
    return this.sent.findLast((command) => command.type === type) as Extract<Command, { type: T }> | undefined;
  }

  count(type: Command["type"]): number {
    return this.sent.filter((command) => command.type === type).length;
  }
}

export function labOn(preset: string): { lab: Lab; engine: NotedEngine } {
  const engine = new NotedEngine();
  const found = presetOrDefault(preset);
  const lab = new Lab(engine, { ...found, preset: found, options: found.data.options });
  lab.start();
  return { lab, engine };
}

export function reportOf(change: Partial<TableReport> = {}): TableReport {
  const measure = (name: string, mean: number): TableReport["columns"][number] => ({
    name,
    type: "number",
    role: "feature",
    missing: 0,
    distinct: 30,
    min: mean - 2,
    max: mean + 2,
    mean,
    std: 0.8,
  });
  return {
    name: "flowers.csv",
    source: "file",
    rows: 150,
    columns: [
      measure("sepal length", 5.8433),
      measure("sepal width", 3.0573),
      {
        name: "colour",
        type: "category",
        role: "feature",
        missing: 2,
        distinct: 3,
        categories: [
          { label: "blue", count: 90 },
          { label: "white", count: 58 },
        ],
      },
      { name: "species", type: "category", role: "target", missing: 0, distinct: 3 },
    ],
    target: 3,
    task: "multiclass",
    classes: ["setosa", "versicolor", "virginica"],
    issues: [],
    sample: [],
    ...change,
  };
}

export function summaryOf(change: Partial<Configured> = {}): Configured {
  return {
    features: [],
    outputs: ["setosa", "versicolor", "virginica"],
    task: "multiclass",
    layers: [],
    tensors: [],
    parameters: 115,
    bytes: 10_000,
    prediction_bytes: 4_000,
    flops: 20_000,
    rows: { train: 105, validation: 22, test: 23 },
    class_rows: [35, 35, 35],
    baseline: null,
    batch_size: 16,
    warnings: [],
    ...change,
  };
}
