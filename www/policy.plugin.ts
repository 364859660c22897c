// Puts the content security policy into every page, so that it holds on hosts that send no headers of ours. A page cannot say
// who may frame it, nor speak for its workers: for those our server sends the policy as a header too (crates/xtask/src/server).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Policy {
  all: string;
  pages: string;
}

export function policy(): Plugin {
  return {
    name: "policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler() {
        const { all, pages } = JSON.parse(readFileSync(join(import.meta.dirname, "policy.json"), "utf8")) as Policy;
        const attrs = { "http-equiv": "Content-Security-Policy", content: `${all}; ${pages}` };
        return [{ tag: "meta", attrs, injectTo: "head-prepend" }];
      },
    },
  };
}
