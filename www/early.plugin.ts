// Names the script that loads the engine (src/engine/early.ts) at the top of the page, apart from the others: it runs as
// soon as it is there, before the document is read to its end.

import type { Plugin } from "vite";

export function earlyEngine(): Plugin {
  return {
    name: "early-engine",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle, path }) {
        if (path !== "/index.html") return [];
        const chunk = Object.values(bundle ?? {}).find((file) => file.type === "chunk" && file.name === "early");
        if (!chunk) throw new Error("src/engine/early.ts is no entry of the build");
        const attrs = { type: "module", async: true, crossorigin: true, src: `./${chunk.fileName}` };
        return [{ tag: "script", attrs, injectTo: "head-prepend" }];
      },
    },
  };
}
