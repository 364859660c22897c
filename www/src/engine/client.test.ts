import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EngineClient, EngineFailure, type WorkerPort } from "./client";
import type { EngineInfo, Event as EngineEvent } from "./protocol";
import { commands, events } from "./samples";
import { silenceMs, tickMs } from "./watchdog";
import type { Posted, ToWorker } from "./wire";

/** The worker's end in a page that has none: notes what it gets, says what it is told to. */
class FakeWorker implements WorkerPort {
  readonly got: ToWorker[] = [];
  terminated = false;
  onmessage: ((event: MessageEvent<Posted>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;

  postMessage(message: ToWorker): void {
    this.got.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(message: Posted): void {
    this.onmessage?.(new MessageEvent("message", { data: message }));
  }

  types(): string[] {
    return this.got.map((message) => message.type).filter((type) => type !== "ping");
  }
}

const engine: EngineInfo = { variant: "single-simd", threads: 1, relaxed_simd: false, isolated: false };
const schema = { layers: [], losses: [], optimizers: [], regularizers: [], initializers: [], activations: [], metrics: [] };
const ready: Posted = { type: "ready", engine, schema: JSON.stringify(schema) };
const trap: Posted = { type: "died", error: { code: "trap", message: "unreachable" } };

let workers: FakeWorker[];
let client: EngineClient;
let heard: EngineEvent[];

function worker(index = workers.length - 1): FakeWorker {
  const found = workers[index];
  if (!found) {
    throw new Error(`only ${workers.length} workers were started`);
  }
  return found;
}

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  heard = [];
  client = new EngineClient({ threads: 4 }, () => {
    workers.push(new FakeWorker());
    return worker();
  });
  client.on((event) => heard.push(event));
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

test("a step that takes long and was announced is no hang", async () => {
  void client.start();
  worker().say(ready);
  worker().say({ type: "busy", ms: 30_000 });
  await vi.advanceTimersByTimeAsync(silenceMs + 60_000);
  expect(workers).toHaveLength(1);
  expect(heard.map((event) => event.type)).toEqual(["ready"]);
  await vi.advanceTimersByTimeAsync(60_000 + 2 * tickMs);
  expect(workers).toHaveLength(2);
});

/** Lets promises that are settled already run their course. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

describe("client", () => {
  test("sends commands to an engine that still loads, in their order, and each once", async () => {
    client.send(commands.load_builtin);
    const started = client.start();
    client.send(commands.play);
    expect(worker().types()).toEqual(["start", "load_builtin", "play"]);
    worker().say(ready);
    expect(await started).toEqual(engine);
    expect(worker().types()).toEqual(["start", "load_builtin", "play"]);
    expect(client.start()).toBe(client.start());
  });

  test("gives them to the next worker where the first one dies loading", async () => {
    const started = client.start();
    client.send(commands.load_builtin);
    worker().say({ type: "died", error: { code: "trap", message: "a trap" } });
    expect(workers).toHaveLength(2);
    expect(worker().types()).toEqual(["start", "load_builtin"]);
    worker().say(ready);
    expect(await started).toEqual(engine);
    expect(worker().types()).toEqual(["start", "load_builtin"]);
  });

  test("answers a frame only after its listeners, once, also when one of them throws", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    void client.start();
    worker().say(ready);
    client.on(() => {
      expect(worker().types()).not.toContain("frame_done");
      throw new Error("a listener's own");
    });
    worker().say(events.frame);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(worker().types().filter((type) => type === "frame_done")).toHaveLength(1);
    expect(error).toHaveBeenCalled();
    error.mockRestore();
  });

  test("gives each request its own answer, and a refusal as an error", async () => {
    void client.start();
    worker().say(ready);
    const first = client.predict([["1"]]);
    const second = client.evaluate("test");
    worker().say({ ...events.evaluation, request: 2 });
    worker().say({ ...events.prediction, request: 1 });
    expect(await second).toBe(events.evaluation.evaluation);
    expect(await first).toBe(events.prediction.rows);

    const third = client.save();
    worker().say({ ...events.failed, command: "save", request: 3 });
    await expect(third).rejects.toBeInstanceOf(EngineFailure);
  });

  test("leads a new worker to the last snapshot after a trap, without telling the page twice", async () => {
    void client.start();
    worker().say(ready);
    client.send(commands.load_builtin);
    worker().say(events.table);
    client.send(commands.change_table);
    worker().say(events.table);
    client.send(commands.configure);
    worker().say(events.configured);
    client.send(commands.view);
    const bytes = new ArrayBuffer(4);
    worker().say({ type: "snapshot", epoch: 3, bytes });
    const lost = client.evaluate("train");
    heard.length = 0;

    worker().say(trap);
    await expect(lost).rejects.toThrow("unreachable");
    expect(worker(0).terminated).toBe(true);
    client.send(commands.pause); // Waits for the new worker.
    worker().say(ready);
    await settle();
    worker().say(events.table);
    await settle();
    worker().say(events.table);
    worker().say({ type: "explained", schema: JSON.stringify(schema) });
    await settle();
    worker().say({ type: "restored", epoch: 3 });
    await settle();
    expect(worker().got.slice(1)).toEqual([
      commands.load_builtin,
      commands.change_table,
      { type: "restore", bytes },
      commands.view,
      commands.pause,
    ]);
    expect(heard.map((event) => event.type)).toEqual(["ready", "explained", "restarted"]);
    expect(heard[2]).toMatchObject({ epoch: 3, error: { code: "trap" } });
  });

  test("configures anew when the snapshot cannot be used", async () => {
    void client.start();
    worker().say(ready);
    client.send(commands.configure);
    worker().say(events.configured);
    worker().say({ type: "snapshot", epoch: 3, bytes: new ArrayBuffer(4) });
    worker().say(trap);
    worker().say(ready);
    await settle();
    worker().say({ type: "unrestored" });
    await settle();
    worker().say(events.configured);
    await settle();
    expect(worker().types()).toEqual(["start", "restore", "configure"]);
    expect(heard.at(-1)).toMatchObject({ type: "restarted", epoch: 0 });
  });

  test("a new table forgets the snapshot of the old network", async () => {
    void client.start();
    worker().say(ready);
    client.send(commands.load_builtin);
    worker().say(events.table);
    worker().say({ type: "snapshot", epoch: 3, bytes: new ArrayBuffer(4) });
    client.send(commands.load_builtin);
    worker().say(events.table);
    worker().say(trap);
    worker().say(ready);
    await settle();
    worker().say(events.table);
    await settle();
    expect(worker().types()).toEqual(["start", "load_builtin"]);
    expect(heard.at(-1)).toMatchObject({ type: "restarted", epoch: 0 });
  });

  test("a worker that hangs is replaced by one without threads", async () => {
    void client.start();
    worker().say(ready);
    await vi.advanceTimersByTimeAsync(silenceMs + 2 * tickMs);
    expect(workers).toHaveLength(2);
    expect(worker().got[0]).toMatchObject({ type: "start", options: { threads: 1, threads_reason: "it stopped answering" } });
  });

  test("gives up after three deaths in a row, with a sentence", async () => {
    void client.start();
    worker().say(ready);
    for (let death = 0; death < 4; death += 1) {
      worker().say(trap);
      await settle();
      if (death < 3) {
        worker().say(ready);
        await settle();
      }
    }
    expect(workers).toHaveLength(4);
    expect(heard.at(-1)).toMatchObject({ type: "failed", command: "start", error: { code: "dead" } });
    await expect(client.save()).rejects.toBeInstanceOf(EngineFailure);
  });

  test("says why the engine did not start", async () => {
    const started = client.start();
    worker().say({ type: "failed", command: "start", error: { code: "not_loaded", message: "no SIMD" } });
    await expect(started).rejects.toThrow("no SIMD");
  });

  test("does not fail on purpose in a page that is not for tests", () => {
    void client.start();
    worker().say(ready);
    expect(() => client.provoke("trap")).toThrow("for tests");
    expect(worker().types()).toEqual(["start"]);
  });

  test("does nothing more once disposed", async () => {
    const started = client.start();
    client.dispose();
    await expect(started).rejects.toThrow("closed");
    expect(worker().terminated).toBe(true);
    await expect(client.save()).rejects.toBeInstanceOf(EngineFailure);
  });
});
