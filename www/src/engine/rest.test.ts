import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Glue } from "./glue";
import { joinRestLater } from "./rest";
import { testingSchema } from "../store/testing-schema";

/** A module of nothing but a custom section. */
function moduleWith(name: string, text: string): Uint8Array<ArrayBuffer> {
  const [names, texts] = [name, text].map((it) => [...new TextEncoder().encode(it)]) as [number[], number[]];
  const section = [names.length, ...names, ...texts]; // All shorter than 128 bytes: lengths are one byte.
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, section.length, ...section]);
}

const words = "\ncore\ndense\n Weights × inputs.\n";
let asked: string[];
let isOffline: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  isOffline = false;
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return isOffline ? Promise.reject(new TypeError("offline")) : Promise.resolve(moduleWith("sentences", words));
  });
  vi.stubGlobal("WebAssembly", {
    Module: WebAssembly.Module,
    compileStreaming: async (source: Promise<Uint8Array<ArrayBuffer>>) => new WebAssembly.Module(await source),
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function fakeGlue() {
  return { join_rest: vi.fn(), explained_schema: vi.fn(() => testingSchema) };
}

test("the sentences are those of the module that is joined, and come once", async () => {
  const glue = fakeGlue();
  const explain = vi.fn();
  joinRestLater(glue as unknown as Glue, "rest.wasm", explain);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toEqual(["rest.wasm"]);
  expect(glue.join_rest).toHaveBeenCalledOnce();
  expect(glue.explained_schema).toHaveBeenCalledExactlyOnceWith(words);
  expect(explain).toHaveBeenCalledExactlyOnceWith(testingSchema);
});

test("where it cannot be had it is tried again, ever more seldom", async () => {
  const glue = fakeGlue();
  const explain = vi.fn();
  isOffline = true;
  joinRestLater(glue as unknown as Glue, "rest.wasm", explain);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(3);
  expect(explain).not.toHaveBeenCalled();
  isOffline = false;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked).toHaveLength(4);
  expect(explain).toHaveBeenCalledExactlyOnceWith(testingSchema);
});
