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
import { spawnWorker } from "../engine/spawn";
import { defaultBase, engineUrls } from "../engine/urls";
import { inputsOf } from "./graph";
import { flat } from "./numbers";
import { type Part, sideBySide, weightsOf } from "./parts";
import type {
  CompileOptions,
  EpochCallback,
  EvaluateOptions,
  FitOptions,
  History,
  Logs,
  ModelOptions,
  Numbers,
  PredictOptions,
  Rows,
  SampleWeight,
  Spec,
  Summary,
  Weight,
} from "./types";
import type { Calls, FitCall, FromModel, GivenRows, Output, ToModel } from "./wire";
import modelWorker from "./worker?worker&url";

/** What `fit` takes. */
const FIT = [
  "epochs",
  "initial_epoch",
  "batch_size",
  "validation_split",
  "validation_data",
  "validation_freq",
  "validation_batch_size",
  "shuffle",
  "callbacks",
  "class_weight",
  "sample_weight",
] as const;

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
  told: ((epoch: number, logs: Logs) => void) | undefined;
}

export class Model {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  /** Settles when all calls so far have been posted: some wait for what they post, and none overtakes another. */
  #posted: Promise<unknown> = Promise.resolve();
  #isOver = false;

  /** Which build of the engine computes, on how many threads. Rejects where it cannot be loaded. */
  readonly ready: Promise<EngineInfo>;

  readonly #inputs: Part[];
  /** Once they have been asked for. */
  #outputs: Promise<Output[]> | null = null;

  constructor(options: ModelOptions) {
    allow("Model", options, ["layers", "outputs", "input_shape", "seed", "threads", "reproducible", "engine"]);
    const { layers, outputs, input_shape, seed = 0, threads, reproducible = false, engine } = options;
    this.#worker = spawnWorker(modelWorker);
    this.#worker.onmessage = ({ data }: MessageEvent<FromModel>) => this.#hear(data);
    this.#worker.onerror = ({ message }) => this.#refuseAll(new Error(`the engine's worker failed: ${message}`));
    const base = engine === undefined ? defaultBase() : new URL(engine.replace(/\/?$/, "/"), location.href).href;
    const start = { urls: engineUrls(base), reproducible, ...(threads === undefined ? {} : { threads }) };
    const input = typeof input_shape === "number" ? [input_shape] : [...input_shape];
    this.#inputs = inputsOf(layers, input);
    this.ready = this.#call("open", [start, [...layers], outputs && [...outputs], input, seed]);
    // Whoever compiles hears of it too.
    this.ready.catch(() => undefined);
  }

  /** Chooses optimizer, loss and metrics, and finds every mistake of the layers. Weights that there are stay. */
  async compile(options: CompileOptions): Promise<void> {
    allow("compile", options, ["optimizer", "loss", "metrics", "weighted_metrics", "loss_weights", "target"]);
    await this.ready;
    await this.#call("compile", [options]);
    this.#outputs = null;
  }

  /** Layers with shapes and weights. */
  summary(): Promise<Summary> {
    return this.#call("summary", []);
  }

  /** Trains on rows `x` and targets `y`: a number, 0 or 1, or the number of a class, as the loss wants. */
  async fit(x: Rows, y: Rows, options: FitOptions = {}): Promise<History> {
    allow("fit", options, FIT);
    const { epochs = 1, initial_epoch = 0, batch_size = 32, shuffle = true, callbacks = [], class_weight = null } = options;
    const own = callbacks.filter(isOwn);
    const result: History = { epoch: [], history: {}, stopped_by: null, diverged: false, log: null };
    let last: Logs = {};
    const told = (epoch: number, logs: Logs) => {
      last = logs;
      result.epoch.push(epoch);
      for (const [name, value] of Object.entries(logs)) (result.history[name] ??= []).push(value);
      for (const callback of own) if (callback.on_epoch_end?.(epoch, logs) === false) this.stop_training();
    };
    const { validation_data, validation_split = null, validation_freq = 1, validation_batch_size = null } = options;
    const freqs = typeof validation_freq === "number" ? [validation_freq] : validation_freq;
    if (!freqs.every((freq) => Number.isInteger(freq) && freq >= 1)) {
      throw new Error(`validation_freq: expected whole numbers of at least 1, found ${freqs.join(", ")}`);
    }
    const said = {
      epochs,
      initial_epoch,
      validation_split: validation_data ? null : validation_split,
      validation_freq,
      validation_batch_size,
      training: { batch_size, shuffle, callbacks: callbacks.filter((it): it is Spec => !isOwn(it)), class_weight },
    };
    const given = Promise.all([
      this.#given(x, y, options.sample_weight),
      validation_data ? this.#given(validation_data[0], validation_data[1], validation_data[2]) : null,
    ]);
    for (const callback of own) callback.on_train_begin?.();
    const call = given.then(([rows, validation]): [FitCall] => [{ ...said, rows, validation }]);
    const end = await this.#call("fit", call, told);
    for (const callback of own) callback.on_train_end?.(last);
    return { ...result, ...end };
  }

