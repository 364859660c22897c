// The user's files, brought to the engine piece by piece: never a whole file as one string, and it can be cancelled between pieces.

import type { SessionEvent, WasmEngine } from "./glue";
import type { EngineError } from "./protocol";
import { copyIn } from "./views";

/** Bytes handed over at a time: some ten milliseconds of parsing, so that other commands get their turn in between. */
const pieceBytes = 1 << 20;
/** Progress is told at most this often. */
const progressMs = 100;
/** A model file is read whole; larger ones than this are not ours. */
const modelLimitBytes = 512 * 1024 * 1024;

/** What {@link readTable} and {@link readModel} need of the worker around them. */
export interface Desk {
  engine: WasmEngine;
  memory: WebAssembly.Memory;
  post(events: SessionEvent[]): void;
}

/** Streams a table. One at a time: a second one cancels the first. */
export class TableFile {
  /** Settled when the load has ended, in whatever way. */
  done: Promise<void> = Promise.resolve();
  #cancelled = false;

  /** The load ends at the next piece with a `failed` of code "cancelled"; the old table stays. */
  cancel(): void {
    this.#cancelled = true;
  }

  async read(desk: Desk, file: File): Promise<void> {
    const { engine, memory } = desk;
    desk.post(engine.begin_file(file.name, file.size));
    let told = performance.now();
    for (let start = 0; start < file.size; start += pieceBytes) {
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await file.slice(start, start + pieceBytes).arrayBuffer());
      } catch (error) {
        desk.post(engine.cancel_file());
        desk.post([failed("load_file", unreadable(file, error))]);
        return;
      }
      if (this.#leftOff(desk, file)) return;
      copyIn(memory, engine.reserve(bytes.length), bytes);
      const events = engine.commit(bytes.length);
      if (events.some((event) => event.type === "failed")) {
        desk.post(events);
        return;
      }
      const now = performance.now();
      if (now - told >= progressMs) {
        told = now;
        desk.post(events);
      }
    }
    for (;;) {
      const events = engine.finish_file();
      desk.post(events);
      if (!events.every((event) => event.type === "progress")) return;
      await new Promise((resolve) => setTimeout(resolve)); // Other commands get their turn.
      if (this.#leftOff(desk, file)) return;
    }
  }

  /** Whether it was cancelled; says so then. */
  #leftOff(desk: Desk, file: File): boolean {
    if (!this.#cancelled) return false;
    desk.post(desk.engine.cancel_file());
    desk.post([failed("load_file", { code: "cancelled", message: `Loading ${file.name} was cancelled.` })]);
    return true;
  }
}

/** Reads a saved model. */
export async function readModel(desk: Desk, request: number, file: File): Promise<void> {
  const refuse = (error: EngineError) => desk.post([{ ...failed("load_model", error), request }]);
  if (file.size > modelLimitBytes) {
    const limit = modelLimitBytes / 1024 / 1024;
    refuse({ code: "too_large", message: `${file.name} is larger than a model can be (${limit} MiB).`, path: file.name });
    return;
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    refuse(unreadable(file, error));
    return;
  }
  copyIn(desk.memory, desk.engine.reserve(bytes.length), bytes);
  desk.post(desk.engine.load_model(request, file.name, bytes.length));
}

function failed(command: "load_file" | "load_model", error: EngineError): Extract<SessionEvent, { type: "failed" }> {
  return { type: "failed", command, error };
}

function unreadable(file: File, error: unknown): EngineError {
  const cause = error instanceof Error ? error.message : String(error);
  return {
    code: "unreadable",
    message: `${file.name} could not be read: ${cause} Was it moved or changed? Choose it again.`,
    path: file.name,
  };
}
