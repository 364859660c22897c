import * as v8 from "node:v8";
import { describe, expect, test } from "vitest";
import { defaultThreads, hasRelaxedSimd, hasSimd, sharedMemory } from "./probe";

describe("probe", () => {
  test("one core is left to the page where there are more than two, and eight threads are enough", () => {
    expect([1, 2, 3, 4, 9, 64].map(defaultThreads)).toEqual([1, 2, 2, 3, 8, 8]);
  });

  test("the modules it validates are modules, but for the operation that is asked about", () => {
    // A byte that is wrong would make either false. Node 20 knows relaxed SIMD only when asked.
    expect(hasSimd()).toBe(true);
    v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
    expect(hasRelaxedSimd()).toBe(true);
  });

  test("without isolation there is no shared memory, and the sentence says so", () => {
    expect(sharedMemory()).toBe("this page is not isolated");
  });

  test("a memory that is refused is asked for smaller, down to none", () => {
    const isolated = globalThis as { crossOriginIsolated?: boolean; Worker?: unknown };
    const before = { ...isolated };
    isolated.crossOriginIsolated = true;
    isolated.Worker = class {};
    try {
      const shared = sharedMemory(Infinity, [1_000_000, 128]); // More pages than 32 bits can address, then 8 MiB.
      if (typeof shared === "string") throw new Error(shared);
      expect(shared.bytes).toBe(128 * 65_536);
      expect(shared.memory.buffer.byteLength).toBeLessThan(shared.bytes);
      expect(() => shared.memory.grow(65)).toThrow();
      expect(sharedMemory(100)).toMatchObject({ bytes: 100 * 65_536 });
      expect(sharedMemory(Infinity, [1_000_000])).toBe("the browser refused memory for threads");
    } finally {
      isolated.crossOriginIsolated = before.crossOriginIsolated ?? false;
      isolated.Worker = before.Worker;
    }
  });
});
