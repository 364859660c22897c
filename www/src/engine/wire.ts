// What client and worker say to each other beyond the protocol of page and engine: pings, snapshots, deaths.
// Only client.ts and worker.ts know these words.

import type { Command, EngineError, EngineOptions, Event, Schema } from "./protocol";

/** Ways to make a worker fail on purpose, for tests. */
export type Provocation = "trap" | "trap_in_pool" | "hang" | "error";

export type ToWorker =
  | Exclude<Command, { type: "start" }>
  /** `test` opens the door for `provoke`; only a page made for tests sets it. */
  | { type: "start"; options: EngineOptions; test?: boolean }
  | { type: "ping" }
  /** Bytes of an earlier snapshot: project, weights, state of the optimizer, history. */
  | { type: "restore"; bytes: ArrayBuffer }
  | { type: "provoke"; how: Provocation };

export type FromWorker =
  | Event
  /** Everything needed to go on in another worker, but the rows of the data. */
  | { type: "snapshot"; epoch: number; bytes: ArrayBuffer }
  | { type: "restored"; epoch: number }
  /** From now on it may be silent for so long at a time, because what it does takes so long. */
  | { type: "busy"; ms: number }
  /** The snapshot could not be used: the network must be configured anew. */
  | { type: "unrestored" }
  /** The engine trapped: this worker must not be used again. */
  | { type: "died"; error: EngineError };

/** What the worker says, as it travels: the schema as JSON, since thousands of objects travel slowly. */
export type Posted = WithJson<FromWorker>;

type WithJson<T> = T extends { schema: Schema } ? Omit<T, "schema"> & { schema: string } : T;

export function read(message: Posted): FromWorker {
  return "schema" in message ? { ...message, schema: JSON.parse(message.schema) as Schema } : message;
}
