import { beforeEach, expect, test, vi } from "vitest";
import { earlyFragment, earlyOptions } from "./early-options";
import type { EngineOptions } from "./protocol";

const options: EngineOptions = { urls: { variants: { "single-simd": { glue: "a#b", wasm: "c", rest: "d" } } } };

let made: { url: string; onerror?: () => void }[];

beforeEach(() => {
  made = [];
  vi.resetModules();
  delete (globalThis as { tabgradSpawn?: unknown }).tabgradSpawn;
  vi.stubGlobal(
    "Worker",
    class {
      onerror?: () => void;
      constructor(readonly url: string) {
        made.push(this);
      }
      addEventListener(): void {}
    },
  );
});

test("options come through the fragment of an address whole", () => {
  expect(earlyOptions(new URL(`http://host/worker.js${earlyFragment(options)}`).hash)).toEqual(options);
});

test("an early worker is given to who asks for the same engine, once", async () => {
  const { spawnEarly, spawnEngine } = await import("./spawn");
  spawnEarly(options);
  expect(spawnEngine({ ...options, reproducible: false })).toBe(made[0]);
  expect(spawnEngine(options)).toBe(made[1]);
});

test("who asks for another engine has a worker of its own", async () => {
  const { spawnEarly, spawnEngine } = await import("./spawn");
  spawnEarly(options);
  expect(spawnEngine({ ...options, threads: 1 })).toBe(made[1]);
  expect(spawnEngine({ ...options, reproducible: true })).toBe(made[2]);
});

test("an early worker that failed is given to nobody", async () => {
  const { spawnEarly, spawnEngine } = await import("./spawn");
  spawnEarly(options);
  made[0]?.onerror?.();
  expect(spawnEngine(options)).toBe(made[1]);
});
