// A model inside its worker: the engine's `Model` (crates/wasm), and what Keras' words need around it.

import type { Glue, WasmModel } from "../engine/glue";
import type { EngineInfo, EngineOptions, LayerSpec, Schema } from "../engine/protocol";
import { joinRest } from "../engine/rest";
import { loadVariant } from "../engine/variants";
import { classWeights } from "./numbers";
import { product } from "./graph";
import { targetsOf } from "./target";
import type { CompileOptions, Logs, Summary, Target, Weight } from "./types";
import type { Calls, FitCall, FitEnd, GivenRows, Output } from "./wire";

const VERSION = 1;
/** What `fit` says when it does not say otherwise. */
const usual = { batch_size: 32, shuffle: true, callbacks: [], class_weight: null };

type Host = { [K in keyof Calls]: (...given: Parameters<Calls[K]>) => ReturnType<Calls[K]> | Promise<ReturnType<Calls[K]>> };

export class ModelHost implements Host {
  readonly #tell: (epoch: number, logs: Logs) => void;
  #glue: Glue | null = null;
  #schema: Schema | null = null;
  #layers: LayerSpec[] = [];
  #outputs: string[] | undefined;
  #input: number[] = [];
  #seed = 0;
  #compiled: CompileOptions | null = null;
  #targets: readonly Target[] = [];
  /** The training that the model was made for, as text. */
  #training = "";
  #model: WasmModel | null = null;
  /** Before it is compiled: predicts with the weights that it is given, and has no memory for training. */
  #untrained: WasmModel | null = null;
  #stopped = false;

  /** `tell` hears of every epoch of a fit. */
  constructor(tell: (epoch: number, logs: Logs) => void) {
    this.#tell = tell;
  }

  async open(
    options: EngineOptions,
    layers: LayerSpec[],
    outputs: string[] | undefined,
    input: number[],
    seed: number,
  ): Promise<EngineInfo> {
    const { glue, info } = await loadVariant(options);
    // The first call of a program is in the second half already.
    await joinRest(glue, options.urls.variants[info.variant]?.rest ?? "");
    this.#glue = glue;
    this.#schema = glue.schema();
    this.#layers = layers;
    this.#outputs = outputs;
    this.#input = input;
    this.#seed = seed;
    return info;
  }

