// The lab: one playground's state, its engine, and everything that can be done with them. Elements call these actions and
// draw what the state becomes; they send no command themselves.
//
//   element --action--> Lab --Command--> engine
//   element <--state--- Store <--receive-- Event

import type {
  BuiltinOptions,
  Command,
  EngineError,
  Event,
  LayerSpec,
  ModelSpec,
  SplitSpec,
  TableChange,
  TableReport,
  TrainingSpec,
} from "../engine/protocol";
import type { Source } from "../engine/names";
import { findBuiltin, type DataName } from "../presets/data";
import { findPreset } from "../presets/presets";
import { propose } from "../presets/propose";
import { numericFeatures, receive } from "./events";
import * as branches from "./branches";
import { sameBut, sameTable } from "./compare";
import { aimOf, choicesOf, fetchTable, type Beginning, type Engine } from "./engine";
import * as layers from "./layers";
import * as sharing from "./sharing";
import { addMessage, dismissMessage, type Subject } from "./messages";
import { Predictor } from "./predictor";
import { Rates } from "./rates";
import { Reporter } from "./reporter";
import { idle, initial, noPictures, type Axes, type DataSource, type Message, type State } from "./state";
import { Store } from "./store";
import { viewOf } from "./view";
import { isOfRow, weightOf } from "./targets";

/** Changes of the network are collected for so long before they are sent. */
const CONFIGURE_DELAY_MS = 120;
/** Mere news goes by itself after so long; what asks for something stays. */
const NEWS_MS = 8000;
const MODEL_FILE = /\.(tabgrad|safetensors)$/i;

export type { Beginning, Engine } from "./engine";

export class Lab {
  readonly store: Store<State>;
  readonly #engine: Engine;
  readonly report: Reporter;
  readonly rates: Rates;
  readonly #predictor: Predictor;
  #beginning: Beginning;
  /**
   * What becomes of the network when the table comes: the chosen preset's, one proposed, the present one made to fit, or (the
   * rows of a saved model have been opened) the present one with the weights it has.
   */
  #onTable: "begin" | "propose" | "fit" | "resume" = "begin";
  /** The file that is open, as the browser gave it. */
  file: File | null = null;
  /** What a file is that the page fetched by itself, from its own folder. */
  #fetched: DataSource | null = null;
  /** What the opened model says of the rows it learnt from. */
  #modelReport: TableReport | null = null;
  /** The column that is to weigh the rows of the table that is being opened. */
  #weight: number | undefined;
  /** It has been asked for. */
  #isWeighing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keepWeights = true;
  /** Of the `configure` that was sent last, until it is answered. */
  #sentKeep = true;
  #playWhenConfigured = false;
  /** What other targets than one column take, once there was one; and which kind of row is its own target. */
  #several: typeof import("./several") | undefined;
  #row: string | null = null;
  #disposed = false;

