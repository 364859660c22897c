// The second half of the engine: what a first training does not call comes when the page stands, so that nobody waits for it.

import type { Glue } from "./glue";

/** How long after the engine is ready. A first training has begun by then, or somebody is looking around. */
const delayMs = 1_500;

/** Fetches it a moment later. Where that fails nothing is lost: the engine fetches it itself when it is called for. */
export function joinRestLater(glue: Glue, url: string): void {
  setTimeout(() => void joinRest(glue, url, "low"), delayMs);
}

/** Fetches it now. */
export async function joinRest(glue: Glue, url: string, priority: RequestPriority = "auto"): Promise<void> {
  try {
    glue.join_rest(await WebAssembly.compileStreaming(fetch(url, { priority })));
  } catch {
    // As said.
  }
}
