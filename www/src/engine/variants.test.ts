// The choice of the build with a browser that lacks one thing after the other, and an engine whose parts are stand-ins.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { EngineOptions } from "./protocol";
import { loadVariant } from "./variants";

const names = ["threads-relaxed", "threads-simd", "single-relaxed", "single-simd"] as const;
type Name = (typeof names)[number];

/** Pages of the shared memories that were asked for. */
let asked: number[];
/** The largest that is given. */
let most: number;
let relaxed: boolean;

/** A glue module as the browser imports it; `pool` is the body of `initThreadPool`. */
function glue(name: Name, pool = "return Promise.resolve();"): string {
  const threads = name.startsWith("threads") ? `export function initThreadPool(others) { ${pool} }` : "";
  const code = `
    export default ({ memory }) => Promise.resolve({ memory: memory ?? "its own" });
    let started = 0;
    export const threads_started = () => { started += 1; };
    export const schema = () => started;
    ${threads}
  `;
  return `data:text/javascript,${encodeURIComponent(`${code}// ${Math.random()}`)}`;
}

function options(glues: Partial<Record<Name, string>> = {}, more: Partial<EngineOptions> = {}): EngineOptions {
  const variants = Object.fromEntries(names.map((name) => [name, { glue: glues[name] ?? glue(name), wasm: "w", rest: "r" }]));
  return { urls: { variants }, threads: 4, ...more };
}

class FakeMemory {
  readonly buffer = new SharedArrayBuffer(8);

  constructor({ maximum }: { maximum: number }) {
    asked.push(maximum);
    if (maximum > most) throw new RangeError("could not allocate memory");
  }
}

