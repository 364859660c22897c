import { describe, expect, it } from "vitest";
import type { Frame } from "../engine/protocol";
import { presetOrDefault } from "../presets/presets";
import { numericFeatures, receive, typicalValues } from "./events";
import { initial, type State } from "./state";
import { reportOf, summaryOf } from "./testing";
import { testingSchema } from "./testing-schema";

const { model, training, split } = presetOrDefault("iris");
const start = initial({ preset: "iris", model, training, split });
const after = (state: State, ...events: Parameters<typeof receive>[1][]): State =>
  events.reduce((now, event) => ({ ...now, ...receive(now, event) }), state);

const frame = (change: Partial<Frame> = {}): Frame => ({
  epoch: 2,
  step: 14,
  steps_per_epoch: 7,
  running: true,
  learning_rate: 0.01,
  rows_per_second: 1000,
  loss: 0.5,
  history: [],
  weights: null,
  surface: null,
  curve: null,
  sample: null,
  neurons: null,
  test: null,
  kept: [],
  ...change,
});

it("a network says what its layers have behind their first outputs, also one that is refused", () => {
  const summary = summaryOf({
    layers: [
      { type: "lstm", name: "encoder", output_shape: [4], parameters: 10, further_outputs: ["hidden state"] },
      { type: "dense", name: "dense", output_shape: [1], parameters: 5 },
    ],
  });
  const configured = after(start, { type: "configured", summary });
  expect(configured.network.further).toEqual([["hidden state"], []]);
  const error = { code: "graph", message: "Nothing takes it." };
  const refused = after(configured, { type: "rejected", error, further_outputs: [["state"]] });
  expect(refused.network).toMatchObject({ summary, error, further: [["state"]] });
});

it("sentences of the schema come later and stay when another worker begins without them", () => {
  const engine = { variant: "single-simd", threads: 1, relaxed_simd: false, isolated: false };
  const silent = {
    ...testingSchema,
    layers: testingSchema.layers.map((kind) => ({ ...kind, doc: "" })),
  };
  const ready = after(start, { type: "ready", engine, schema: silent });
  expect(ready.engine.schema).toBe(silent);
  const explained = after(ready, { type: "explained", schema: testingSchema });
  expect(explained.engine).toEqual({ ...ready.engine, schema: testingSchema });
  const again = after(explained, { type: "ready", engine: { ...engine, threads: 2 }, schema: silent });
  expect(again.engine).toMatchObject({ info: { threads: 2 }, schema: testingSchema });
});

describe("a table", () => {
  it("brings axes and a form of typical values", () => {
    const state = after(start, { type: "table", report: reportOf() });
    expect(state.axes).toEqual({ x: 0, y: 1 });
    expect(state.predict.values).toEqual(["5.8", "3.1", "blue", null]);
    expect(numericFeatures(reportOf())).toEqual([0, 1]);
  });

  it("keeps what was typed when only its types change, not when the target does", () => {
    const opened = after(start, { type: "table", report: reportOf() });
    const typed: State = { ...opened, predict: { ...opened.predict, values: ["9", "9", "white", null] } };
    expect(after(typed, { type: "table", report: reportOf() }).predict.values).toEqual(["9", "9", "white", null]);
    const moved = after(typed, { type: "table", report: reportOf({ target: 0 }) });
    expect(moved.predict.values).not.toEqual(["9", "9", "white", null]);
  });

  it("drops an axis that is no number any more", () => {
    const opened = after(start, { type: "table", report: reportOf() });
    const [first, ...rest] = reportOf().columns;
    if (!first) throw new Error("no column");
    const columns = [{ ...first, role: "ignored" as const }, ...rest];
    expect(after(opened, { type: "table", report: reportOf({ columns }) }).axes).toEqual({ x: 1, y: null });
  });

  it("gives dates of the form as days and unknown means as nothing", () => {
    const [first] = reportOf().columns;
    if (!first) throw new Error("no column");
    const unknown = { ...first };
    delete unknown.mean;
    const columns = [{ ...first, type: "date" as const, mean: 19_000.4 }, unknown];
    expect(typicalValues(reportOf({ columns, target: 9 }))).toEqual(["2022-01-08", null]);
  });
});

describe("frames", () => {
  it("keep the last picture where a frame brings none", () => {
    const weights = new Float32Array(3);
    const state = after(start, { type: "frame", frame: frame({ weights }) }, { type: "frame", frame: frame() });
    expect(state.pictures.weights).toBe(weights);
  });

  it("do not touch the parts they say nothing of", () => {
    const state = after(start, { type: "frame", frame: frame() });
    expect(state.choices).toBe(start.choices);
    expect(state.data).toBe(start.data);
    expect(state.history).toBe(start.history);
  });

  it("at the very start show no loss of before", () => {
    const state = after(
      start,
      { type: "frame", frame: frame() },
      { type: "frame", frame: frame({ step: 0, loss: null }) },
    );
    expect(state.run.loss).toBeNull();
  });
});

describe("stops and restarts", () => {
  it.each([
    ["paused", "paused"],
    ["stepped", "paused"],
    ["finished", "finished"],
    ["diverged", "diverged"],
  ] as const)("%s means %s", (reason, status) => {
    expect(after(start, { type: "started" }, { type: "stopped", reason, epoch: 4 }).run).toMatchObject({
      status,
      epoch: 4,
    });
  });

  it("a new worker goes on from its snapshot: later epochs never happened", () => {
    const scores = { loss: 1, metrics: {} };
    const history = [1, 2, 3].map((epoch) => ({ epoch, train: scores, validation: null }));
    const error = { code: "trap", message: "The engine failed and was started again." };
    const state = after(start, { type: "frame", frame: frame({ history }) }, { type: "restarted", error, epoch: 2 });
    expect(state.history.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(state.run).toMatchObject({ status: "paused", epoch: 2 });
    expect(state.messages[0]?.text).toBe(error.message);
  });

  it("an engine that cannot start says so in its badge and as a message", () => {
    const error = { code: "no_wasm", message: "This browser has no WebAssembly." };
    const state = after(start, { type: "failed", command: "start", error });
    expect(state.engine.status).toBe("failed");
    const late = { type: "failed", command: "predict", error: { ...error, code: "no_model" } } as const;
    expect(after(start, late).messages, "a question that came too late").toEqual(start.messages);
    expect(state.messages[0]).toMatchObject({ kind: "error", text: error.message });
  });
});
