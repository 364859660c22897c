// The engine at work inside its worker: one command at a time, and training in slices between them.
//
//   message -> command -> events           message channel -> slice -> events -> frame if the page has answered the last
//
// A message channel gives way to waiting commands without the delays that timers have, also in a hidden tab.

import { readModel, TableFile, type Desk } from "./files";
import type { Loaded } from "./variants";
import type { SessionEvent } from "./glue";
import type { Command } from "./protocol";
import { Tempo } from "./tempo";
import { copyIn, copyOut, refresh } from "./views";
import type { Posted, Provocation } from "./wire";

/** How long a slice of training may take before commands get their turn. */
const sliceMs = 12;
/** A sign of life at least this often while training. */
const aliveMs = 250;
/** How much training a dead worker may cost: a second, or more where a snapshot itself takes long. */
const snapshotMs = 1_000;
/** Snapshots take at most one part in so many of the time. */
const snapshotShare = 50;

/** Silences shorter than this need no announcement. */
const quietMs = 1_000;

/** Events after which the last snapshot is out of date. */
const milestones: ReadonlySet<SessionEvent["type"]> = new Set(["configured", "stopped", "reset", "went_back", "model_loaded"]);

/** Whose threads may still be on their way. */
type Started = Omit<Loaded, "settled">;

export class Runner {
  readonly #loaded: Started;
  readonly #engine;
  readonly #send: (message: Posted) => void;
  readonly #channel = new MessageChannel();
  readonly #tempo = new Tempo();
  /** The next slice is on its way, by a message or by a timer. */
  #scheduled = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The page has drawn the last frame. */
  #credit = true;
  #table: TableFile | null = null;
  #alive = 0;
  /** When the next snapshot is due. */
  #nextSnapshot = 0;
  /** How long a silence the page was told to expect. */
  #announced = 0;
  /** The engine trapped; it must not be called again. */
  #dead = false;

  constructor(loaded: Started, send: (message: Posted) => void) {
    this.#loaded = loaded;
    this.#engine = new loaded.glue.Engine(loaded.info.threads, loaded.memoryBytes);
    this.#send = send;
    this.#channel.port1.onmessage = () => this.#guard(() => this.#slice());
  }

