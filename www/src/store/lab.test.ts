import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { labOn, reportOf, summaryOf } from "./testing";
import type { Role, TableReport } from "../engine/protocol";
import { presetOrDefault } from "../presets/presets";
import { units } from "./layers";
import { watchable } from "./state";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const opened = (preset = "iris") => {
  const made = labOn(preset);
  made.engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris" }) });
  made.engine.say({ type: "configured", summary: summaryOf() });
  return made;
};

describe("a weight of rows that a link asks for", () => {
  const weighed = () => {
    const made = labOn("moons");
    const preset = presetOrDefault("iris");
    made.lab.begin({ ...preset, preset, options: preset.data.options, weight: 1 });
    made.engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris" }) });
    return made;
  };
  const roles = (report: TableReport, role: Role): TableReport =>
    ({ ...report, columns: report.columns.map((column, index) => (index === 1 ? { ...column, role } : column)) });

  it("is set before there is a network", () => {
    const { engine } = weighed();
    expect(engine.last("change_table")).toMatchObject({ change: { weight: 1 } });
    expect(engine.count("configure")).toBe(0);
    engine.say({ type: "table", report: roles(reportOf({ source: "builtin", name: "Iris" }), "weight") });
    expect([engine.count("configure"), engine.count("change_table")]).toEqual([1, 1]);
  });

  it("is done without where the column has no weights", () => {
    const { engine } = weighed();
    engine.say({ type: "failed", command: "change_table", error: { code: "row_weight", message: "No weight." } });
    expect(engine.count("configure")).toBe(1);
  });

  it("stays when the same data are made with another seed", () => {
    const { lab, engine } = weighed();
    engine.say({ type: "table", report: roles(reportOf({ source: "builtin", name: "Iris" }), "weight") });
    engine.say({ type: "configured", summary: summaryOf() });
    lab.changeOptions({ seed: 9 });
    engine.say({ type: "table", report: reportOf() });
    expect(engine.count("change_table")).toBe(2);
  });
});

