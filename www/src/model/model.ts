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
import { flat } from "./numbers";
import type {
  CompileOptions,
  EpochCallback,
  FitOptions,
  History,
  Logs,
  ModelOptions,
  Numbers,
  Spec,
  Summary,
  Weight,
} from "./types";
import type { Calls, FromModel, GivenRows, ToModel } from "./wire";
import modelWorker from "./worker?worker&url";

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
  told: ((epoch: number, logs: Logs) => void) | undefined;
}

export class Model {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** Which build of the engine computes, on how many threads. Rejects where it cannot be loaded. */
  readonly ready: Promise<EngineInfo>;

  constructor({ layers, input_shape, seed = 0, threads, reproducible = false, engine }: ModelOptions) {
    this.#worker = spawnWorker(modelWorker);
    this.#worker.onmessage = ({ data }: MessageEvent<FromModel>) => this.#hear(data);
    this.#worker.onerror = ({ message }) => this.#refuseAll(new Error(`the engine's worker failed: ${message}`));
    const base = engine === undefined ? defaultBase() : new URL(engine.replace(/\/?$/, "/"), location.href).href;
    const options = { urls: engineUrls(base), reproducible, ...(threads === undefined ? {} : { threads }) };
    const input = typeof input_shape === "number" ? [input_shape] : [...input_shape];
    this.ready = this.#call("open", [options, [...layers], input, seed]);
    // Whoever compiles hears of it too.
    this.ready.catch(() => undefined);
  }

  /** Chooses optimizer, loss and metrics, and finds every mistake of the layers. Weights that there are stay. */
  async compile(options: CompileOptions): Promise<void> {
    await this.ready;
    await this.#call("compile", [options]);
  }

  /** Layers with shapes and weights. */
  summary(): Promise<Summary> {
    return this.#call("summary", []);
  }

  /** Trains on rows `x` and targets `y`: a number, 0 or 1, or the number of a class, as the loss wants. */
  async fit(x: Numbers, y: Numbers, options: FitOptions = {}): Promise<History> {
    const { epochs = 1, batch_size = 32, shuffle = true, callbacks = [], class_weight = null } = options;
    const own = callbacks.filter(isOwn);
    const result: History = { epoch: [], history: {}, stopped_by: null, diverged: false, log: null };
    const told = (epoch: number, logs: Logs) => {
      result.epoch.push(epoch);
      for (const [name, value] of Object.entries(logs)) (result.history[name] ??= []).push(value);
      for (const callback of own) if (callback.on_epoch_end(epoch, logs) === false) this.stop_training();
    };
    const { validation_data, validation_split = null, sample_weight } = options;
    const call = {
      rows: given(x, y, sample_weight),
      validation: validation_data ? given(validation_data[0], validation_data[1], validation_data[2]) : null,
      epochs,
      validation_split: validation_data ? null : validation_split,
      training: { batch_size, shuffle, callbacks: callbacks.filter((it): it is Spec => !isOwn(it)), class_weight },
    };
    return { ...result, ...(await this.#call("fit", [call], told)) };
  }

  /** Ends the fit that goes on, after its epoch. */
  stop_training(): void {
    this.#post({ call: "stop" });
  }

  /** Loss and metrics of these rows, without training. */
  evaluate(x: Numbers, y: Numbers, { sample_weight }: { sample_weight?: Numbers } = {}): Promise<Logs> {
    return this.#call("evaluate", [given(x, y, sample_weight)]);
  }

  /**
   * Values or probabilities, row after row; those of several outputs side by side. A model whose weights were set predicts
   * without being compiled, and takes no memory for training.
   */
  predict(x: Numbers): Promise<Float32Array> {
    return this.#call("predict", [flat(x)]);
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
    this.#worker.terminate();
    this.#refuseAll(new Error("the model was disposed of"));
  }

  #call<K extends keyof Calls>(
    call: K,
    given: Parameters<Calls[K]>,
    told?: (epoch: number, logs: Logs) => void,
  ): Promise<ReturnType<Calls[K]>> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as ReturnType<Calls[K]>), reject, told });
      this.#post({ id, call, given } as ToModel);
    });
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

function given(x: Numbers, y: Numbers, weights?: Numbers): GivenRows {
  return { x: flat(x), y: flat(y), weights: weights === undefined ? null : flat(weights) };
}

function isOwn(callback: Spec | EpochCallback): callback is EpochCallback {
  return typeof callback === "object" && "on_epoch_end" in callback;
}
