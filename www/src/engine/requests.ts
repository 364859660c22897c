// Questions that have an answer each: matched by number, refused all together when nobody is left to answer them.

import type { EngineError, Event as EngineEvent } from "./protocol";

/** A request that could not be carried out; `error` is what the engine said. */
export class EngineFailure extends Error {
  readonly error: EngineError;

  constructor(error: EngineError) {
    super(error.message);
    this.name = "EngineFailure";
    this.error = error;
  }
}

interface Request {
  settle(event: EngineEvent): void;
  refuse(error: EngineError): void;
}

export class Requests {
  readonly #open = new Map<number, Request>();
  #last = 0;

  /** A new number, and the promise of the event of type `answer` that carries it. */
  ask<T extends EngineEvent["type"]>(answer: T): { request: number; promise: Promise<Extract<EngineEvent, { type: T }>> } {
    this.#last += 1;
    const request = this.#last;
    const promise = new Promise<Extract<EngineEvent, { type: T }>>((resolve, reject) => {
      this.#open.set(request, {
        settle: (event) => {
          if (event.type === answer) {
            resolve(event as Extract<EngineEvent, { type: T }>);
          }
        },
        refuse: (error) => reject(new EngineFailure(error)),
      });
    });
    return { request, promise };
  }

  /** Passes an event on to who asked for it, if anyone did. */
  heard(event: EngineEvent): void {
    if (!("request" in event) || event.request === undefined) {
      return;
    }
    const request = this.#open.get(event.request);
    this.#open.delete(event.request);
    if (event.type === "failed") {
      request?.refuse(event.error);
    } else {
      request?.settle(event);
    }
  }

  refuseAll(error: EngineError): void {
    const requests = [...this.#open.values()];
    this.#open.clear();
    for (const request of requests) {
      request.refuse(error);
    }
  }
}
