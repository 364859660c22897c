// The second half of the engine: what a first training does not call comes when the page stands, so that nobody waits for it.

import type { Glue } from "./glue";

/** How long after the engine is ready. A first training has begun by then, or somebody is looking around. */
const delayMs = 1_500;

/** Fetches it a moment later. Where that fails nothing is lost: the engine fetches it itself when it is called for. */
export function joinRestLater(glue: Glue, url: string): void {
  setTimeout(() => {
    const module = WebAssembly.compileStreaming(fetch(url, { priority: "low" }));
    module.then((module) => glue.join_rest(module)).catch(() => {});
  }, delayMs);
}