  /** Carries out one command. */
  command(command: Exclude<Command, { type: "start" }>): void {
    this.#guard(() => {
      switch (command.type) {
        case "load_file":
          this.#loadTable(command.file);
          return;
        case "cancel_load":
          this.#table?.cancel();
          return;
        case "load_model":
          void this.#guardLater(readModel(this.#desk(), command.request, command.file));
          return;
        case "frame_done":
          this.#credit = true;
          this.#frame();
          return;
        case "tempo":
          this.#tempo.set(command.epochs_per_second);
          this.#hurry();
          return;
        case "load_builtin":
          this.#table?.cancel();
          this.#post(this.#call().handle(command));
          return;
        default:
          this.#announce(command.type);
          this.#post(this.#call().handle(command));
      }
    });
  }

  /** Stands where `bytes`, an earlier snapshot, was made; says so, or that it was not possible. */
  restore(bytes: ArrayBuffer): void {
    this.#guard(() => {
      copyIn(this.#loaded.memory, this.#call().reserve(bytes.byteLength), new Uint8Array(bytes));
      if (this.#call().restore(bytes.byteLength)) {
        this.#send({ type: "restored", epoch: this.#engine.epoch() });
        this.#takeSnapshot();
      } else {
        this.#send({ type: "unrestored" });
      }
    });
  }

  /** Says that the worker lives. */
  alive(): void {
    this.#guard(() => {
      this.#alive = performance.now();
      this.#send({ type: "alive", step: this.#engine.step() });
    });
  }

  /** Fails on purpose. Only a worker started for tests calls this. */
  provoke(how: Provocation): void {
    switch (how) {
      case "trap":
        this.#guard(() => this.#loaded.glue.trap());
        return;
      case "trap_in_pool":
        this.#guard(() => this.#loaded.glue.trap_in_pool());
        return;
      case "hang":
        for (;;);
      case "error":
        throw new Error("an error on purpose");
    }
  }

  #slice(): void {
    this.#scheduled = false;
    this.#timer = undefined;
    if (!this.#engine.running()) {
      return;
    }
    const before = this.#engine.epoch();
    this.#announce("");
    const events = this.#call().train_for(sliceMs, this.#tempo.most());
    const now = performance.now();
    this.#tempo.ended(this.#engine.epoch() - before, now);
    this.#post(events);
    if (now >= this.#nextSnapshot) {
      this.#takeSnapshot();
    }
    if (now - this.#alive >= aliveMs) {
      this.alive();
    }
  }

  /** Tells the page beforehand of a silence that is longer, or shorter again, than it knows. */
  #announce(command: string): void {
    const ms = this.#engine.expected_ms(command);
    const enough = this.#announced;
    if (ms > Math.max(quietMs, enough) || (enough > quietMs && ms < enough / 2)) {
      // With something to spare, so that not every little change has to be told.
      this.#announced = 1.5 * ms;
      this.#send({ type: "busy", ms: this.#announced });
    }
  }

  /** Sends events, then whatever follows from them: a snapshot, a frame, the next slice. */
  #post(events: SessionEvent[]): void {
    for (const event of events) {
      this.#send(event);
    }
    if (events.some((event) => milestones.has(event.type))) {
      this.#takeSnapshot();
    }
    this.#frame();
    if (this.#engine.running() && !this.#scheduled) {
      this.#schedule(this.#tempo.wait(performance.now()));
    }
  }

  #schedule(wait: number): void {
    this.#scheduled = true;
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#guard(() => this.#slice()), wait);
    } else {
      this.#channel.port2.postMessage(null);
    }
  }

  /** Does not wait for a slice that a slower tempo has put off. */
  #hurry(): void {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      if (this.#scheduled) {
        this.#schedule(0);
      }
    }
  }

  #frame(): void {
    if (!this.#credit) {
      return;
    }
    const frame = this.#call().frame();
    if (frame) {
      this.#credit = false;
      this.#send(frame);
    }
  }

  #takeSnapshot(): void {
    const begin = performance.now();
    const span = this.#call().snapshot();
    if (span) {
      const bytes = copyOut(this.#loaded.memory, span);
      this.#send({ type: "snapshot", epoch: this.#engine.epoch(), bytes });
    }
    const end = performance.now();
    this.#nextSnapshot = end + Math.max(snapshotMs, (end - begin) * snapshotShare);
  }

  #loadTable(file: File): void {
    this.#table?.cancel();
    const before = this.#table;
    const table = new TableFile();
    this.#table = table;
    const load = async () => {
      await before?.done;
      await table.read(this.#desk(), file);
    };
    table.done = this.#guardLater(load());
  }

  #desk(): Desk {
    return { engine: this.#call(), memory: this.#loaded.memory, post: (events) => this.#post(events) };
  }

  /** The engine, ready for a call: this thread sees all of its memory. */
  #call() {
    refresh(this.#loaded.memory);
    return this.#engine;
  }

  /** An exception out of the engine is a trap: expected failures are events. */
  #guard(work: () => void): void {
    if (this.#dead) {
      return;
    }
    try {
      work();
    } catch (error) {
      this.#die(error);
    }
  }

  async #guardLater(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#die(error);
    }
  }

  #die(error: unknown): void {
    this.#dead = true;
    const panic = (globalThis as { tabgradPanic?: string }).tabgradPanic;
    const cause = panic ?? (error instanceof Error ? error.message : String(error));
    this.#send({
      type: "died",
      error: { code: "trap", message: "The engine stopped on an error of its own and was started again.", found: cause },
    });
  }
}
