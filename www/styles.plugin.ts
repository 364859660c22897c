// Style sheets in css`` literals without their indentation and comments, and templates in html`` literals without their
// indentation: the minifier of scripts leaves them as they are, and they are a tenth of the page.

import type { Plugin } from "vite";

// A literal with at most plain expressions in it.
const LITERAL = /\bcss`((?:[^`$\\]|\$\{[^}`]*\})*)`/g;

export function smallStyles(): Plugin {
  return {
    name: "small-styles",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".ts") || !/\b(css|html|svg)`/.test(code)) return null;
      // A line break with or without spaces behind it is the same to HTML, and to scripts.
      const level = code.replace(/\n[ \t]+/g, "\n");
      return level.replace(LITERAL, (_, style: string) => {
        const bare = style.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ");
        return `css\`${bare.replace(/ ?([{};]) ?/g, "$1").trim()}\``;
      });
    },
  };
}
