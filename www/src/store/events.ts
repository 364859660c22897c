// What the engine says, taken into the state. A pure function: no command is sent from here (lab.ts does that).

import type { EngineError, Event, Frame, TableReport } from "../engine/protocol";
import { findBuiltin } from "../presets/data";
import { appendHistory } from "./history";
import { addMessage, clearMessages } from "./messages";
import { idle, noPictures, type Axes, type Progress, type State } from "./state";

/** The parts of the state that change with an event. */
export function receive(state: State, event: Event): Partial<State> {
  switch (event.type) {
    case "ready": {
      // A second worker begins without sentences, which the page has by then.
      const schema = state.engine.schema ?? event.schema;
      return { engine: { ...state.engine, status: "ready", info: event.engine, schema, progress: null } };
    }
    case "engine":
      return { engine: { ...state.engine, info: event.engine } };
    case "explained":
      return { engine: { ...state.engine, schema: event.schema } };
    case "progress": {
      const progress: Progress = {
        what: event.what === "columns" ? "columns" : "bytes",
        done: event.done,
        total: event.total,
        ...(event.rows === undefined ? {} : { rows: event.rows }),
      };
      return event.what === "engine"
        ? { engine: { ...state.engine, progress } }
        : { data: { ...state.data, progress } };
    }
    case "table":
      return table(state, event.report);
    case "configured":
      return {
        network: {
          summary: event.summary,
          error: null,
          pending: false,
          further: event.summary.layers.map(({ further_outputs = [] }) => further_outputs),
        },
        messages: clearMessages(state.messages, "configure"),
      };
    case "rejected":
      return {
        network: { ...state.network, error: event.error, pending: false, further: event.further_outputs ?? [] },
        messages: addMessage(state.messages, "configure", "error", event.error),
      };
    case "points":
      return { points: event.points };
    case "frame":
      return frame(state, event.frame);
    case "started":
      return { run: { ...state.run, status: "running" }, messages: clearMessages(state.messages, "run") };
    case "stopped":
      return stopped(state, event.reason, event.epoch, event.error);
    case "reset":
      return { run: idle, history: [], pictures: { ...state.pictures, surface: null, curve: null } };
    case "failed":
      return failed(state, event.command, event.error);
    case "restarted":
      return {
        run: { ...state.run, status: "paused", epoch: event.epoch },
        history: state.history.filter((record) => record.epoch <= event.epoch),
        messages: addMessage(state.messages, "run", "warning", event.error),
      };
    case "went_back":
      return {
        run: { ...idle, status: "paused", epoch: event.epoch, kept: state.run.kept },
        history: state.history.filter((record) => record.epoch <= event.epoch),
        messages: clearMessages(state.messages, "run"),
      };
    case "model_loaded":
      return {
        choices: {
          preset: null,
          model: event.model,
          training: event.training,
          split: event.split,
        },
        data: {
          status: "ready",
          source: { kind: "model", name: event.report.name },
          loading: null,
          progress: null,
          report: event.report,
        },
        axes: defaultAxes(event.report, null),
        target: 0,
        run: { ...idle, status: event.epoch > 0 ? "paused" : "idle", epoch: event.epoch },
        history: event.history,
        pictures: noPictures,
        points: null,
        selected: null,
        predict: { values: typicalValues(event.report), result: null, questions: [], answers: [] },
        messages: clearMessages(state.messages, "load", "configure", "run"),
      };
    case "prediction":
    case "inspection":
    case "evaluation":
    case "report":
    case "learning_rates":
    case "range_test":
    case "saved":
    case "alive":
      return {};
  }
}

function table(state: State, report: TableReport): Partial<State> {
  const before = state.data.report;
  const sameColumns =
    before !== null &&
    before.name === report.name &&
    before.columns.length === report.columns.length &&
    before.columns.every((column, index) => column.name === report.columns[index]?.name);
  const builtin = state.data.source?.kind === "builtin" ? state.data.source.name : null;
  const axes = sameColumns && axesFit(state.axes, report) ? state.axes : defaultAxes(report, builtin);
  const sameTargets = before?.target === report.target && String(columnsOf(before)) === String(columnsOf(report));
  const values = sameColumns && sameTargets ? state.predict.values : typicalValues(report);
  return {
    data: { ...state.data, status: "ready", loading: null, progress: null, report },
    axes,
    target: sameTargets ? state.target : 0,
    predict: { ...state.predict, values, result: null },
    points: null,
    report: { ...state.report, result: null, problem: null },
    rates: { ...state.rates, test: null },
    messages: clearMessages(state.messages, "load", "configure", "run"),
  };
}

