// Bundles the script that loads the engine (src/engine/early.ts) by itself, as workers are, and names it at the top of the
// page: it waits for no other, and runs before the document is read to its end.

import type { Plugin } from "vite";

const id = "/src/engine/early.ts?worker&url";

export function earlyEngine(): Plugin {
  let root: string;
  return {
    name: "early-engine",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    buildStart() {
      // A module of one line, the script's address, which nobody needs.
      this.emitFile({ type: "chunk", id: root + id, name: "early-address" });
    },
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle = {}, path }) {
        if (path !== "/index.html") return [];
        const script = Object.keys(bundle).find((name) => /\bearly-(?!address)/.test(name));
        if (!script) throw new Error("src/engine/early.ts was not bundled");
        const attrs = { type: "module", async: true, crossorigin: true, src: `./${script}` };
        return [{ tag: "script", attrs, injectTo: "head-prepend" }];
      },
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const name of Object.keys(bundle)) if (/\bearly-address-/.test(name)) delete bundle[name];
      },
    },
  };
}