  constructor(engine: Engine, beginning: Beginning) {
    this.#engine = engine;
    this.#beginning = beginning;
    this.store = new Store(initial(choicesOf(beginning)));
    this.#predictor = new Predictor(this.store, (rows) => engine.predict(rows));
    this.report = new Reporter(this.store, (part, target) => engine.report(part, target));
    this.rates = new Rates(this.store, engine, (reason) => this.#sayFailure("run", reason));
    engine.on((event) => this.#hear(event));
  }

  get state(): State {
    return this.store.state;
  }

  /** There is a network, and rows to teach it. A model opened without its rows has none. */
  get trainable(): boolean {
    const { network, data } = this.state;
    return data.status !== "loading" && (network.summary?.rows.train ?? 0) > 0;
  }

  /** Starts the engine and opens the data it begins with. */
  start(): void {
    this.#openBuiltin(this.#beginning.preset.data.name, this.#beginning.options, "begin");
    this.setTempo(this.state.tempo);
    this.#engine.start().catch((reason: unknown) => {
      if (!this.#disposed && this.state.engine.status !== "failed") this.#sayFailure("engine", reason);
    });
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#predictor.dispose();
    this.#engine.dispose();
  }

  // ---- data -------------------------------------------------------------------------------------------------------

  choosePreset(name: string): void {
    const preset = findPreset(name);
    if (preset) this.begin({ ...preset, preset, options: preset.data.options });
  }

  begin(beginning: Beginning): void {
    this.#beginning = beginning;
    this.#openBuiltin(beginning.preset.data.name, beginning.options, "begin");
  }

  /** The same built-in data with other noise, rows or seed. */
  changeOptions(change: Partial<BuiltinOptions>): void {
    const { source } = this.state.data;
    if (source?.kind !== "builtin") return;
    this.#openBuiltin(source.name, { ...source.options, ...change }, "fit");
  }

  /** A table to learn from, or a model saved earlier: the name tells. */
  openFile(file: File): void {
    if (MODEL_FILE.test(file.name)) {
      void this.#loadModel(file);
      return;
    }
    this.#stopConfigure();
    this.file = file;
    this.#fetched = null;
    this.#modelReport = this.state.data.source?.kind === "model" ? this.state.data.report : null;
    this.#weight = undefined;
    this.#onTable = this.#modelReport ? "resume" : "propose";
    this.#patchData({ status: "loading", loading: file.name, progress: null });
    this.#engine.send({ type: "load_file", file });
  }

  cancelLoad(): void {
    this.#engine.send({ type: "cancel_load" });
    const { report } = this.state.data;
    this.#patchData({ status: report ? "ready" : "none", loading: null, progress: null });
  }

  changeTable(change: TableChange): void {
    this.#stopConfigure();
    this.#onTable = "fit";
    this.#engine.send({ type: "change_table", change });
  }

  changeSplit(change: Partial<SplitSpec>): void {
    const split = { ...this.state.choices.split, ...change };
    this.#choose({ split }, false);
  }

  chooseAxes(axes: Partial<Axes>): void {
    this.store.set({ axes: { ...this.state.axes, ...axes } });
    this.#sendView();
  }

  /** Follows another of the test rows through the layers; they are counted round. */
  chooseSample(sample: number): void {
    this.store.set({ sample: Math.max(0, sample) });
    this.#sendView();
  }

  /** Scores and pictures are of this one of several targets. */
  chooseTarget(target: number): void {
    const { pictures, report } = this.state;
    // What is drawn is of another one, until the engine has answered.
    this.store.set({
      target,
      points: null,
      pictures: { ...pictures, surface: null, curve: null },
      report: { ...report, result: null, problem: null },
    });
    this.#sendView();
    this.report.refresh();
  }

  // ---- network ----------------------------------------------------------------------------------------------------

  select(index: number | null): void {
    this.store.set({ selected: index });
  }

  changeLayer(index: number, patch: Partial<LayerSpec>): void {
    // A penalty or a rate changes how is learnt, not what was learnt.
    const kept = Object.keys(patch).every((key) => key === "kernel_regularizer" || key === "rate");
    this.#choose({ model: layers.changeLayer(this.state.choices.model, index, patch) }, kept);
  }

  resizeLayer(index: number, delta: number): void {
    this.#choose({ model: layers.resizeLayer(this.state.choices.model, index, delta) }, false);
  }

  /** After the chosen layer; `sources`: what it joins, by index before it is added. */
  addLayer(layer: LayerSpec, sources?: readonly Source[]): void {
    const { model: before } = this.state.choices;
    const { report } = this.state.data;
    if (layer.type === "input" && report && !report.form) {
      void this.#addInput(before, report);
      return;
    }
    const several = before.outputs && before.layers.length < layers.MAX_LAYERS ? this.#several : undefined;
    const added = (several?.addBeforeOutputs ?? layers.addLayer)(before, layer, this.state.selected);
    if (!added) return;
    const { model, index } = added;
    this.#choose({ model: sources ? branches.setSources(model, index, sources) : model }, false);
    this.store.set({ selected: added.index });
  }

  /** What a layer reads. */
  setSources(index: number, sources: readonly Source[]): void {
    this.#choose({ model: branches.setSources(this.state.choices.model, index, sources) }, false);
  }

  /** Whose weights a layer takes; null: its own. */
  shareWith(index: number, owner: number | null): void {
    this.#choose({ model: sharing.shareWith(this.state.choices.model, index, owner) }, false);
  }

  /** Another way in, for some of the columns. */
  async #addInput(before: ModelSpec, report: TableReport): Promise<void> {
    const { addInput } = await this.#need();
    if (this.state.choices.model !== before || before.layers.length + 4 > layers.MAX_LAYERS) return;
    const added = addInput(before, report);
    this.#choose({ model: added.model }, false);
    this.store.set({ selected: added.index });
  }