const columnsOf = (report: TableReport) => report.targets?.map(({ column }) => column);

function frame(state: State, frame: Frame): Partial<State> {
  const { run, pictures } = state;
  return {
    run: {
      ...run,
      epoch: frame.epoch,
      step: frame.step,
      stepsPerEpoch: frame.steps_per_epoch,
      rowsPerSecond: frame.rows_per_second,
      learningRate: frame.learning_rate,
      loss: frame.loss ?? (frame.step === 0 ? null : run.loss),
      test: frame.test ?? (frame.step === 0 ? null : run.test),
      kept: frame.kept,
    },
    history: appendHistory(state.history, frame.history),
    pictures: {
      weights: frame.weights ?? pictures.weights,
      surface: frame.surface ?? pictures.surface,
      curve: frame.curve ?? pictures.curve,
      neurons: frame.neurons ?? pictures.neurons,
      sample: frame.sample ?? pictures.sample,
    },
  };
}

function stopped(state: State, reason: string, epoch: number, error: EngineError | undefined): Partial<State> {
  const status = reason === "finished" ? "finished" : reason === "diverged" ? "diverged" : "paused";
  const change: Partial<State> = { run: { ...state.run, status, epoch } };
  if (error) change.messages = addMessage(state.messages, "run", "error", error);
  return change;
}

function failed(state: State, command: string, error: EngineError): Partial<State> {
  // A question that was on its way while the table changed; it is asked again of the next network.
  if (command === "predict" && error.code === "no_model") return {};
  const loads = command === "load_file" || command === "load_builtin" || command === "load_model";
  const change: Partial<State> = {
    messages: addMessage(state.messages, loads ? "load" : "run", "error", error),
  };
  if (loads || command === "change_table") {
    // What was there before is still there.
    change.data = {
      ...state.data,
      status: state.data.report ? "ready" : "failed",
      loading: null,
      progress: null,
    };
  }
  if (command === "configure") change.network = { ...state.network, pending: false, error };
  if (command === "start") change.engine = { ...state.engine, status: "failed", error };
  return change;
}

/** Features that a plane can be drawn over: none where a row is a picture or a sequence. */
export function numericFeatures(report: TableReport): number[] {
  return report.columns.flatMap((column, index) =>
    report.form === undefined && column.role === "feature" && (column.type === "number" || column.type === "date")
      ? [index]
      : [],
  );
}

function axesFit(axes: Axes, report: TableReport): boolean {
  const able = numericFeatures(report);
  const fits = (index: number | null) => index === null || able.includes(index);
  return fits(axes.x) && fits(axes.y) && (axes.x !== null || able.length === 0);
}

function defaultAxes(report: TableReport, builtin: string | null): Axes {
  const able = numericFeatures(report);
  const [x, y] = findBuiltin(builtin)?.axes ?? able;
  return {
    x: x !== undefined && able.includes(x) ? x : (able[0] ?? null),
    y: y !== undefined && able.includes(y) ? y : (able[1] ?? null),
  };
}

/** The form begins with a row that could be one of the data: means and the most frequent categories. */
export function typicalValues(report: TableReport): (string | null)[] {
  return report.columns.map((column) => {
    if (column.role !== "feature") return null;
    if (report.form && "image" in report.form) return "0";
    if (column.type === "category" || column.type === "text") return column.categories?.[0]?.label ?? null;
    if (column.type === "date") {
      const days = column.mean ?? column.min;
      return days === undefined ? null : new Date(Math.round(days) * 86_400_000).toISOString().slice(0, 10);
    }
    const { mean, std } = column;
    return mean === undefined ? null : rounded(mean, std ?? 0);
  });
}

/** As many decimals as the spread of the column makes meaningful. */
function rounded(mean: number, std: number): string {
  const scale = std > 0 ? std : Math.abs(mean) || 1;
  const decimals = Math.min(8, Math.max(0, 1 - Math.round(Math.log10(scale))));
  return String(Number(mean.toFixed(decimals)));
}
