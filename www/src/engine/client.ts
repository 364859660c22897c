// The page's end of the engine: one client is one worker, one model, one table.
//
//   page --send--> client --postMessage--> worker
//   page <--on---- client <--postMessage-- worker
//
// The client keeps the engine alive: it answers frames at the display's pace, watches for a dead worker, and leads a new one
// to where the last snapshot was. It computes nothing.

import { defaultBase, engineUrls } from "./urls";
import { Recipe } from "./recipe";
import { EngineFailure, Requests } from "./requests";
import { spawnEngine } from "./spawn";
import { tickMs, Watchdog } from "./watchdog";
import { read, type FromWorker, type Posted, type Provocation, type ToWorker } from "./wire";
import type {
  Command,
  EngineError,
  EngineInfo,
  EngineOptions,
  Evaluation,
  Event as EngineEvent,
  Part,
  PredictedRow,
  Report,
  Sample,
} from "./protocol";

export { EngineFailure };
export type Listener = (event: EngineEvent) => void;
export type LoadedModel = Extract<EngineEvent, { type: "model_loaded" }>;

/** The part of `Worker` the client uses, so that its tests can do without one. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Posted>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

type Phase = "idle" | "starting" | "ready" | "recovering" | "dead" | "disposed";

/** Deaths in a row, without a snapshot in between, after which no new worker is tried. */
const deathsInARow = 3;
/** A page that is hidden, or does not draw, still answers frames, at this pace. */
const hiddenFrameMs = 250;

/** Pages made for tests set `globalThis.tabgradTest` before any script of ours runs, and find the clients there. */
interface TestHook {
  clients: EngineClient[];
  /** What engines are started with besides. */
  options?: Partial<EngineOptions>;
}

function testHook(): TestHook | undefined {
  return (globalThis as { tabgradTest?: TestHook }).tabgradTest;
}

export class EngineClient {
  readonly #options: EngineOptions;
  readonly #spawn: (options: EngineOptions) => WorkerPort;
  readonly #listeners = new Set<Listener>();
  readonly #requests = new Requests();
  readonly #recipe = new Recipe();
  #phase: Phase = "idle";
  #port: WorkerPort | null = null;
  #watchdog: Watchdog | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #queue: ToWorker[] = [];
  #deaths = 0;
  /** Why a new engine is given one thread only. */
  #alone: string | undefined;
  #info: Promise<EngineInfo> | null = null;
  #ready: { resolve: (info: EngineInfo) => void; reject: (reason: EngineFailure) => void } | null = null;
  #awaited: { answers: FromWorker["type"][]; resolve: (message: FromWorker) => void } | null = null;

  /**
   * Nothing is loaded before {@link start}. Absent options: the engine's files of this build, as many threads as are good for the page,
   * the fastest build the browser can run.
   */
  constructor(options: Partial<EngineOptions> = {}, spawn: (options: EngineOptions) => WorkerPort = spawnEngine) {
    this.#options = { ...options, ...testHook()?.options, urls: options.urls ?? engineUrls(defaultBase()) };
    this.#spawn = spawn;
    testHook()?.clients.push(this);
  }