describe("opening data", () => {
  it("asks for the preset's data and configures its network once the table is there", () => {
    const { lab, engine } = labOn("iris");
    expect(engine.last("load_builtin")).toMatchObject({ name: "iris", options: { seed: 7 } });
    expect(engine.count("configure")).toBe(0);
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris" }) });
    expect(engine.last("configure")).toMatchObject({
      model: lab.state.choices.model,
      training: lab.state.choices.training,
      keep_weights: false,
    });
    expect(lab.trainable).toBe(false);
    engine.say({ type: "configured", summary: summaryOf() });
    expect(lab.trainable).toBe(true);
  });

  it("proposes a network that fits a file of the user's", () => {
    const { lab, engine } = opened("moons");
    lab.openFile(new File(["a,b\n1,2"], "flowers.csv"));
    expect(engine.last("load_file")?.file.name).toBe("flowers.csv");
    expect(lab.state.data.loading).toBe("flowers.csv");
    engine.say({ type: "table", report: reportOf() });
    const configure = engine.last("configure");
    expect(configure?.model.layers.at(-1)).toEqual({ type: "dense", units: 3, activation: "softmax" });
    expect(configure?.training.loss).toBe("sparse_categorical_crossentropy");
    expect(lab.state.data.source).toEqual({ kind: "file", name: "flowers.csv" });
    expect(lab.state.choices.preset).toBeNull();
  });

  it("fetches data that lie beside the page, and keeps the preset's network for them", async () => {
    const { lab, engine } = opened();
    const asked: string[] = [];
    vi.stubGlobal("fetch", (url: string) => {
      asked.push(url);
      return Promise.resolve(new Response("pixel_0_0,digit\n1,2"));
    });
    lab.choosePreset("digits");
    await vi.waitFor(() => expect(engine.last("load_file")?.file.name).toBe("digits.csv"));
    expect(asked[0]).toMatch(/\/data\/digits\.csv$/);
    engine.say({ type: "table", report: reportOf({ form: { image: { height: 8, width: 8, channels: 1 } } }) });
    expect(lab.state.data.source).toMatchObject({ kind: "builtin", name: "digits" });
    expect(engine.last("configure")?.model.layers[0]?.type).toBe("conv2d");
    expect(lab.state.choices.preset).toBe("digits");
  });

  it("says so when they cannot be fetched, and keeps what was there", async () => {
    const { lab, engine } = opened();
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    lab.choosePreset("digits");
    await vi.waitFor(() => expect(lab.state.messages.at(-1)?.text).toContain("digits.csv could not be fetched"));
    expect(lab.state.data).toMatchObject({ status: "ready", source: { kind: "builtin", name: "iris" } });
    expect(engine.count("load_file")).toBe(0);
  });

  it("does not wait for them once something else is chosen", async () => {
    const { lab, engine } = opened();
    let answer = (_: Response) => {};
    vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => (answer = resolve)));
    lab.choosePreset("digits");
    lab.choosePreset("moons");
    answer(new Response("late"));
    await vi.advanceTimersByTimeAsync(50);
    expect(engine.count("load_file")).toBe(0);
    expect(lab.state.data.source).toMatchObject({ name: "moons" });
  });

  it("keeps the network and makes its output fit when another column is to be predicted", () => {
    const { lab, engine } = opened();
    const hidden = lab.state.choices.model.layers.slice(0, -1);
    lab.changeTable({ target: 0 });
    engine.say({ type: "table", report: reportOf({ target: 0, task: "regression", classes: [] }) });
    expect(lab.state.choices.model.layers.slice(0, -1)).toEqual(hidden);
    expect(lab.state.choices.model.layers.at(-1)).toMatchObject({ units: 1, activation: "linear" });
    expect(engine.last("configure")?.training).toMatchObject({
      loss: "mean_squared_error",
      metrics: ["root_mean_squared_error", "r2_score"],
    });
  });

  it("keeps what was open when a file cannot be read, and says why", () => {
    const { lab, engine } = opened();
    lab.openFile(new File([""], "empty.csv"));
    engine.say({
      type: "failed",
      command: "load_file",
      error: { code: "empty", message: "empty.csv has no rows.", path: "empty.csv" },
    });
    expect(lab.state.data).toMatchObject({ status: "ready", loading: null });
    expect(lab.state.data.report?.name).toBe("Iris");
    expect(lab.state.messages.map(({ text }) => text)).toEqual(["empty.csv has no rows."]);
    lab.changeTable({ drop_duplicates: true });
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris" }) });
    expect(lab.state.messages).toEqual([]);
  });

  it("goes on with a saved model once the rows it learnt from are opened, and only with those", () => {
    const { lab, engine } = opened();
    const model = { version: 1 as const, layers: [{ type: "dense", units: 3, activation: "softmax" }] };
    const { training, split } = lab.state.choices;
    engine.say({
      type: "model_loaded",
      request: 1,
      model,
      training,
      split,
      report: reportOf(),
      epoch: 12,
      history: [],
    });
    engine.say({ type: "configured", summary: summaryOf({ rows: { train: 0, validation: 0, test: 0 } }) });
    expect(lab.state.run.epoch).toBe(12);
    expect(lab.trainable).toBe(false);
    lab.openFile(new File([""], "flowers.csv"));
    engine.say({ type: "table", report: reportOf() });
    expect(engine.last("configure")).toMatchObject({ model, keep_weights: true });

    engine.say({
      type: "model_loaded",
      request: 2,
      model,
      training,
      split,
      report: reportOf(),
      epoch: 12,
      history: [],
    });
    lab.openFile(new File([""], "other.csv"));
    const columns = reportOf().columns.slice(1);
    engine.say({ type: "table", report: reportOf({ name: "other.csv", columns, target: 2 }) });
    expect(engine.last("configure")?.keep_weights).toBe(false);
  });
});

