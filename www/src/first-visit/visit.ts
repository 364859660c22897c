// What a newcomer does first, done with the page's own lab, client and runner, but for worker and elements: the tables of first
// lessons are opened, learnt from and asked. `cargo xtask build` runs it on a module that notes which ways it goes
// (first-visit.js), and a visitor downloads those first. Tables of one's own are not here: no two are read alike.

import { EngineClient, type WorkerPort } from "../engine/client";
import type { Glue } from "../engine/glue";
import { Runner } from "../engine/runner";
import type { Posted, ToWorker } from "../engine/wire";
import { presetOrDefault } from "../presets/presets";
import { Lab } from "../store/lab";
import type { State } from "../store/state";

/** The presets whose layers are those of a first lesson; the others load what they need. */
const presets = ["iris", "line", "classifier", "moons", "circles", "xor", "spirals", "blobs"];
/** At the pace of the page a training long enough for everything that happens while one runs: curves, surfaces, snapshots. */
const epochs = 45;
const patienceMs = 60_000;
/** So many that the ways that one in ten goes are gone with all certainty. */
const snapshots = 150;

export async function visit(glue: Glue, memory: WebAssembly.Memory, threads: number): Promise<void> {
  const preset = presetOrDefault(presets[0]);
  const lab = new Lab(new EngineClient({ threads }, () => portOf(glue, memory, threads)), {
    ...preset,
    preset,
    options: preset.data.options,
  });
  lab.start();
  await ready(lab);
  for (const name of presets) {
    lab.choosePreset(name);
    await ready(lab);
    await learn(lab);
    // Once at the pace of the page, and quicker from then on.
    lab.setTempo(200);
  }
  lab.resizeLayer(0, 1);
  await ready(lab);
  lab.changeTraining({ batch_size: 8 });
  await ready(lab);
  await learn(lab);
  // Every step is followed by a snapshot, which is made with maps that draw keys: now and then they go another way.
  for (let i = 0; i < snapshots; i++) await step(lab);
  lab.dispose();
}

async function step(lab: Lab): Promise<void> {
  const before = lab.state.run.epoch;
  lab.step();
  await until(lab, "a step more", ({ run }) => run.epoch > before && run.status !== "running");
}

/** Plays, watches, pauses, steps, asks and begins again. */
async function learn(lab: Lab): Promise<void> {
  lab.play();
  await until(lab, "it learns", ({ run }) => run.epoch >= epochs);
  lab.pause();
  await until(lab, "it rests", ({ run }) => run.status !== "running");
  await step(lab);
  const { report } = lab.state.data;
  const column = report?.columns.findIndex(({ role, type }) => role === "feature" && type === "number") ?? -1;
  if (column >= 0) {
    lab.setPredictValue(column, "1.5");
    await until(lab, "an answer", ({ predict }) => predict.result !== null);
  }
  lab.reset();
  await until(lab, "the start again", ({ run }) => run.epoch === 0);
}

const ready = (lab: Lab): Promise<void> =>
  until(
    lab,
    "data and network are ready",
    ({ data, network }) => data.status === "ready" && network.summary !== null && !network.pending,
  );

/** Waits for a state. A message of the engine that something went wrong ends it: a newcomer sees none. */
function until(lab: Lab, what: string, reached: (state: State) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      forget();
      outcome();
    };
    const fail = (why: string) => settle(() => reject(new Error(`waiting till ${what}: ${why}`)));
    const look = (state: State) => {
      const error = state.messages.find(({ kind }) => kind === "error")?.text ?? state.network.error?.message;
      if (error !== undefined) fail(error);
      else if (reached(state)) settle(resolve);
    };
    const timer = setTimeout(() => fail(`${patienceMs / 1000} s have passed`), patienceMs);
    const forget = lab.store.subscribe(() => look(lab.state));
    // Changes wait a moment before they are sent; that moment is over then.
    setTimeout(() => look(lab.state), 0);
  });
}

/** The worker's side of the client, without a worker. */
function portOf(glue: Glue, memory: WebAssembly.Memory, threads: number): WorkerPort {
  const send = (message: Posted) => queueMicrotask(() => port.onmessage?.({ data: message } as MessageEvent<Posted>));
  let runner: Runner | null = null;
  const port: WorkerPort = {
    onmessage: null,
    onerror: null,
    terminate: () => {
      runner = null;
    },
    postMessage(message: ToWorker) {
      if (message.type === "start") {
        const info = { variant: "marked", threads, relaxed_simd: false, isolated: threads > 1 };
        runner = new Runner({ glue, memory, memoryBytes: 2 ** 30, info }, send);
        send({ type: "ready", engine: info, schema: glue.schema() });
      } else if (message.type === "ping") {
        runner?.alive();
      } else if (message.type !== "restore" && message.type !== "provoke") {
        runner?.command(message);
      }
    },
  };
  return port;
}
