// Chooses and loads the build of the engine: threads before one thread, relaxed SIMD before plain, each with the words why not.
//
//   threads-relaxed -> threads-simd -> single-relaxed -> single-simd

import { defaultThreads, hasRelaxedSimd, hasSimd, memoryLadder, pageBytes, sharedMemory } from "./probe";
import { trustOwnBlobs } from "./trust";
import type { Glue } from "./glue";
import type { EngineInfo, EngineOptions } from "./protocol";

/** The pool either starts within this time or is given up. */
const poolLimitMs = 5_000;

export interface Loaded {
  glue: Glue;
  memory: WebAssembly.Memory;
  /** What the memory can grow to. */
  memoryBytes: number;
  info: EngineInfo;
  /** The same once its threads have started, which it need not wait for, or have not. */
  settled: Promise<EngineInfo>;
}

/** No build with threads can be used: the words go to the badge. */
class Unusable extends Error {}

/**
 * Loads the best build that works here. Throws an `Error` with one sentence when none does. Its threads may still be starting
 * then: until they are there it computes on the one that calls, to the same bits.
 */
export async function loadVariant(options: EngineOptions): Promise<Loaded> {
  if (!hasSimd()) {
    throw new Error("This browser has no WebAssembly SIMD, which training needs. Any browser of the last years has it.");
  }
  const isolated = globalThis.crossOriginIsolated === true;
  const relaxed = options.reproducible !== true && hasRelaxedSimd();
  const plain = options.reproducible ? "the same bits on every machine were asked for" : "this browser has no relaxed SIMD";
  const threads = Math.floor(options.threads ?? defaultThreads(navigator.hardwareConcurrency || 1));
  const alone = options.threads === undefined ? "this machine has one core" : "one thread was asked for";
  /** What failed so far, with threads and without. */
  const failures: string[][] = [];
  for (const withThreads of threads > 1 ? [true, false] : [false]) {
    const failed: string[] = [];
    failures.push(failed);
    for (const simd of relaxed ? ["relaxed", "simd"] : ["simd"]) {
      const variant = `${withThreads ? "threads" : "single"}-${simd}`;
      const count = withThreads ? threads : 1;
      try {
        const { pool, ...loaded } = await load(variant, count, options);
        const info: EngineInfo = { variant, threads: count, relaxed_simd: simd === "relaxed", isolated };
        if (!withThreads) {
          info.threads_reason = options.threads_reason ?? (threads > 1 ? joined(failures[0]) : alone);
        }
        if (simd !== "relaxed") {
          info.simd_reason = relaxed ? joined(failed) : plain;
        }
        return { ...loaded, info, settled: pool ? settled(pool, loaded.glue, info) : Promise.resolve(info) };
      } catch (error) {
        failed.push(error instanceof Error ? error.message : String(error));
        if (withThreads && error instanceof Unusable) {
          break; // The other build with threads would fail in the same way.
        }
      }
    }
  }
  throw new Error(`The engine could not be loaded: ${joined(failures.flat())}.`);
}

const joined = (words: string[] = []): string => [...new Set(words)].join("; ");

/** What became of the threads; those that come too late are not taken. */
async function settled(pool: Promise<void>, glue: Glue, info: EngineInfo): Promise<EngineInfo> {
  const late = new Promise<string>((resolve) => {
    setTimeout(() => resolve(`the threads did not start within ${poolLimitMs / 1000} s`), poolLimitMs);
  });
  const started = pool.then(
    () => "",
    () => "the browser refused to start threads",
  );
  const threads_reason = await Promise.race([started, late]);
  if (threads_reason) {
    return { ...info, threads: 1, threads_reason };
  }
  glue.threads_started();
  return info;
}

async function load(
  variant: string,
  threads: number,
  options: EngineOptions,
): Promise<Pick<Loaded, "glue" | "memory" | "memoryBytes"> & { pool?: Promise<void> }> {
  const urls = options.urls.variants[variant];
  if (!urls) {
    throw new Error(`no files are known for ${variant}`);
  }
  const most = (options.memory_bytes ?? Infinity) / pageBytes;
  const shared = threads > 1 ? sharedMemory(most) : undefined;
  if (typeof shared === "string") {
    throw new Unusable(shared);
  }
  // Both at once; a failure of the module is told where it is waited for.
  const module_or_path = fetch(urls.wasm);
  module_or_path.catch(() => {});
  const glue = await fetchGlue(variant, urls.glue);
  if (!shared) {
    const { memory } = await glue.default({ module_or_path });
    // It has no bound of its own: as much is taken as threads are given where there is enough.
    return { glue, memory, memoryBytes: Math.min(memoryLadder[0] ?? 0, most) * pageBytes };
  }
  const { memory } = await glue.default({ module_or_path, memory: shared.memory });
  if (!glue.initThreadPool) {
    throw new Error(`${variant} was built without threads`);
  }
  trustOwnBlobs();
  // This worker is one of them.
  return { glue, memory, memoryBytes: shared.bytes, pool: glue.initThreadPool(threads - 1) };
}

async function fetchGlue(variant: string, url: string): Promise<Glue> {
  try {
    return (await import(/* @vite-ignore */ url)) as Glue;
  } catch (error) {
    throw new Error(`the files of ${variant} could not be fetched`, { cause: error });
  }
}
