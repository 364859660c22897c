// Trusted Types inside the worker: the pool's workers start from a blob of their own glue, and nothing else may become a script.

interface PolicyFactory {
  createPolicy(name: "default", rules: { createScriptURL(url: string): string }): unknown;
}

let done = false;

/** From here on, addresses of this origin's own blobs pass as scripts where the policy asks for trusted ones; no others do. */
export function trustOwnBlobs(): void {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (done || !factory) {
    return;
  }
  done = true;
  const prefix = `blob:${location.origin}/`;
  try {
    factory.createPolicy("default", {
      createScriptURL(url) {
        if (!url.startsWith(prefix)) {
          throw new TypeError(`not a script of the engine: ${url}`);
        }
        return url;
      },
    });
  } catch {
    // A host whose policy forbids it: the pool will not start, and the engine takes one thread and says so.
  }
}
