// Makes the engine's worker, where pages allow only trusted script addresses and where they are embedded from another origin.
//
// A page may have this module twice: in its first script, which waits for no other, and in all the rest. What both must know
// of each other lies on the global object.

import { earlyFragment } from "./early-options";
import type { EngineOptions } from "./protocol";
import engineWorker from "./worker?worker&url";

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy;
}

interface Shared {
  /** Addresses of our own worker; nothing else passes the policy `tabgrad`. */
  ours: Set<string>;
  policy?: ScriptPolicy;
  /** A worker that loads the engine already, before anybody has asked for one. */
  early?: { worker: Worker; options: EngineOptions } | undefined;
}

const shared = ((globalThis as { tabgradSpawn?: Shared }).tabgradSpawn ??= { ours: new Set() });

function trusted(url: string): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (!factory) {
    return url;
  }
  shared.ours.add(url);
  shared.policy ??= factory.createPolicy("tabgrad", {
    createScriptURL(asked) {
      if (!shared.ours.has(asked)) {
        throw new TypeError(`not the engine's worker: ${asked}`);
      }
      return asked;
    },
  });
  return shared.policy.createScriptURL(url);
}

/** A new worker of the engine, or another one of ours; it does nothing before its first message. */
export function spawnWorker(script: string = engineWorker): Worker {
  const url = new URL(script, import.meta.url);
  if (url.origin === location.origin) {
    return new Worker(trusted(url.href), { type: "module", name: "tabgrad" });
  }
  // `new Worker` refuses another origin, but a module of this origin may import from it.
  const trampoline = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: "text/javascript" }));
  const worker = new Worker(trusted(trampoline), { type: "module", name: "tabgrad" });
  // The address can go once the script was fetched, which the first message proves.
  worker.addEventListener("message", () => URL.revokeObjectURL(trampoline), { once: true });
  return worker;
}

/** Starts a worker that loads the engine; who asks for one with the same options is given it. */
export function spawnEarly(options: EngineOptions): void {
  const worker = spawnWorker(engineWorker + earlyFragment(options));
  shared.early = { worker, options };
  worker.onerror = () => {
    shared.early = undefined; // Another try is the client's affair.
  };
}

/** A worker of the engine that is about to be started with `options`. */
export function spawnEngine(options: EngineOptions): Worker {
  const { worker, options: loads } = shared.early ?? {};
  if (!worker || !loads || !areAlike(options, loads)) {
    return spawnWorker();
  }
  shared.early = undefined;
  return worker;
}

function areAlike(a: EngineOptions, b: EngineOptions): boolean {
  const words = ({ urls, threads, reproducible, memory_bytes }: EngineOptions) =>
    JSON.stringify([urls, threads, reproducible === true, memory_bytes]);
  return words(a) === words(b);
}