describe("changing the network", () => {
  it("collects quick changes into one configure", () => {
    const { lab, engine } = opened();
    const before = engine.count("configure");
    lab.resizeLayer(0, 1);
    lab.resizeLayer(0, 1);
    lab.resizeLayer(1, -1);
    expect(engine.count("configure")).toBe(before);
    expect(lab.state.network.pending).toBe(true);
    vi.advanceTimersByTime(200);
    expect(engine.count("configure")).toBe(before + 1);
    expect(engine.last("configure")?.model.layers.map(units)).toEqual([10, 5, 3]);
    expect(engine.last("configure")?.keep_weights).toBe(false);
  });

  it("sends a learning rate at once, without configuring", () => {
    const { lab, engine } = opened();
    const before = engine.count("configure");
    const { optimizer } = lab.state.choices.training;
    lab.changeTraining({ optimizer: { ...optimizer, learning_rate: 0.3 } });
    vi.advanceTimersByTime(200);
    expect(engine.last("set")).toEqual({ type: "set", learning_rate: 0.3 });
    expect(engine.count("configure")).toBe(before);
  });

  it("keeps the weights where only the way of learning changes, and goes on training", () => {
    const { lab, engine } = opened();
    engine.say({ type: "started" });
    lab.changeTraining({ batch_size: 32 });
    vi.advanceTimersByTime(200);
    expect(engine.last("configure")?.keep_weights).toBe(true);
    engine.say({ type: "configured", summary: summaryOf() });
    expect(engine.sent.at(-1)?.type).toBe("play");
  });

  it("begins anew where weights and a new shape change together", () => {
    const { lab, engine } = opened();
    lab.changeTraining({ batch_size: 32 });
    lab.resizeLayer(0, 4);
    lab.setPenalty(0, { l1: 0, l2: 0.01 });
    vi.advanceTimersByTime(200);
    expect(engine.last("configure")?.keep_weights).toBe(false);
  });

  it("forgets the curves when the weights begin anew", () => {
    const { lab, engine } = opened();
    const scores = { loss: 1, metrics: {} };
    engine.say({
      type: "frame",
      frame: {
        epoch: 1,
        step: 7,
        steps_per_epoch: 7,
        running: true,
        learning_rate: 0.01,
  rows_per_second: 10,
        loss: 1,
        history: [{ epoch: 1, train: scores, validation: null }],
        weights: null,
        surface: null,
        curve: null,
        sample: null,
        neurons: null,
        test: null,
        kept: [],
      },
    });
    expect(lab.state.history).toHaveLength(1);
    lab.resizeLayer(0, 1);
    vi.advanceTimersByTime(200);
    engine.say({ type: "configured", summary: summaryOf() });
    expect(lab.state.history).toHaveLength(0);
    expect(lab.state.run.epoch).toBe(0);
  });

  it("plays only once a change that was on its way has arrived", () => {
    const { lab, engine } = opened();
    lab.resizeLayer(0, 1);
    lab.play();
    expect(engine.sent.at(-1)?.type).toBe("configure");
    engine.say({ type: "configured", summary: summaryOf() });
    expect(engine.sent.at(-1)?.type).toBe("play");
  });

  it("does not play a network that was refused", () => {
    const { lab, engine } = opened();
    lab.resizeLayer(0, 1);
    lab.play();
    engine.say({ type: "rejected", error: { code: "range", message: "Too large.", path: "layers[0].units" } });
    expect(engine.count("play")).toBe(0);
    expect(lab.state.messages[0]).toMatchObject({ text: "Too large.", path: "layers[0].units" });
    engine.say({ type: "configured", summary: summaryOf() });
    expect(lab.state.messages).toEqual([]);
  });
});

describe("predictions", () => {
  it("asks for the form's row and the lesson's questions, at most four times a second", async () => {
    const { lab, engine } = labOn("line");
    const columns = [reportOf().columns[0], { ...reportOf().columns[1], name: "y", role: "target" as const }];
    const line = { source: "builtin", name: "Line", columns, target: 1, task: "regression", classes: [] };
    engine.say({ type: "table", report: reportOf(line as Partial<ReturnType<typeof reportOf>>) });
    engine.say({ type: "configured", summary: summaryOf() });
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.asked).toEqual([[["5.8"], ["0"], ["5"], ["10"]]]);
    expect(lab.state.predict.answers.map((answer) => answer?.value)).toEqual([2, 17, 32]);
    for (let i = 0; i < 50; i += 1) lab.setPredictValue(0, "1,5");
    await vi.advanceTimersByTimeAsync(240);
    expect(engine.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20);
    expect(engine.asked).toHaveLength(2);
    // A comma for the decimals is the reader's; the engine reads a point.
    expect(engine.asked[1]?.[0]).toEqual(["1.5"]);
  });

  it("leaves the target out of the row", async () => {
    const { engine } = opened();
    await vi.advanceTimersByTimeAsync(0);
    expect(engine.asked[0]).toEqual([["5.8", "3.1", "blue"]]);
  });
});

