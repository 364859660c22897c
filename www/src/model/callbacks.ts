// Callbacks of a program's own: told by the worker, which waits for them, so that what they do holds from there on.

import type { Spec } from "../engine/protocol";
import { notAmong } from "./options";
import type { Callback, Logs } from "./types";
import type { FitEvent, Moment } from "./wire";

const METHODS: readonly (keyof Callback)[] = [
  "on_train_begin",
  "on_train_end",
  "on_epoch_begin",
  "on_epoch_end",
  "on_train_batch_end",
];

/** Which moment each of them is told of. */
const MOMENTS: Record<Moment, keyof Callback> = {
  epoch_begin: "on_epoch_begin",
  batch_end: "on_train_batch_end",
  epoch_end: "on_epoch_end",
};

export class Callbacks {
  readonly #own: readonly Callback[];
  /** Those of the engine. */
  readonly specs: Spec[];

  constructor(callbacks: readonly (Spec | Callback)[]) {
    this.specs = callbacks.filter((it): it is Spec => !isOwn(it));
    this.#own = callbacks.filter(isOwn);
    this.#own.forEach(check);
  }

  /** The moments that the worker has to wait at. */
  moments(): Moment[] {
    const moments = Object.keys(MOMENTS) as Moment[];
    return moments.filter((moment) => this.#own.some((callback) => MOMENTS[moment] in callback));
  }

  async begin(): Promise<void> {
    for (const callback of this.#own) await callback.on_train_begin?.();
  }

  /** With the scores of the last epoch. */
  async end(logs: Logs): Promise<void> {
    for (const callback of this.#own) await callback.on_train_end?.(logs);
  }

  /** Tells all of them; false: one says that training is to end. */
  async tell(event: FitEvent): Promise<boolean> {
    let goesOn = true;
    for (const callback of this.#own) {
      const said = await tell(callback, event);
      if (said === false) goesOn = false;
    }
    return goesOn;
  }
}

function tell(callback: Callback, event: FitEvent): unknown {
  switch (event.at) {
    case "epoch_begin":
      return callback.on_epoch_begin?.(event.epoch);
    case "batch_end":
      return callback.on_train_batch_end?.(event.batch, event.logs);
    case "epoch_end":
      return callback.on_epoch_end?.(event.epoch, event.logs);
  }
}

function isOwn(callback: Spec | Callback): callback is Callback {
  return typeof callback === "object" && !("type" in callback);
}

/** A method of another name would never be called. */
function check(callback: Callback, i: number): void {
  const names = new Set<string>();
  for (let at: object | null = callback; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object | null) {
    Object.getOwnPropertyNames(at).forEach((name) => names.add(name));
  }
  const unknown = [...names].find((name) => name.startsWith("on_") && !(METHODS as readonly string[]).includes(name));
  if (unknown === undefined) return;
  throw new Error(`callbacks[${String(i)}]: ${notAmong("methods among", unknown, METHODS)}`);
}
