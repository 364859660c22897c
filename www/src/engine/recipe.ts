// What was said to the engine, as far as a new worker must hear it again: the data, what was changed about them, view, tempo,
// and the last snapshot (or, before the first, the configuration).

import type { Command } from "./protocol";
import type { FromWorker, ToWorker } from "./wire";

type Source = Extract<Command, { type: "load_builtin" | "load_file" }>;
type Change = Extract<Command, { type: "change_table" }>;
type Configure = Extract<Command, { type: "configure" }>;
type ViewCommand = Extract<Command, { type: "view" }>;
type TempoCommand = Extract<Command, { type: "tempo" }>;

/** One message to repeat and the answers that end the wait for it; none: it needs no answer. */
export interface Ingredient {
  message: ToWorker;
  answers: FromWorker["type"][];
  /** Said instead when the answer is `unrestored`. */
  otherwise?: Ingredient;
}

export class Recipe {
  #source: Source | null = null;
  #changes: Change[] = [];
  #configure: Configure | null = null;
  #view: ViewCommand | null = null;
  #tempo: TempoCommand | null = null;
  #snapshot: ArrayBuffer | null = null;
  /** Sent, not answered yet. */
  #pending: (Source | Change)[] = [];
  #pendingConfigure: Configure | null = null;

  /** Notes a command on its way to the worker. */
  sent(command: Command): void {
    switch (command.type) {
      case "load_builtin":
      case "load_file":
      case "change_table":
        this.#pending.push(command);
        break;
      case "configure":
        this.#pendingConfigure = command;
        break;
      case "view":
        this.#view = command;
        break;
      case "tempo":
        this.#tempo = command;
        break;
      default:
    }
  }

  /** Notes what the worker said. */
  heard(message: FromWorker): void {
    switch (message.type) {
      case "table": {
        const command = this.#pending.shift();
        if (command?.type === "change_table") {
          this.#changes.push(command);
        } else if (command) {
          this.#source = command;
          this.#changes = [];
        }
        this.#forgetModel();
        break;
      }
      case "configured":
        this.#configure = this.#pendingConfigure ?? this.#configure;
        this.#pendingConfigure = null;
        break;
      case "rejected":
        this.#pendingConfigure = null;
        break;
      case "failed":
        this.#drop(message.command);
        break;
      case "model_loaded":
        // The table stays with the model if it is its own; where it is not, restoring leaves it out.
        this.#forgetModel();
        break;
      case "snapshot":
        this.#snapshot = message.bytes;
        break;
      default:
    }
  }

  /** The messages that lead a new worker to where the old one was, in order. */
  ingredients(): Ingredient[] {
    const steps: Ingredient[] = [];
    for (const message of [this.#source, ...this.#changes]) {
      if (message) {
        steps.push({ message, answers: ["table", "failed"] });
      }
    }
    const configure: Ingredient[] = this.#configure
      ? [{ message: this.#configure, answers: ["configured", "rejected", "failed"] }]
      : [];
    if (this.#snapshot) {
      const restore: Ingredient = { message: { type: "restore", bytes: this.#snapshot }, answers: ["restored", "unrestored"] };
      steps.push(configure[0] ? { ...restore, otherwise: configure[0] } : restore);
    } else {
      steps.push(...configure);
    }
    for (const message of [this.#view, this.#tempo]) {
      if (message) {
        steps.push({ message, answers: [] });
      }
    }
    return steps;
  }

  /** The worker is gone, and with it the answers to what was on its way. */
  lostWorker(): void {
    this.#pending = [];
    this.#pendingConfigure = null;
  }

  #forgetModel(): void {
    this.#configure = null;
    this.#snapshot = null;
  }

  #drop(type: Command["type"]): void {
    const index = this.#pending.findIndex((command) => command.type === type);
    if (index >= 0) {
      this.#pending.splice(index, 1);
    }
    if (type === "configure") {
      this.#pendingConfigure = null;
    }
  }
}