describe("messages", () => {
  it("carry out their advice and go", () => {
    const { lab, engine } = opened();
    engine.say({
      type: "stopped",
      reason: "diverged",
      epoch: 3,
      error: {
        code: "diverged",
        message: "The loss grew beyond all numbers.",
        advice: [{ label: "Learning rate 0.001", command: { type: "set", learning_rate: 0.001 } }],
      },
    });
    const [message] = lab.state.messages;
    expect(lab.state.run.status).toBe("diverged");
    if (!message?.advice[0]) throw new Error("the message has no advice");
    lab.runAdvice(message.id, message.advice[0].command);
    expect(lab.state.messages).toEqual([]);
    expect(lab.state.choices.training.optimizer.learning_rate).toBe(0.001);
    expect(engine.last("set")).toEqual({ type: "set", learning_rate: 0.001 });
  });
});

describe("advice", () => {
  it("scales a schedule down, and the training goes on with it", async () => {
    const { lab, engine } = opened();
    const schedule = { type: "exponential_decay", initial_learning_rate: 0.07, decay_steps: 100, decay_rate: 0.9 };
    lab.follow({ type: "set", learning_rate: schedule });
    await vi.advanceTimersByTimeAsync(200);
    expect(lab.state.choices.training.optimizer.learning_rate).toEqual(schedule);
    expect(engine.last("configure")).toMatchObject({ training: { optimizer: { learning_rate: schedule } }, keep_weights: true });
  });

  it("takes the batch that fits into memory", async () => {
    const { lab, engine } = opened();
    const { model, training, split } = lab.state.choices;
    const error = { code: "too_large", message: "900 MB at batch_size 4096", path: "training.batch_size" };
    const command = { type: "configure", model, training: { ...training, batch_size: 70 }, split } as const;
    engine.say({ type: "rejected", error: { ...error, advice: [{ label: "Set the batch size to 70", command }] } });
    const [message] = lab.state.messages;
    if (!message?.advice[0]) throw new Error("the message has no advice");
    lab.runAdvice(message.id, message.advice[0].command);
    await vi.advanceTimersByTimeAsync(200);
    expect(lab.state.choices.training.batch_size).toBe(70);
    expect(engine.last("configure")).toMatchObject({ training: { batch_size: 70 } });
  });
});

it("hears nothing any more once it is disposed of", () => {
  const { lab, engine } = opened();
  const before = lab.state;
  lab.dispose();
  engine.say({ type: "started" });
  expect(engine.disposed).toBe(true);
  expect(lab.state).toBe(before);
});

it("asks for a tempo that eyes can follow, until another is chosen", () => {
  const { lab, engine } = opened();
  const tempos = () => engine.sent.flatMap((command) => (command.type === "tempo" ? [command.epochs_per_second] : []));
  expect(tempos()).toEqual([watchable]);
  lab.setTempo(null);
  expect(tempos()).toEqual([watchable, null]);
  expect(lab.state.tempo).toBeNull();
});

