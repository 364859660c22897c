// A network for numbers of one's own, in Keras' words. It computes in a worker, on all threads that the page allows; the
// page itself never waits.
//
//   const model = new Model({ layers: [{ type: "dense", units: 1 }], input_shape: 1 });
//   await model.compile({ optimizer: { type: "sgd", learning_rate: 0.1 }, loss: "mean_squared_error" });
//   await model.fit([0, 1, 2], [2, 5, 8], { epochs: 100 });
//   await model.predict([3]);
//
// Mistakes are told as in Keras: by the call that finds them, with the path (`layers[0].units: expected ...`).

import type { EngineInfo } from "../engine/protocol";
import { defaultBase, engineUrls } from "../engine/urls";
import { Callbacks } from "./callbacks";
import { Channel } from "./channel";
import { Layer } from "./layer";
import { flat } from "./numbers";
import { ModelOptimizer } from "./optimizer";
import { allow, notAmong, wholeNumber } from "./options";
import { firstRows, sideBySide, weightsOf } from "./parts";
import { given } from "./scores";
import type {
  CompileOptions,
  EvaluateOptions,
  FitOptions,
  History,
  LoadOptions,
  Logs,
  ModelOptions,
  Numbers,
  PredictOptions,
  RangeTest,
  RangeTestOptions,
  Rows,
  SampleWeight,
  ScoreList,
  Summary,
  TestOnBatchOptions,
  TrainOnBatchOptions,
  Weight,
} from "./types";
import type { Calls, FitCall, FitEvent, FitTraining, GivenRows, Opened, Output, Start } from "./wire";

/** What `fit` takes. */
const FIT = [
  "epochs",
  "initial_epoch",
  "batch_size",
  "steps_per_epoch",
  "validation_split",
  "validation_data",
  "validation_freq",
  "validation_batch_size",
  "validation_steps",
  "shuffle",
  "callbacks",
  "class_weight",
  "sample_weight",
  "resume",
] as const;

/** Rows of a batch where nothing is said, as in Keras. */
const BATCH_SIZE = 32;

export class Model {
  readonly #channel = new Channel();
  readonly #opened: Promise<Opened>;
  #isCompiled = false;
  /** Once they have been asked for. */
  #outputs: Promise<Output[]> | null = null;

  /** Which build of the engine computes, on how many threads. Rejects where it cannot be loaded, or a file is none. */
  readonly ready: Promise<EngineInfo>;

