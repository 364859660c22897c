// A model inside its worker: the engine's `Model` (crates/wasm), and what Keras' words need around it.

import type { Glue, WasmModel } from "../engine/glue";
import type { EngineOptions, LayerSpec, Spec } from "../engine/protocol";
import { joinRest } from "../engine/rest";
import { loadVariant } from "../engine/variants";
import { inputsOf, product } from "./graph";
import { classWeights } from "./numbers";
import type { CompileOptions, Logs, Parts, RangeTest, Summary, Weight } from "./types";
import type { Calls, FitCall, FitEnd, FitEvent, FitTraining, GivenRows, Opened, Output, Scored, Start } from "./wire";

const VERSION = 1;
/** What `fit` says when it does not say otherwise. */
const usual: Required<FitTraining> = { batch_size: 32, shuffle: true, callbacks: [], class_weight: null };

type Host = { [K in keyof Calls]: (...given: Parameters<Calls[K]>) => ReturnType<Calls[K]> | Promise<ReturnType<Calls[K]>> };

export class ModelHost implements Host {
  readonly #tell: (event: FitEvent) => void;
  #glue: Glue | null = null;
  #spec: { version: number; layers: LayerSpec[]; outputs?: string[] } = { version: VERSION, layers: [] };
  #input: number[] = [];
  #seed = 0;
  #compiled: CompileOptions | null = null;
  /** What the last fit said of training. */
  #said = usual;
  #model: WasmModel | null = null;
  /** Before it is compiled: predicts with the weights that it is given, and has no memory for training. */
  #untrained: WasmModel | null = null;
  #fit: { isStopped: boolean; goOn: ((goesOn: boolean) => void) | null } | null = null;

  /** `tell` hears of what happens in a fit. */
  constructor(tell: (event: FitEvent) => void) {
    this.#tell = tell;
  }