beforeEach(() => {
  asked = [];
  most = Infinity;
  relaxed = true;
  vi.stubGlobal("crossOriginIsolated", true);
  vi.stubGlobal("Worker", class {});
  vi.stubGlobal("fetch", () => Promise.resolve(new Response()));
  vi.stubGlobal("WebAssembly", {
    // The module that asks for relaxed SIMD is the longer one.
    validate: (module: Uint8Array) => module.length < 35 || relaxed,
    Memory: FakeMemory,
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the best build", () => {
  test("has threads and relaxed SIMD, and no reason to be slower", async () => {
    const { info, memory } = await loadVariant(options());
    expect(info).toEqual({ variant: "threads-relaxed", threads: 4, relaxed_simd: true, isolated: true });
    expect(memory).toBeInstanceOf(FakeMemory);
  });

  test("is there before its threads, and tells it when they are", async () => {
    const waiting = glue("threads-relaxed", "return new Promise((resolve) => { globalThis.othersCome = () => resolve(others); });");
    const loaded = await loadVariant(options({ "threads-relaxed": waiting }));
    expect(loaded.info.threads).toBe(4);
    expect(loaded.glue.schema()).toBe(0);
    (globalThis as unknown as { othersCome: () => void }).othersCome();
    expect(await loaded.settled).toBe(loaded.info);
    expect(loaded.glue.schema()).toBe(1);
  });

  test("starts one thread less than it has: the worker is one itself", async () => {
    const counting = glue("threads-relaxed", "globalThis.others = others; return Promise.resolve();");
    await loadVariant(options({ "threads-relaxed": counting }));
    expect((globalThis as unknown as { others: number }).others).toBe(3);
  });
});

describe("without relaxed SIMD", () => {
  test("it has threads and plain SIMD, and says what the browser lacks", async () => {
    relaxed = false;
    const { info } = await loadVariant(options());
    expect(info).toMatchObject({ variant: "threads-simd", threads: 4, relaxed_simd: false });
    expect(info.simd_reason).toBe("this browser has no relaxed SIMD");
    expect(info.threads_reason).toBeUndefined();
  });

  test("because the same bits were asked for, it says that", async () => {
    const { info } = await loadVariant(options({}, { reproducible: true }));
    expect(info).toMatchObject({ variant: "threads-simd", simd_reason: "the same bits on every machine were asked for" });
  });

  test("because the files of that build do not come, it says that", async () => {
    const { info } = await loadVariant(options({ "threads-relaxed": "data:text/javascript,import 'nowhere:'" }));
    expect(info).toMatchObject({ variant: "threads-simd", simd_reason: "the files of threads-relaxed could not be fetched" });
  });
});

describe("one thread", () => {
  const alone = { variant: "single-relaxed", threads: 1, relaxed_simd: true };

  test("on a page that is not isolated", async () => {
    vi.stubGlobal("crossOriginIsolated", false);
    const { info, memory } = await loadVariant(options());
    expect(info).toMatchObject({ ...alone, isolated: false, threads_reason: "this page is not isolated" });
    expect(memory).toBe("its own");
    expect(asked).toEqual([]);
  });

  test("where workers start no workers", async () => {
    vi.stubGlobal("Worker", undefined);
    const { info } = await loadVariant(options());
    expect(info).toMatchObject({ ...alone, threads_reason: "this browser starts no threads inside a worker" });
  });

  test("where starting them is refused: the worker goes on alone", async () => {
    const refusing = glue("threads-relaxed", 'return Promise.reject(new Error("SecurityError"));');
    const loaded = await loadVariant(options({ "threads-relaxed": refusing }));
    expect(await loaded.settled).toEqual({ ...loaded.info, threads: 1, threads_reason: "the browser refused to start threads" });
    expect(loaded.glue.schema()).toBe(0);
    expect(asked).toHaveLength(1);
  });

  test("where they do not start in time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const late = glue("threads-relaxed", "return new Promise((resolve) => { globalThis.othersCome = resolve; });");
    const loaded = await loadVariant(options({ "threads-relaxed": late }));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await loaded.settled).toEqual({ ...loaded.info, threads: 1, threads_reason: "the threads did not start within 5 s" });
    (globalThis as unknown as { othersCome: () => void }).othersCome();
    await vi.advanceTimersByTimeAsync(0);
    expect(loaded.glue.schema()).toBe(0);
    expect(asked).toHaveLength(1);
  });

  test("where memory for more is refused at every step of the ladder", async () => {
    most = 0;
    const { info, memory } = await loadVariant(options());
    expect(asked).toEqual([16_384, 8_192, 4_096]);
    expect(info).toMatchObject({ ...alone, threads_reason: "the browser refused memory for threads" });
    expect(memory).toBe("its own");
  });

  test("not yet where the least memory is given", async () => {
    most = 4_096;
    const { info } = await loadVariant(options());
    expect(asked).toEqual([16_384, 8_192, 4_096]);
    expect(info).toEqual({ variant: "threads-relaxed", threads: 4, relaxed_simd: true, isolated: true });
  });

  test("where one was asked for, and where the machine has one core", async () => {
    expect((await loadVariant(options({}, { threads: 1 }))).info).toMatchObject({ ...alone, threads_reason: "one thread was asked for" });
    vi.stubGlobal("navigator", { hardwareConcurrency: 1 });
    expect((await loadVariant({ urls: options().urls })).info).toMatchObject({ ...alone, threads_reason: "this machine has one core" });
  });

  test("where the client knows better why", async () => {
    const { info } = await loadVariant(options({}, { threads: 1, threads_reason: "it stopped answering" }));
    expect(info.threads_reason).toBe("it stopped answering");
  });

  test("and no relaxed SIMD either: a reason for each", async () => {
    relaxed = false;
    most = 0;
    const { info } = await loadVariant(options());
    expect(info).toMatchObject({
      variant: "single-simd",
      threads_reason: "the browser refused memory for threads",
      simd_reason: "this browser has no relaxed SIMD",
    });
  });
});

test("where nothing can be loaded, every reason is said once", async () => {
  const none = Object.fromEntries(names.map((name) => [name, "data:text/javascript,import 'nowhere:'"]));
  await expect(loadVariant(options(none))).rejects.toThrow(
    `The engine could not be loaded: ${names.map((name) => `the files of ${name} could not be fetched`).join("; ")}.`,
  );
});

test("a browser without SIMD is told that it is too old", async () => {
  vi.stubGlobal("WebAssembly", { validate: () => false });
  await expect(loadVariant(options())).rejects.toThrow(/no WebAssembly SIMD/);
});
