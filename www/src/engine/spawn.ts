// Makes the engine's worker, where pages allow only trusted script addresses and where they are embedded from another origin.

import engineWorker from "./worker?worker&url";

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy;
}

/** Addresses of our own worker; nothing else passes the policy `tabgrad`. */
const ours = new Set<string>();
let policy: ScriptPolicy | undefined;

function trusted(url: string): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (!factory) {
    return url;
  }
  ours.add(url);
  policy ??= factory.createPolicy("tabgrad", {
    createScriptURL(asked) {
      if (!ours.has(asked)) {
        throw new TypeError(`not the engine's worker: ${asked}`);
      }
      return asked;
    },
  });
  return policy.createScriptURL(url);
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
