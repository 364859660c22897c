// The engine's worker: the only place where wasm is loaded. It resolves no address (the page sends them all) and keeps no state of
// its own: runner.ts works, variants.ts loads.

import { earlyOptions } from "./early-options";
import { joinRestLater } from "./rest";
import { Runner } from "./runner";
import type { EngineOptions, Schema } from "./protocol";
import { buffersOf } from "./transfer";
import { type Loaded, loadVariant } from "./variants";
import type { FromWorker, ToWorker } from "./wire";

/** The worker's side of `Worker`: the page's library of types knows only the other. */
interface Scope {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}

const scope = self as unknown as Scope;
let runner: Runner | null = null;
let test = false;
/** What is loaded before `start` asks for it: its options are the fragment of this script's address. */
const early = location.hash === "" ? undefined : load(earlyOptions(location.hash));
early?.catch(() => {}); // `start` says why.

function send(message: FromWorker): void {
  scope.postMessage(message, buffersOf(message));
}

/** The engine, and what it says of itself. */
async function load(options: EngineOptions): Promise<Loaded & { schema: Schema }> {
  let schema: Schema | undefined;
  const loaded = await loadVariant(options, (glue) => {
    schema = glue.schema();
  });
  return { ...loaded, schema: schema ?? loaded.glue.schema() };
}

async function start(message: Extract<ToWorker, { type: "start" }>): Promise<void> {
  test = message.test === true;
  send({ type: "progress", what: "engine", done: 0, total: null });
  try {
    const loaded = await (early ?? load(message.options));
    runner = new Runner(loaded, send);
    send({ type: "ready", engine: loaded.info, schema: loaded.schema });
    joinRestLater(loaded.glue, message.options.urls.variants[loaded.info.variant]?.rest ?? "");
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    send({ type: "failed", command: "start", error: { code: "not_loaded", message: sentence } });
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
    case "provoke":
      if (test) {
        runner?.provoke(message.how);
      }
      break;
    default:
      runner?.command(message); // The client sends no command before `ready`.
  }
};
