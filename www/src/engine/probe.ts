// What this browser can run, found out inside the worker, where it matters.

import { isShared } from "./views";

/** A smallest module with a vector in it: `(func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)`. */
const simdModule = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
];

/** `(func (result v128) (f32x4.relaxed_madd (i8x16.splat (i32.const 0)) (i8x16.splat ...) (i8x16.splat ...)))`. */
const relaxedModule = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
];

/** Largest memories to ask for, in pages of 64 KiB: 1 GiB, 512 MiB, 256 MiB. Phones refuse the larger ones when they are shared. */
export const memoryLadder = [16_384, 8_192, 4_096];

/** Pages a shared memory begins with: more than any variant's own data and stack. */
const initialPages = 64;

/** True where 128-bit vectors run: the least any variant needs. */
export function hasSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(simdModule));
}

/** True where the fused, machine-dependent vector operations run. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(relaxedModule));
}

/** Bytes of a page of memory. */
export const pageBytes = 65_536;

/** A memory and the bytes that it can grow to. */
export interface Shared {
  memory: WebAssembly.Memory;
  bytes: number;
}

/**
 * A shared memory, or the sentence why there is none. Each of these lacks in some browser although the others are there. `most`:
 * pages, of which no more are asked for.
 */
export function sharedMemory(most = Infinity, ladder: readonly number[] = memoryLadder): Shared | string {
  if (!globalThis.crossOriginIsolated) {
    return "this page is not isolated";
  }
  if (typeof SharedArrayBuffer === "undefined") {
    return "this browser shares no memory between threads";
  }
  if (typeof Worker === "undefined") {
    return "this browser starts no threads inside a worker";
  }
  for (const rung of ladder) {
    try {
      const maximum = Math.min(rung, most);
      const memory = new WebAssembly.Memory({ initial: initialPages, maximum, shared: true });
      if (isShared(memory)) {
        return { memory, bytes: maximum * pageBytes };
      }
    } catch {
      // Too much for this machine: ask for less.
    }
  }
  return "the browser refused memory for threads";
}

/**
 * How many threads train: all but one, which is left for the page, where there are more than two; at most 8, beyond which the
 * barriers of one step cost more than they bring.
 */
export function defaultThreads(cores: number): number {
  return Math.max(1, Math.min(cores > 2 ? cores - 1 : cores, 8));
}
