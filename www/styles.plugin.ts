// Style sheets in css`` literals without their indentation and comments: the minifier of scripts leaves them as they are, and
// they are a tenth of the page.

import type { Plugin } from "vite";

// A literal with at most plain expressions in it.
const LITERAL = /\bcss`((?:[^`$\\]|\$\{[^}`]*\})*)`/g;

export function smallStyles(): Plugin {
  return {
    name: "small-styles",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".ts") || !code.includes("css`")) return null;
      return code.replace(LITERAL, (_, style: string) => {
        const bare = style.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ");
        return `css\`${bare.replace(/ ?([{};]) ?/g, "$1").trim()}\``;
      });
    },
  };
}
