// The page's end of the wire to a model's worker: every call has a number, and none overtakes another, but for those that are
// made while the worker waits for callbacks.

import { spawnWorker } from "../engine/spawn";
import type { Calls, FitEvent, FromModel, ToModel } from "./wire";
import modelWorker from "./worker?worker&url";

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
  told: ((event: FitEvent) => void) | undefined;
}

export class Channel {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  /** Settles when all calls so far have been posted: some wait for what they post. */
  #posted: Promise<unknown> = Promise.resolve();
  #urgent = 0;
  /** Fits that go on. */
  #fits = 0;
  #isOver = false;

  constructor() {
    this.#worker = spawnWorker(modelWorker);
    this.#worker.onmessage = ({ data }: MessageEvent<FromModel>) => this.#hear(data);
    this.#worker.onerror = ({ message }) => this.#refuseAll(new Error(`the engine's worker failed: ${message}`));
  }

  /** Asks the worker; `told` hears of what happens meanwhile. */
  call<K extends keyof Calls>(
    call: K,
    given: Parameters<Calls[K]> | Promise<Parameters<Calls[K]>>,
    told?: (event: FitEvent) => void,
  ): Promise<ReturnType<Calls[K]>> {
    const now = this.#urgent > 0 && this.#fits > 0;
    const ready = now ? Promise.resolve(given) : this.#posted.then(() => given);
    const answer = ready.then(
      (given) =>
        new Promise<ReturnType<Calls[K]>>((resolve, reject) => {
          if (this.#isOver) throw new Error("the model was disposed of");
          this.#last += 1;
          const id = this.#last;
          this.#waiting.set(id, { resolve: (answer) => resolve(answer as ReturnType<Calls[K]>), reject, told });
          if (call === "fit") this.#fits += 1;
          this.post({ id, call, given, now } as ToModel);
        }),
    );
    if (!now) this.#posted = ready.catch(() => undefined);
    if (call !== "fit") return answer;
    return answer.finally(() => {
      this.#fits = 0;
    });
  }

  /** Calls that are made within `work` are carried out at once, even while a fit goes on: it stands still meanwhile. */
  async urgently<T>(work: () => T | Promise<T>): Promise<T> {
    this.#urgent += 1;
    try {
      return await work();
    } finally {
      this.#urgent -= 1;
    }
  }

  /** Ends the fit that goes on, or the next one that is asked for already, after its epoch. */
  stop(): void {
    if (this.#fits > 0) this.post({ call: "stop" });
    else this.#posted = this.#posted.then(() => this.post({ call: "stop" }));
  }

  /** Past all that waits. */
  post(message: ToModel): void {
    this.#worker.postMessage(message);
  }

  /** Ends the worker; what waits is refused. */
  close(): void {
    this.#isOver = true;
    this.#worker.terminate();
    this.#refuseAll(new Error("the model was disposed of"));
  }

  #hear(message: FromModel): void {
    const waiting = this.#waiting.get(message.id);
    if ("event" in message) {
      waiting?.told?.(message.event);
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