  compile(given: CompileOptions): void {
    if (!this.#glue || !this.#schema) throw new Error("the engine is not open");
    const said = given.target ?? targetsOf(given.loss, this.#layers, this.#outputs, this.#schema);
    const targets = Array.isArray(said) ? (said as readonly Target[]) : [said as Target];
    const training = trainingOf(given, usual, this.#seed);
    if (this.#model) this.#model.compile(training, targets, false);
    else {
      this.#model = new this.#glue.Model(this.#spec(), training, this.#input, targets);
      if (this.#untrained) carryOver(this.#untrained, this.#model);
      this.#untrained?.free();
      this.#untrained = null;
    }
    this.#compiled = given;
    this.#targets = targets;
    this.#training = JSON.stringify(training);
  }

  /** The outputs in order. */
  outputs(): Output[] {
    const model = this.#any();
    const shapes = new Map(model.summary().layers.map(({ name, output_shape }) => [name, output_shape]));
    return model.outputs().map(({ name, losses, targets }) => {
      return { name, losses, width: targets, values: product(shapes.get(name) ?? []) };
    });
  }

  summary(): Summary {
    const { layers, parameters, bytes } = this.#any().summary();
    return {
      layers: layers.map(({ name, type, output_shape, parameters }) => ({ name, type, output_shape, parameters })),
      parameters,
      bytes,
    };
  }

  /** Between two epochs messages have their turn: a stop among them. */
  async fit({ rows, validation, training, validation_freq, ...limits }: FitCall): Promise<FitEnd> {
    const model = this.#made();
    this.#retrain(training);
    this.#stopped = false;
    model.begin_fit(rows.x, rows.y, rows.weights ?? undefined, limits);
    if (validation) model.validate_on(validation.x, validation.y, validation.weights ?? undefined);
    const isScored = (epoch: number): boolean =>
      typeof validation_freq === "number" ? epoch % validation_freq === 0 : validation_freq.includes(epoch);
    for (let epoch = limits.initial_epoch + 1; ; epoch++) {
      const ended = this.#stopped ? undefined : model.fit_epoch(isScored(epoch));
      if (!ended) break;
      this.#tell(ended.epoch - 1, ended.logs);
      await turn();
    }
    return model.end_fit();
  }

  /** After the epoch that goes on now. */
  stop(): void {
    this.#stopped = true;
  }

  evaluate(rows: GivenRows, batch_size: number | undefined): { scores: Logs; names: string[] } {
    const model = this.#made();
    const scores = model.evaluate(rows.x, rows.y, rows.weights ?? undefined, batch_size);
    if (!scores) throw new Error("the model's answers are too large to be scored, or there are no rows");
    return { scores: { loss: scores.loss, ...scores.metrics }, names: model.metrics_names() };
  }

  predict(x: Float32Array): Float32Array {
    return this.#any().predict(x);
  }

  get_weights(): Weight[] {
    const model = this.#any();
    const state = model.state();
    const shapes = new Map(model.summary().tensors.map(({ name, shape }) => [name, shape]));
    // Moving statistics are among them, as in Keras; what optimizer and callbacks keep is not.
    const names = state.names().filter((name) => !/^(optimizer|callbacks)\//.test(name));
    const weights = names.map((name) => {
      const values = state.get(name);
      return { name, shape: shapes.get(name) ?? [values.length], values };
    });
    state.free();
    return weights;
  }

  set_weights(weights: { name: string; values: Float32Array }[]): void {
    const model = this.#any();
    const state = model.state();
    for (const { name, values } of weights) state.set(name, values);
    model.restore_weights(state);
    state.free();
  }

  restore_checkpoint(callback: number): boolean {
    return this.#made().restore_checkpoint(callback);
  }

  /** What `fit` says about training is part of what the engine compiles: it is done again only where it differs. */
  #retrain(said: FitCall["training"]): void {
    if (!this.#compiled) return;
    const { class_weight } = said;
    const weights = class_weight && classWeights(class_weight, this.#targets);
    const training = trainingOf(this.#compiled, { ...said, class_weight: weights }, this.#seed);
    const text = JSON.stringify(training);
    if (text === this.#training) return;
    this.#made().compile(training, this.#targets, true);
    this.#training = text;
  }

  /** The model, compiled or not. */
  #any(): WasmModel {
    if (this.#model) return this.#model;
    if (!this.#glue || !this.#schema) throw new Error("the engine is not open");
    const targets = targetsOf(null, this.#layers, this.#outputs, this.#schema);
    this.#untrained ??= this.#glue.Model.for_prediction(this.#spec(), this.#input, targets);
    return this.#untrained;
  }

  #spec(): object {
    return { version: VERSION, layers: this.#layers, ...(this.#outputs ? { outputs: this.#outputs } : {}) };
  }

  #made(): WasmModel {
    if (!this.#model) throw new Error("compile the model first: model.compile({ optimizer, loss, metrics })");
    return this.#model;
  }
}

function carryOver(from: WasmModel, to: WasmModel): void {
  const state = from.state();
  to.restore_weights(state);
  state.free();
}

/** A `TrainingSpec` from what `compile` and `fit` say. */
function trainingOf({ target: _, ...compiled }: CompileOptions, fit: object, seed: number): object {
  const { optimizer } = compiled;
  return { ...compiled, ...fit, optimizer: typeof optimizer === "string" ? { type: optimizer } : optimizer, seed };
}

/** Waits until the messages that wait have been heard. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