  /** Which target a layer predicts, by its place among them. */
  chooseOutput(index: number, target: number): void {
    const { data, choices } = this.state;
    if (!data.report || !this.#several) return;
    this.#choose({ model: this.#several.chooseOutput(choices.model, index, target, data.report) }, false);
  }

  removeLayer(index: number): void {
    const before = this.state.choices.model;
    const model = layers.removeLayer(before, index);
    if (model === before) return;
    this.#choose({ model }, false);
    this.store.set({ selected: index > 0 ? index - 1 : model.layers.length > 1 ? 0 : null });
  }

  setDropout(index: number, rate: number): void {
    this.#choose({ model: layers.setDropout(this.state.choices.model, index, rate) }, false);
  }

  setPenalty(index: number, penalty: { l1: number; l2: number }): void {
    this.changeLayer(index, { kernel_regularizer: layers.regularizer(penalty) });
  }

  regularizeAll(penalty: { l1: number; l2: number }): void {
    this.#choose({ model: layers.regularizeAll(this.state.choices.model, penalty) }, true);
  }

  // ---- training ---------------------------------------------------------------------------------------------------

  /** Learning rate and epochs act at once; the seed begins anew; the rest goes on with the weights there are. */
  changeTraining(change: Partial<TrainingSpec>): void {
    const before = this.state.choices.training;
    const training = { ...before, ...change };
    const { optimizer } = change;
    const onlyRate =
      optimizer !== undefined &&
      typeof optimizer.learning_rate === "number" &&
      typeof before.optimizer.learning_rate === "number" &&
      sameBut(before.optimizer, optimizer, "learning_rate") &&
      Object.keys(change).length === 1;
    if (onlyRate || Object.keys(change).every((key) => key === "epochs")) {
      this.store.set({ choices: { ...this.state.choices, training } });
      this.#engine.send(
        onlyRate ? { type: "set", learning_rate: Number(optimizer.learning_rate) } : { type: "set", epochs: training.epochs },
      );
      return;
    }
    this.#choose({ training }, change.seed === undefined);
  }

  toggle(): void {
    if (this.state.run.status === "running") this.pause();
    else this.play();
  }

  play(): void {
    if (!this.trainable && !this.state.network.pending) return;
    this.#flush();
    if (this.state.network.pending) this.#playWhenConfigured = true;
    else this.#engine.send({ type: "play" });
  }

  pause(): void {
    this.#playWhenConfigured = false;
    this.#engine.send({ type: "pause" });
  }

  step(unit: "batch" | "epoch" = "epoch"): void {
    if (!this.trainable || this.state.run.status === "running") return;
    this.#flush();
    this.#engine.send({ type: "step", unit });
  }

  setTempo(tempo: number | null): void {
    this.store.set({ tempo });
    this.#engine.send({ type: "tempo", epochs_per_second: tempo });
  }

  reset(): void {
    this.#playWhenConfigured = false;
    this.#flush();
    this.#engine.send({ type: "reset" });
  }

  // ---- prediction, saving, messages -------------------------------------------------------------------------------

  setPredictValue(column: number, value: string | null): void {
    const { predict } = this.state;
    const values = predict.values.map((old, index) => (index === column ? value : old));
    this.store.set({ predict: { ...predict, values } });
    this.#predictor.ask();
  }

  /** All raw values at once: a picture that was drawn. */
  setPredictValues(values: (string | null)[]): void {
    this.store.set({ predict: { ...this.state.predict, values } });
    this.#predictor.ask();
  }

  /** The model as a file; null (and a message) where it could not be made. */
  save(): Promise<{ name: string; bytes: ArrayBuffer } | null> {
    return this.#file(this.#engine.save());
  }

  /** What a callback has kept as a file: its log, or the model as it was. */
  saveKept(callback: number): Promise<{ name: string; bytes: ArrayBuffer } | null> {
    return this.#file(this.#engine.saveKept(callback));
  }

  /** The model as a callback has kept it takes the place of the present one. */
  restoreKept(callback: number): void {
    this.#engine.send({ type: "restore_kept", callback });
  }

