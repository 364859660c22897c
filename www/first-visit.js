// Finds out what a first visit calls: `node first-visit.js FOLDER ADDRESS COUNT PAGES THREADS MARKS`, where FOLDER has the
// glue and a module made by `tabgrad-split mark`, which notes its ways in COUNT bytes at ADDRESS, and PAGES is how much memory
// it begins with. Does src/first-visit/visit.ts and writes those bytes to MARKS.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runnerImport } from "vite";
import { shareThreads } from "./first-visit-threads.js";

const [folder, address, count, pages, threads, marks] = process.argv.slice(2);
// The engine runs in a worker and finds the clock of one.
globalThis.WorkerGlobalScope = { [Symbol.hasInstance]: () => true };
if (Number(threads) > 1) shareThreads();
const glue = await import(pathToFileURL(resolve(folder, "tabgrad.js")).href);
const module = new WebAssembly.Module(readFileSync(join(folder, "tabgrad_bg.wasm")));
let memory;
if (Number(threads) > 1) {
  memory = new WebAssembly.Memory({ initial: Number(pages), maximum: 16384, shared: true });
  glue.initSync({ module, memory });
  await glue.initThreadPool(Number(threads) - 1);
  glue.threads_started();
} else {
  memory = glue.initSync({ module }).memory;
}

// What the page's build puts in (version.plugin.ts); nothing is fetched here.
globalThis.__ENGINE_VERSION__ = "visit";
const root = import.meta.dirname;
const { module: page } = await runnerImport(join(root, "src/first-visit/visit.ts"), {
  root,
  configFile: false,
  logLevel: "error",
});
// Pages have these, and node has not.
globalThis.location = { href: "http://localhost/" };
globalThis.__ENGINE_VERSION__ = "";
globalThis.document = { hidden: false };
globalThis.requestAnimationFrame = (draw) => setTimeout(draw, 16);
const nothing = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]); // A module.
globalThis.XMLHttpRequest = class {
  status = 200;
  response = nothing;
  open() {}
  send() {}
};
await page.visit(glue, memory, Number(threads));
// What loads the rest must not be in it.
glue.__load_rest();
glue.join_rest(new WebAssembly.Module(nothing));
writeFileSync(marks, new Uint8Array(memory.buffer, Number(address), Number(count)).slice());
process.exit(0); // The pool's threads wait for ever.
