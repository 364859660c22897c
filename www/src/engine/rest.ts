// The second half of the engine: what a first training does not call comes when the page stands, so that nobody waits for it. With
// it come the sentences of the schema, in a section of their own (crates/core/src/spec/sentences.rs).

import type { Glue } from "./glue";

/** How long after the engine is ready. A first training has begun by then, or somebody is looking around. */
const delayMs = 1_500;
/** How many times longer it waits after each failure. */
const patience = 4;

/**
 * Fetches it a moment later and tells the schema with its sentences. While it cannot be had the engine fetches it itself when
 * it is called for; for the sentences it is tried again.
 */
export function joinRestLater(glue: Glue, url: string, explain: (schema: string) => void, delay = delayMs): void {
  const join = async () => {
    const module = await joinRest(glue, url, "low");
    if (module) explain(explained(glue, module));
    else joinRestLater(glue, url, explain, delay * patience);
  };
  setTimeout(() => void join(), delay);
}

/** Fetches it now; nothing: it could not be had. */
export async function joinRest(
  glue: Glue,
  url: string,
  priority: RequestPriority = "auto",
): Promise<WebAssembly.Module | undefined> {
  try {
    const module = await WebAssembly.compileStreaming(fetch(url, { priority }));
    glue.join_rest(module);
    return module;
  } catch {
    return undefined; // As said.
  }
}

const explained = (glue: Glue, module: WebAssembly.Module): string =>
  glue.explained_schema(new TextDecoder().decode(WebAssembly.Module.customSections(module, "sentences")[0]));