  async #file<T>(made: Promise<T>): Promise<T | null> {
    try {
      return await made;
    } catch (reason) {
      this.#sayFailure("save", reason);
      return null;
    }
  }

  runAdvice(message: number, command: Command): void {
    this.dismiss(message);
    this.follow(command);
  }

  /** Does what the engine advises. */
  follow(command: Command): void {
    if (command.type === "set" && command.learning_rate !== undefined) {
      this.changeTraining({
        optimizer: { ...this.state.choices.training.optimizer, learning_rate: command.learning_rate },
      });
      return;
    }
    if (command.type === "configure") {
      this.#choose(
        { model: command.model, training: command.training, split: command.split },
        command.keep_weights ?? false,
      );
      return;
    }
    if (command.type === "change_table") {
      this.changeTable(command.change);
      return;
    }
    this.#engine.send(command);
  }

  /** A sentence for the reader. */
  say(subject: Subject, kind: Message["kind"], message: string): void {
    const messages = addMessage(this.state.messages, subject, kind, { message });
    this.store.set({ messages });
    const id = messages[messages.length - 1]?.id;
    if (kind === "info" && id !== undefined) setTimeout(() => this.dismiss(id), NEWS_MS);
  }

  dismiss(message: number): void {
    this.store.set({ messages: dismissMessage(this.state.messages, message) });
  }

  // ---- within -----------------------------------------------------------------------------------------------------

  #hear(event: Event): void {
    if (this.#disposed) return;
    this.store.set(receive(this.state, event));
    switch (event.type) {
      case "table": {
        const change = this.#onTable === "begin" ? aimOf(this.#beginning, event.report) : null;
        if (change) this.#engine.send({ type: "change_table", change });
        else this.#fitNetwork();
        break;
      }
      case "configured":
        // New weights have no past.
        if (!this.#sentKeep) this.store.set({ run: idle, history: [], pictures: noPictures });
        this.store.set(this.#several?.sized(this.state, event.summary) ?? {});
        this.#sentKeep = true;
        this.#sendView();
        if (this.#playWhenConfigured) this.#engine.send({ type: "play" });
        this.#playWhenConfigured = false;
        this.#predictor.ask();
        this.report.refresh();
        this.rates.refresh();
        break;
      case "failed":
        // What a link says of a table may be wrong; the table is still there.
        if (event.command === "change_table" && (this.#isWeighing || this.#onTable === "begin")) this.#fitNetwork();
        break;
      case "rejected":
        this.#playWhenConfigured = false;
        break;
      case "model_loaded":
        if (event.model.outputs || isOfRow(event.report)) {
          void this.#need().then(({ rowKind }) => (this.#row = rowKind(event.report)));
        }
        this.#sendView();
        this.#predictor.ask();
        break;
      case "frame":
        this.#predictor.ask();
        break;
      case "stopped":
      case "reset":
      case "went_back":
      case "restarted":
        this.#predictor.ask();
        this.report.refresh();
        break;
      default:
    }
  }

  /** A table has come: the network that belongs to it is sent to the engine. What several targets need comes first. */
  #fitNetwork(): void {
    const { report } = this.state.data;
    if (!report) return;
    const { choices, engine } = this.state;
    const weight = this.#weight;
    this.#weight = undefined;
    this.#isWeighing = weight !== undefined;
    if (this.#isWeighing) {
      this.#engine.send({ type: "change_table", change: { weight: weight ?? null } });
      return;
    }
    if (!this.#several && (report.targets || isOfRow(report) || choices.model.outputs)) {
      void this.#need().then(() => this.state.data.report === report && this.#fitNetwork());
      return;
    }
    const row = this.#several?.rowKind(report) ?? null;
    // Another kind of task is another kind of network.
    const other = this.#onTable === "fit" && row !== this.#row;
    if (other) this.#onTable = "propose";
    this.#row = row;
    const fit = (model: ModelSpec, training: TrainingSpec) =>
      this.#several?.fit(model, training, report, engine.schema) ??
      layers.fitTask(model, training, report.task, report.classes.length, engine.schema);
    const resumes = this.#onTable === "resume" && sameTable(report, this.#modelReport);
    if (this.#onTable === "resume" && !resumes) this.#onTable = "propose";
    const questions =
      this.#onTable === "begin" ? (this.#beginning.preset.questions ?? []) : this.state.predict.questions;
    if (this.#onTable === "begin") {
      const begun = choicesOf(this.#beginning);
      const fitted = fit(begun.model, begun.training);
      this.store.set({ choices: { ...begun, ...fitted }, selected: null });
    } else if (this.#onTable === "propose") {
      const proposed = this.#several && row !== null ? this.#several.proposeRow(report) : propose(report);
      const fitted = report.targets ? fit(proposed.model, proposed.training) : {};
      this.store.set({ choices: { preset: other ? choices.preset : null, ...proposed, ...fitted }, selected: null });
    } else if (!resumes) {
      const fitted = fit(choices.model, choices.training);
      this.store.set({ choices: { ...choices, ...fitted } });
    }
    const oneFeature = numericFeatures(report).length === 1 && this.#onTable !== "propose";
    this.store.set({ predict: { ...this.state.predict, questions: oneFeature ? questions : [], answers: [] } });
    if (report.source === "file") {
      this.#patchData({ source: this.#fetched ?? { kind: "file", name: report.name } });
    }
    this.#onTable = "fit";
    this.#keepWeights = resumes;
    this.#sendConfigure();
  }

  async #need() {
    return (this.#several ??= await import("./several"));
  }

  #openBuiltin(name: DataName, options: BuiltinOptions, then: "begin" | "fit"): void {
    this.#stopConfigure();
    this.#onTable = then;
    this.#weight = then === "begin" ? this.#beginning.weight : weightOf(this.state.data.report);
    this.file = null;
    this.#fetched = null;
    const file = findBuiltin(name)?.file;
    const source: DataSource = { kind: "builtin", name, options };
    if (file !== undefined || name === "digits") {
      this.#fetched = source;
      this.#patchData({ status: "loading", loading: file ?? name, progress: null });
      void this.#fetchData(file ?? name);
      return;
    }
    this.#patchData({ status: "loading", loading: null, progress: null, source });
    this.#engine.send({ type: "load_builtin", name, options });
  }

  /** Data that lie beside the page come when they are chosen, unless something else has been chosen meanwhile. */
  async #fetchData(name: string): Promise<void> {
    const source = this.#fetched;
    const awaited = () => !this.#disposed && this.#fetched === source && this.state.data.loading === name;
    try {
      const file = await fetchTable(name);
      if (awaited()) this.#engine.send({ type: "load_file", file });
    } catch (reason) {
      if (!awaited()) return;
      this.cancelLoad();
      const why = reason instanceof Error ? reason.message : String(reason);
      this.say("load", "error", `${name} could not be fetched (${why}): check the connection and choose it again.`);
    }
  }

  async #loadModel(file: File): Promise<void> {
    this.#stopConfigure();
    this.#patchData({ status: "loading", loading: file.name, progress: null });
    try {
      await this.#engine.loadModel(file);
    } catch {
      // `failed` came as an event too and has been said.
    }
  }

  #choose(change: { model?: ModelSpec; training?: TrainingSpec; split?: SplitSpec }, keepWeights: boolean): void {
    const { choices } = this.state;
    const next = { ...choices, ...change };
    if (next.model === choices.model && next.training === choices.training && next.split === choices.split) return;
    this.store.set({ choices: next, network: { ...this.state.network, pending: true } });
    // Several changes wait together: one of them that begins anew is enough.
    this.#keepWeights = keepWeights && (this.#timer === undefined || this.#keepWeights);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sendConfigure(), CONFIGURE_DELAY_MS);
  }

  #flush(): void {
    if (this.#timer !== undefined) this.#sendConfigure();
  }

  #stopConfigure(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendConfigure(): void {
    const keep_weights = this.#keepWeights;
    this.#stopConfigure();
    if (this.state.data.status !== "ready") return;
    const { model, training, split } = this.state.choices;
    this.store.set({ network: { ...this.state.network, pending: true } });
    if (keep_weights && this.state.run.status === "running") this.#playWhenConfigured = true;
    this.#sentKeep = keep_weights;
    this.#engine.send({ type: "configure", model, training, split, keep_weights });
  }

  #sendView(): void {
    this.#engine.send({ type: "view", view: viewOf(this.state) });
  }

  #patchData(change: Partial<State["data"]>): void {
    this.store.set({ data: { ...this.state.data, ...change } });
  }

  #sayFailure(subject: Subject, reason: unknown): void {
    const error = (reason as { error?: EngineError } | null)?.error;
    const message = error?.message ?? (reason instanceof Error ? reason.message : String(reason));
    this.store.set({ messages: addMessage(this.state.messages, subject, "error", error ?? { message }) });
  }
}
