// Workers as wasm-bindgen-rayon makes them, in node: it fetches its own script, makes a blob of it and a module worker of
// that. Node has neither a fetch of files nor web workers, but the same by other names.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker as Thread } from "node:worker_threads";

/** What a worker's script finds around it. */
const around = `
  import { parentPort } from "node:worker_threads";
  globalThis.self = globalThis;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data }));
  globalThis.removeEventListener = () => {};
`;

/** Gives this process `Worker`, and `fetch` for files. */
export function shareThreads() {
  const scripts = new Map();
  // The script is read on this side too, where it waits for a message that never comes.
  globalThis.self = { addEventListener() {} };
  globalThis.fetch = async (url) => new Response(readFileSync(fileURLToPath(url)));
  URL.createObjectURL = (blob) => {
    const url = `blob:${scripts.size}`;
    scripts.set(url, blob.text());
    return url;
  };
  URL.revokeObjectURL = () => {};
  globalThis.Worker = class {
    #thread;

    constructor(url) {
      this.#thread = scripts.get(url).then((script) => {
        const code = encodeURIComponent(around + script);
        return new Thread(new URL(`data:text/javascript,${code}`));
      });
    }

    postMessage(message) {
      void this.#thread.then((thread) => thread.postMessage(message));
    }

    addEventListener(type, listener) {
      void this.#thread.then((thread) => thread.on(type, (data) => listener({ data })));
    }

    removeEventListener() {}
  };
}
