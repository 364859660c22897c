// The engine's worker: the only place where wasm is loaded. It resolves no address (the page sends them all) and keeps no state of
// its own: runner.ts works, variants.ts loads.

import { earlyOptions } from "./early-options";
import { joinRestLater } from "./rest";
import { Runner } from "./runner";
import { buffersOf } from "./transfer";
import { loadVariant } from "./variants";
import type { Posted, ToWorker } from "./wire";

/** The worker's side of `Worker`: the page's library of types knows only the other. */
interface Scope {
  postMessage(message: Posted, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

/** What only an engine can do. */
type Asked = Exclude<ToWorker, { type: "start" | "ping" | "restore" }>;

const scope = self as unknown as Scope;
let runner: Runner | null = null;
let test = false;
/** What the page asks for while the engine loads. */
let waiting: Asked[] = [];
/** What is loaded before `start` asks for it: its options are the fragment of this script's address. */
const early = location.hash === "" ? undefined : loadVariant(earlyOptions(location.hash));
early?.catch(() => {}); // `start` says why.

function send(message: Posted): void {
  scope.postMessage(message, buffersOf(message));
}

async function start(message: Extract<ToWorker, { type: "start" }>): Promise<void> {
  test = message.test === true;
  send({ type: "progress", what: "engine", done: 0, total: null });
  try {
    const loaded = await (early ?? loadVariant(message.options));
    runner = new Runner(loaded, send);
    send({ type: "ready", engine: loaded.info, schema: loaded.glue.schema() });
    joinRestLater(loaded.glue, message.options.urls.variants[loaded.info.variant]?.rest ?? "", (schema) =>
      send({ type: "explained", schema }),
    );
    void loaded.settled.then((engine) => {
      if (engine !== loaded.info) {
        send({ type: "engine", engine });
      }
    });
    const asked = waiting;
    waiting = [];
    for (const each of asked) {
      carryOut(runner, each);
    }
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    send({ type: "failed", command: "start", error: { code: "not_loaded", message: sentence } });
  }
}

function carryOut(engine: Runner, asked: Asked): void {
  if (asked.type !== "provoke") {
    engine.command(asked);
  } else if (test) {
    engine.provoke(asked.how);
  }
}

scope.onmessage = ({ data: message }) => {
  switch (message.type) {
    case "start":
      void start(message);
      break;
    case "ping":
      if (runner) {
        runner.alive();
      } else {
        send({ type: "alive", step: 0 }); // Still loading, and well.
      }
      break;
    case "restore":
      runner?.restore(message.bytes);
      break;
    default:
      if (runner) {
        carryOut(runner, message);
      } else {
        waiting.push(message);
      }
  }
};