  /** What there is of the optimizer: its learning rate. */
  readonly optimizer = new ModelOptimizer(this.#channel, () => this.#isCompiled);

  constructor(options: ModelOptions);
  /** @internal */
  constructor(options: LoadOptions, file: Uint8Array);
  constructor(options: ModelOptions | LoadOptions, file?: Uint8Array) {
    const { threads, reproducible = false, engine } = options;
    const base = engine === undefined ? defaultBase() : new URL(engine.replace(/\/?$/, "/"), location.href).href;
    const where = { urls: engineUrls(base), reproducible, ...(threads === undefined ? {} : { threads }) };
    this.#opened = this.#call("open", [where, startOf(options, file)]);
    this.ready = this.#opened.then(({ info, isCompiled }) => {
      if (isCompiled) this.#isCompiled = true;
      return info;
    });
    // Whoever compiles hears of it too.
    this.ready.catch(() => undefined);
  }

  /**
   * The model in a file that {@link save} or the page has written: Keras' `load_model`. It predicts, scores and trains as it
   * would have done. Rows for a model of the page are the numbers that the page makes of a table's columns, in their order.
   */
  static async load(file: Uint8Array | ArrayBuffer | Blob, options: LoadOptions = {}): Promise<Model> {
    allow("load", options, ["compile", "threads", "reproducible", "engine"]);
    const bytes = file instanceof Blob ? await file.arrayBuffer() : file;
    const model = new Model(options, new Uint8Array(bytes));
    try {
      await model.ready;
    } catch (error) {
      model.dispose();
      throw error;
    }
    return model;
  }

  /**
   * The bytes of a `.tabgrad` file (also a safetensors file, for other tools): layers, training, weights, what the optimizer
   * and the callbacks keep, and where training stands. {@link load} goes on from there; called by a callback, from the very
   * moment of it, with `resume` of `fit`.
   */
  save(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#call("save", []);
  }

  /** Chooses optimizer, loss and metrics, and finds every mistake of the layers. Weights that there are stay. */
  async compile(options: CompileOptions): Promise<void> {
    allow("compile", options, ["optimizer", "loss", "metrics", "weighted_metrics", "loss_weights", "target"]);
    const compiled = this.#call("compile", this.ready.then((): [CompileOptions] => [options]));
    // Those that are asked for from here on are of the new training.
    this.#outputs = null;
    await compiled;
    this.#isCompiled = true;
  }

  /** Layers with shapes and weights. */
  summary(): Promise<Summary> {
    return this.#call("summary", []);
  }

  /** How many weights there are, moving statistics among them. */
  async count_params(): Promise<number> {
    const { layers } = await this.summary();
    return layers.reduce((sum, { parameters }) => sum + parameters, 0);
  }

  /** A layer by its name, or by its place (from the end where that is negative): its shape, its weights and its output. */
  async get_layer(layer: string | number): Promise<Layer> {
    const { layers } = await this.summary();
    const names = layers.map(({ name }) => name);
    const found = typeof layer === "number" ? layers.at(layer) : layers[names.indexOf(layer)];
    if (!found) throw new Error(`get_layer: ${notAmong("one of", String(layer), names)}`);
    return new Layer(found, {
      output: (name, x, options) => {
        const ask = (part: Promise<Float32Array>) => part.then((part): [string, Float32Array] => [name, part]);
        return this.#predicted("output", x, options, (part) => this.#call("layer_output", ask(part)));
      },
      get_weights: () => this.get_weights(),
      set_weights: (weights) => this.set_weights(weights),
    });
  }

  /** Trains on rows `x` and targets `y`: a number, 0 or 1, or the number of a class, as the loss wants. */
  async fit(x: Rows, y: Rows, options: FitOptions = {}): Promise<History> {
    allow("fit", options, FIT);
    const callbacks = new Callbacks(options.callbacks ?? []);
    const call = this.#fitCall(x, y, options, callbacks);
    const result: History = { epoch: [], history: {}, stopped_by: null, diverged: false, log: null };
    let last: Logs = {};
    const failures: unknown[] = [];
    const attend = async (event: FitEvent): Promise<void> => {
      if (event.at === "epoch_end") {
        last = event.logs;
        result.epoch.push(event.epoch);
        for (const [name, value] of Object.entries(event.logs)) (result.history[name] ??= []).push(value);
      }
      if (!callbacks.moments().includes(event.at)) return;
      const goesOn = await this.#channel.urgently(() => callbacks.tell(event)).catch((error: unknown) => {
        failures.push(error);
        return false;
      });
      this.#channel.post({ call: "go_on", goesOn });
    };
    const begun = callbacks.begin().then(() => call);
    const end = await this.#channel.call("fit", begun, (event) => void attend(event));
    if (failures.length > 0) throw failures[0];
    await callbacks.end(last);
    return { ...result, ...end };
  }

  /** Ends the fit that goes on, after its epoch; called by `on_train_batch_end`, after that step. */
  stop_training(): void {
    this.#channel.stop();
  }

  /**
   * One step on all of these rows at once, and the scores of them before it: of this batch alone, where Keras 3 has the mean
   * of all batches since its metrics were reset. In the form of {@link evaluate}.
   */
  train_on_batch(x: Rows, y: Rows, options: TrainOnBatchOptions & { return_dict: true }): Promise<Logs>;
  train_on_batch(x: Rows, y: Rows, options?: TrainOnBatchOptions & { return_dict?: false }): Promise<ScoreList>;
  async train_on_batch(x: Rows, y: Rows, options: TrainOnBatchOptions = {}): Promise<Logs | ScoreList> {
    allow("train_on_batch", options, ["sample_weight", "class_weight", "return_dict"]);
    const { sample_weight, class_weight, return_dict } = options;
    const rows = this.#given(x, y, sample_weight).then((rows): Parameters<Calls["train_on_batch"]> => [rows, class_weight]);
    const { scores, names } = await this.#call("train_on_batch", rows);
    return given(scores, names, return_dict);
  }

  /** Loss and metrics of these rows, without training: by name with `return_dict`, else as Keras gives them. */
  evaluate(x: Rows, y: Rows, options: EvaluateOptions & { return_dict: true }): Promise<Logs>;
  evaluate(x: Rows, y: Rows, options?: EvaluateOptions & { return_dict?: false }): Promise<ScoreList>;
  async evaluate(x: Rows, y: Rows, options: EvaluateOptions = {}): Promise<Logs | ScoreList> {
    allow("evaluate", options, ["sample_weight", "batch_size", "steps", "return_dict"]);
    const { sample_weight, batch_size, steps, return_dict } = options;
    wholeNumber("batch_size", batch_size);
    wholeNumber("steps", steps);
    const wanted = steps === undefined ? Infinity : steps * (batch_size ?? BATCH_SIZE);
    const rows = this.#given(x, y, sample_weight, wanted);
    const call = rows.then((rows): Parameters<Calls["evaluate"]> => [rows, batch_size]);
    const { scores, names } = await this.#call("evaluate", call);
    return given(scores, names, return_dict);
  }

  /** The same of rows that are one batch. */
  test_on_batch(x: Rows, y: Rows, options: TestOnBatchOptions & { return_dict: true }): Promise<Logs>;
  test_on_batch(x: Rows, y: Rows, options?: TestOnBatchOptions & { return_dict?: false }): Promise<ScoreList>;
  async test_on_batch(x: Rows, y: Rows, options: TestOnBatchOptions = {}): Promise<Logs | ScoreList> {
    allow("test_on_batch", options, ["sample_weight", "return_dict"]);
    const { sample_weight, return_dict } = options;
    const call = async (): Promise<Parameters<Calls["evaluate"]>> => {
      const [rows, width] = [await this.#given(x, y, sample_weight), await this.#width()];
      return [rows, rows.x.length / width];
    };
    const { scores, names } = await this.#call("evaluate", call());
    return given(scores, names, return_dict);
  }

  /** The names of the scores: `loss`, those of single outputs, the metrics of each output, and the weighted ones. */
  metrics_names(): Promise<string[]> {
    return this.#call("metrics_names", []);
  }

  /**
   * Values or probabilities, row after row; those of several outputs side by side. A model whose weights were set predicts
   * without being compiled, and takes no memory for training.
   */
  predict(x: Rows, options: PredictOptions = {}): Promise<Float32Array> {
    const ask = (part: Promise<Float32Array>) => part.then((part): [Float32Array] => [part]);
    return this.#predicted("predict", x, options, (part) => this.#call("predict", ask(part)));
  }

  /** The same of rows that are one batch. */
  predict_on_batch(x: Rows): Promise<Float32Array> {
    return this.predict(x);
  }

  /** The same for each output, in order, as Keras gives them. */
  async predict_each(x: Rows, options: PredictOptions = {}): Promise<Float32Array[]> {
    const all = await this.predict(x, options);
    const outputs = await this.#ends();
    const stride = outputs.reduce((sum, { values }) => sum + values, 0);
    let first = 0;
    return outputs.map(({ values }) => {
      const from = first;
      first += values;
      return all.filter((_, i) => i % stride >= from && i % stride < from + values);
    });
  }

  /**
   * The learning-rate range test: some steps from the weights there are, with ever larger rates, until the loss is lost. Then
   * everything is as it was before.
   */
  async learning_rate_range(x: Rows, y: Rows, options: RangeTestOptions = {}): Promise<RangeTest> {
    allow("learning_rate_range", options, ["smallest", "largest", "steps", "sample_weight"]);
    const { smallest = 1e-7, largest = 10, steps = 100, sample_weight } = options;
    wholeNumber("steps", steps, 2);
    const rows = this.#given(x, y, sample_weight);
    type Given = Parameters<Calls["learning_rate_range"]>;
    return this.#call("learning_rate_range", rows.then((rows): Given => [rows, smallest, largest, steps]));
  }

  get_weights(): Promise<Weight[]> {
    return this.#call("get_weights", []);
  }

  /** Other values for some or all weights, as many for each as it has. */
  set_weights(weights: readonly { name: string; values: Numbers }[]): Promise<void> {
    return this.#call("set_weights", [weights.map(({ name, values }) => ({ name, values: flat(values) }))]);
  }

  /** Goes back to what a `model_checkpoint` of the last fit kept, by its place among the engine's callbacks; false: nothing. */
  restore_checkpoint(callback = 0): Promise<boolean> {
    return this.#call("restore_checkpoint", [callback]);
  }

  /** Ends the worker. The model is of no use afterwards. */
  dispose(): void {
    this.#channel.close();
  }

  /** What of a fit the worker needs to know. */
  #fitCall(x: Rows, y: Rows, options: FitOptions, callbacks: Callbacks): Promise<[FitCall]> {
    const { epochs = 1, initial_epoch = 0, steps_per_epoch = null, resume = false, validation_data } = options;
    const { validation_split = null, validation_freq = 1, validation_batch_size = null, validation_steps = null } = options;
    const freqs = typeof validation_freq === "number" ? [validation_freq] : validation_freq;
    freqs.forEach((freq) => wholeNumber("validation_freq", freq));
    wholeNumber("epochs", epochs, 0);
    wholeNumber("initial_epoch", initial_epoch, 0);
    wholeNumber("steps_per_epoch", steps_per_epoch);
    wholeNumber("validation_steps", validation_steps);
    wholeNumber("validation_batch_size", validation_batch_size);
    const said = {
      epochs,
      initial_epoch,
      steps_per_epoch,
      validation_split: validation_data ? null : validation_split,
      validation_freq,
      validation_batch_size,
      validation_steps,
      resume,
      training: trainingOf(options, callbacks),
      moments: callbacks.moments(),
    };
    const given = Promise.all([
      this.#given(x, y, options.sample_weight),
      validation_data ? this.#given(validation_data[0], validation_data[1], validation_data[2]) : null,
    ]);
    return given.then(([rows, validation]): [FitCall] => [{ ...said, rows, validation }]);
  }

  /** What the worker makes of rows, so many at a time. */
  async #predicted(
    call: string,
    x: Rows,
    options: PredictOptions,
    ask: (part: Promise<Float32Array>) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    allow(call, options, ["batch_size", "steps"]);
    const { batch_size, steps } = options;
    wholeNumber("batch_size", batch_size);
    wholeNumber("steps", steps);
    const wanted = steps === undefined ? Infinity : steps * (batch_size ?? BATCH_SIZE);
    const rows = this.#inputRows(x, wanted);
    if (batch_size === undefined) return ask(rows.then(({ all }) => all));
    const batch = (at: number) => rows.then(({ all, width }) => all.slice(at * batch_size * width, (at + 1) * batch_size * width));
    // Asked for at once, so that nothing overtakes it.
    const parts = [await ask(batch(0))];
    const { all, width } = await rows;
    for (let at = 1; at * batch_size * width < all.length; at++) parts.push(await ask(batch(at)));
    return flat(parts);
  }

  /** The first rows of what is given, and how many numbers each has. */
  async #inputRows(x: Rows, wanted: number): Promise<{ all: Float32Array; width: number }> {
    const [{ inputs }, width] = [await this.#opened, await this.#width()];
    const given = sideBySide("x", x, inputs);
    return { all: firstRows(given, given.length / width, wanted), width };
  }

  /** Rows as the engine takes them, at most the first `wanted`. */
  async #given(x: Rows, y: Rows, weights?: SampleWeight, wanted = Infinity): Promise<GivenRows> {
    const [outputs, { inputs }, width] = [await this.#ends(), await this.#opened, await this.#width()];
    const all = sideBySide("x", x, inputs);
    const count = all.length / width;
    const rows = { x: all, y: sideBySide("y", y, outputs, count), weights: weightsOf(weights, outputs, count) };
    return {
      x: firstRows(rows.x, count, wanted),
      y: firstRows(rows.y, count, wanted),
      weights: firstRows(rows.weights, count, wanted),
    };
  }

  #ends(): Promise<Output[]> {
    this.#outputs ??= this.#call("outputs", []);
    return this.#outputs;
  }

  /** Numbers of a row. */
  async #width(): Promise<number> {
    const { inputs } = await this.#opened;
    return inputs.reduce((sum, { width }) => sum + width, 0);
  }

  #call<K extends keyof Calls>(
    call: K,
    given: Parameters<Calls[K]> | Promise<Parameters<Calls[K]>>,
  ): Promise<ReturnType<Calls[K]>> {
    return this.#channel.call(call, given);
  }
}

function startOf(options: ModelOptions | LoadOptions, file: Uint8Array | undefined): Start {
  if (file) return { file, compile: (options as LoadOptions).compile ?? true };
  allow("Model", options, ["layers", "outputs", "input_shape", "seed", "threads", "reproducible", "engine"]);
  const { layers, outputs, input_shape, seed = 0 } = options as ModelOptions;
  const input = typeof input_shape === "number" ? [input_shape] : [...input_shape];
  return { layers: [...layers], outputs: outputs && [...outputs], input, seed };
}

/** What is said of training; what is not is as usual, or in a fit that is resumed as it was. */
function trainingOf({ batch_size, shuffle, class_weight, resume }: FitOptions, { specs }: Callbacks): FitTraining {
  wholeNumber("batch_size", batch_size);
  return {
    ...(batch_size === undefined ? {} : { batch_size }),
    ...(shuffle === undefined ? {} : { shuffle }),
    ...(class_weight === undefined ? {} : { class_weight }),
    ...(resume && specs.length === 0 ? {} : { callbacks: specs }),
  };
}