  /** Ends the fit that goes on, after its epoch. */
  stop_training(): void {
    this.#posted = this.#posted.then(() => this.#post({ call: "stop" }));
  }

  /** Loss and metrics of these rows, without training. */
  evaluate(x: Rows, y: Rows, options?: EvaluateOptions & { return_dict?: true }): Promise<Logs>;
  evaluate(x: Rows, y: Rows, options: EvaluateOptions & { return_dict: false }): Promise<number | (number | number[])[]>;
  async evaluate(
    x: Rows,
    y: Rows,
    options: EvaluateOptions = {},
  ): Promise<Logs | number | (number | number[])[]> {
    allow("evaluate", options, ["sample_weight", "batch_size", "return_dict"]);
    const { sample_weight, batch_size, return_dict = true } = options;
    const rows = this.#given(x, y, sample_weight).then((rows): [GivenRows, number | undefined] => [rows, batch_size]);
    const { scores, names } = await this.#call("evaluate", rows);
    return return_dict ? scores : inOrder(scores, names);
  }

  /**
   * Values or probabilities, row after row; those of several outputs side by side. A model whose weights were set predicts
   * without being compiled, and takes no memory for training.
   */
  async predict(x: Rows, options: PredictOptions = {}): Promise<Float32Array> {
    allow("predict", options, ["batch_size"]);
    const { batch_size } = options;
    const all = sideBySide("x", x, this.#inputs);
    if (batch_size === undefined) return this.#call("predict", [all]);
    if (!(Number.isInteger(batch_size) && batch_size >= 1)) {
      throw new Error(`batch_size: expected a whole number of at least 1, found ${String(batch_size)}`);
    }
    const size = batch_size * this.#width();
    const parts: Float32Array[] = [];
    for (let at = 0; at < all.length; at += size) parts.push(await this.#call("predict", [all.slice(at, at + size)]));
    return flat(parts);
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
    this.#isOver = true;
    this.#worker.terminate();
    this.#refuseAll(new Error("the model was disposed of"));
  }

  /** Rows as the engine takes them. */
  async #given(x: Rows, y: Rows, weights?: SampleWeight): Promise<GivenRows> {
    const outputs = await this.#ends();
    const inputs = sideBySide("x", x, this.#inputs);
    const rows = inputs.length / this.#width();
    return { x: inputs, y: sideBySide("y", y, outputs), weights: weightsOf(weights, outputs, rows) };
  }

  #ends(): Promise<Output[]> {
    this.#outputs ??= this.#call("outputs", []);
    return this.#outputs;
  }

  /** Numbers of a row. */
  #width(): number {
    return this.#inputs.reduce((sum, { width }) => sum + width, 0);
  }

  #call<K extends keyof Calls>(
    call: K,
    given: Parameters<Calls[K]> | Promise<Parameters<Calls[K]>>,
    told?: (epoch: number, logs: Logs) => void,
  ): Promise<ReturnType<Calls[K]>> {
    const ready = this.#posted.then(() => given);
    const answer = ready.then(
      (given) =>
        new Promise<ReturnType<Calls[K]>>((resolve, reject) => {
          if (this.#isOver) throw new Error("the model was disposed of");
          this.#last += 1;
          const id = this.#last;
          this.#waiting.set(id, { resolve: (answer) => resolve(answer as ReturnType<Calls[K]>), reject, told });
          this.#post({ id, call, given } as ToModel);
        }),
    );
    this.#posted = ready.catch(() => undefined);
    return answer;
  }

  #post(message: ToModel): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromModel): void {
    const waiting = this.#waiting.get(message.id);
    if ("epoch" in message) {
      waiting?.told?.(message.epoch, message.logs);
      return;
    }
    this.#waiting.delete(message.id);
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.answer);
  }

  #refuseAll(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

/** A misspelt or unknown option would otherwise change nothing, without a word. */
function allow(call: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new Error(`${call}: expected options among ${known.join(", ")}, found "${unknown}"`);
}

/** Scores in the order of their names; a metric with several values is a list of them. */
function inOrder(scores: Logs, names: readonly string[]): number | (number | number[])[] {
  const list = names.map((name) => {
    const one = scores[name];
    if (one !== undefined) return one;
    const keys = Object.keys(scores).filter((key) => key.startsWith(`${name}/`));
    return keys.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).map((key) => scores[key] ?? NaN);
  });
  const [first] = list;
  return list.length === 1 && typeof first === "number" ? first : list;
}

function isOwn(callback: Spec | EpochCallback): callback is EpochCallback {
  return typeof callback === "object" && !("type" in callback);
}