describe("several targets", () => {
  const targets = [
    { column: 3, task: "multiclass" as const, classes: ["setosa", "versicolor", "virginica"] },
    { column: 0, task: "regression" as const, classes: [] },
  ];
  const aimed = async () => {
    const made = opened();
    made.lab.changeTable({ targets: [3, 0] });
    made.engine.say({ type: "table", report: reportOf({ targets }) });
    await vi.waitFor(() => expect(made.engine.last("configure")?.model.outputs).toBeDefined());
    return made;
  };

  it("make an output for each, with a loss of its own", async () => {
    const { engine, lab } = await aimed();
    const configure = engine.last("configure");
    expect(configure?.model.outputs).toEqual(["species", "sepal_length"]);
    expect(configure?.training.loss).toEqual({
      species: "sparse_categorical_crossentropy",
      sepal_length: "mean_squared_error",
    });
    engine.say({ type: "configured", summary: summaryOf() });
    lab.chooseTarget(1);
    expect(engine.last("view")?.view).toMatchObject({ target: 1 });
    lab.chooseOutput(lab.state.choices.model.layers.length - 1, 0);
    expect(lab.state.choices.model.layers.at(-1)).toMatchObject({ name: "species", units: 3 });
  });

  it("are asked for by a link before the network is made, and one target does without", async () => {
    const { engine, lab } = opened();
    const before = engine.count("configure");
    const { model, training, split } = lab.state.choices;
    const preset = presetOrDefault("iris");
    lab.begin({ preset, options: preset.data.options, model, training, split, targets: [3, 0] });
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris" }) });
    expect(engine.last("change_table")?.change).toEqual({ targets: [3, 0] });
    expect(engine.count("configure")).toBe(before);
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris", targets }) });
    await vi.waitFor(() => expect(engine.last("configure")?.model.outputs).toHaveLength(2));
  });

  it("of which a link may ask for one other", () => {
    const { engine, lab } = opened();
    const { model, training, split } = lab.state.choices;
    const preset = presetOrDefault("iris");
    lab.begin({ preset, options: preset.data.options, model, training, split, targets: [1] });
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris" }) });
    expect(engine.last("change_table")?.change).toEqual({ target: 1 });
    const [asked, before] = [engine.count("change_table"), engine.count("configure")];
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris", target: 1, task: "regression", classes: [] }) });
    expect(engine.count("change_table"), "it has it").toBe(asked);
    expect(engine.count("configure")).toBe(before + 1);
    expect(engine.last("configure")?.model.layers.at(-1)).toMatchObject({ units: 1 });
  });

  it("that a link asks for in vain leave the table as it is", () => {
    const { engine, lab } = opened();
    const { model, training, split } = lab.state.choices;
    const preset = presetOrDefault("iris");
    lab.begin({ preset, options: preset.data.options, model, training, split, targets: [3, 99] });
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris" }) });
    const before = engine.count("configure");
    const error = { code: "no_such_column", message: "There is no column 99." };
    engine.say({ type: "failed", command: "change_table", error });
    expect(engine.count("configure")).toBe(before + 1);
    expect(engine.last("configure")?.model).toEqual(model);
  });

  it("go with the table: another one is looked at by its first", async () => {
    const { engine, lab } = await aimed();
    lab.chooseTarget(1);
    engine.say({ type: "table", report: reportOf() });
    expect(lab.state.target).toBe(0);
    expect(engine.last("configure")?.model.outputs).toBeUndefined();
  });
});

describe("the row itself as the target", () => {
  const row = { target: 4, task: "reconstruction" as const, classes: [] };

  it("gets a network with a narrow place, of the size that the engine says", async () => {
    const { engine, lab } = opened();
    lab.changeTable({ targets: [], ignored: [3] });
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris", ...row }) });
    await vi.waitFor(() => expect(engine.last("configure")?.training.loss).toBe("mean_squared_error"));
    expect(engine.last("configure")?.model.layers[1]).toMatchObject({ name: "code" });
    expect(lab.state.choices.preset).toBe("iris");
    const features = ["a", "b", "c", "d", "e", "f"].map((name) => ({ name, column: 0, kind: "number" as const }));
    const before = engine.count("configure");
    engine.say({ type: "configured", summary: summaryOf({ task: "reconstruction", features }) });
    expect(units(lab.state.choices.model.layers.at(-1))).toBe(6);
    // What the reader has changed about it stays when a column is left out.
    lab.resizeLayer(1, 3);
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris", ...row }) });
    expect(units(engine.last("configure")?.model.layers[1])).toBe(5);
    expect(engine.count("configure")).toBe(before + 1);
    // A column as the target again is another kind of network.
    engine.say({ type: "table", report: reportOf({ source: "builtin", name: "Iris" }) });
    expect(engine.last("configure")?.training.loss).toBe("sparse_categorical_crossentropy");
    expect(engine.last("configure")?.model.layers.some(({ name }) => name === "code")).toBe(false);
  });

  it("of a sequence says the next token at every step", async () => {
    const { engine, lab } = opened();
    lab.changeTable({ targets: [], ahead: 1 });
    const form = { tokens: { length: 4, vocabulary: 9 } };
    engine.say({ type: "table", report: reportOf({ ...row, task: "sequence", ahead: 1, form }) });
    await vi.waitFor(() => expect(engine.last("configure")?.model.layers[0]?.type).toBe("embedding"));
    expect(engine.last("configure")?.training.metrics).toEqual(["accuracy"]);
    expect(engine.last("configure")?.model.layers.at(-1)).toMatchObject({ units: 9, activation: "softmax" });
  });
});