  async open(options: EngineOptions, start: Start): Promise<Opened> {
    const { glue, settled } = await loadVariant(options);
    const info = await settled;
    // The first call of a program is in the second half already.
    await joinRest(glue, options.urls.variants[info.variant]?.rest ?? "");
    this.#glue = glue;
    if ("file" in start) this.#load(glue, start.file, start.compile);
    else {
      const { layers, outputs, input, seed } = start;
      this.#spec = { version: VERSION, layers, ...(outputs ? { outputs } : {}) };
      this.#input = input;
      this.#seed = seed;
    }
    return { info, inputs: inputsOf(this.#spec.layers, this.#input), isCompiled: this.#model !== null };
  }

  compile(given: CompileOptions): void {
    this.#refuseWhileFitting("compile");
    const training = trainingOf(given, usual, this.#seed);
    if (this.#model) this.#model.compile(training, given.target, false);
    else {
      this.#model = new (this.#opened().Model)(this.#spec, training, this.#input, given.target);
      if (this.#untrained) carryOver(this.#untrained, this.#model);
      this.#untrained?.free();
      this.#untrained = null;
    }
    this.#compiled = given;
    this.#said = usual;
  }

  outputs(): Output[] {
    const model = this.#any();
    const shapes = this.#shapes();
    return model.outputs().map(({ name, losses, targets }, place) => {
      const isPadded = this.#compiled !== null && typeOf(lossOf(this.#compiled.loss, name, place)) === "ctc";
      return { name, losses, width: targets, values: product(shapes.get(name) ?? []), isPadded };
    });
  }

  metrics_names(): string[] {
    return this.#made().metrics_names();
  }

  summary(): Summary {
    const { layers, parameters, bytes } = this.#any().summary();
    return {
      layers: layers.map(({ name, type, output_shape, parameters }) => ({ name, type, output_shape, parameters })),
      parameters,
      bytes,
    };
  }

  async fit(call: FitCall): Promise<FitEnd> {
    this.#refuseWhileFitting("fit");
    const model = this.#made();
    const { rows, validation, training, validation_freq, moments, ...limits } = call;
    this.#retrain({ ...(limits.resume ? this.#said : usual), ...training });
    this.#fit = { isStopped: false, goOn: null };
    try {
      const ended = model.begin_fit(rows.x, rows.y, rows.weights ?? undefined, limits);
      if (validation) model.validate_on(validation.x, validation.y, validation.weights ?? undefined);
      const isScored = (epoch: number): boolean =>
        typeof validation_freq === "number" ? epoch % validation_freq === 0 : validation_freq.includes(epoch);
      for (let epoch = ended; this.#goesOn(model); epoch++) {
        if (moments.includes("epoch_begin")) await this.#wait({ at: "epoch_begin", epoch });
        if (this.#fit.isStopped) break;
        if (moments.includes("batch_end")) await this.#batches(model);
        const end = model.fit_epoch(isScored(epoch + 1));
        if (!end) break;
        const event: FitEvent = { at: "epoch_end", epoch: end.epoch - 1, logs: end.logs };
        if (moments.includes("epoch_end")) await this.#wait(event);
        else {
          this.#tell(event);
          // Messages have their turn: a stop among them.
          await turn();
        }
      }
      return model.end_fit();
    } finally {
      this.#fit = null;
    }
  }

  get isFitting(): boolean {
    return this.#fit !== null;
  }

  /** After the epoch that goes on now, or after the step where callbacks look at each. */
  stop(): void {
    if (this.#fit) this.#fit.isStopped = true;
  }

  /** The page's callbacks have been called. */
  goOn(goesOn: boolean): void {
    this.#fit?.goOn?.(goesOn);
  }

  train_on_batch(rows: GivenRows, class_weight: FitTraining["class_weight"]): Scored {
    this.#refuseWhileFitting("train_on_batch");
    const model = this.#made();
    const count = rows.x.length / Math.max(1, product(this.#input));
    const batch_size = Math.max(this.#said.batch_size, Math.ceil(count));
    this.#retrain({ ...this.#said, batch_size, class_weight: class_weight ?? null });
    const { epoch_end } = model.train(rows.x, rows.y, 1, rows.weights ?? undefined);
    if (!epoch_end) throw new Error("train_on_batch: the loss was not finite; the weights are those before it");
    return this.#scored(epoch_end);
  }

  evaluate(rows: GivenRows, batch_size: number | undefined): Scored {
    const scores = this.#made().evaluate(rows.x, rows.y, rows.weights ?? undefined, batch_size);
    if (!scores) throw new Error("the model's answers are too large to be scored, or there are no rows");
    return this.#scored(scores);
  }

  predict(x: Float32Array): Float32Array {
    return this.#any().predict(x);
  }

  layer_output(name: string, x: Float32Array): Float32Array {
    return this.#any().layer_output(name, x);
  }

  learning_rate(): number {
    return this.#made().learning_rate();
  }

  set_learning_rate(rate: number): void {
    this.#made().set_learning_rate(rate);
  }

  learning_rate_range(rows: GivenRows, smallest: number, largest: number, steps: number): RangeTest {
    this.#refuseWhileFitting("learning_rate_range");
    return this.#made().range_test(rows.x, rows.y, rows.weights ?? undefined, smallest, largest, steps);
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

  save(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#any().save());
  }

  /** Takes over the model in the bytes of a file. */
  #load(glue: Glue, file: Uint8Array, compile: boolean): void {
    const model = glue.Model.load(file, compile);
    const { model: spec, training, input } = model.made_of();
    this.#spec = spec;
    this.#input = input;
    if (!training) {
      this.#untrained = model;
      return;
    }
    const { optimizer, loss, metrics, weighted_metrics, loss_weights, seed, ...rest } = training;
    const more = { ...(weighted_metrics ? { weighted_metrics } : {}), ...(loss_weights ? { loss_weights } : {}) };
    const { batch_size, shuffle, callbacks, class_weight } = rest;
    this.#model = model;
    this.#compiled = { optimizer, loss, metrics, ...more };
    this.#said = { batch_size, shuffle, callbacks, class_weight };
    this.#seed = seed;
  }

  /** What `fit` says about training is part of what the engine compiles, which does it again only where it differs. */
  #retrain(said: Required<FitTraining>): void {
    if (!this.#compiled) return;
    const model = this.#made();
    const targets = model.targets();
    const { class_weight } = said;
    const weights = class_weight && classWeights(class_weight, targets, this.#answers(model));
    model.compile(trainingOf(this.#compiled, { ...said, class_weight: weights }, this.#seed), targets, true);
    this.#said = said;
  }

  /** How many numbers the last axis of the first output has. */
  #answers(model: WasmModel): number {
    const [first] = model.outputs();
    return (first && this.#shapes().get(first.name)?.at(-1)) ?? 0;
  }

  #shapes(): Map<string, number[]> {
    return new Map(this.#any().summary().layers.map(({ name, output_shape }) => [name, output_shape]));
  }

  #goesOn(model: WasmModel): boolean {
    return this.#fit !== null && !this.#fit.isStopped && model.fit_goes_on();
  }

  /** The steps of an epoch one by one, with a look at each; where it goes wrong, the end of the epoch says so. */
  async #batches(model: WasmModel): Promise<void> {
    for (let step = model.fit_batch(); step; step = model.fit_batch()) {
      await this.#wait({ at: "batch_end", batch: step.batch, logs: step.logs });
      if (step.ends_epoch) return;
      if (this.#fit?.isStopped) {
        model.cut_epoch();
        return;
      }
    }
  }

  /** Tells the page, and stands still until it has heard. */
  async #wait(event: FitEvent): Promise<void> {
    const fit = this.#fit;
    if (!fit) return;
    const heard = new Promise<boolean>((resolve) => (fit.goOn = resolve));
    this.#tell(event);
    if (!(await heard)) fit.isStopped = true;
  }

  #scored({ loss, metrics }: { loss: number; metrics: Logs }): Scored {
    return { scores: { loss, ...metrics }, names: this.#made().metrics_names() };
  }

  #refuseWhileFitting(call: string): void {
    if (this.#fit) throw new Error(`${call}: a fit goes on, which a callback cannot do this within`);
  }

  /** The model, compiled or not. */
  #any(): WasmModel {
    if (this.#model) return this.#model;
    this.#untrained ??= this.#opened().Model.for_prediction(this.#spec, this.#input);
    return this.#untrained;
  }

  #opened(): Glue {
    if (!this.#glue) throw new Error("the engine is not open");
    return this.#glue;
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

/** The loss of an output, by its name or its place. */
function lossOf(loss: Spec | Parts<Spec>, name: string, place: number): Spec | undefined {
  if (typeof loss === "string") return loss;
  if (Array.isArray(loss)) return (loss as readonly Spec[])[place];
  if (typeof (loss as { type?: unknown }).type === "string") return loss as Spec;
  return (loss as Record<string, Spec>)[name];
}

function typeOf(spec: Spec | undefined): string | undefined {
  return typeof spec === "string" ? spec : spec?.type;
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