  /** Starts the worker; resolves when the engine is ready. Again: the same promise. */
  start(): Promise<EngineInfo> {
    this.#info ??= new Promise((resolve, reject) => {
      this.#ready = { resolve, reject };
      this.#phase = "starting";
      this.#open();
      this.#timer = setInterval(() => this.#tick(), tickMs);
    });
    return this.#info;
  }

  /** Sends a command. Before the engine is ready, and while it recovers, commands wait for it: at first in the worker. */
  send(command: Command): void {
    if (command.type === "start" || command.type === "frame_done") {
      return; // The client's own affair.
    }
    this.#post(command);
  }

  /** Hears every event until the returned function is called. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Predicts from raw values: one string for every feature column of the table, in its order; null: missing. */
  predict(rows: (string | null)[][]): Promise<PredictedRow[]> {
    return this.#request((request) => ({ type: "predict", request, rows }), "prediction").then((event) => event.rows);
  }

  /** What every layer makes of raw values, given as to {@link predict}. */
  inspect(row: (string | null)[]): Promise<Sample> {
    return this.#request((request) => ({ type: "inspect", request, row }), "inspection").then((event) => event.sample);
  }

  evaluate(part: Part): Promise<Evaluation> {
    return this.#request((request) => ({ type: "evaluate", request, part }), "evaluation").then(
      (event) => event.evaluation,
    );
  }

  /** All that can be said of the predictions for a part of the rows: of one of several targets, by its place among them. */
  report(part: Part, target?: number): Promise<Report> {
    const of = target === undefined ? {} : { target };
    return this.#request((request) => ({ type: "report", request, part, ...of }), "report").then((event) => event.report);
  }

  /** The learning rate over the epochs of a run, evenly from the first step to the last. */
  learningRates(): Promise<Extract<EngineEvent, { type: "learning_rates" }>> {
    return this.#request((request) => ({ type: "learning_rates", request }), "learning_rates");
  }

  /** The losses of ever larger learning rates; training stops, and nothing else changes. */
  rangeTest(): Promise<Extract<EngineEvent, { type: "range_test" }>> {
    return this.#request((request) => ({ type: "range_test", request }), "range_test");
  }

  /** What a callback has kept as a file; the callback by its place in the list. */
  saveKept(callback: number): Promise<{ name: string; bytes: ArrayBuffer }> {
    return this.#request((request) => ({ type: "save_kept", request, callback }), "saved").then(({ name, bytes }) => ({ name, bytes }));
  }

  /** The model as a file: its suggested name and its bytes. */
  save(): Promise<{ name: string; bytes: ArrayBuffer }> {
    return this.#request((request) => ({ type: "save", request }), "saved").then(({ name, bytes }) => ({ name, bytes }));
  }

  /** Takes over a model saved earlier; listeners hear `model_loaded` too. */
  loadModel(file: File): Promise<LoadedModel> {
    return this.#request((request) => ({ type: "load_model", request, file }), "model_loaded");
  }

  /** Ends the worker and all its threads. The client is of no use afterwards. */
  dispose(): void {
    clearInterval(this.#timer);
    this.#phase = "disposed";
    this.#close();
    const error: EngineError = { code: "disposed", message: "The engine was closed." };
    this.#requests.refuseAll(error);
    this.#ready?.reject(new EngineFailure(error));
    this.#ready = null;
    this.#listeners.clear();
    this.#queue = [];
  }

  /** Makes the worker fail, in pages made for tests only. */
  provoke(how: Provocation): void {
    if (!testHook()) {
      throw new Error("provoke() is for tests: this page did not ask for them");
    }
    this.#post({ type: "provoke", how });
  }

  // ---- the worker -------------------------------------------------------------------------------------------------

  #open(): void {
    this.#watchdog = new Watchdog(performance.now());
    const options: EngineOptions = { ...this.#options };
    if (this.#alone !== undefined) {
      options.threads = 1;
      options.threads_reason = this.#alone;
    }
    let port: WorkerPort;
    try {
      port = this.#spawn(options);
    } catch (error) {
      this.#giveUp({ code: "no_worker", message: `The browser refused to start the engine's worker: ${text(error)}` });
      return;
    }
    port.onmessage = (event) => {
      if (port === this.#port) {
        this.#hear(read(event.data));
      }
    };
    port.onerror = (event) => {
      if (port === this.#port) {
        this.#watchdog?.sawError();
        console.error("engine worker:", event.message);
      }
    };
    this.#port = port;
    port.postMessage({ type: "start", options, test: testHook() !== undefined });
    if (this.#phase === "starting") {
      for (const message of this.#queue) {
        port.postMessage(message);
      }
    }
  }

  #close(): void {
    this.#port?.terminate();
    this.#port = null;
  }

  #post(message: ToWorker): void {
    switch (this.#phase) {
      case "ready":
        this.#note(message);
        this.#port?.postMessage(message);
        break;
      case "starting":
        this.#queue.push(message);
        this.#port?.postMessage(message);
        break;
      case "idle":
      case "recovering":
        this.#queue.push(message);
        break;
      case "dead":
      case "disposed":
    }
  }

  #note(message: ToWorker): void {
    if (message.type !== "start" && message.type !== "ping" && message.type !== "restore" && message.type !== "provoke") {
      this.#recipe.sent(message);
    }
  }

  #becomeReady(): void {
    // A worker that was starting has been given them already.
    const say = this.#phase === "starting" ? this.#note : this.#post;
    this.#phase = "ready";
    const queue = this.#queue;
    this.#queue = [];
    for (const message of queue) {
      say.call(this, message);
    }
  }

  // ---- what it says -----------------------------------------------------------------------------------------------

  #hear(message: FromWorker): void {
    this.#watchdog?.heard(performance.now());
    if (message.type === "busy") {
      this.#watchdog?.expects(message.ms);
      return;
    }
    if (message.type === "died") {
      this.#die(message.error);
      return;
    }
    if (this.#awaited?.answers.includes(message.type)) {
      const { resolve } = this.#awaited;
      this.#awaited = null;
      resolve(message);
      return;
    }
    if (this.#phase === "recovering") {
      // The page has the table and the network already; they must not come a second time.
      if (message.type === "frame") {
        this.#answerFrame();
      } else if (message.type === "engine" || message.type === "explained") {
        this.#emit(message); // It is not said again.
      }
      return;
    }
    this.#recipe.heard(message);
    switch (message.type) {
      case "snapshot":
        this.#deaths = 0;
        return;
      case "restored":
      case "unrestored":
        return;
      case "ready":
        this.#emit(message);
        this.#ready?.resolve(message.engine);
        this.#ready = null;
        this.#becomeReady();
        return;
      case "failed":
        if (message.command === "start") {
          this.#giveUp(message.error);
          return;
        }
        break;
      case "frame":
        this.#emit(message);
        this.#answerFrame();
        return;
      default:
    }
    this.#requests.heard(message);
    this.#emit(message);
  }

  #emit(event: EngineEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // One listener's mistake must not cost the others their event, nor the engine its credit.
        console.error("a listener of the engine failed:", error);
      }
    }
  }

  /** Asks for the next frame once this one can have been drawn. */
  #answerFrame(): void {
    const port = this.#port;
    let answered = false;
    const answer = () => {
      if (!answered && port && port === this.#port) {
        answered = true;
        port.postMessage({ type: "frame_done" });
      }
    };
    if (!document.hidden) {
      requestAnimationFrame(answer);
    }
    setTimeout(answer, hiddenFrameMs);
  }

  // ---- requests ---------------------------------------------------------------------------------------------------

  #request<T extends EngineEvent["type"]>(
    command: (request: number) => Command,
    answer: T,
  ): Promise<Extract<EngineEvent, { type: T }>> {
    if (this.#phase === "dead" || this.#phase === "disposed") {
      const message = "The engine is not running. Reload the page.";
      return Promise.reject(new EngineFailure({ code: "no_engine", message }));
    }
    const { request, promise } = this.#requests.ask(answer);
    this.#post(command(request));
    return promise;
  }

  // ---- death and recovery -----------------------------------------------------------------------------------------

  #tick(): void {
    const port = this.#port;
    switch (port && this.#watchdog?.tick(performance.now(), document.hidden)) {
      case "ask":
        port?.postMessage({ type: "ping" });
        break;
      case "dead":
        // A thread of the pool may have trapped, for which its caller waits for ever: the next engine has none.
        this.#alone = "it stopped answering";
        this.#die({
          code: "hang",
          message: "The engine stopped answering. It was started again, with one thread.",
        });
        break;
      default:
    }
  }

  #die(error: EngineError): void {
    this.#close();
    this.#awaited = null;
    this.#recipe.lostWorker();
    this.#queue = this.#queue.filter((message) => !("request" in message));
    this.#requests.refuseAll(error);
    this.#deaths += 1;
    if (this.#phase === "starting" && this.#deaths >= 2) {
      this.#giveUp(error);
    } else if (this.#deaths > deathsInARow) {
      this.#giveUp({
        code: "dead",
        message: `The engine failed ${deathsInARow} times in a row and was not started again. Save what you need and reload the page. The last time: ${error.message}`,
      });
    } else if (this.#phase === "starting") {
      this.#alone = "it did not start with more";
      this.#open();
    } else {
      this.#phase = "recovering";
      void this.#recover(error);
    }
  }

  /** Starts a new worker and says to it what {@link Recipe} noted. Another death on the way begins again. */
  async #recover(error: EngineError): Promise<void> {
    const attempt = this.#deaths;
    const ready = this.#await(["ready", "failed"]);
    this.#open();
    const started = await ready;
    if (attempt !== this.#deaths || this.#phase !== "recovering") {
      return;
    }
    if (started.type === "failed") {
      this.#giveUp(started.error);
      return;
    }
    if (started.type === "ready") {
      this.#emit(started); // The badge: it may have fewer threads now.
    }
    let epoch = 0;
    const steps = this.#recipe.ingredients();
    for (let step = steps.shift(); step; step = steps.shift()) {
      const answer = step.answers.length > 0 ? this.#await(step.answers) : null;
      this.#port?.postMessage(step.message);
      const heard = await answer;
      if (attempt !== this.#deaths || this.#phase !== "recovering") {
        return;
      }
      if (heard?.type === "restored") {
        epoch = heard.epoch;
      } else if (heard?.type === "unrestored" && step.otherwise) {
        steps.unshift(step.otherwise);
      }
    }
    this.#emit({ type: "restarted", error, epoch });
    this.#becomeReady();
  }

  #await(answers: FromWorker["type"][]): Promise<FromWorker> {
    return new Promise((resolve) => {
      this.#awaited = { answers, resolve };
    });
  }

  #giveUp(error: EngineError): void {
    this.#phase = "dead";
    this.#close();
    clearInterval(this.#timer);
    this.#requests.refuseAll(error);
    this.#ready?.reject(new EngineFailure(error));
    this.#ready = null;
    this.#queue = [];
    this.#emit({ type: "failed", command: "start", error });
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
